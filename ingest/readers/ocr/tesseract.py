"""OCR by an installed Tesseract, where there is one: pages as a last resort, single values for the second time.

It is no page reader for invoices (READING.md), but it errs differently from the first engine, and that is its worth.
Tesseract is a program of its own; pytesseract starts it and hands over files.
"""

import math
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from ingest.readers.ocr.engine import TextLine

LANGUAGES = "chi_sim+eng"
_PAGE = "--psm 11 --dpi 200"  # sparse text: forms have no columns of running text
_LINE = "--psm 7 --dpi 300"  # a single line
_SECONDS = 120  # for a page; the slowest of our measurements took 9
_LEAST_SIDE = 48  # pixels; Tesseract refuses smaller pictures, so they get a margin
_WORD_GAP = 0.3  # heights; from here on a space is meant


@cache
def is_installed() -> bool:
    """Whether the program and what it needs to read Chinese and figures are there. Asked once in a process."""
    if not shutil.which("tesseract"):
        return False
    import pytesseract

    try:
        known = pytesseract.get_languages(config="")
    except (OSError, RuntimeError, pytesseract.TesseractError):
        return False
    return set(LANGUAGES.split("+")) <= set(known)


class TesseractEngine:
    """An ``Engine``. Raises RuntimeError where the program fails or takes too long, OSError where it is not there."""

    def lines(self, picture: Image.Image) -> tuple[TextLine, ...]:
        import pytesseract

        framed, margin = _framed(picture)
        table = pytesseract.image_to_data(
            framed, lang=LANGUAGES, config=_PAGE, output_type=pytesseract.Output.DICT, timeout=_SECONDS
        )
        found = (_line(list(words), margin, picture.size) for _, words in groupby(_words(table), key=_place))
        return tuple(line for line in found if line is not None)


def read_strips(strips: Sequence[Image.Image], signs: str) -> tuple[tuple[str, float], ...]:
    """What each picture of one line says, if it holds nothing but ``signs``, and how sure its least sure word is.

    One start of the program serves all strips, because starting costs more than reading. Raises as the engine does.
    """
    import pytesseract

    if not strips:
        return ()
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number:04}.png" for number in range(len(strips))]
        for file, strip in zip(files, strips, strict=True):
            strip.save(file, compress_level=1)
        index = Path(folder) / "strips.txt"
        index.write_text("".join(f"{file}\n" for file in files))
        table = pytesseract.image_to_data(
            str(index),
            lang="eng" if signs.isascii() else "chi_sim",
            config=f"{_LINE} -c tessedit_char_whitelist={signs}",
            output_type=pytesseract.Output.DICT,
            timeout=_SECONDS,
        )
    found: list[list[Mapping[str, Any]]] = [[] for _ in strips]
    for word in _words(table):
        found[word["page_num"] - 1].append(word)
    return tuple(("".join(word["text"] for word in words), _least(words)) for words in found)


def _words(table: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """The rows of Tesseract's table that are words, text stripped; its other rows are blocks, paragraphs and lines."""
    for values in zip(*table.values(), strict=True):
        row = dict(zip(table, values, strict=True))
        row["text"] = str(row["text"]).strip()
        if row["text"] and float(row["conf"]) >= 0:
            yield row


def _place(word: Mapping[str, Any]) -> tuple[int, int, int]:
    return word["block_num"], word["par_num"], word["line_num"]


def _least(words: Sequence[Mapping[str, Any]]) -> float:
    return min((float(word["conf"]) / 100 for word in words), default=0.0)


def _line(words: Sequence[Mapping[str, Any]], margin: int, size: tuple[int, int]) -> TextLine | None:
    """The words of one line joined; None for what lies in the margin only."""
    words = sorted(words, key=lambda word: int(word["left"]))
    lefts, tops = [int(word["left"]) - margin for word in words], [int(word["top"]) - margin for word in words]
    rights = [left + int(word["width"]) for left, word in zip(lefts, words, strict=True)]
    bottoms = [top + int(word["height"]) for top, word in zip(tops, words, strict=True)]
    x0, x1 = (min(max(0, edge), size[0]) for edge in (min(lefts), max(rights)))
    y0, y1 = (min(max(0, edge), size[1]) for edge in (min(tops), max(bottoms)))
    if x0 >= x1 or y0 >= y1:
        return None
    text = str(words[0]["text"])
    for before, left, word in zip(rights, lefts[1:], words[1:], strict=False):
        text += (" " if left - before > _WORD_GAP * (y1 - y0) else "") + str(word["text"])
    return TextLine(text, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)), min(_least(words), 0.9999))


def _framed(picture: Image.Image) -> tuple[Image.Image, int]:
    """The picture as Tesseract takes it, with a white margin where it is too small, and that margin's width."""
    flat = picture.convert("RGB")
    margin = max(0, math.ceil((_LEAST_SIDE - min(flat.size)) / 2))
    return (ImageOps.expand(flat, border=margin, fill="white") if margin else flat), margin
