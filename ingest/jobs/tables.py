"""Tables of intake. They live in the catalog's database, with no foreign key into the archive's tables."""

from pathlib import Path

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

MIGRATIONS = Path(__file__).parent / "migrations"

metadata = MetaData()

documents = Table(
    "documents",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("digest", String(80), nullable=False, unique=True),
    Column("size", Integer, nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("received_at", String(40), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("records", Text, nullable=False),
    Column("duplicate_of", String(16)),
    Column("examination", Text),
    Column("changed", Integer, nullable=False),
    Index("documents_by_state", "state", "received_at", "id"),
    Index("documents_by_change", "changed"),
)
"""Bytes that arrived: one row for each digest, whatever it was called and however often it was sent."""

arrivals = Table(
    "arrivals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", String(16), ForeignKey("documents.id"), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("received_from", String(40), nullable=False),
    Column("received_by", Text, nullable=False),
    Column("batch", String(64), nullable=False),
    Column("received_at", String(40), nullable=False),
    Column("first", Boolean, nullable=False),
    Column("changed", Integer, nullable=False),
    Index("arrivals_by_document", "document"),
    Index("arrivals_by_batch", "batch", "changed"),
)
"""Each sending of a file, under the name and in the batch in which it came."""

jobs = Table(
    "jobs",
    metadata,
    Column("document", String(16), ForeignKey("documents.id"), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("next_at", String(40), nullable=False),
    Column("owner", String(80)),
    Column("heartbeat", String(40)),
    Index("jobs_by_turn", "owner", "next_at"),
)
"""Work to be done: a row commits with its document and goes when the document is filed or in front of a person."""

clock = Table("ledger_clock", metadata, Column("value", Integer, nullable=False))
"""One row: the running number of the ledger's last change, so that watchers can ask for what is new."""
