"""Pages whose letters stand far apart, as some converters draw them: no detector takes such letters for lines.

The letters are pulled together on a sheet of our own, read there, and what is read is put back to where they stand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median, median_low

import cv2
import numpy as np
from PIL import Image

from ingest.readers.ocr.engine import Engine, TextLine
from ingest.readers.ocr.placing import height_of

_FEWEST = 12  # lines of one letter that make a page suspicious, and
_MOSTLY = 0.6  # their share of all lines
_TALLEST, _LEAST = 2.0, 0.06  # heights of a letter: what is larger is a drawing or a code, what is smaller is dust
_HAIR = 0.7  # of the way from half-dark to paper; thin strokes are as pale as that
_WIDEST_GAP = 3.0  # heights between neighbours of one run
_ONE_LETTER = 1.15  # heights; strokes that together are no wider belong to one letter
_STROKE_GAP = 0.25  # heights
_UNEVEN = 1.6  # times the distance of the letters around; from there on another run begins
_AROUND = 3  # letters to each side
_SIZE, _GAP, _SEAM = 32, 0.15, 48  # pixels of a letter, its share between letters, and pixels between runs on our sheet
_SHEET_WIDTH = 1200  # pixels


@dataclass(frozen=True, slots=True)
class _Run:
    """Letters in a row: from where to where each reaches across, and all of them down."""

    letters: tuple[tuple[int, int], ...]
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class _Cell:
    """A run on our sheet. ``there`` and ``here`` are the edges of its letters on the sheet and on the page."""

    run: _Run
    left: int
    top: int
    there: tuple[float, ...]
    here: tuple[float, ...]


def is_spaced(lines: Sequence[TextLine]) -> bool:
    """Whether most of what was found are single letters, as no ordinary page has them."""
    single = sum(len(line.text) == 1 for line in lines)
    return single >= _FEWEST and single > _MOSTLY * len(lines)


def spaced_lines(engine: Engine, picture: Image.Image, lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The lines of such a page, beside those that were found whole."""
    letter = median(height_of(line) for line in lines if len(line.text) == 1)
    grey = np.asarray(picture.convert("L"))
    runs = [part for run in _runs(grey, letter) for part in _even(run, letter)]
    sheet, cells = _sheet(grey, runs)
    read = [found for line in engine.lines(Image.fromarray(sheet)) if (found := _put_back(line, cells))]
    return (*read, *(line for line in lines if len(line.text) > 2 and not any(_overlap(line, own) for own in read)))


def _overlap(a: TextLine, b: TextLine) -> bool:
    (left, top), _, (right, bottom), _ = a.corners
    (x0, y0), _, (x1, y1), _ = b.corners
    return min(right, x1) > max(left, x0) and min(bottom, y1) > max(top, y0)


def _runs(grey: np.ndarray, letter: float) -> Iterator[_Run]:
    """Letters with no wide gap between them, row by row."""
    ink = _ink(grey)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    largest = boxes[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max(axis=1)
    kept = (largest <= _TALLEST * letter) & (largest > _LEAST * letter)
    kept[0] = False
    letters = np.where(kept[labels], np.uint8(255), np.uint8(0))
    bridge = cv2.getStructuringElement(cv2.MORPH_RECT, (round(_WIDEST_GAP * letter) | 1, max(1, round(letter / 4))))
    _, rows = cv2.connectedComponents(cv2.morphologyEx(letters, cv2.MORPH_CLOSE, bridge), connectivity=8)
    of_row: dict[int, list[np.ndarray]] = {}
    for index in np.flatnonzero(kept):
        x, y, width, height, _ = boxes[index]
        of_row.setdefault(int(rows[y + height // 2, x + width // 2]), []).append(boxes[index])
    for parts in of_row.values():
        spans = sorted((int(x), int(x + width)) for x, _, width, _, _ in parts)
        top, bottom = min(int(part[1]) for part in parts), max(int(part[1] + part[3]) for part in parts)
        yield _Run(tuple(_joined(spans, letter)), top, bottom)


def _ink(grey: np.ndarray) -> np.ndarray:
    """What is darker than paper, hair lines included, made a pixel broader so that letters hold together."""
    between, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    faintest = between + _HAIR * (float(np.median(grey)) - between)
    return np.asarray(cv2.dilate((grey < faintest).astype(np.uint8) * np.uint8(255), np.ones((3, 3), np.uint8)))


def _joined(strokes: Sequence[tuple[int, int]], letter: float) -> Iterator[tuple[int, int]]:
    """Strokes, from left to right, as letters."""
    start, end = strokes[0]
    for left, right in strokes[1:]:
        if left <= end or (left - end < _STROKE_GAP * letter and right - start <= _ONE_LETTER * letter):
            end = max(end, right)
        else:
            yield start, end
            start, end = left, right
    yield start, end


def _even(run: _Run, letter: float) -> Iterator[_Run]:
    """The run cut where its letters stand wider apart than around: there another value begins."""
    middles = [(left + right) / 2 for left, right in run.letters]
    steps = [after - before for before, after in pairwise(middles)]
    first = 0
    for place, step in enumerate(steps):
        around = [*steps[max(0, place - _AROUND) : place], *steps[place + 1 : place + 1 + _AROUND]]
        usual = median_low(around) if around else _WIDEST_GAP * letter
        if step > max(_UNEVEN * usual, letter):
            yield replace(run, letters=run.letters[first : place + 1])
            first = place + 1
    yield replace(run, letters=run.letters[first:])


def _sheet(grey: np.ndarray, runs: Sequence[_Run]) -> tuple[np.ndarray, list[_Cell]]:
    """The runs with their letters pulled together, one after the other on a sheet."""
    cells, left, top = [], _SEAM, _SEAM
    for run in runs:
        cell = _cell(run, left, top)
        if cell.there[-1] > _SHEET_WIDTH and left > _SEAM:
            left, top = _SEAM, top + _SIZE + _SEAM
            cell = _cell(run, left, top)
        cells.append(cell)
        left = round(cell.there[-1]) + 2 * _SEAM
    width = max((round(cell.there[-1]) for cell in cells), default=0) + _SEAM
    sheet = np.full((top + _SIZE + _SEAM, width), 255, np.uint8)
    for cell in cells:
        for place, (start, end) in enumerate(cell.run.letters):
            x0, x1 = round(cell.there[2 * place]), round(cell.there[2 * place + 1])
            drawn = grey[cell.run.top : cell.run.bottom, start:end]
            sheet[cell.top : cell.top + _SIZE, x0:x1] = cv2.resize(
                drawn, (x1 - x0, _SIZE), interpolation=cv2.INTER_CUBIC
            )
    return np.repeat(sheet[:, :, None], 3, axis=2), cells


def _cell(run: _Run, left: int, top: int) -> _Cell:
    scale, gap = _SIZE / (run.bottom - run.top), _GAP * _SIZE
    there: list[float] = []
    place = float(left)
    for start, end in run.letters:
        width = max(1.0, scale * (end - start))
        there += [place, place + width]
        place += width + gap
    return _Cell(run, left, top, tuple(there), tuple(float(edge) for letter in run.letters for edge in letter))


def _put_back(line: TextLine, cells: Sequence[_Cell]) -> TextLine | None:
    """The line where its letters stand on the page; None for what lies on no run."""
    xs, ys = [x for x, _ in line.corners], [y for _, y in line.corners]
    x0, x1, middle = min(xs), max(xs), (min(ys) + max(ys)) / 2
    own = [c for c in cells if c.top <= middle <= c.top + _SIZE and min(x1, c.there[-1]) - max(x0, c.left) > 0]
    if len(own) != 1:
        return None
    (cell,) = own
    start, end = (float(place) for place in np.interp((x0, x1), cell.there, cell.here))
    if end <= start:
        return None
    cuts = np.interp([x0 + (x1 - x0) * cut for cut in line.cuts], cell.there, cell.here)
    top, bottom = float(cell.run.top), float(cell.run.bottom)
    corners = ((start, top), (end, top), (end, bottom), (start, bottom))
    return replace(line, corners=corners, cuts=tuple(float((cut - start) / (end - start)) for cut in cuts))
