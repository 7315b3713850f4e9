"""From a picture to a page: turned upright, read by an engine, with boxes that fit the upright picture."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from PIL import Image

from archive.model.evidence import Box, Source
from ingest.extraction.layout import Piece
from ingest.extraction.sheet import areas
from ingest.extraction.taxi import printed_area
from ingest.model.page import Page, Placement, Word
from ingest.readers.ocr.engine import Engine, TextLine
from ingest.readers.ocr.looks import looks
from ingest.readers.ocr.placing import corners_moved, runs_down
from ingest.readers.ocr.resolution import resolution_findings
from ingest.readers.ocr.upright import Upright, upright_reading
from ingest.readers.picture import FindSymbols, ReadPicture

_DEEPEST = 3  # times that a sheet is cut and its parts, turned upright, are cut again


def picture_reader(engine: Engine, find_symbols: FindSymbols) -> ReadPicture:
    """The reading of pictures with this engine."""

    def read(picture: Image.Image, number: int, dpi: float | None) -> tuple[Page, Image.Image]:
        upright = upright_reading(engine, picture)
        lies = None if np.allclose(upright.back, np.eye(3)) else _place(upright, Box(0, 0, *picture.size), picture)
        forms = tuple(parts(upright, number, dpi, _DEEPEST))
        whole = page(upright, number, dpi) if forms else looked_at(upright, number, dpi)
        return replace(whole, parts=forms, lies=lies), upright.picture

    def page(upright: Upright, number: int, dpi: float | None) -> Page:
        words = _words(upright.lines, upright.picture)
        symbols, findings = find_symbols(upright.picture), resolution_findings(upright.lines)
        return Page(number, *upright.picture.size, Source.OCR, words, symbols, dpi, findings=findings)

    def looked_at(upright: Upright, number: int, dpi: float | None) -> Page:
        """The page of one form, looked at again where a meter printed on it."""
        plain = page(upright, number, dpi)
        area = printed_area([_piece(line) for line in upright.lines])
        if area is None:
            return plain
        further = looks(engine, upright.picture, upright.lines, area)
        return replace(plain, looks=tuple(_words(lines, upright.picture) for lines in further))

    def parts(sheet: Upright, number: int, dpi: float | None, depth: int) -> Iterator[Page]:
        """The forms of a sheet that shows several, each read once more on its own, turned and levelled for itself."""
        found = areas([_piece(line) for line in sheet.lines], *sheet.picture.size)
        for area in found if len(found) > 1 and depth else ():
            part = upright_reading(engine, sheet.picture.crop(_pixels(area)))
            place = _place(part, area, sheet.picture)
            inner = [
                replace(form, place=form.place.within(place) if form.place else place)
                for form in parts(part, number, dpi, depth - 1)
            ]
            yield from inner or (replace(looked_at(part, number, dpi), place=place),)

    return read


def _piece(line: TextLine) -> Piece:
    xs, ys = [x for x, _ in line.corners], [y for _, y in line.corners]
    return Piece(unicodedata.normalize("NFKC", line.text), min(xs), min(ys), max(xs), max(ys), line.confidence)


def _pixels(area: Box) -> tuple[int, int, int, int]:
    return round(area.x0), round(area.y0), round(area.x1), round(area.y1)


def _place(part: Upright, area: Box, sheet: Image.Image) -> Placement:
    width, height = part.picture.size
    corners = corners_moved(((0, 0), (width, 0), (width, height), (0, height)), part.back)
    left, top, _, _ = _pixels(area)
    first, second, third, fourth = (((left + x) / sheet.width, (top + y) / sheet.height) for x, y in corners)
    return Placement((first, second, third, fourth))


def _words(lines: Sequence[TextLine], picture: Image.Image) -> tuple[Word, ...]:
    return tuple(_word(line, *picture.size) for line in lines)


def _word(line: TextLine, width: int, height: int) -> Word:
    xs, ys = [x for x, _ in line.corners], [y for _, y in line.corners]
    box = Box(
        max(0.0, min(xs) / width), max(0.0, min(ys) / height), min(1.0, max(xs) / width), min(1.0, max(ys) / height)
    )
    parts = [unicodedata.normalize("NFKC", character) for character in line.text]
    downwards = runs_down(line)
    start, end = (box.y0, box.y1) if downwards else (box.x0, box.x1)
    edges = tuple(start + (end - start) * cut for cut in _cuts(line, parts))
    return Word("".join(parts), box, line.confidence, edges, downwards)


def _cuts(line: TextLine, parts: Sequence[str]) -> tuple[float, ...]:
    """The line's cuts after NFKC: what one sign stands for (``…``) shares its width."""
    if not line.cuts:
        return ()
    places = (
        left + (right - left) * place / len(part)
        for part, (left, right) in zip(parts, pairwise(line.cuts), strict=True)
        for place in range(len(part))
    )
    return (*places, line.cuts[-1])
