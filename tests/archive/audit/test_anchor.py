"""Anchoring: everything arrives in the vault, once, locked, whatever cuts it off; a torn log is never signed."""

import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest

from archive.archive import Archive
from archive.audit import anchor, anchored, checkpoint, key
from archive.audit.anchor import Notary
from archive.audit.merkle import Frontier, leaf_hash
from archive.errors import IntegrityError, StoreUnavailableError
from archive.model.beijing import beijing_date
from archive.objects.filesystem import FilesystemStore

TODAY = beijing_date(datetime.now(UTC))


def test_the_vault_holds_every_entry_and_a_signed_head_over_all_of_them(log: Any) -> None:
    tree = Frontier()
    for last in (5, 11):
        for line in log.entries(last).read_bytes().splitlines():
            tree, _ = tree.added(leaf_hash(line))
            assert json.loads(line)["sequence"] == tree.size
        head = checkpoint.opened(log.head(last).read_text(), log.keys)
        assert (head.size, head.root) == (last, tree.root)


def test_without_new_entries_nothing_is_written(log: Any) -> None:
    log.archive.anchor()
    before = sorted((log.folder / "vault").rglob("*"))
    assert log.archive.anchor().size == 13
    assert sorted((log.folder / "vault").rglob("*")) == before


def test_an_empty_log_has_no_head(archive: Archive) -> None:
    assert archive.anchor() is None


def test_what_was_anchored_is_locked_and_the_check_finds_nothing_strange(log: Any) -> None:
    assert log.archive.check(list, pause=0).clean
    stats = [FilesystemStore(log.folder / "vault").stat(anchored.checkpoint_key(size)) for size in (5, 11)]
    assert all(stat.locked_until and stat.locked_until > date(TODAY.year + 9, 1, 1) for stat in stats)


def test_a_long_log_arrives_in_several_batches(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchor, "LARGEST_BATCH", 4)
    with archive.database.write() as connection:
        for _ in range(10):
            archive.note(connection, "a", "b", "c", {})
    assert archive.anchor().size == 10  # type: ignore[union-attr]
    report = archive.verify_audit()
    assert (report.clean, report.heads, report.proven) == (True, 3, 10)


class KilledError(Exception):
    """The process is killed."""


class CutOff:
    """A vault that is cut off at the ``n``-th writing call, before or after it has done its work."""

    def __init__(self, store: FilesystemStore, n: int, done: bool) -> None:
        self._store, self._left, self._done = store, n, done

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put(self, *arguments: Any) -> Any:
        self._left -= 1
        if self._left == 0 and not self._done:
            raise KilledError
        stored = self._store.put(*arguments)
        if self._left == 0:
            raise KilledError
        return stored


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("step", [1, 2])
def test_cut_off_at_any_step_the_next_anchoring_finishes_it_and_no_check_is_alarmed(
    log: Any, step: int, done: bool
) -> None:
    vault = FilesystemStore(log.folder / "vault")
    with pytest.raises(KilledError):
        anchor.anchor(log.archive.database, CutOff(vault, step, done), log.archive.notary, TODAY)  # type: ignore[arg-type]
    assert log.archive.check(list, pause=0).clean
    log.add(3)
    assert log.archive.check(list, pause=0).clean
    assert log.archive.anchor().size == 16
    assert log.archive.check(list, pause=0).clean
    assert log.from_outside().clean
    assert [path.name for path in sorted((log.folder / "vault/audit/checkpoints").iterdir())] == [
        f"{size:012d}" for size in (5, 11, 13, 16)
    ]


def test_a_vault_that_does_not_answer_is_tried_again(log: Any) -> None:
    class Down:
        def __getattr__(self, name: str) -> Any:
            raise StoreUnavailableError("存储不可用。", "The store is down.")

    with pytest.raises(StoreUnavailableError):
        anchor.anchor(log.archive.database, Down(), log.archive.notary, TODAY)  # type: ignore[arg-type]
    assert log.archive.anchor().size == 13


def test_processes_that_anchor_at_the_same_moment_leave_one_log(log: Any) -> None:
    def work(_: int) -> None:
        for _ in range(5):
            log.add(1)
            log.archive.anchor()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    assert log.archive.anchor().size == 28
    assert log.inside().clean
    assert log.archive.check(list, pause=0).clean


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'nobody' WHERE sequence = 12",
        "UPDATE audit_entries SET leaf_hash = replace(leaf_hash, 'a', 'b') WHERE sequence = 12",
        "DELETE FROM audit_entries WHERE sequence = 12",
        "DELETE FROM audit_entries WHERE sequence > 9",
        "UPDATE audit_nodes SET hash = replace(hash, 'a', 'b') WHERE level = 3",
        "DELETE FROM audit_nodes WHERE level = 1",
        "DELETE FROM objects WHERE key LIKE 'audit/%11%'",
        "DELETE FROM objects WHERE key LIKE 'audit/%'",
    ],
)
def test_a_torn_log_is_not_signed(log: Any, owner: sqlite3.Connection, statement: str) -> None:
    owner.execute(statement)
    before = sorted((log.folder / "vault").rglob("*"))
    with pytest.raises(IntegrityError):
        log.archive.anchor()
    assert sorted((log.folder / "vault").rglob("*")) == before


def test_an_old_copy_of_the_database_is_not_signed(
    log: Any, copy_of_database: Callable[[], Callable[[], None]]
) -> None:
    put_back = copy_of_database()
    log.add(1, "the truth")
    log.archive.anchor()
    put_back()
    with pytest.raises(IntegrityError):
        log.archive.anchor()
    log.add(4, "the lie")
    with pytest.raises(IntegrityError):
        log.archive.anchor()


def test_a_head_of_another_key_is_not_continued_and_an_earlier_key_is_known_by_name(log: Any) -> None:
    stranger = Notary(key.new())
    with pytest.raises(IntegrityError):
        anchor.anchor(log.archive.database, FilesystemStore(log.folder / "vault"), stranger, TODAY)
    successor = Notary(stranger.signer, log.keys)
    head = anchor.anchor(log.archive.database, FilesystemStore(log.folder / "vault"), successor, TODAY)
    assert head
    assert head.size == 13
    assert log.archive.verify_audit(successor.verifiers).clean
