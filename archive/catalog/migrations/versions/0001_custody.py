"""Objects, records, originals, audit log, and the triggers that keep them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_tables()
    for trigger in _RETENTION + _NO_REPLACING + _NO_REWRITING + _AUDIT:
        op.execute(trigger)


def _create_tables() -> None:
    op.create_table(
        "objects",
        sa.Column("key", sa.String(250), nullable=False),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("retain_until", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("key", name="objects_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "records",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("identity", sa.String(64)),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("invoice_code", sa.String(40)),
        sa.Column("invoice_number", sa.String(40)),
        sa.Column("issue_date", sa.Date),
        sa.Column("seller_name", sa.Text),
        sa.Column("buyer_name", sa.Text),
        sa.Column("total_amount", sa.BigInteger),
        sa.Column("verification", sa.String(40), nullable=False),
        sa.Column("retain_until", sa.Date, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("seller_text", sa.Text, nullable=False),
        sa.Column("buyer_text", sa.Text, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="records_key"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "records_by_identity", "records", ["identity"], unique=True, sqlite_where=sa.text("identity IS NOT NULL")
    )
    op.create_index("records_listed", "records", [sa.text("coalesce(issue_date, '0001-01-01')"), "id"])
    op.create_table(
        "record_originals",
        sa.Column("record_id", sa.String(16), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("object_key", sa.String(250), nullable=False),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "position", name="record_originals_key"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="record_originals_record_id_of_records"),
        sa.ForeignKeyConstraint(["object_key"], ["objects.key"], name="record_originals_object_key_of_objects"),
        sa.UniqueConstraint("record_id", "digest", name="record_originals_unique_record_id_digest"),
        sqlite_with_rowid=False,
    )
    op.create_index("record_originals_by_digest", "record_originals", ["digest"])
    op.create_table(
        "audit_entries",
        sa.Column("sequence", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("act", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("leaf_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="audit_entries_key"),
    )
    op.create_index("audit_entries_by_subject", "audit_entries", ["subject", "sequence"])


def _refuse(name: str, act: str, table: str, when: str, why: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{why}'); END"


# Beijing is UTC+8 all year.
_NOT_YET = "OLD.retain_until > date('now', '+8 hours')"
# Comparing as text is comparing as date only while the value is a date.
_SHORTER = (
    "NEW.retain_until < OLD.retain_until OR NEW.retain_until NOT GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'"
)

_RETENTION = [
    _refuse("records_are_kept", "DELETE", "records", _NOT_YET, "retention: the record must be kept"),
    _refuse("objects_are_kept", "DELETE", "objects", _NOT_YET, "retention: the object must be kept"),
    _refuse(
        "originals_are_kept",
        "DELETE",
        "record_originals",
        "EXISTS (SELECT 1 FROM records WHERE id = OLD.record_id AND retain_until > date('now', '+8 hours'))",
        "retention: the original must be kept",
    ),
    _refuse("records_term", "UPDATE OF retain_until", "records", _SHORTER, "retention: never shortened"),
    _refuse("objects_term", "UPDATE OF retain_until", "objects", _SHORTER, "retention: never shortened"),
]

# INSERT OR REPLACE and UPDATE OR REPLACE delete the row in the way without running its delete trigger.
_NO_REPLACING = [
    _refuse(
        "records_not_replaced",
        "INSERT",
        "records",
        "EXISTS (SELECT 1 FROM records WHERE id = NEW.id OR identity = NEW.identity)",
        "conflict: the record or its invoice is there already",
    ),
    _refuse(
        "records_not_displaced",
        "UPDATE",
        "records",
        "EXISTS (SELECT 1 FROM records WHERE identity = NEW.identity AND id <> OLD.id)",
        "conflict: another record holds the invoice",
    ),
    _refuse(
        "objects_not_replaced",
        "INSERT",
        "objects",
        "EXISTS (SELECT 1 FROM objects WHERE key = NEW.key)",
        "conflict: the object is there already",
    ),
    _refuse(
        "originals_not_replaced",
        "INSERT",
        "record_originals",
        "EXISTS (SELECT 1 FROM record_originals WHERE record_id = NEW.record_id "
        "AND (position = NEW.position OR digest = NEW.digest))",
        "conflict: the original is there already",
    ),
]

_NO_REWRITING = [
    _refuse(
        "records_keep_their_name",
        "UPDATE",
        "records",
        "NEW.id <> OLD.id OR NEW.version < OLD.version",
        "retention: a record keeps its id and its versions",
    ),
    _refuse(
        "objects_keep_their_bytes",
        "UPDATE",
        "objects",
        "NEW.key <> OLD.key OR NEW.digest <> OLD.digest OR NEW.size <> OLD.size",
        "retention: an object keeps its bytes",
    ),
    _refuse("originals_stay", "UPDATE", "record_originals", "1", "retention: an original stays with its record"),
]

_AUDIT = [
    _refuse("audit_not_changed", "UPDATE", "audit_entries", "1", "audit: entries are never changed"),
    _refuse("audit_not_removed", "DELETE", "audit_entries", "1", "audit: entries are never removed"),
    _refuse(
        "audit_without_gaps",
        "INSERT",
        "audit_entries",
        "NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit_entries)",
        "audit: entries follow each other without gaps",
    ),
]
