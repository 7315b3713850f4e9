"""Accounts, one-time links, sessions, throttling, on a real catalog; only the clock is played."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from archive.access.access import Access
from archive.access.errors import AccountError, LinkError, LoginFailedError, TooManyAttemptsError
from archive.access.rights import RIGHTS, Right, Role
from archive.access.tables import one_time_links, sessions, users
from archive.access.throttle import PER_ADDRESS
from archive.archive import Archive

PASSWORD = "correct horse battery"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 9, 1, 2, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **step: float) -> None:
        self.now += timedelta(**step)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access(archive: Archive, clock: Clock) -> Access:
    return Access(archive.database, archive.note, clock)


def token_of(path: str | None) -> str:
    assert path
    assert path.startswith("/enter/")
    return path.removeprefix("/enter/")


def enter(access: Access, name: str = "管理员") -> str:
    return access.redeem(token_of(access.new_link()), name, PASSWORD)


def test_a_link_makes_one_account_and_logs_it_in(access: Access) -> None:
    session = access.redeem(token_of(access.first_link()), " 管理员 ", PASSWORD)
    user = access.user(session)
    assert user is not None
    assert (user.name, user.role) == ("管理员", Role.ADMINISTRATOR)


def test_a_link_works_once(access: Access) -> None:
    token = token_of(access.first_link())
    access.redeem(token, "first", PASSWORD)
    with pytest.raises(LinkError):
        access.redeem(token, "second", PASSWORD)
    with pytest.raises(LinkError):
        access.check_link(token)


def test_a_link_ends_after_a_day(access: Access, clock: Clock) -> None:
    token = token_of(access.first_link())
    clock.forward(hours=23, minutes=59)
    access.check_link(token)
    clock.forward(minutes=1)
    with pytest.raises(LinkError):
        access.redeem(token, "late", PASSWORD)


def test_a_first_link_is_given_only_while_there_is_no_administrator(access: Access) -> None:
    earlier = token_of(access.first_link())
    later = token_of(access.first_link())
    with pytest.raises(LinkError):
        access.check_link(earlier)
    access.redeem(later, "first", PASSWORD)
    assert access.first_link() is None


@pytest.mark.parametrize(
    ("name", "password"),
    [("", PASSWORD), ("x" * 65, PASSWORD), ("bell\a", PASSWORD), ("a", "elevenchars"), ("b", "aaaaaaaaaaaaaa")],
)
def test_a_bad_choice_does_not_use_the_link_up(access: Access, name: str, password: str) -> None:
    token = token_of(access.first_link())
    with pytest.raises(AccountError):
        access.redeem(token, name, password)
    access.redeem(token, "good", PASSWORD)


def test_a_taken_name_does_not_use_the_link_up(access: Access) -> None:
    enter(access, "taken")
    token = token_of(access.new_link())
    with pytest.raises(AccountError):
        access.redeem(token, "taken", PASSWORD)
    access.check_link(token)


def test_no_secret_is_stored(access: Access, archive: Archive) -> None:
    link = token_of(access.first_link())
    session = access.redeem(link, "王", PASSWORD)
    with archive.database.read() as connection:
        stored = [row for table in (users, one_time_links, sessions) for row in connection.execute(select(table))]
    text = repr(stored)
    assert "$argon2id$" in text
    for secret in (link, session, PASSWORD):
        assert secret not in text


def test_login_gives_a_new_session_and_ends_the_old_one(access: Access) -> None:
    old = enter(access)
    new = access.login("管理员", PASSWORD, "10.0.0.1", old)
    assert new != old
    assert access.user(old) is None
    assert access.user(new) is not None


@pytest.mark.parametrize(("name", "password"), [("管理员", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_login_does_not_say_what_was_wrong(access: Access, name: str, password: str) -> None:
    enter(access)
    with pytest.raises(LoginFailedError) as caught:
        access.login(name, password, "10.0.0.1")
    assert caught.value.en == LoginFailedError().en


def test_guessing_is_stopped_for_its_address_only_and_for_a_while(access: Access, clock: Clock) -> None:
    enter(access)
    for _ in range(PER_ADDRESS):
        with pytest.raises(LoginFailedError):
            access.login("管理员", "guess", "10.0.0.1")
    with pytest.raises(TooManyAttemptsError):
        access.login("管理员", PASSWORD, "10.0.0.1")
    access.login("管理员", PASSWORD, "10.0.0.2")
    clock.forward(minutes=16)
    access.login("管理员", PASSWORD, "10.0.0.1")


def test_a_session_ends_when_idle(access: Access, clock: Clock) -> None:
    session = enter(access)
    clock.forward(hours=7)
    assert access.user(session) is not None
    clock.forward(hours=7)
    assert access.user(session) is not None, "use keeps it alive"
    clock.forward(hours=8)
    assert access.user(session) is None


def test_a_session_ends_after_a_day_even_in_use(access: Access, clock: Clock) -> None:
    session = enter(access)
    for _ in range(4):
        clock.forward(hours=6)
        alive = access.user(session)
    assert alive is None


def test_logout_ends_the_session(access: Access) -> None:
    session = enter(access)
    access.logout(session)
    assert access.user(session) is None


def test_each_act_has_its_audit_entry(access: Access, archive: Archive) -> None:
    session = access.redeem(token_of(access.first_link()), "管理员", PASSWORD)
    access.logout(session)
    acts = [entry.act for entry in reversed(archive.newest())]
    assert acts == ["link-made", "link-used", "login", "logout"]


def test_a_refused_act_leaves_no_audit_entry(access: Access, archive: Archive) -> None:
    before = len(archive.newest())
    with pytest.raises(LinkError):
        access.redeem("made-up", "x", PASSWORD)
    assert len(archive.newest()) == before


def test_the_administrator_holds_every_right() -> None:
    assert RIGHTS[Role.ADMINISTRATOR] == frozenset(Right)
