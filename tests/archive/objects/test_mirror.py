"""The second copy: what it lacks is seen, made up for and used."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from minio import Minio

from archive.errors import IntegrityError, NotFoundError, RetentionError, StoreUnavailableError
from archive.model.digest import Digest
from archive.objects.filesystem import FilesystemStore
from archive.objects.memory import MemoryStore
from archive.objects.mirror import Copy, Lag, MirrorStore
from archive.objects.s3 import S3Store
from archive.objects.s3_client import connect
from archive.objects.store import Stat, Stored
from tests.servers.bad_network import bad_network
from tests.servers.ceph import ACCESS, SECRET, Ceph

DAY = date(2031, 3, 1)


class Unsteady(MemoryStore):
    """Does not answer while ``away``."""

    away = False

    def put(self, key: str, chunks: Iterable[bytes], until: date | None = None) -> Stored:
        self._answer()
        return super().put(key, chunks, until)

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        self._answer()
        return super().open(key)

    def stat(self, key: str) -> Stat:
        self._answer()
        return super().stat(key)

    def delete(self, key: str, today: date) -> None:
        self._answer()
        super().delete(key, today)

    def _answer(self) -> None:
        if self.away:
            raise StoreUnavailableError("存储无响应。", "The store does not answer.")


@pytest.fixture
def first() -> Unsteady:
    return Unsteady()


@pytest.fixture
def second() -> Unsteady:
    return Unsteady()


@pytest.fixture
def mirror(first: Unsteady, second: Unsteady) -> Iterator[MirrorStore]:
    mirror = MirrorStore(first, second, retry_seconds=0.01)
    yield mirror
    mirror.stop()


def content(store: MirrorStore, key: str) -> bytes:
    with store.open(key) as file:
        return file.read()


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not what():
        assert time.monotonic() < until, "it does not happen"
        time.sleep(0.01)


def test_what_waits_is_counted_with_the_age_of_the_oldest(mirror: MirrorStore) -> None:
    assert mirror.lag() == Lag(0, None)
    before = datetime.now(UTC)
    mirror.put("a/1", [b"1"], DAY)
    between = datetime.now(UTC)
    mirror.put("a/2", [b"2"], DAY)
    lag = mirror.lag()
    assert lag.waiting == 2
    assert lag.oldest
    assert before <= lag.oldest <= between
    assert mirror.catch_up() == 2
    assert mirror.lag() == Lag(0, None)
    assert mirror.catch_up() == 0


def test_a_copy_is_locked_and_held_like_its_original(mirror: MirrorStore, second: Unsteady) -> None:
    mirror.put("a/1", [b"1"], DAY)
    mirror.hold("a/1")
    mirror.catch_up()
    assert second.stat("a/1") == Stat("a/1", 1, DAY, on_hold=True)


def test_locks_that_were_lengthened_since_are_found_by_a_thorough_comparison(
    mirror: MirrorStore, second: Unsteady
) -> None:
    mirror.put("a/1", [b"1"], DAY)
    mirror.put("a/2", [b"2"], DAY)
    mirror.catch_up()
    mirror.lock_until("a/1", DAY + timedelta(days=365))
    mirror.hold("a/2")
    assert mirror.catch_up(thorough=True) == 2
    assert second.stat("a/1").locked_until == DAY + timedelta(days=365)
    assert second.stat("a/2").on_hold
    mirror.release("a/2")
    assert mirror.catch_up(thorough=True) == 1
    assert not second.stat("a/2").on_hold


def test_in_the_background_everything_follows(mirror: MirrorStore, second: Unsteady) -> None:
    mirror.put("a/before", [b"1"], DAY)
    mirror.follow()
    mirror.put("a/after", [b"2"], DAY)
    wait_for(lambda: mirror.lag().waiting == 0)
    mirror.lock_until("a/after", date(2040, 1, 1))
    wait_for(lambda: second.stat("a/after").locked_until == date(2040, 1, 1))


def test_an_outage_of_the_second_store_stops_nobody_and_is_made_up_for(mirror: MirrorStore, second: Unsteady) -> None:
    mirror.follow()
    mirror.put("a/1", [b"1"], DAY)
    wait_for(lambda: mirror.lag().waiting == 0)
    second.away = True
    mirror.lock_until("a/1", date(2040, 1, 1))
    for number in range(2, 12):
        mirror.put(f"a/{number}", [b"x"], DAY)
    time.sleep(0.1)
    assert mirror.lag().waiting == 10
    second.away = False
    wait_for(lambda: mirror.lag().waiting == 0)
    wait_for(lambda: second.stat("a/1").locked_until == date(2040, 1, 1))


def test_after_a_restart_what_was_waiting_is_found_by_comparing(first: Unsteady, second: Unsteady) -> None:
    MirrorStore(first, second).put("a/1", [b"1"], DAY)
    restarted = MirrorStore(first, second)
    assert restarted.lag().waiting == 1
    restarted.follow()
    wait_for(lambda: restarted.lag().waiting == 0)
    restarted.stop()


def test_an_acknowledged_object_is_durable_in_the_first_store_whatever_the_second_does(
    mirror: MirrorStore, first: Unsteady, second: Unsteady
) -> None:
    second.away = True
    assert mirror.put("a/1", [b"1"], DAY).created
    assert first.stat("a/1").locked_until == DAY
    first.away = True
    with pytest.raises(StoreUnavailableError):
        mirror.put("a/2", [b"2"], DAY)


@pytest.mark.parametrize("why", ["lost", "away"])
def test_what_the_first_store_cannot_give_is_read_from_the_second(
    mirror: MirrorStore, first: Unsteady, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    mirror.put("a/1", [b"kept"])
    mirror.catch_up()
    if why == "lost":
        del first._objects["a/1"]
    first.away = why == "away"
    assert content(mirror, "a/1") == b"kept"
    assert "read from the mirror" in capsys.readouterr().out
    with pytest.raises((NotFoundError, StoreUnavailableError)):
        mirror.stat("a/1")  # a check must see the loss


def test_what_neither_store_has_is_not_found(mirror: MirrorStore, second: Unsteady) -> None:
    with pytest.raises(NotFoundError), mirror.open("no/such"):
        pass
    second.away = True
    with pytest.raises(NotFoundError), mirror.open("no/such"):
        pass


@pytest.mark.parametrize("bad", ["lost", "altered"])
@pytest.mark.parametrize("copy", list(Copy))
def test_a_bad_copy_is_repaired_from_the_good_one_with_its_lock(
    mirror: MirrorStore, first: Unsteady, second: Unsteady, copy: Copy, bad: str
) -> None:
    digest = mirror.put("a/1", [b"true"], DAY).digest
    mirror.hold("a/1")
    mirror.catch_up()
    assert mirror.repair("a/1", digest) is None
    broken = first if copy is Copy.FIRST else second
    if bad == "lost":
        del broken._objects["a/1"]
        del broken._locks["a/1"]
        broken._held.discard("a/1")
    else:
        broken._objects["a/1"] = b"fals"
    assert mirror.repair("a/1", digest) is copy
    for store in (first, second):
        assert store.stat("a/1") == Stat("a/1", 4, DAY, on_hold=True)
        assert store._objects["a/1"] == b"true"


def test_a_repair_takes_no_hold_and_no_longer_lock_away_that_the_good_copy_has_not_heard_of(
    mirror: MirrorStore, first: Unsteady, second: Unsteady
) -> None:
    digest = mirror.put("a/1", [b"true"], DAY).digest
    mirror.catch_up()
    mirror.hold("a/1")
    mirror.lock_until("a/1", date(2040, 1, 1))
    first._objects["a/1"] = b"fals"
    assert mirror.repair("a/1", digest) is Copy.FIRST
    assert first.stat("a/1") == Stat("a/1", 4, date(2040, 1, 1), on_hold=True)
    assert mirror.catch_up(thorough=True) == 1
    assert second.stat("a/1") == Stat("a/1", 4, date(2040, 1, 1), on_hold=True)


def test_where_both_copies_are_bad_nothing_is_overwritten(
    mirror: MirrorStore, first: Unsteady, second: Unsteady
) -> None:
    digest = mirror.put("a/1", [b"true"]).digest
    mirror.catch_up()
    first._objects["a/1"] = second._objects["a/1"] = b"fals"
    with pytest.raises(IntegrityError, match="restore it from a backup"):
        mirror.repair("a/1", digest)
    assert (first._objects["a/1"], second._objects["a/1"]) == (b"fals", b"fals")


def test_other_bytes_in_the_second_store_hold_nobody_up_and_are_told(
    mirror: MirrorStore, second: Unsteady, capsys: pytest.CaptureFixture[str]
) -> None:
    second.put("a/1", [b"something else"])
    mirror.put("a/1", [b"true"])
    mirror.put("a/2", [b"2"])
    assert mirror.catch_up() == 1
    assert "the mirror holds other bytes" in capsys.readouterr().out
    assert mirror.lag().waiting == 1


def test_a_deletion_takes_both_copies_or_none(mirror: MirrorStore, first: Unsteady, second: Unsteady) -> None:
    mirror.put("a/1", [b"1"], DAY)
    mirror.catch_up()
    with pytest.raises(RetentionError):
        mirror.delete("a/1", date(2030, 1, 1))
    second.away = True
    with pytest.raises(StoreUnavailableError):
        mirror.delete("a/1", DAY)
    assert first.stat("a/1").size == 1
    second.away = False
    mirror.delete("a/1", DAY)
    assert list(first.list()) == list(second.list()) == []


def test_what_others_laid_into_the_first_store_is_not_copied(tmp_path: Path) -> None:
    first = FilesystemStore(tmp_path / "first")
    (tmp_path / "first/Foreign File.TXT").write_bytes(b"x")
    mirror = MirrorStore(first, MemoryStore())
    mirror.put("a/1", [b"1"])
    assert mirror.lag().waiting == 1
    assert mirror.catch_up() == 1


def test_from_a_disk_to_s3_over_a_network_that_goes_away(
    tmp_path: Path, rgw: Ceph, new_bucket: Callable[..., str], s3: Minio
) -> None:
    bucket = new_bucket()
    with bad_network(rgw.endpoint) as network:
        second = S3Store(connect(network.endpoint, ACCESS, SECRET, "us-east-1", retries=0), bucket)
        mirror = MirrorStore(FilesystemStore(tmp_path), second, retry_seconds=0.05)
        mirror.follow()
        network.go_away()
        digests = {f"a/{number}": mirror.put(f"a/{number}", [b"%d" % number], DAY).digest for number in range(5)}
        with pytest.raises(StoreUnavailableError):
            mirror.lag()
        network.come_back()
        wait_for(lambda: mirror.lag().waiting == 0)
        mirror.stop()
    near = S3Store(s3, bucket)
    for key, digest in digests.items():
        assert near.stat(key).locked_until == DAY
        with near.open(key) as file:
            assert Digest.of(file.read()) == digest
