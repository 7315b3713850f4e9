"""Accounts: who may log in. Functions on an open transaction."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from archive.access.errors import AccountError
from archive.access.rights import RIGHTS, Right, Role
from archive.access.tables import users

PASSWORD_LENGTH = 12
_PASSWORD_LIMIT = 1024
_NAME_LIMIT = 64


@dataclass(frozen=True, slots=True)
class User:
    id: int
    name: str
    role: Role

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]


def check_choice(name: str, password: str) -> str:
    """The name as it is stored (NFKC, trimmed). Raises AccountError where name or password cannot be taken."""
    name = plain_name(name)
    if not 1 <= len(name) <= _NAME_LIMIT or not name.isprintable():
        raise AccountError("请填写用户名（1 至 64 个字符）。", "Enter a name of 1 to 64 characters.")
    if not PASSWORD_LENGTH <= len(password) <= _PASSWORD_LIMIT:
        raise AccountError(
            f"密码至少需要 {PASSWORD_LENGTH} 个字符。", f"The password needs at least {PASSWORD_LENGTH} characters."
        )
    if password.casefold() == name.casefold() or len(set(password)) < 4:
        raise AccountError(
            "密码太容易被猜到；请换一个。", "The password is too easy to guess; please choose another one."
        )
    return name


def plain_name(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def create(connection: Connection, name: str, password_hash: str, role: Role, now: datetime) -> User:
    """Raises AccountError where the name is taken."""
    if connection.scalar(select(users.c.id).where(users.c.name == name)) is not None:
        raise AccountError("此用户名已被使用；请换一个。", "This name is taken; please choose another one.")
    row = {"name": name, "role": role, "password_hash": password_hash, "created_at": now, "disabled": False}
    made = connection.execute(insert(users).values(row))
    assert made.inserted_primary_key is not None
    return User(made.inserted_primary_key[0], name, role)


def by_name(connection: Connection, name: str) -> tuple[User, str] | None:
    """The account and its password hash. Disabled accounts are not found."""
    row = connection.execute(select(users).where(users.c.name == name, users.c.disabled.is_(False))).one_or_none()
    return (User(row.id, row.name, Role(row.role)), row.password_hash) if row else None


def any_administrator(connection: Connection) -> bool:
    question = select(users.c.id).where(users.c.role == Role.ADMINISTRATOR, users.c.disabled.is_(False))
    return connection.scalar(question.limit(1)) is not None
