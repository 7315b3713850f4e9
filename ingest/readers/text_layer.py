"""A PDF's text layer: glyphs into runs, and whether what they say can be trusted. No I/O."""

import unicodedata
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from archive.model.evidence import Box
from ingest.model.page import Word

_WIDE_GAP = 0.55  # of the lower glyph's height; a space between words is narrower, one between cells wider
_SAME_LINE = 0.5  # share of the lower glyph's height that two glyphs of a line share
_BACKWARD = 0.6  # of a glyph's height; overprinted bold text steps back less

_BOLD = 0.35  # of a glyph's width and height, within which a repetition is meant to look bold
_CELLS = 150  # of the sheet's width; rows in which repetitions are looked for are so high, as small print is
_ABUTTING = 0.25  # of a glyph's height, the widest gap between runs that were written apart but are one text
_NO_SPACE = 0.12  # of a glyph's height; the narrowest spaces of fonts are twice as wide
_OVERLAP = 0.15  # of a glyph's height, by which such runs may reach into each other
_ALIKE = 0.08  # of a glyph's height, by which their tops and heights may differ
_COLUMN = 4.0  # heights from one character of a heading written downwards to the next, at most
_HEADINGS = ("购买方信息", "销售方信息", "购买方", "销售方", "购货单位", "销货单位", "密码区", "备注")

_HEADING_CHARACTERS = frozenset("".join(_HEADINGS))

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

    Neighbours in the file's order form a run, and so do runs of one size that abut on one line, whatever the order in
    which a program wrote them. Text that lies over other text, such as a seal's, stays apart because it is written
    apart; so do the characters of headings written downwards. Runs come in any order.
    """
    distinct = list(_once(glyphs, width / _CELLS))
    alone = _headings(distinct)
    found: list[list[Glyph]] = []
    linked: set[Glyph] = set()
    for glyph in distinct:
        gap = _gap(found[-1][-1], glyph) if found and not {glyph, found[-1][-1]} & alone else None
        if gap is not None and gap < _ABUTTING * glyph.height:
            found[-1].append(_following(found[-1][-1], glyph))
        else:
            found.append([glyph])
            if gap is not None:
                linked.add(glyph)
    return tuple(_word(run, width, height) for run in _joined(found, alone, linked))


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


def _gap(last: Glyph, following: Glyph) -> float | None:
    """The gap between two glyphs that a program wrote one after the other; None where they are of different texts."""
    lower, taller = sorted((last.height, following.height))
    shared = min(last.y1, following.y1) - max(last.y0, following.y0)
    gap = following.x0 - last.x1
    return gap if shared > _SAME_LINE * lower and -_BACKWARD * taller < gap < _WIDE_GAP * lower else None


def _following(last: Glyph, glyph: Glyph) -> Glyph:
    """A glyph after another of its run. Where they abut, no space is seen: pdfium puts some between text objects."""
    abuts = glyph.x0 - last.x1 < _NO_SPACE * glyph.height
    return replace(glyph, text=glyph.text.lstrip()) if abuts and glyph.text.startswith(" ") else glyph


def _once(glyphs: Iterable[Glyph], cell: float) -> Iterator[Glyph]:
    """Glyphs without their repetitions in place: some issuers print twice to make letters bold."""
    seen: dict[tuple[str, int], list[Glyph]] = {}
    for glyph in glyphs:
        text, upper = glyph.text.lstrip(), int(glyph.y0 / cell - 0.5)
        alike = (*seen.get((text, upper), ()), *seen.get((text, upper + 1), ()))
        if any(_is_repeated(glyph, other) for other in alike):
            continue
        seen.setdefault((text, int(glyph.y0 / cell)), []).append(glyph)
        yield glyph


def _is_repeated(glyph: Glyph, other: Glyph) -> bool:
    width = min(glyph.x1 - glyph.x0, other.x1 - other.x0)
    return abs(glyph.x0 - other.x0) < _BOLD * width and abs(glyph.y0 - other.y0) < _BOLD * glyph.height


def _headings(glyphs: Iterable[Glyph]) -> frozenset[Glyph]:
    """The characters of headings written downwards, which stand close to the labels beside them."""
    by_text: dict[str, list[Glyph]] = {}
    for glyph in glyphs:
        if glyph.text.lstrip() in _HEADING_CHARACTERS:
            by_text.setdefault(glyph.text.lstrip(), []).append(glyph)
    found: set[Glyph] = set()
    for heading in _HEADINGS:
        for top in by_text.get(heading[0], ()):
            column = [top]
            for character in heading[1:]:
                below = [glyph for glyph in by_text.get(character, ()) if _is_under(glyph, column[-1])]
                column += [min(below, key=lambda glyph: glyph.y0)] if below else []
            if len(column) == len(heading):
                found.update(column)
    return frozenset(found)


def _is_under(glyph: Glyph, upper: Glyph) -> bool:
    distance = glyph.y0 - upper.y0
    return abs(glyph.x0 - upper.x0) < 0.5 * upper.height and 0.5 * upper.height < distance < _COLUMN * upper.height


def _joined(found: Iterable[list[Glyph]], alone: frozenset[Glyph], linked: set[Glyph]) -> Iterator[list[Glyph]]:
    """Runs that stand next to each other on one line as one run, where they abut or the second was written after the
    first, in letters of one size."""
    free = [run for run in found if run[0] not in alone]
    yield from ([glyph] for glyph in alone)
    following = _neighbours(free, linked)
    for index in set(range(len(free))) - set(following.values()):
        run, place = free[index], following.get(index)
        while place is not None:
            run += [_following(run[-1], free[place][0]), *free[place][1:]]
            place = following.get(place)
        yield run


def _neighbours(found: Sequence[list[Glyph]], linked: set[Glyph]) -> dict[int, int]:
    """The place of the run that continues another, by that other's place."""
    levels = _levels([glyph for run in found for glyph in (run[0], run[-1])])
    ends: dict[int, list[tuple[float, int]]] = {}
    for place, run in enumerate(found):
        ends.setdefault(levels[run[-1]], []).append((run[-1].x1, place))
    for line in ends.values():
        line.sort()
    following: dict[int, int] = {}
    for place, run in enumerate(found):
        line, height = ends.get(levels[run[0]], []), run[0].height
        nearest = bisect(line, (run[0].x0 + _OVERLAP * height, len(found))) - 1
        if nearest < 0 or line[nearest][1] in (place, *following):
            continue
        end, before = line[nearest]
        widest = (_WIDE_GAP if run[0] in linked else _ABUTTING) * height
        if run[0].x0 - end < widest and found[before][0].x0 < run[0].x0:
            following[before] = place
    return following


def _levels(glyphs: Iterable[Glyph]) -> dict[Glyph, int]:
    """Glyphs of one size on one line have the same level."""
    levels: dict[Glyph, int] = {}
    level, sizes = 0, _alike(sorted(set(glyphs), key=lambda glyph: glyph.height), lambda glyph: glyph.height)
    for size in sizes:
        for line in _alike(sorted(size, key=lambda glyph: glyph.y0), lambda glyph: glyph.y0):
            levels.update(dict.fromkeys(line, level := level + 1))
    return levels


def _alike(glyphs: Iterable[Glyph], measure: Callable[[Glyph], float]) -> Iterator[list[Glyph]]:
    """Glyphs in the order of a measure, by groups in which it differs by a small part of the height."""
    group: list[Glyph] = []
    for glyph in glyphs:
        if group and measure(glyph) - measure(group[0]) > _ALIKE * group[0].height:
            yield group
            group = []
        group.append(glyph)
    if group:
        yield group


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
