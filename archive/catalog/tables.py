"""The catalog's tables. Migrations build them; a test compares the two."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from archive.catalog.columns import Moment, Yuan

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_by_%(column_0_N_name)s",
        "uq": "%(table_name)s_unique_%(column_0_N_name)s",
        "fk": "%(table_name)s_%(column_0_name)s_of_%(referred_table_name)s",
        "pk": "%(table_name)s_key",
    }
)

objects = Table(
    "objects",
    metadata,
    Column("key", String(250), primary_key=True),
    Column("digest", String(71), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("retain_until", Date, nullable=False),
    sqlite_with_rowid=False,
)
"""What the vault must hold. An original that shows many invoices is one object, kept for the longest of their terms."""

records = Table(
    "records",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("identity", String(64)),
    Column("kind", String(40), nullable=False),
    Column("invoice_code", String(40)),
    Column("invoice_number", String(40)),
    Column("issue_date", Date),
    Column("seller_name", Text),
    Column("buyer_name", Text),
    Column("total_amount", Yuan),
    Column("verification", String(40), nullable=False),
    Column("retain_until", Date, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("seller_text", Text, nullable=False),
    Column("buyer_text", Text, nullable=False),
    Column("search_text", Text, nullable=False),
    Column("content", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""One row an invoice. ``content`` is the record's JSON, letter for letter as in the vault; all other columns follow
from it and exist for searching and listing. The ``…_text`` columns hold it in the form that words are looked up in."""

LISTED_BY = literal_column("coalesce(records.issue_date, '0001-01-01')", Date)
"""The date that lists are ordered by: records whose issue date was not read come last."""

Index("records_by_identity", records.c.identity, unique=True, sqlite_where=records.c.identity.is_not(None))
Index("records_by_retain_until", records.c.retain_until)
Index("records_listed", literal_column("coalesce(issue_date, '0001-01-01')"), records.c.id)

record_originals = Table(
    "record_originals",
    metadata,
    Column("record_id", String(16), ForeignKey("records.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("object_key", String(250), ForeignKey("objects.key"), nullable=False),
    Column("digest", String(71), nullable=False),
    UniqueConstraint("record_id", "digest"),
    Index("record_originals_by_digest", "digest"),
    sqlite_with_rowid=False,
)
"""Which originals are renditions of which record, the first one at position 0."""

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", String(80), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("details", Text, nullable=False),
    Column("leaf_hash", String(64), nullable=False),
    Index("audit_entries_by_subject", "subject", "sequence"),
)

audit_nodes = Table(
    "audit_nodes",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    sqlite_with_rowid=False,
)
"""The audit log's Merkle tree above its leaves, which are the entries' leaf hashes: each node stands for
2 ** ``level`` entries and is written with the last of them."""

holds = Table(
    "holds",
    metadata,
    Column("record_id", String(16), ForeignKey("records.id"), primary_key=True),
    Column("case_name", String(120), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("placed_by", Text, nullable=False),
    Column("released_at", Moment),
    Column("released_by", Text),
    Column("release_reason", Text),
    sqlite_with_rowid=False,
)
"""Legal holds, also those that have ended. ``number`` counts the holds of a record for the same case from 1."""

Index("holds_open", holds.c.record_id, holds.c.case_name, unique=True, sqlite_where=holds.c.released_at.is_(None))
