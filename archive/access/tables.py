"""Tables of people and their logins, in the catalog's database. Secrets are stored as SHA-256 or argon2 only."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from archive.catalog.columns import Moment
from archive.catalog.tables import metadata

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(32), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("disabled", Boolean, nullable=False),
)

one_time_links = Table(
    "one_time_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("purpose", String(32), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)
"""``purpose`` is the role of the account that the link may make."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user", Integer, ForeignKey("users.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("sessions_by_expiry", "expires_at"),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("failed_at", Moment, nullable=False),
    Index("login_failures_by_name", "name", "failed_at"),
    Index("login_failures_by_address", "address", "failed_at"),
)
"""Wrong passwords of the last minutes, so that guessing is slow however many web processes serve."""
