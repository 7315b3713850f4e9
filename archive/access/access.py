"""Access: who is at the door. The one class others use; each act is one transaction with its audit entry."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from archive.access import accounts, links, sessions, throttle
from archive.access.accounts import User
from archive.access.errors import LoginFailedError
from archive.access.rights import Role
from archive.access.secret import hash_password, password_matches


class Transactions(Protocol):
    """The catalog's database, as far as access needs it."""

    def read(self) -> AbstractContextManager[Connection]: ...

    def write(self) -> AbstractContextManager[Connection]: ...


Note = Callable[[Connection, str, str, str, Mapping[str, Any]], object]
"""Writes an audit entry in the caller's transaction: connection, actor, act, subject, details."""


def _now() -> datetime:
    return datetime.now(UTC)


class Access:
    def __init__(self, database: Transactions, note: Note, clock: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._note = note
        self._clock = clock

    def first_link(self) -> str | None:
        """A fresh link for the first administrator, or None where there is one. Earlier unused links end with it."""
        with self._database.write() as connection:
            if accounts.any_administrator(connection):
                return None
            links.withdraw_unused(connection)
            return self._make_link(connection)

    def new_link(self) -> str:
        """A link for one more administrator, as the path ``/enter/…``; valid once, for 24 hours."""
        with self._database.write() as connection:
            return self._make_link(connection)

    def check_link(self, token: str) -> None:
        """Raises LinkError where the link cannot be used (any more)."""
        with self._database.read() as connection:
            links.role_of(connection, token, self._clock())

    def redeem(self, token: str, name: str, password: str) -> str:
        """Use a link: make the account, log it in, and return the session's token.

        Raises LinkError and AccountError; a link is not used up by a name or password that cannot be taken.
        """
        name = accounts.check_choice(name, password)
        self.check_link(token)
        hashed, now = hash_password(password), self._clock()
        with self._database.write() as connection:
            user = accounts.create(connection, name, hashed, links.use(connection, token, now), now)
            self._note(connection, user.name, "link-used", f"user:{user.id}", {"role": str(user.role)})
            return self._begin(connection, user, now)

    def login(self, name: str, password: str, address: str, old_token: str | None = None) -> str:
        """The token of a new session; the one of ``old_token`` ends. Raises LoginFailedError, TooManyAttemptsError."""
        name, now = accounts.plain_name(name)[:64], self._clock()
        with self._database.read() as connection:
            throttle.check(connection, name, address, now)
            known = accounts.by_name(connection, name)
        if not password_matches(known[1] if known else None, password) or known is None:
            with self._database.write() as connection:
                throttle.failed(connection, name, address, now)
            raise LoginFailedError
        with self._database.write() as connection:
            throttle.forget(connection, name, now)
            if old_token:
                sessions.end(connection, old_token)
            return self._begin(connection, known[0], now)

    def user(self, token: str) -> User | None:
        """Who the session's token belongs to, or None where the session has ended."""
        now = self._clock()
        with self._database.read() as connection:
            session = sessions.find(connection, token, now)
        if session and session.stale(now):
            with self._database.write() as connection:
                sessions.seen(connection, token, now)
        return session.user if session else None

    def logout(self, token: str) -> None:
        with self._database.write() as connection:
            session = sessions.find(connection, token, self._clock())
            sessions.end(connection, token)
            if session:
                self._note(connection, session.user.name, "logout", f"user:{session.user.id}", {})

    def _make_link(self, connection: Connection) -> str:
        token = links.make(connection, Role.ADMINISTRATOR, self._clock())
        self._note(connection, "piaoku", "link-made", "access", {"role": str(Role.ADMINISTRATOR)})
        return f"/enter/{token}"

    def _begin(self, connection: Connection, user: User, now: datetime) -> str:
        self._note(connection, user.name, "login", f"user:{user.id}", {})
        return sessions.begin(connection, user, now)
