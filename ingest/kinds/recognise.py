"""Which kind an invoice is of: its QR code, its invoice code, its title and its number all have a say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.model.evidence import Finding, Severity
from ingest.kinds.kind import Kind
from ingest.kinds.registry import KINDS


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
    """The one kind that all clues allow. Clues that contradict each other are never weighed: a person decides."""
    votes = list(_votes(clues))
    if not all(votes) or not votes:
        return Recognition(None, (_unknown(),))
    common = frozenset.intersection(*votes)
    if len(common) == 1:
        return Recognition(next(kind for kind in KINDS if kind.id in common))
    return Recognition(None, (_conflict(votes) if not common else _unknown(),))


def _plain(text: str) -> str:
    return text.replace("（", "(").replace("）", ")")


def _votes(clues: Clues) -> Iterator[frozenset[str]]:
    """What each clue allows. A missing clue has no vote; a code or QR kind that fits no kind allows none."""
    titles = [_plain(title) for title in (clues.head, *clues.titles)]
    kinds = [kind for kind in KINDS if not kind.only_by_title or any(map(kind.title.search, titles))]
    if clues.qr_kinds:
        yield frozenset(kind.id for kind in kinds if kind.qr_kind in clues.qr_kinds)
    if clues.invoice_code:
        code = clues.invoice_code
        yield frozenset(kind.id for kind in kinds if kind.code and kind.code.fullmatch(code))
    for title in titles:
        titled = frozenset(kind.id for kind in kinds if kind.title.search(title))
        if titled:
            yield titled
    if clues.invoice_number:
        yield frozenset(kind.id for kind in kinds if kind.number_length == len(clues.invoice_number))


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
