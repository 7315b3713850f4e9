"""The filesystem store on bad days: crashes, full disks, foreign files."""

import fcntl
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from archive.errors import ConflictError, IntegrityError, NotFoundError, StoreUnavailableError
from archive.model.digest import Digest
from archive.objects import filesystem
from archive.objects.filesystem import FilesystemStore

WRITER = """
import sys
from pathlib import Path
from datetime import date
from archive.objects.filesystem import FilesystemStore
store = FilesystemStore(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), 10**9):
    key = f"a/{number:09d}"
    store.put(key, [bytes([number % 251]) * 70_000 for _ in range(3)], date(2031, 1, 1))
    print(number, flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> FilesystemStore:
    return FilesystemStore(tmp_path / "store")


def test_objects_are_read_only_and_folders_are_for_the_owner(store: FilesystemStore, tmp_path: Path) -> None:
    store.put("a/b", [b"x"])
    assert (tmp_path / "store/a/b").stat().st_mode & 0o777 == 0o444
    for folder in ("store", "store/a", "store/.locks", "store/.unfinished"):
        assert (tmp_path / folder).stat().st_mode & 0o777 == 0o700


def test_whatever_kills_a_writer_only_whole_objects_remain_and_what_was_told_is_there(tmp_path: Path) -> None:
    root, told, started = tmp_path / "store", -1, 0
    chance = random.Random(20251001)
    for _ in range(6):
        command = [sys.executable, "-c", WRITER, str(root), str(started)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            told = int(writer.stdout.readline())
            time.sleep(chance.uniform(0, 0.08))
            writer.send_signal(signal.SIGKILL)
            rest = writer.stdout.read().split()
        told = int(rest[-1]) if rest else told
        started = told + 1
    store = FilesystemStore(root)
    numbers = set()
    for listed in store.list():
        number = int(listed.key.removeprefix("a/"))
        numbers.add(number)
        with store.open(listed.key) as file:
            assert file.read() == bytes([number % 251]) * 210_000
        assert store.stat(listed.key).locked_until == date(2031, 1, 1), "seen without its lock"
    assert numbers >= set(range(told + 1))
    assert numbers - set(range(told + 1)) <= {told + 1}
    store.clear_unfinished()
    assert list((root / ".unfinished").iterdir()) == []


def test_start_up_clears_what_the_dead_left_and_spares_what_the_living_write(
    store: FilesystemStore, tmp_path: Path
) -> None:
    dead, alive = tmp_path / "store/.unfinished/dead", tmp_path / "store/.unfinished/alive"
    dead.write_bytes(b"half")
    with alive.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert store.clear_unfinished() == 1
    assert not dead.exists()
    assert alive.exists()


def test_a_put_in_flight_survives_the_start_up_of_another_process(tmp_path: Path) -> None:
    store, other = FilesystemStore(tmp_path / "store"), FilesystemStore(tmp_path / "store")

    def slow() -> Iterator[bytes]:
        yield b"one"
        assert other.clear_unfinished() == 0
        assert list(other.list()) == []
        yield b"two"

    assert store.put("a/b", slow()).digest == Digest.of(b"onetwo")


def test_no_temporary_file_remains_after_a_put_however_it_ends(store: FilesystemStore, tmp_path: Path) -> None:
    store.put("a/b", [b"x"])
    with pytest.raises(ConflictError):
        store.put("a/b", [b"y"])
    assert list((tmp_path / "store/.unfinished").iterdir()) == []


def test_a_full_disk_is_told_as_such_and_leaves_nothing(tmp_path: Path) -> None:
    """A child with a limit on the size of files meets the same error path as a full disk does."""
    child = f"""
import resource, signal
from pathlib import Path
from archive.errors import StoreUnavailableError
from archive.objects.filesystem import FilesystemStore
store = FilesystemStore(Path({str(tmp_path / "store")!r}))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    store.put("a/b", [b"x" * 5000])
except StoreUnavailableError as error:
    assert error.retry_can_help
    print("told:", error)
assert list(store.list()) == []
assert list(Path({str(tmp_path / "store/.unfinished")!r}).iterdir()) == []
"""
    done = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("told:")


def test_no_space_left_asks_to_free_space(store: FilesystemStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(StoreUnavailableError, match="full"):
        store.put("a/b", [b"x"])
    assert list(store.list()) == []


def test_bytes_that_read_back_differently_are_refused(store: FilesystemStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that lies: what was written is changed before it is read back."""
    make_durable = filesystem._make_durable

    def lying(file: object) -> None:
        make_durable(file)  # type: ignore[arg-type]
        path = Path(file.name)  # type: ignore[attr-defined]
        path.chmod(0o600)
        path.write_bytes(b"other")

    monkeypatch.setattr(filesystem, "_make_durable", lying)
    with pytest.raises(IntegrityError):
        store.put("a/b", [b"right"])
    assert list(store.list()) == []


def test_a_lock_file_that_a_crash_cut_short_keeps_its_whole_lines(store: FilesystemStore, tmp_path: Path) -> None:
    store.put("a/b", [b"x"])
    store.lock_until("a/b", date(2030, 1, 1))
    with (tmp_path / "store/.locks/a/b").open("ab") as file:
        file.write(b"\n2031-0")
    assert store.stat("a/b").locked_until == date(2030, 1, 1)
    store.lock_until("a/b", date(2032, 1, 1))
    assert store.stat("a/b").locked_until == date(2032, 1, 1)


def test_a_day_that_there_is_not_counts_for_nothing(store: FilesystemStore, tmp_path: Path) -> None:
    store.put("a/b", [b"x"], date(2030, 1, 1))
    with (tmp_path / "store/.locks/a/b").open("ab") as file:
        file.write(b"\n2031-93-01\n")
    assert store.stat("a/b").locked_until == date(2030, 1, 1)


def test_a_lock_that_the_disk_took_only_in_part_is_not_acknowledged(
    store: FilesystemStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("a/b", [b"x"])
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:6]))
    with pytest.raises(StoreUnavailableError, match="full"):
        store.lock_until("a/b", date(2030, 1, 1))
    monkeypatch.undo()
    assert store.stat("a/b").locked_until is None


def test_a_hold_that_a_crash_cut_short_changes_nothing(store: FilesystemStore, tmp_path: Path) -> None:
    store.put("a/b", [b"x"], date(2030, 1, 1))
    store.hold("a/b")
    with (tmp_path / "store/.locks/a/b").open("ab") as file:
        file.write(b"\nfre")
    assert store.stat("a/b").on_hold
    assert (tmp_path / "store/.locks/a/b").read_text().split() == ["2030-01-01", "held", "fre"]


def test_every_folder_and_file_of_a_put_is_made_to_last(
    store: FilesystemStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an fsync protects: the bytes, the lock's line, and each name on the way from the root to both."""
    synced: list[str] = []
    fsync = os.fsync

    def noting(descriptor: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    store.put("a/b/c", [b"x"], date(2030, 1, 1))
    root = str(tmp_path / "store")
    assert synced.pop(0).startswith(f"{root}/.unfinished/")
    names = {path.removeprefix(root) for path in synced}
    assert names == {"", "/a", "/a/b", "/.locks", "/.locks/a", "/.locks/a/b", "/.locks/a/b/c"}
    synced.clear()
    store.put("a/b/d", [b"x"], date(2030, 1, 1))
    assert {path.removeprefix(root) for path in synced[1:]} == {"/a/b", "/.locks/a/b", "/.locks/a/b/d"}


def test_a_symbolic_link_is_never_followed_out_of_the_store_by_a_listing(
    store: FilesystemStore, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    (tmp_path / "store/linked").symlink_to(outside)
    assert [stat.key for stat in store.list()] == ["linked"]


def test_a_store_whose_folder_vanished_does_not_answer_or_does_not_find(store: FilesystemStore, tmp_path: Path) -> None:
    (tmp_path / "store").rename(tmp_path / "gone")
    with pytest.raises((StoreUnavailableError, NotFoundError)):
        store.put("a/b", [b"x"])


def test_two_processes_that_put_the_same_key_at_once_make_one_object(tmp_path: Path) -> None:
    child = (
        "import sys; from pathlib import Path; from archive.objects.filesystem import FilesystemStore\n"
        "store = FilesystemStore(Path(sys.argv[1]))\n"
        "print(sum(store.put(f'a/{n}', [b'same' * 1000]).created for n in range(40)))"
    )
    command = [sys.executable, "-c", child, str(tmp_path / "store")]
    writers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    created = [int(writer.communicate()[0]) for writer in writers]
    assert sum(created) == 40
    assert len(list(FilesystemStore(tmp_path / "store").list())) == 40
