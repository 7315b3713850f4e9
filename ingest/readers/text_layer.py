"""A PDF's text layer: glyphs into runs, and whether what they say can be trusted. No I/O."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from archive.model.evidence import Box
from ingest.model.page import Word

_WIDE_GAP = 0.8  # of the lower glyph's height; labels such as 金　额 are set wider than that, words are not
_SAME_LINE = 0.5  # share of the lower glyph's height that two glyphs of a line share
_BACKWARD = 0.6  # of a glyph's height; overprinted bold text steps back less

_BOLD = 0.25  # of a glyph's height, within which a repetition is meant to look bold

_LABELS = (
    "发票号码",
    "开票日期",
    "名称",
    "识别号",
    "合计",
    "价税合计",
    "开票人",
    "金额",
    "税率",
    "项目",
    "票据",
    "备注",
)
_ENOUGH_LABELS = 3
_ENOUGH_TEXT = 200  # characters; a page with less may be a picture with a stamp of text
_MOST_STRANGE = 0.02  # share of letters that no Chinese or Western page has

# Radicals that fonts of OFD and browser PDFs name instead of the characters they look like. NFKC folds the Kangxi
# radicals (U+2F00…) but none of these (Unicode, EquivalentUnifiedIdeograph).
_RADICALS = str.maketrans(
    "⺝⺟⺠⺩⺫⺮⺼⻁⻄⻅⻆⻉⻊⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻡⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "月母民王目竹月虎西见角贝足车長长门雨青韦页风飞食首马骨鬼鱼鸟卤麦黄齐齿龙龟",
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a text layer, after the space before it if there is one, and its loose box.

    Places are points from the upper left corner of the sheet as shown.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def height(self) -> float:
        return self.y1 - self.y0


def runs(glyphs: Iterable[Glyph], width: float, height: float) -> tuple[Word, ...]:
    """Glyphs in the file's order → runs on one line without a wide gap, after NFKC; the sheet's size is in points.

    Only neighbours in the file's order form a run: text that lies over other text, such as a seal's, stays apart
    because it is written apart. Runs come in any order.
    """
    found: list[list[Glyph]] = []
    for glyph in glyphs:
        if found and _continues(found[-1][-1], glyph):
            found[-1].append(glyph)
        else:
            found.append([glyph])
    return tuple(_word(run, width, height) for run in _once(found))


def trustworthy(words: Sequence[Word], has_symbol: bool) -> bool:
    """Whether a page's text layer says what the page shows, as far as the text alone can tell.

    Some issuers' fonts map glyphs to wrong characters: digits come out right and Chinese as Arabic or private-use
    letters. Others draw labels as outlines, or lie sideways, so that glyphs form no runs. Such pages go to OCR. A page
    with an invoice's labels is trusted; one without them only if it is full of ordinary letters and bears no QR code.
    """
    text = "".join(word.text for word in words)
    in_runs = sum(len(word.text) for word in words if len(word.text) > 1)
    if _strange(text) > _MOST_STRANGE or in_runs < len(text) / 2:
        return False
    if sum(label in text for label in _LABELS) >= _ENOUGH_LABELS:
        return True
    return len(text) >= _ENOUGH_TEXT and not has_symbol


def _continues(last: Glyph, following: Glyph) -> bool:
    lower = min(last.height, following.height)
    shared = min(last.y1, following.y1) - max(last.y0, following.y0)
    gap = following.x0 - last.x1
    taller = max(last.height, following.height)
    return shared > _SAME_LINE * lower and -_BACKWARD * taller < gap < _WIDE_GAP * lower


def _once(found: Iterable[list[Glyph]]) -> Iterator[list[Glyph]]:
    """Runs without their repetitions in place: some issuers print twice to make letters bold."""
    seen: set[tuple[str, int, int]] = set()
    for run in found:
        step = max(run[0].height, 1.0) * _BOLD
        text, column, row = "".join(glyph.text for glyph in run), run[0].x0 / step, run[0].y0 / step
        places = {(text, round(column + across), round(row + down)) for across in (0, 0.5) for down in (0, 0.5)}
        if not places & seen:
            yield run
        seen |= places


def _word(run: Sequence[Glyph], width: float, height: float) -> Word:
    parts = [unicodedata.normalize("NFKC", glyph.text).translate(_RADICALS) for glyph in run]
    parts[0] = parts[0].lstrip()
    box = Box(
        min(glyph.x0 for glyph in run) / width,
        min(glyph.y0 for glyph in run) / height,
        max(glyph.x1 for glyph in run) / width,
        max(glyph.y1 for glyph in run) / height,
    )
    # Overprinted glyphs step back a little; edges never do.
    edges = accumulate((edge / width for edge in _edges(run, parts)), max)
    return Word("".join(parts), box, edges=tuple(edges))


def _edges(run: Sequence[Glyph], parts: Sequence[str]) -> Iterator[float]:
    """Where each character begins, and where the last one ends. The characters of one glyph (``℃``) share its width; a
    space fills the gap before its glyph."""
    right = run[0].x0
    for glyph, part in zip(run, parts, strict=True):
        shown = part.lstrip()
        yield from [right] * (len(part) - len(shown))
        yield from (glyph.x0 + (glyph.x1 - glyph.x0) * place / len(shown) for place in range(len(shown)))
        right = glyph.x1
    yield right


def _strange(text: str) -> float:
    """The share of letters that are neither Latin, Greek nor Chinese: private use, unassigned, other scripts."""
    letters = [c for c in text if unicodedata.category(c)[0] in "LC" or c == "\ufffd"]
    if not letters:
        return 0.0
    if "(cid:" in text:
        return 1.0
    return sum(not _familiar(c) for c in letters) / len(letters)


def _familiar(character: str) -> bool:
    return unicodedata.name(character, "").startswith(("LATIN", "GREEK", "CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC"))
