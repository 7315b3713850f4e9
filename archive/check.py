"""Check: everything re-hashed, and catalog, stores and audit log compared with each other, both ways.

Right beside a running service: a suspicion is looked at afresh a moment later and reported only if it is still there,
so that an act under way between store and catalog is no fault.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import islice

from archive.audit import anchor, faults, rows
from archive.catalog import catalog
from archive.catalog.database import Database
from archive.errors import NotFoundError, StoreUnavailableError
from archive.model import record_json
from archive.model.beijing import beijing_date
from archive.model.digest import Digest
from archive.objects.store import ObjectStore, Stat
from archive.retention.schedule import lock_needed

ExpectedInbox = Callable[[], Iterable[tuple[str, Digest, int]]]
"""What intake expects in the inbox: key, digest and size of each document. Called again for suspicions."""

PAUSE_SECONDS = 2.0
_BATCH = 500
_CHUNK = 1 << 20


class Area(StrEnum):
    VAULT = "vault"
    INBOX = "inbox"
    CATALOG = "catalog"
    AUDIT = "audit"


class FaultKind(StrEnum):
    """``UNREADABLE`` is what could not be checked: the store did not answer for this object."""

    MISSING = "missing"
    ALTERED = "altered"
    UNKNOWN = "unknown"
    UNLOCKED = "unlocked"
    HIDDEN = "hidden"
    UNREADABLE = "unreadable"
    RECORD_DIFFERS = "record-differs"
    AUDIT_ALTERED = "audit-altered"
    AUDIT_GAP = "audit-gap"
    AUDIT_TREE = "audit-tree"


@dataclass(frozen=True, slots=True)
class Fault:
    """``key`` names the object, record or entry; ``digest`` what it should be, where that is known."""

    kind: FaultKind
    area: Area
    key: str
    digest: Digest | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How much has been checked so far: objects of both stores, their bytes, records."""

    objects: int = 0
    bytes: int = 0
    records: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what is wrong. ``inbox_checked`` is False where nobody said what the inbox must hold."""

    faults: tuple[Fault, ...]
    objects: int
    bytes: int
    records: int
    entries: int
    inbox_checked: bool

    @property
    def clean(self) -> bool:
        return not self.faults


def check(
    database: Database,
    vault: ObjectStore,
    inbox: ObjectStore,
    expected_inbox: ExpectedInbox | None,
    progress: Callable[[Progress], None] | None,
    pause: float,
) -> Report:
    """See ``Archive.check``."""
    tally = _Tally(progress)
    holdings: list[_Holding] = [_Vault(database, vault, expected_inbox)]
    if expected_inbox is not None:
        holdings.append(_Inbox(inbox, expected_inbox))
    suspects = [(holding, _suspects(holding, tally)) for holding in holdings]
    suspect_records = _suspect_records(database, tally)
    entries, faults = _audit_faults(database)
    if suspect_records or any(keys for _, keys in suspects):
        time.sleep(pause)
    faults += _record_faults(database, suspect_records)
    for holding, keys in suspects:
        faults += _confirmed(holding, keys)
    done = tally.progress
    return Report(tuple(faults), done.objects, done.bytes, done.records, entries, expected_inbox is not None)


class _Tally:
    def __init__(self, tell: Callable[[Progress], None] | None) -> None:
        self.progress = Progress()
        self._tell = tell

    def add(self, objects: int = 0, size: int = 0, records: int = 0) -> None:
        so_far = self.progress
        self.progress = replace(
            so_far, objects=so_far.objects + objects, bytes=so_far.bytes + size, records=so_far.records + records
        )
        if self._tell:
            self._tell(self.progress)


@dataclass(frozen=True, slots=True)
class _Expected:
    digest: Digest
    size: int
    retain_until: date | None


class _Vault:
    """What the catalog knows of the vault."""

    area = Area.VAULT

    def __init__(self, database: Database, store: ObjectStore, inbox: ExpectedInbox | None) -> None:
        self.store = store
        self._database = database
        self._inbox = inbox

    def everything(self) -> Iterator[tuple[str, _Expected]]:
        """In short transactions, so that hours of hashing hold nobody up."""
        last = ""
        while True:
            with self._database.read() as connection:
                batch = catalog.kept_after(connection, last, _BATCH)
            if not batch:
                return
            for kept in batch:
                yield kept.key, _Expected(kept.digest, kept.size, kept.retain_until)
            last = batch[-1].key

    def of_keys(self, keys: Iterable[str]) -> Mapping[str, _Expected]:
        found: dict[str, _Expected] = {}
        remaining = iter(keys)
        while batch := list(islice(remaining, _BATCH)):
            with self._database.read() as connection:
                for kept in catalog.kept_objects(connection, batch):
                    found[kept.key] = _Expected(kept.digest, kept.size, kept.retain_until)
        return found

    def under_way(self, keys: set[str], unknown: set[str]) -> set[str]:
        """Those of the keys that were interrupted and will be taken up: unknown ones that belong to a document still
        waiting in the inbox, and what the newest anchoring of the audit log left."""
        waiting = {digest for _, digest, _ in self._inbox()} if self._inbox and unknown else set()
        with self._database.read() as connection:
            anchoring = anchor.under_way(connection, {key for key in keys if key in unknown or self._is_missing(key)})
        return {key for key in unknown if waiting & self._documents(key)} | anchoring

    def _is_missing(self, key: str) -> bool:
        try:
            self.store.stat(key)
        except NotFoundError:
            return True
        except (StoreUnavailableError, ValueError):
            return False
        return False

    def _documents(self, key: str) -> set[Digest]:
        try:
            if key.startswith("originals/"):
                return {Digest(f"sha256:{key.rsplit('/', 1)[-1]}")}
            with self.store.open(key) as file:
                return {original.digest for original in record_json.loads(file.read().decode()).originals}
        except (ValueError, NotFoundError, StoreUnavailableError):
            return set()


class _Inbox:
    """What intake knows of the inbox."""

    area = Area.INBOX

    def __init__(self, store: ObjectStore, expected: ExpectedInbox) -> None:
        self.store = store
        self._expected = expected

    def everything(self) -> Iterator[tuple[str, _Expected]]:
        for key, digest, size in self._expected():
            yield key, _Expected(digest, size, None)

    def of_keys(self, keys: Iterable[str]) -> Mapping[str, _Expected]:
        wanted = set(keys)
        return {key: expected for key, expected in self.everything() if key in wanted}

    def under_way(self, keys: set[str], unknown: set[str]) -> set[str]:
        return set()


_Holding = _Vault | _Inbox


def _suspects(holding: _Holding, tally: _Tally) -> set[str]:
    """The keys under which something looks wrong at first sight."""
    suspects = set()
    for key, expected in holding.everything():
        if _fault_of(holding, key, expected):
            suspects.add(key)
        tally.add(objects=1, size=expected.size)
    listed = (stat.key for stat in holding.store.list())
    while batch := set(islice(listed, _BATCH)):
        suspects |= batch - holding.of_keys(batch).keys()
    return suspects


def _confirmed(holding: _Holding, suspects: set[str]) -> list[Fault]:
    """What still looks wrong, unless catalog or intake changed their mind while it was looked at."""
    expected = holding.of_keys(suspects)
    under_way = holding.under_way(suspects, suspects - expected.keys())
    looked_at = (_fault_of(holding, key, expected.get(key)) for key in sorted(suspects - under_way))
    faults = [fault for fault in looked_at if fault]
    still_expected = holding.of_keys(fault.key for fault in faults)
    return [fault for fault in faults if still_expected.get(fault.key) == expected.get(fault.key)]


def _fault_of(holding: _Holding, key: str, expected: _Expected | None) -> Fault | None:
    kind = _fault_kind(holding.store, key, expected)
    return _fault(kind, holding.area, key, expected.digest if expected else None) if kind else None


def _fault_kind(store: ObjectStore, key: str, expected: _Expected | None) -> FaultKind | None:
    try:
        if expected is None:
            # Listed, not asked for: what does not belong here may have a name that is no key.
            return FaultKind.UNKNOWN if any(stat.key == key for stat in store.list(key)) else None
        stat = store.stat(key)
        if stat.size != expected.size or _digest(store, key) != expected.digest:
            return FaultKind.ALTERED
    except NotFoundError:
        return FaultKind.MISSING
    except StoreUnavailableError:
        return FaultKind.UNREADABLE
    if expected.retain_until and not _is_locked(stat, expected.retain_until):
        return FaultKind.UNLOCKED
    return FaultKind.HIDDEN if stat.hidden else None


def _is_locked(stat: Stat, until: date) -> bool:
    needed = lock_needed(until, beijing_date(datetime.now(UTC)))
    return stat.locked_until is not None and stat.locked_until >= needed


def _digest(store: ObjectStore, key: str) -> Digest:
    with store.open(key) as file:
        return Digest.of_chunks(iter(lambda: file.read(_CHUNK), b""))[0]


def _suspect_records(database: Database, tally: _Tally) -> list[str]:
    suspects: list[str] = []
    last = ""
    while True:
        with database.read() as connection:
            batch = catalog.record_ids_after(connection, last, _BATCH)
            suspects += (record_id for record_id in batch if catalog.row_fault(connection, record_id))
        if not batch:
            return suspects
        tally.add(records=len(batch))
        last = batch[-1]


def _record_faults(database: Database, suspects: Iterable[str]) -> list[Fault]:
    faults = []
    for record_id in suspects:
        with database.read() as connection:
            column = catalog.row_fault(connection, record_id)
        if column:
            faults.append(_fault(FaultKind.RECORD_DIFFERS, Area.CATALOG, record_id, None, column))
    return faults


_AUDIT_KINDS = {
    faults.FaultKind.DATABASE_ENTRY_ALTERED: FaultKind.AUDIT_ALTERED,
    faults.FaultKind.DATABASE_ENTRIES_MISSING: FaultKind.AUDIT_GAP,
    faults.FaultKind.DATABASE_TREE_DIFFERS: FaultKind.AUDIT_TREE,
}


def _audit_faults(database: Database) -> tuple[int, list[Fault]]:
    """What is wrong with the log as the database holds it, and how many entries that are."""
    found = rows.examine(database)
    return found.entries, [
        _fault(_AUDIT_KINDS[fault.kind], Area.AUDIT, str(fault.first), None) for fault in found.faults
    ]


_SENTENCES = {
    FaultKind.MISSING: ("对象 {key} 丢失（{digest}）。", "The object {key} is missing ({digest})."),
    FaultKind.ALTERED: (
        "对象 {key} 已被改动，应为 {digest}。",
        "The object {key} has been altered; it should be {digest}.",
    ),
    FaultKind.UNKNOWN: ("对象 {key} 不属于任何记录。", "The object {key} belongs to no record."),
    FaultKind.UNLOCKED: (
        "对象 {key}（{digest}）未锁定，或锁定期短于保管期。",
        "The object {key} ({digest}) is not locked, or not for the whole of its term.",
    ),
    FaultKind.HIDDEN: (
        "对象 {key}（{digest}）被删除标记遮盖；内容仍在，但其他程序看不到。",
        "The object {key} ({digest}) is hidden by a delete marker; its bytes are there, but other programs see none.",
    ),
    FaultKind.UNREADABLE: (
        "对象 {key}（{digest}）无法读取，未能检查。",
        "The object {key} ({digest}) cannot be read and was not checked.",
    ),
    FaultKind.RECORD_DIFFERS: (
        "记录 {key} 的目录内容与存储的记录文件不符（{detail}）。",
        "The catalog's row of record {key} is not what its stored record says ({detail}).",
    ),
    FaultKind.AUDIT_ALTERED: ("审计日志第 {key} 条已被改动。", "Entry {key} of the audit log has been altered."),
    FaultKind.AUDIT_TREE: (
        "审计日志自第 {key} 条起的哈希树与条目不符。",
        "The audit log's hash tree does not fit its entries from number {key} on.",
    ),
    FaultKind.AUDIT_GAP: ("审计日志自第 {key} 条起有缺失。", "The audit log lacks entries from number {key} on."),
}


def _fault(kind: FaultKind, area: Area, key: str, digest: Digest | None, detail: str = "") -> Fault:
    zh, en = (sentence.format(key=key, digest=digest, detail=detail) for sentence in _SENTENCES[kind])
    return Fault(kind, area, key, digest, zh, en)
