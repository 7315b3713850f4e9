"""The audit log's rows and the Merkle tree over them: appended inside the caller's transaction, never changed. Triggers
refuse everything else."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, false, func, insert, or_, select, tuple_

from archive.audit import merkle
from archive.audit.entry import Details, Entry, canonical_json, entry
from archive.audit.merkle import Frontier, Node
from archive.catalog.tables import audit_entries, audit_nodes
from archive.errors import IntegrityError

_NEWEST = select(audit_entries.c.sequence, audit_entries.c.leaf_hash).order_by(audit_entries.c.sequence.desc()).limit(1)


def append(connection: Connection, actor: str, act: str, subject: str, details: Details, at: datetime) -> Entry:
    """The next entry. The connection must hold the write transaction of the act, so that both commit or neither.

    Raises IntegrityError where the tree over the entries is damaged: nothing may be written on top of that.
    """
    last = connection.execute(_NEWEST).one_or_none()
    index = last.sequence if last else 0
    made = entry(index + 1, at, actor, act, subject, details)
    left = _left(connection, index, last.leaf_hash if last else "")
    connection.execute(
        insert(audit_entries).values(
            sequence=made.sequence,
            at=made.at,
            actor=made.actor,
            act=made.act,
            subject=made.subject,
            details=canonical_json(made.details).decode(),
            leaf_hash=made.leaf_hash,
        )
    )
    if nodes := merkle.completed(index, bytes.fromhex(made.leaf_hash), left):
        connection.execute(
            insert(audit_nodes),
            [{"level": node.level, "position": node.position, "hash": hashed.hex()} for node, hashed in nodes],
        )
    return made


def size(connection: Connection) -> int:
    """How many entries the log has."""
    return connection.scalar(select(func.coalesce(func.max(audit_entries.c.sequence), 0))) or 0


def frontier(connection: Connection, of_size: int) -> Frontier:
    """The right edge of the tree over the first ``of_size`` entries, from the stored hashes: its ``root`` is the head.

    Also in the transaction of an act, whose entries are in it. Raises IntegrityError where a stored hash is missing.
    """
    return merkle.frontier(of_size, lambda nodes: hashes(connection, nodes))


def hashes(connection: Connection, nodes: Sequence[Node]) -> dict[Node, bytes]:
    """The stored hashes of nodes; level 0 are the entries' own. Raises IntegrityError where one is missing."""
    leaves = [node.position + 1 for node in nodes if node.level == 0]
    inner = [(node.level, node.position) for node in nodes if node.level]
    found: dict[Node, str] = {}
    if inner:
        of_nodes = select(audit_nodes).where(tuple_(audit_nodes.c.level, audit_nodes.c.position).in_(inner))
        found |= {Node(row.level, row.position): row.hash for row in connection.execute(of_nodes)}
    if leaves:
        of_leaves = select(audit_entries.c.sequence, audit_entries.c.leaf_hash)
        rows = connection.execute(of_leaves.where(audit_entries.c.sequence.in_(leaves)))
        found |= {Node(0, row.sequence - 1): row.leaf_hash for row in rows}
    try:
        return {node: _hash(found[node]) for node in nodes}
    except KeyError as error:
        raise _damaged() from error


def entries_of(connection: Connection, subject: str) -> tuple[Entry, ...]:
    """All entries about a subject, oldest first."""
    of_subject = select(audit_entries).where(audit_entries.c.subject == subject).order_by(audit_entries.c.sequence)
    return tuple(map(_entry, connection.execute(of_subject)))


def newest(connection: Connection, limit: int) -> tuple[Entry, ...]:
    """Newest first."""
    newest_first = select(audit_entries).order_by(audit_entries.c.sequence.desc()).limit(limit)
    return tuple(map(_entry, connection.execute(newest_first)))


def after(connection: Connection, sequence: int, limit: int) -> tuple[Entry, ...]:
    """The entries that follow a sequence number, oldest first."""
    following = select(audit_entries).where(audit_entries.c.sequence > sequence)
    return tuple(map(_entry, connection.execute(following.order_by(audit_entries.c.sequence).limit(limit))))


def completed_by(connection: Connection, first: int, last: int) -> dict[Node, bytes]:
    """The stored nodes that come with entries ``first`` to ``last``. What is no hash any more is empty."""
    levels = range(1, last.bit_length())
    ranges = [
        (audit_nodes.c.level == level) & audit_nodes.c.position.between((first - 1) >> level, (last >> level) - 1)
        for level in levels
    ]
    rows = connection.execute(select(audit_nodes).where(or_(false(), *ranges)))
    return {Node(row.level, row.position): hash_of(row.hash) for row in rows}


def node_count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(audit_nodes)) or 0


def _left(connection: Connection, index: int, newest: str) -> list[bytes]:
    """What leaf number ``index`` is joined with; the newest leaf is known from counting."""
    siblings = merkle.siblings(index)
    if not siblings:
        return []
    inner = hashes(connection, siblings[1:]) if siblings[1:] else {}
    return [_hash(newest), *(inner[node] for node in siblings[1:])]


def _hash(text: str) -> bytes:
    hashed = hash_of(text)
    if not hashed:
        raise _damaged()
    return hashed


def hash_of(text: str) -> bytes:
    """A stored hash; empty where it is none any more."""
    try:
        hashed = bytes.fromhex(text)
    except (ValueError, TypeError):
        return b""
    return hashed if len(hashed) == 32 else b""


def _damaged() -> IntegrityError:
    return IntegrityError(
        "审计日志的哈希树已损坏，不能继续写入；请运行 piaoku audit verify。",
        "The audit log's hash tree is damaged, and nothing can be written on top of it; run piaoku audit verify.",
    )


def _entry(row: Row[Any]) -> Entry:
    columns = row._mapping
    return Entry(
        sequence=columns["sequence"],
        at=columns["at"],
        actor=columns["actor"],
        act=columns["act"],
        subject=columns["subject"],
        details=_details(columns["details"]),
        leaf_hash=columns["leaf_hash"],
    )


def _details(text: str) -> Details:
    """What is no JSON any more is shown as it is; its hash will not fit."""
    try:
        details: Details = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return {"unreadable": str(text)}
    return details if isinstance(details, dict) else {"unreadable": str(text)}
