"""One-time links: whoever holds one may make one account, once. Functions on an open transaction."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from archive.access.errors import LinkError
from archive.access.rights import Role
from archive.access.secret import new_token, token_hash
from archive.access.tables import one_time_links as links

VALID_FOR = timedelta(hours=24)


def make(connection: Connection, role: Role, now: datetime) -> str:
    """A new link's token. It is stored as a hash only, so it can be shown now and never again."""
    token = new_token()
    connection.execute(
        insert(links).values(
            token_hash=token_hash(token),
            purpose=role,
            created_at=now,
            expires_at=now + VALID_FOR,
        )
    )
    return token


def withdraw_unused(connection: Connection) -> None:
    connection.execute(delete(links).where(links.c.used_at.is_(None)))


def role_of(connection: Connection, token: str, now: datetime) -> Role:
    """The role that the link's account will have. Raises LinkError for an unknown, used or old link."""
    open_link = select(links.c.purpose).where(
        links.c.token_hash == token_hash(token), links.c.used_at.is_(None), links.c.expires_at > now
    )
    purpose = connection.scalar(open_link)
    if purpose is None:
        raise LinkError
    return Role(purpose)


def use(connection: Connection, token: str, now: datetime) -> Role:
    """Use the link up. Raises LinkError, also for the second of two who use it at the same moment."""
    role = role_of(connection, token, now)
    mine = update(links).where(links.c.token_hash == token_hash(token), links.c.used_at.is_(None))
    if connection.execute(mine.values(used_at=now)).rowcount != 1:
        raise LinkError
    return role
