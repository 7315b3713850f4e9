"""What every object store promises: one suite for all of them."""

import itertools
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import ConflictError, IntegrityError, NotFoundError, RetentionError
from archive.model.digest import Digest
from archive.objects.filesystem import FilesystemStore
from archive.objects.memory import MemoryStore
from archive.objects.mirror import MirrorStore
from archive.objects.s3 import S3Store
from archive.objects.store import ObjectStore

DAY = date(2030, 10, 1)
SEGMENT = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,12}", fullmatch=True)
same_store = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
_areas = itertools.count()


@pytest.fixture(params=["filesystem", "memory", "s3", "mirror"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    match request.param:
        case "filesystem":
            return FilesystemStore(tmp_path / "store")
        case "s3":
            new_bucket: Callable[[], str] = request.getfixturevalue("new_bucket")
            return S3Store(request.getfixturevalue("s3"), new_bucket())
        case "mirror":
            return MirrorStore(MemoryStore(), FilesystemStore(tmp_path / "second"))
        case _:
            return MemoryStore()


def believes_the_day_it_is_told(store: ObjectStore) -> bool:
    """S3 asks its own clock, so a test cannot wait for the day."""
    return store.retention_enforced_by == "application"


def content(store: ObjectStore, key: str) -> bytes:
    with store.open(key) as file:
        return file.read()


def test_what_is_put_is_found_again_with_its_digest_and_size(store: ObjectStore) -> None:
    stored = store.put("originals/ab/cd", [b"one", b"", b"two"])
    assert (stored.digest, stored.size, stored.created) == (Digest.of(b"onetwo"), 6, True)
    assert content(store, "originals/ab/cd") == b"onetwo"
    assert store.stat("originals/ab/cd").size == 6


@same_store
@given(chunks=st.lists(st.binary(max_size=200), max_size=5))
def test_any_bytes_come_back_as_they_were(store: ObjectStore, chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    key = f"any/{Digest.of(whole).hex}"
    assert store.put(key, chunks).digest == Digest.of(whole)
    assert content(store, key) == whole


def test_the_same_bytes_again_are_no_error_and_nothing_new(store: ObjectStore) -> None:
    store.put("a/b", [b"same"])
    again = store.put("a/b", [b"sa", b"me"])
    assert not again.created
    assert again.digest == Digest.of(b"same")


def test_other_bytes_under_the_same_key_are_refused_and_the_first_ones_stay(store: ObjectStore) -> None:
    store.put("a/b", [b"first"])
    with pytest.raises(ConflictError):
        store.put("a/b", [b"other"])
    assert content(store, "a/b") == b"first"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "a/../b",
        "../a",
        ".locks/a",
        "a/.b",
        "A",
        "发票",
        "a\n",
        "a\0b",
        "x" * 251,
    ],
)
def test_what_is_no_key_is_refused_by_every_method(store: ObjectStore, key: str) -> None:
    with pytest.raises(ValueError, match="not an object key"):
        store.put(key, [b""])
    with pytest.raises(ValueError, match="not an object key"):
        store.stat(key)
    with pytest.raises(ValueError, match="not an object key"), store.open(key):
        pass
    with pytest.raises(ValueError, match="not an object key"):
        store.lock_until(key, DAY)
    with pytest.raises(ValueError, match="not an object key"):
        store.delete(key, DAY)


def test_an_unknown_key_is_not_found_by_any_method(store: ObjectStore) -> None:
    with pytest.raises(NotFoundError):
        store.stat("no/such")
    with pytest.raises(NotFoundError), store.open("no/such"):
        pass
    with pytest.raises(NotFoundError):
        store.lock_until("no/such", DAY)
    with pytest.raises(NotFoundError):
        store.delete("no/such", DAY)


def test_a_put_that_breaks_off_leaves_no_object(store: ObjectStore) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("the sender is gone")

    with pytest.raises(RuntimeError, match="the sender is gone"):
        store.put("a/b", broken())
    assert list(store.list()) == []


@settings(parent=same_store, max_examples=10)
@given(keys=st.sets(st.tuples(SEGMENT, SEGMENT).map("/".join), max_size=8), prefix=st.one_of(st.just(""), SEGMENT))
def test_listing_is_in_the_order_of_keys_and_by_prefix(store: ObjectStore, keys: set[str], prefix: str) -> None:
    area = f"area{next(_areas)}/"
    for key in keys:
        store.put(area + key, [key.encode()])
    listed = [(found.key, found.size) for found in store.list(area + prefix)]
    assert listed == [(area + key, len(key)) for key in sorted(keys) if key.startswith(prefix)]


def test_folders_and_objects_mix_in_the_order_of_keys(store: ObjectStore) -> None:
    keys = ["a-b/x", "a.c/x", "a/x", "a0/x"]
    for key in keys:
        store.put(key, [b""])
    assert [stat.key for stat in store.list()] == sorted(keys)
    assert [stat.key for stat in store.list("a/")] == ["a/x"]
    assert list(store.list("b")) == []


def test_a_locked_object_is_not_deleted_before_its_day(store: ObjectStore) -> None:
    store.put("a/b", [b"kept"])
    store.lock_until("a/b", DAY)
    assert store.stat("a/b").locked_until == DAY
    with pytest.raises(RetentionError):
        store.delete("a/b", date(2030, 9, 30))
    assert content(store, "a/b") == b"kept"
    if believes_the_day_it_is_told(store):
        store.delete("a/b", DAY)
        with pytest.raises(NotFoundError):
            store.stat("a/b")
    else:
        with pytest.raises(RetentionError):
            store.delete("a/b", DAY)
        assert content(store, "a/b") == b"kept"


def test_an_object_is_put_and_locked_in_one_step(store: ObjectStore) -> None:
    store.put("a/b", [b"kept"], DAY)
    assert store.stat("a/b").locked_until == DAY
    later = date(2031, 1, 1)
    assert not store.put("a/b", [b"kept"], later).created
    assert store.stat("a/b").locked_until == later
    store.put("a/b", [b"kept"], DAY)
    assert store.stat("a/b").locked_until == later


def test_a_put_that_is_refused_does_not_touch_the_lock(store: ObjectStore) -> None:
    store.put("a/b", [b"kept"], DAY)
    with pytest.raises(ConflictError):
        store.put("a/b", [b"other"], date(2040, 1, 1))
    assert store.stat("a/b").locked_until == DAY


@same_store
@given(days=st.lists(st.dates(date(2030, 1, 1), date(2090, 1, 1)), min_size=1, max_size=6))
def test_a_lock_is_extended_and_never_shortened(store: ObjectStore, days: list[date]) -> None:
    key = f"area{next(_areas)}/b"
    store.put(key, [b"kept"])
    for day in days:
        store.lock_until(key, day)
    assert store.stat(key).locked_until == max(days)


def test_a_day_that_has_passed_locks_nothing_and_is_no_error(store: ObjectStore) -> None:
    store.put("a/b", [b"old"], date(2019, 1, 1))
    store.lock_until("a/b", date(2020, 1, 1))
    if believes_the_day_it_is_told(store):
        store.delete("a/b", date(2020, 1, 1))


def test_a_new_object_under_the_key_of_a_deleted_one_is_not_locked(store: ObjectStore) -> None:
    store.put("a/b", [b"old"], date(2020, 1, 1))
    if believes_the_day_it_is_told(store):
        store.delete("a/b", DAY)
        store.put("a/b", [b"new"])
        assert store.stat("a/b").locked_until is None


def test_what_is_on_hold_is_not_deleted_whatever_the_day(store: ObjectStore) -> None:
    store.put("a/b", [b"kept"], date(2020, 1, 1))
    store.hold("a/b")
    store.hold("a/b")
    assert store.stat("a/b").on_hold
    with pytest.raises(RetentionError):
        store.delete("a/b", date.max)
    assert content(store, "a/b") == b"kept"
    store.release("a/b")
    store.release("a/b")
    assert not store.stat("a/b").on_hold


def test_a_hold_and_a_lock_do_not_touch_each_other(store: ObjectStore) -> None:
    store.put("a/b", [b"kept"], DAY)
    store.hold("a/b")
    store.lock_until("a/b", date(2031, 1, 1))
    store.release("a/b")
    found = store.stat("a/b")
    assert (found.locked_until, found.on_hold) == (date(2031, 1, 1), False)


def test_repair_puts_the_true_bytes_back_and_takes_no_others(store: ObjectStore) -> None:
    store.put("a/b", [b"altered"])
    with pytest.raises(IntegrityError):
        store.restore("a/b", [b"wrong"], Digest.of(b"true"))
    assert content(store, "a/b") == b"altered"
    for key in ("a/b", "a/lost"):
        store.restore(key, [b"tr", b"ue"], Digest.of(b"true"))
        assert content(store, key) == b"true"


def test_nothing_is_left_unfinished_by_finished_writes(store: ObjectStore) -> None:
    store.put("a/b", [b"x"])
    assert store.clear_unfinished() == 0
