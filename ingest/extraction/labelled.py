"""Fields of simple forms: each has a label, and its value stands beside it, perhaps a little higher or lower.

Forms that are printed by machine onto paper with labels on it never meet their lines exactly.
"""

from collections.abc import Callable, Iterator, Sequence

from archive.model.evidence import Reading
from ingest.extraction.found import reading
from ingest.extraction.layout import Label, Piece, between, find_labels, longest, rows, unbroken
from ingest.model.page import Page

Spec = tuple[str, tuple[str, ...], Callable[[str], str | None]]
"""A field, the labels it may have, and what turns its print into a value or refuses it."""

_REACH = 0.8  # heights of the label, up and down
_FIRST_GAP, _GAP = 12, 2.5  # heights, before a value and inside it


def labelled(page: Page, pieces: Sequence[Piece], specs: Sequence[Spec]) -> Iterator[Reading]:
    """A reading for each place where a field's label has a value beside it, from top to bottom.

    A label belongs to the first field that names it, so longer labels come before those they begin with. One with a
    slip in it that may stand for two fields' labels belongs to neither.
    """
    claimed: list[tuple[Spec, Label]] = []
    for spec in specs:
        for label in find_labels(pieces, *spec[1]):
            taken = any(_overlap(label.piece, other.piece) for _, other in claimed)
            if not taken and not _may_be_another(label, spec, specs):
                claimed.append((spec, label))
    others = [other for _, other in claimed]
    for (field, _, normaliser), label in claimed:
        found = beside(label, pieces, normaliser, others)
        if found:
            yield reading(page, field, *found)


def beside(
    label: Label, pieces: Sequence[Piece], normaliser: Callable[[str], str | None], others: Sequence[Label] = ()
) -> tuple[str, list[Piece]] | None:
    """The value nearest to the label's own height, and its pieces. No value reaches beyond its row's next label."""
    place = label.piece
    ends = {run for other in others if other is not label for run in other.runs if run not in label.runs}
    reach = _REACH * place.height
    band = between(pieces, place.middle - reach, place.middle + reach, place.x1 - place.height, float("inf"))
    taken = rows(unbroken(label, band, _FIRST_GAP, _GAP))
    for row in sorted(taken, key=lambda row: abs(_middle(row) - place.middle)):
        end = next((index for index, piece in enumerate(row) if piece in ends), len(row))
        found = longest(row[:end], normaliser)
        if found:
            return found
    return None


def _may_be_another(label: Label, own: Spec, specs: Sequence[Spec]) -> bool:
    text = label.piece.as_label
    names = [name for spec in specs if spec is not own for name in spec[1]]
    return text not in own[1] and any(
        len(name) == len(text) and sum(a != b for a, b in zip(name, text, strict=True)) <= 1 for name in names
    )


def _middle(row: Sequence[Piece]) -> float:
    return sum(piece.middle for piece in row) / len(row)


def _overlap(a: Piece, b: Piece) -> bool:
    return a.is_beside(b) and min(a.x1, b.x1) - max(a.x0, b.x0) > 0.5 * a.height
