"""Documents, their arrivals, and the work to be done on them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("digest", sa.String(80), nullable=False, unique=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("media_type", sa.String(80), nullable=False),
        sa.Column("received_at", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("records", sa.Text, nullable=False),
        sa.Column("duplicate_of", sa.String(16)),
        sa.Column("examination", sa.Text),
        sa.Column("changed", sa.Integer, nullable=False),
    )
    op.create_index("documents_by_state", "documents", ["state", "received_at", "id"])
    op.create_index("documents_by_change", "documents", ["changed"])
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("document", sa.String(16), sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("received_from", sa.String(40), nullable=False),
        sa.Column("received_by", sa.Text, nullable=False),
        sa.Column("batch", sa.String(64), nullable=False),
        sa.Column("received_at", sa.String(40), nullable=False),
        sa.Column("first", sa.Boolean, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
    )
    op.create_index("arrivals_by_document", "arrivals", ["document"])
    op.create_index("arrivals_by_batch", "arrivals", ["batch", "changed"])
    op.create_table(
        "jobs",
        sa.Column("document", sa.String(16), sa.ForeignKey("documents.id"), primary_key=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.String(40), nullable=False),
        sa.Column("owner", sa.String(80)),
        sa.Column("heartbeat", sa.String(40)),
    )
    op.create_index("jobs_by_turn", "jobs", ["owner", "next_at"])
    clock = op.create_table("ledger_clock", sa.Column("value", sa.Integer, nullable=False))
    op.bulk_insert(clock, [{"value": 0}])
