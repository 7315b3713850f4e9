"""Anchoring: what the log has gained goes into the vault, under a signed head, out of the reach of whoever owns the
database.

First the catalog claims a batch of entries in one short transaction, then the vault gets it; what a crash kept from the
vault is put there by the next anchoring, letter for letter the same. A head is signed only if it continues the last one
that this log's keys signed.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from archive.audit import anchored, checkpoint, log
from archive.audit.anchored import Batch
from archive.audit.checkpoint import Checkpoint
from archive.audit.merkle import Frontier
from archive.audit.note import Signer, Verifier
from archive.audit.timestamp import Authority
from archive.catalog import catalog
from archive.catalog.catalog import KeptObject
from archive.catalog.database import Database
from archive.errors import IntegrityError, NotFoundError
from archive.model.digest import Digest
from archive.objects.store import ObjectStore
from archive.retention.schedule import PERMANENT_UNTIL, lock_lags, lock_until

LARGEST_BATCH = 10_000
"""Entries in one object: some 3 MB."""


@dataclass(frozen=True, slots=True)
class Notary:
    """Who signs this log's heads: its key, the verifier keys of earlier ones, and a time-stamp authority if any."""

    signer: Signer
    earlier: tuple[Verifier, ...] = ()
    authority: Authority | None = None

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        return (self.signer.verifier, *self.earlier)


def anchor(database: Database, vault: ObjectStore, notary: Notary, today: date) -> Checkpoint | None:
    """Bring everything into the vault; the newest head, or None where the log is empty.

    Raises IntegrityError, and signs nothing, where the database's log does not continue the one in the vault.
    """
    batch = _newest_batch(database)
    if batch and not _is_settled(vault, batch, today):
        _put(vault, _signed(database, _head(vault, batch.first - 1, notary), batch, notary.signer), today)
    while True:
        head = _head(vault, batch.last if batch else 0, notary)
        following = _following(database, vault, batch)
        if following is None:
            return head
        made = _signed(database, head, following, notary.signer)
        if not _claimed(database, made, batch):
            return head  # another process anchors at this moment
        _put(vault, made, today)
        batch = following


def stamp(database: Database, vault: ObjectStore, authority: Authority, size: int, today: date) -> None:
    """Have a time-stamp authority confirm the head of this size, once. Raises StoreUnavailableError where it does not
    answer or its answer is not in order."""
    key = anchored.timestamp_key(size)
    with database.read() as connection:
        if catalog.kept_object(connection, key):
            return
    try:
        token = _read(vault, key)
    except NotFoundError:
        token = authority.stamped(_read(vault, anchored.checkpoint_key(size)))
        vault.put(key, [token], lock_until(PERMANENT_UNTIL, today))
    with database.write() as connection:
        catalog.keep_all(connection, (_kept(key, token),))


def anchored_size(connection: Connection) -> int:
    """How many entries lie in the vault or are about to, as far as the catalog knows."""
    key = catalog.last_key(connection, anchored.CHECKPOINTS)
    return (anchored.checkpoint_size_of(key) or 0) if key else 0


def under_way(connection: Connection, keys: set[str]) -> set[str]:
    """Those keys that an anchoring which was cut off can have left without object or without row: the next one puts
    that right."""
    newest = anchored_size(connection)
    return {
        key
        for key in keys
        if ((batch := anchored.batch_of(key)) and batch.last == newest)
        or key in (anchored.checkpoint_key(newest), anchored.timestamp_key(newest))
    }


@dataclass(frozen=True, slots=True)
class _Signed:
    batch: Batch
    entries: bytes
    head: str

    @property
    def contents(self) -> dict[str, bytes]:
        """The entries first: there is never a head without them."""
        return {self.batch.key: self.entries, anchored.checkpoint_key(self.batch.last): self.head.encode()}


def _newest_batch(database: Database) -> Batch | None:
    with database.read() as connection:
        key = catalog.last_key(connection, anchored.ENTRIES)
    return anchored.batch_of(key) if key else None


def _is_settled(vault: ObjectStore, batch: Batch, today: date) -> bool:
    try:
        stats = [vault.stat(key) for key in (batch.key, anchored.checkpoint_key(batch.last))]
    except NotFoundError:
        return False
    return not any(lock_lags(stat.locked_until, PERMANENT_UNTIL, today) for stat in stats)


def _head(vault: ObjectStore, size: int, notary: Notary) -> Checkpoint | None:
    if not size:
        return None
    try:
        text = _read(vault, anchored.checkpoint_key(size)).decode("utf-8", "replace")
        return checkpoint.opened(text, notary.verifiers)
    except (NotFoundError, ValueError) as error:
        raise _torn(size, size) from error


def _following(database: Database, vault: ObjectStore, newest: Batch | None) -> Batch | None:
    """The entries after a batch, or None. The vault must not hold a continuation that the catalog does not know."""
    start = newest.last if newest else 0
    unknown = any(True for _ in vault.list(anchored.beginning(start + 1)))
    with database.read() as connection:
        size = log.size(connection)
        if anchored_size(connection) != start:
            return None  # another process anchors at this moment
    if unknown or size < start:
        raise _torn(min(size, start) + 1, max(size, start))
    return Batch(start + 1, min(size, start + LARGEST_BATCH)) if size > start else None


def _signed(database: Database, before: Checkpoint | None, batch: Batch, signer: Signer) -> _Signed:
    """A batch with its head, after the database's tree has been held against the head before."""
    with database.read() as connection:
        tree = log.frontier(connection, batch.first - 1)
        if before and (before.size, before.root) != (tree.size, tree.root):
            raise _torn(1, before.size)
        tree, entries = _gathered(connection, tree, batch)
    return _Signed(batch, entries, checkpoint.signed(batch.last, tree.root, signer))


def _gathered(connection: Connection, tree: Frontier, batch: Batch) -> tuple[Frontier, bytes]:
    """The lines of a batch and the tree with them, which must be the stored one."""
    lines = []
    for entry in log.after(connection, batch.first - 1, batch.last - batch.first + 1):
        if entry.sequence != tree.size + 1 or not entry.is_whole:
            raise _torn(tree.size + 1, tree.size + 1)
        tree, _ = tree.added(bytes.fromhex(entry.leaf_hash))
        lines.append(entry.leaf + b"\n")
    if tree.size != batch.last or tree != log.frontier(connection, batch.last):
        raise _torn(*batch)
    return tree, b"".join(lines)


def _claimed(database: Database, made: _Signed, newest: Batch | None) -> bool:
    """False where another process has claimed entries since."""
    with database.write() as connection:
        if anchored_size(connection) != (newest.last if newest else 0):
            return False
        catalog.keep_all(connection, (_kept(key, content) for key, content in made.contents.items()))
    return True


def _put(vault: ObjectStore, made: _Signed, today: date) -> None:
    for key, content in made.contents.items():
        vault.put(key, [content], lock_until(PERMANENT_UNTIL, today))


def _kept(key: str, content: bytes) -> KeptObject:
    return KeptObject(key, Digest.of(content), len(content), PERMANENT_UNTIL)


def _read(vault: ObjectStore, key: str) -> bytes:
    with vault.open(key) as file:
        return file.read()


def _torn(first: int, last: int) -> IntegrityError:
    return IntegrityError(
        f"数据库中的审计日志与存储中已签名的日志不一致（第 {first}–{last} 条），未签名；请运行 piaoku audit verify。",
        f"The database's audit log does not continue the signed one in the vault (entries {first}–{last}); nothing was "
        "signed. Run piaoku audit verify.",
    )
