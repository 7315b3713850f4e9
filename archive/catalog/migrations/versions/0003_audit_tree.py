"""The audit log's Merkle tree: its nodes, also for the entries that are there already."""

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    nodes = op.create_table(
        "audit_nodes",
        sa.Column("level", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name="audit_nodes_key"),
        sqlite_with_rowid=False,
    )
    entries = op.get_bind().execute(sa.text("SELECT leaf_hash FROM audit_entries ORDER BY sequence"))
    op.bulk_insert(nodes, list(_nodes(row.leaf_hash for row in entries)))
    for trigger in _TRIGGERS:
        op.execute(trigger)


def _nodes(leaf_hashes: Iterator[str]) -> Iterator[dict[str, str | int]]:
    """RFC 9162 §2.1.1, from the leaves up."""
    edge: list[bytes] = []
    for index, text in enumerate(leaf_hashes):
        hashed = _hash(text)
        level = 0
        while index >> level & 1:
            level += 1
            hashed = hashlib.sha256(b"\x01" + edge.pop() + hashed).digest()
            yield {"level": level, "position": index >> level, "hash": hashed.hex()}
        edge.append(hashed)


def _hash(text: str) -> bytes:
    """What somebody wrote over a hash must not keep the service from starting; a check names the entry."""
    try:
        return bytes.fromhex(text)
    except (ValueError, TypeError):
        return b""


def _refuse(name: str, act: str, when: str, why: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {act} ON audit_nodes WHEN {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"


_TRIGGERS = [
    _refuse("audit_nodes_not_changed", "UPDATE", "1", "audit: the tree is never changed"),
    _refuse("audit_nodes_not_removed", "DELETE", "1", "audit: the tree is never cut"),
    # INSERT OR REPLACE deletes the row in the way without running its delete trigger.
    _refuse(
        "audit_nodes_not_replaced",
        "INSERT",
        "EXISTS (SELECT 1 FROM audit_nodes WHERE level = NEW.level AND position = NEW.position)",
        "audit: the node is there already",
    ),
    _refuse(
        "audit_nodes_come_with_their_entry",
        "INSERT",
        "NEW.level < 1 OR (NEW.position + 1) << NEW.level IS NOT (SELECT max(sequence) FROM audit_entries)",
        "audit: a node is written with the last entry that it stands for",
    ),
]
