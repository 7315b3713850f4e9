"""Verification from the outside: the vault alone, and a key that was kept elsewhere, tell whether the log was tampered
with. Where the catalog's database is at hand too, it must say the same as the vault."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

from cryptography.x509 import Certificate

from archive.audit import anchor, anchored, checkpoint, log, merkle, rows, timestamp
from archive.audit.anchored import Batch
from archive.audit.checkpoint import Checkpoint
from archive.audit.faults import Fault, FaultKind
from archive.audit.merkle import Frontier
from archive.audit.note import Verifier
from archive.catalog.database import Database
from archive.errors import NotFoundError
from archive.objects.store import ObjectStore


@dataclass(frozen=True, slots=True)
class Report:
    """``proven`` entries are covered by signed heads, ``entries`` lie in the vault, ``in_database`` in the database:
    None where there was none to compare. ``stamped_at`` is the newest confirmed time stamp; ``stamps_unchecked``
    counts those for which no root certificate was given."""

    faults: tuple[Fault, ...]
    proven: int
    entries: int
    heads: int
    in_database: int | None
    stamped_at: datetime | None
    stamps_unchecked: int

    @property
    def clean(self) -> bool:
        return not self.faults


def verify(
    vault: ObjectStore,
    verifiers: tuple[Verifier, ...],
    *,
    database: Database | None = None,
    seen: Sequence[str] = (),
    authorities: Sequence[Certificate] = (),
) -> Report:
    """``seen`` are signed heads that somebody kept: the log must still contain them. ``authorities`` are the root
    certificates of time-stamp authorities. Raises ValueError for a ``seen`` that the keys did not sign,
    StoreUnavailableError where the vault cannot be read."""
    known = [checkpoint.opened(text, verifiers) for text in seen]
    # Before the walk: what a running service anchors meanwhile is not missing.
    remembered = _remembered(database) if database else 0
    walk = _Walk(vault, verifiers, {head.size for head in known})
    walk.along_the_log()
    walk.compare(known)
    stamped_at, unchecked = walk.check_stamps(authorities)
    in_database = _compare_database(walk, database, remembered) if database else None
    if database is None and not walk.last and any(True for _ in vault.list("records/")):
        walk.tell(FaultKind.NOTHING_ANCHORED, 0, 0)
    proven = max(walk.roots, default=0)
    return Report(tuple(walk.faults), proven, walk.last, walk.heads, in_database, stamped_at, unchecked)


class _Walk:
    """Along the log as the vault holds it. The first signed head that does not fit ends the proof: nothing behind it
    can fit either, and is only looked at for its form."""

    def __init__(self, vault: ObjectStore, verifiers: tuple[Verifier, ...], wanted: set[int]) -> None:
        self.vault = vault
        self.faults: list[Fault] = []
        self.roots: dict[int, bytes] = {}
        self.last = 0
        self.heads = 0
        self._verifiers = verifiers
        self._wanted = dict.fromkeys(wanted, b"")
        self._tree = Frontier()
        self._holds = True

    def along_the_log(self) -> None:
        keys = {stat.key for stat in self.vault.list("audit/")}
        batches = sorted(batch for key in keys if (batch := anchored.batch_of(key)))
        sizes = {size for key in keys if (size := anchored.checkpoint_size_of(key)) is not None}
        for batch in batches:
            self._take(batch)
        for size in sorted(sizes - {batch.last for batch in batches}):
            self.tell(FaultKind.HEAD_WITHOUT_ENTRIES, size, size)
        for key in sorted(keys):
            if anchored.is_foreign(key):
                self.tell(FaultKind.FOREIGN_OBJECT, 0, 0, key)

    def compare(self, known: Sequence[Checkpoint]) -> None:
        for head in known:
            if head.size and self._wanted[head.size] != head.root:
                self.tell(FaultKind.SEEN_HEAD_DIFFERS, head.size, head.size)

    def check_stamps(self, authorities: Sequence[Certificate]) -> tuple[datetime | None, int]:
        """The newest moment that an authority confirmed, and how many stamps could not be checked."""
        keys = [stat.key for stat in self.vault.list(anchored.TIMESTAMPS)]
        sizes = [size for key in keys if (size := anchored.timestamp_size_of(key)) is not None]
        if not authorities:
            return None, len(sizes)
        newest = None
        for size in sizes:
            try:
                message = _read(self.vault, anchored.checkpoint_key(size))
                newest = timestamp.verified(_read(self.vault, anchored.timestamp_key(size)), message, authorities)
            except (ValueError, NotFoundError) as error:
                self.tell(FaultKind.TIMESTAMP_WRONG, size, size, str(error))
        return newest, 0

    def tell(self, kind: FaultKind, first: int, last: int, detail: str = "") -> None:
        self.faults.append(Fault(kind, first, last, detail))

    def _take(self, batch: Batch) -> None:
        if batch.first <= self.last or batch.last < batch.first:
            self.tell(FaultKind.ENTRIES_FORKED, batch.first, batch.last)
            return
        if batch.first > self.last + 1:
            self.tell(FaultKind.ENTRIES_MISSING, self.last + 1, batch.first - 1)
            self._holds = False
        self._add_lines(batch)
        self.last = batch.last
        head = self._head(batch)
        if head is None or not self._holds:
            return
        if head != Checkpoint(head.origin, batch.last, self._tree.root):
            self.tell(FaultKind.HEAD_DIFFERS, batch.first, batch.last)
            self._holds = False
            return
        self.roots[batch.last] = head.root

    def _add_lines(self, batch: Batch) -> None:
        numbers = range(batch.first, batch.last + 1)
        for number, line in zip_longest(numbers, _lines(self.vault, batch)):
            if number is None or line is None or _number(line) != number:
                place = batch.last if number is None else number
                self.tell(FaultKind.ENTRY_OUT_OF_PLACE, place, place)
                self._holds = False
                return
            self._tree, _ = self._tree.added(merkle.leaf_hash(line))
            if number in self._wanted and self._holds:
                self._wanted[number] = self._tree.root

    def _head(self, batch: Batch) -> Checkpoint | None:
        """The signed head at the end of a batch; where there is none, that is told."""
        try:
            text = _read(self.vault, anchored.checkpoint_key(batch.last)).decode("utf-8", "replace")
            head = checkpoint.opened(text, self._verifiers)
        except NotFoundError:
            self.tell(FaultKind.HEAD_MISSING, batch.first, batch.last)
            return None
        except ValueError as error:
            self.tell(FaultKind.HEAD_NOT_SIGNED, batch.last, batch.last, str(error))
            return None
        self.heads += 1
        return head


def _remembered(database: Database) -> int:
    with database.read() as connection:
        return anchor.anchored_size(connection)


def _compare_database(walk: _Walk, database: Database, remembered: int) -> int:
    """How many entries the database has; what differs from the vault is told on the walk. ``remembered`` is how many
    the catalog took to be anchored."""
    if remembered > walk.last:
        walk.tell(FaultKind.ENTRIES_MISSING, walk.last + 1, remembered)
    found = rows.examine(database, walk.roots)
    walk.faults += (_located(fault, walk.vault, database) for fault in found.faults)
    return found.entries


def _located(fault: Fault, vault: ObjectStore, database: Database) -> Fault:
    """Between two heads, the first entry of the database that is not the vault's."""
    if fault.kind is not FaultKind.DATABASE_DIFFERS:
        return fault
    batches = sorted(batch for stat in vault.list(anchored.ENTRIES) if (batch := anchored.batch_of(stat.key)))
    within = [batch for batch in batches if batch.first <= fault.last and batch.last >= fault.first]
    lines = (line for batch in within for line in _lines(vault, batch))
    with database.read() as connection:
        entries = log.after(connection, within[0].first - 1, within[-1].last - within[0].first + 1)
    for number, (entry, line) in enumerate(zip_longest(entries, lines), within[0].first):
        if entry is None or entry.leaf != line:
            return replace(fault, first=number, last=number)
    return fault


def _lines(vault: ObjectStore, batch: Batch) -> Iterator[bytes]:
    """Without their line breaks; the last one must have one too."""
    with vault.open(batch.key) as file:
        for line in file:
            yield line.removesuffix(b"\n") if line.endswith(b"\n") else b""


def _number(line: bytes) -> int | None:
    try:
        number = json.loads(line)["sequence"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return number if isinstance(number, int) else None


def _read(vault: ObjectStore, key: str) -> bytes:
    with vault.open(key) as file:
        return file.read()
