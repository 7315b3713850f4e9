"""The log in the database, held against itself and against the heads that lie signed in the vault."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from archive.audit import log
from archive.audit.entry import Entry
from archive.audit.faults import Fault, FaultKind
from archive.audit.merkle import Frontier, Node
from archive.catalog.database import Database

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Rows:
    """How many entries there are, and what is wrong with them."""

    entries: int
    faults: tuple[Fault, ...]


def examine(database: Database, roots: Mapping[int, bytes] | None = None) -> Rows:
    """Every entry and every node. ``roots`` are the heads that the vault proves, by their sizes.

    In short transactions; what is appended meanwhile does not disturb. The first fault of a kind that makes all that
    follows differ is told, and not its consequences.
    """
    rows = _Examination(roots or {})
    going_on = True
    while going_on:
        with database.read() as connection:
            going_on = rows.read(connection)
    return rows.result()


class _Examination:
    def __init__(self, roots: Mapping[int, bytes]) -> None:
        self._roots = roots
        self._faults: list[Fault] = []
        self._entries = 0
        self._last = 0
        self._agreed = 0
        self._tree: Frontier | None = Frontier()
        self._nodes_fit = True

    def read(self, connection: Connection) -> bool:
        """One batch; False after the last."""
        first = self._last + 1
        try:
            entries = log.after(connection, self._last, _BATCH)
        except (ValueError, TypeError):  # a column that holds nothing of its kind any more
            self._fault(FaultKind.DATABASE_ENTRY_ALTERED, first, log.size(connection))
            return False
        made: dict[Node, bytes] = {}
        for entry in entries:
            self._take(entry, made)
        if self._tree and self._nodes_fit and entries:
            self._compare_nodes(connection, first, made)
        if not entries and self._tree and self._nodes_fit:
            self._compare_count(connection)
        return bool(entries)

    def result(self) -> Rows:
        signed = max(self._roots, default=0)
        if self._last < signed:
            self._fault(FaultKind.DATABASE_TOO_SHORT, self._last + 1, signed)
        return Rows(self._entries, tuple(self._faults))

    def _take(self, entry: Entry, made: dict[Node, bytes]) -> None:
        if entry.sequence != self._last + 1:
            self._fault(FaultKind.DATABASE_ENTRIES_MISSING, self._last + 1, entry.sequence - 1)
            self._tree = None
        if not entry.is_whole:
            self._fault(FaultKind.DATABASE_ENTRY_ALTERED, entry.sequence, entry.sequence)
        self._entries += 1
        self._last = entry.sequence
        self._grow(entry, made)

    def _grow(self, entry: Entry, made: dict[Node, bytes]) -> None:
        """The tree with one more leaf, and its head beside the one that was signed at this size."""
        hashed = log.hash_of(entry.leaf_hash)
        if not self._tree or not hashed:
            self._tree = None
            return
        self._tree, nodes = self._tree.added(hashed)
        made.update(nodes)
        root = self._roots.get(self._last)
        if root and root != self._tree.root:
            self._fault(FaultKind.DATABASE_DIFFERS, self._agreed + 1, self._last)
            self._tree = None
        elif root:
            self._agreed = self._last

    def _compare_nodes(self, connection: Connection, first: int, made: dict[Node, bytes]) -> None:
        self._nodes_fit = made == log.completed_by(connection, first, self._last)
        if not self._nodes_fit:
            self._fault(FaultKind.DATABASE_TREE_DIFFERS, first, self._last)

    def _compare_count(self, connection: Connection) -> None:
        """Whether there are nodes that no entry completes. A tree of n leaves stores one node for each joining of two
        equal subtrees."""
        size = log.size(connection)
        if log.node_count(connection) != size - size.bit_count():
            self._fault(FaultKind.DATABASE_TREE_DIFFERS, 1, size)

    def _fault(self, kind: FaultKind, first: int, last: int) -> None:
        self._faults.append(Fault(kind, first, last))
