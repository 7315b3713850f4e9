"""Legal holds, and the triggers by which they beat every term."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("record_id", sa.String(16), nullable=False),
        sa.Column("case_name", sa.String(120), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("placed_at", _MOMENT, nullable=False),
        sa.Column("placed_by", sa.Text, nullable=False),
        sa.Column("released_at", _MOMENT),
        sa.Column("released_by", sa.Text),
        sa.Column("release_reason", sa.Text),
        sa.PrimaryKeyConstraint("record_id", "case_name", "number", name="holds_key"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="holds_record_id_of_records"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "holds_open",
        "holds",
        ["record_id", "case_name"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
    )
    for trigger in _TRIGGERS:
        op.execute(trigger)


def _refuse(name: str, act: str, table: str, when: str, why: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"


_HELD = "EXISTS (SELECT 1 FROM holds WHERE released_at IS NULL AND record_id = "
_HELD_OBJECT = (
    "EXISTS (SELECT 1 FROM holds WHERE released_at IS NULL AND ("
    "record_id IN (SELECT record_id FROM record_originals WHERE object_key = OLD.key) "
    "OR (OLD.key > 'records/' || record_id || '/' AND OLD.key < 'records/' || record_id || '0')))"
)
_ONLY_RELEASED = (
    "OLD.released_at IS NOT NULL OR NEW.released_at IS NULL OR NEW.released_by IS NULL "
    "OR NEW.record_id IS NOT OLD.record_id OR NEW.case_name IS NOT OLD.case_name OR NEW.number IS NOT OLD.number "
    "OR NEW.reason IS NOT OLD.reason OR NEW.placed_at IS NOT OLD.placed_at OR NEW.placed_by IS NOT OLD.placed_by"
)

_TRIGGERS = [
    _refuse("records_on_hold", "DELETE", "records", f"{_HELD} OLD.id)", "hold: the record is on legal hold"),
    _refuse(
        "originals_on_hold",
        "DELETE",
        "record_originals",
        f"{_HELD} OLD.record_id)",
        "hold: the original is on legal hold",
    ),
    _refuse("objects_on_hold", "DELETE", "objects", _HELD_OBJECT, "hold: the object is on legal hold"),
    _refuse("holds_stay", "DELETE", "holds", "1", "hold: a hold is released, never removed"),
    _refuse("holds_end_once", "UPDATE", "holds", _ONLY_RELEASED, "hold: a hold can only be released, once"),
    # INSERT OR REPLACE deletes the row in the way without running its delete trigger.
    _refuse(
        "holds_not_replaced",
        "INSERT",
        "holds",
        "NEW.released_at IS NOT NULL OR EXISTS (SELECT 1 FROM holds WHERE record_id = NEW.record_id "
        "AND case_name = NEW.case_name AND (number = NEW.number OR released_at IS NULL))",
        "hold: the hold is there already",
    ),
]
