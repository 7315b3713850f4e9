"""Sessions: who is logged in, kept on the server. Functions on an open transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select, update

from archive.access.accounts import User
from archive.access.rights import Role
from archive.access.secret import new_token, token_hash
from archive.access.tables import sessions, users

LASTS = timedelta(hours=24)
IDLE = timedelta(hours=8)
"""A working day. Both ends are checked at each request."""

SEEN_EVERY = timedelta(minutes=5)
"""How exact ``last_seen`` is, so that reading a page does not write each time."""


@dataclass(frozen=True, slots=True)
class Session:
    user: User
    last_seen: datetime

    def stale(self, now: datetime) -> bool:
        return now - self.last_seen >= SEEN_EVERY


def begin(connection: Connection, user: User, now: datetime) -> str:
    """The new session's token. What has ended is swept out on the way."""
    token = new_token()
    ended = or_(sessions.c.expires_at <= now, sessions.c.last_seen <= now - IDLE)
    connection.execute(delete(sessions).where(ended))
    connection.execute(
        insert(sessions).values(
            token_hash=token_hash(token),
            user=user.id,
            created_at=now,
            last_seen=now,
            expires_at=now + LASTS,
        )
    )
    return token


def find(connection: Connection, token: str, now: datetime) -> Session | None:
    question = (
        select(users.c.id, users.c.name, users.c.role, sessions.c.last_seen)
        .join(users, users.c.id == sessions.c.user)
        .where(
            sessions.c.token_hash == token_hash(token),
            sessions.c.expires_at > now,
            sessions.c.last_seen > now - IDLE,
            users.c.disabled.is_(False),
        )
    )
    row = connection.execute(question).one_or_none()
    return Session(User(row.id, row.name, Role(row.role)), row.last_seen) if row else None


def seen(connection: Connection, token: str, now: datetime) -> None:
    mine = sessions.c.token_hash == token_hash(token)
    connection.execute(update(sessions).where(mine).values(last_seen=now))


def end(connection: Connection, token: str) -> None:
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash(token)))
