"""Guessing passwords is made slow. Functions on an open transaction."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, or_, select

from archive.access.errors import TooManyAttemptsError
from archive.access.tables import login_failures as failures

WINDOW = timedelta(minutes=15)
PER_ADDRESS = 10
PER_NAME = 100
"""Failures within the window. A person rarely needs ten; the name's own limit (NIST SP 800-63B §5.2.2) stops guessing
from many addresses, and is wide enough that nobody is locked out by one stranger."""


def check(connection: Connection, name: str, address: str, now: datetime) -> None:
    """Raises TooManyAttemptsError."""
    recent = select(func.count()).select_from(failures).where(failures.c.failed_at > now - WINDOW)
    by_name = connection.scalar(recent.where(failures.c.name == name)) or 0
    by_address = connection.scalar(recent.where(failures.c.address == address)) or 0
    if by_name >= PER_NAME or by_address >= PER_ADDRESS:
        raise TooManyAttemptsError(int(WINDOW.total_seconds() // 60))


def failed(connection: Connection, name: str, address: str, now: datetime) -> None:
    connection.execute(insert(failures).values(name=name[:64], address=address[:64], failed_at=now))


def forget(connection: Connection, name: str, now: datetime) -> None:
    """After a right password: the name starts afresh, and what is old is swept out."""
    old = failures.c.failed_at <= now - WINDOW
    connection.execute(delete(failures).where(or_(failures.c.name == name, old)))
