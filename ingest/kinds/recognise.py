"""Which kind an invoice is of: its QR code, its invoice code, its title and its number all have a say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.model.evidence import Finding, Severity
from ingest.kinds.kind import Kind, Unsupported
from ingest.kinds.registry import KINDS, UNSUPPORTED

_Named = Kind | Unsupported


@dataclass(frozen=True, slots=True)
class Clues:
    """``head`` is the text above the parties, row by row without spaces, ``titles`` what the document's data states."""

    head: str
    qr_kinds: frozenset[str] = frozenset()
    invoice_code: str | None = None
    invoice_number: str | None = None
    titles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Recognition:
    """The kind, or None with the finding that says why."""

    kind: Kind | None
    findings: tuple[Finding, ...] = ()


def recognise(clues: Clues) -> Recognition:
    """The one kind that all clues allow. Clues that contradict each other are never weighed: a person decides.

    A kind that we do not read is told from any one clue, so that it is not accepted as the kind it resembles.
    """
    unsupported = next(_unsupported(clues), None)
    if unsupported:
        return Recognition(None, (_not_read(unsupported),))
    votes = list(_votes(clues))
    if not all(votes) or not votes:
        return Recognition(None, (_unknown(),))
    common = frozenset.intersection(*votes)
    if len(common) == 1:
        return Recognition(next(kind for kind in KINDS if kind.id in common))
    return Recognition(None, (_conflict(votes) if not common else _unknown(),))


def _plain(text: str) -> str:
    return text.replace("（", "(").replace("）", ")")


def _unsupported(clues: Clues) -> Iterator[Unsupported]:
    for kind in UNSUPPORTED:
        titled = kind.title and any(kind.title.search(_plain(title)) for title in (clues.head, *clues.titles))
        coded = kind.code and clues.invoice_code and kind.code.fullmatch(clues.invoice_code)
        if titled or coded or kind.qr_kind in clues.qr_kinds:
            yield kind


def _votes(clues: Clues) -> Iterator[frozenset[str]]:
    """What each clue allows. A missing clue has no vote; a code or QR kind that fits no kind allows none."""
    if clues.qr_kinds:
        yield frozenset(kind.id for kind in KINDS if kind.qr_kind in clues.qr_kinds)
    if clues.invoice_code:
        code = clues.invoice_code
        yield frozenset(kind.id for kind in KINDS if kind.code and kind.code.fullmatch(code))
    for title in (clues.head, *clues.titles):
        titled = frozenset(kind.id for kind in KINDS if kind.title.search(_plain(title)))
        if titled:
            yield titled
    if clues.invoice_number:
        yield frozenset(kind.id for kind in KINDS if kind.number_length == len(clues.invoice_number))


def _not_read(kind: Unsupported) -> Finding:
    return Finding(
        "KIND-UNSUPPORTED",
        Severity.ERROR,
        None,
        f"票面显示为{kind.zh}，目前还不能自动处理此票种，请人工审核。",
        f"This looks like a kind that is not processed automatically yet ({kind.en}); a person must review it.",
    )


def _unknown() -> Finding:
    return Finding(
        "KIND-UNKNOWN",
        Severity.ERROR,
        None,
        "无法判断票种，请人工确认。",
        "The kind of this invoice cannot be told; a person must say what it is.",
    )


def _conflict(votes: Iterable[frozenset[str]]) -> Finding:
    named = [" / ".join(kind.zh for kind in KINDS if kind.id in vote) for vote in votes]
    english = [" / ".join(kind.en for kind in KINDS if kind.id in vote) for vote in votes]
    return Finding(
        "KIND-CONFLICT",
        Severity.ERROR,
        None,
        f"二维码、发票代码、标题或号码位数指向不同票种（{'；'.join(named)}），请人工确认。",
        f"QR code, invoice code, title and number length point to different kinds ({'; '.join(english)}); "
        "a person must say which.",
    )
