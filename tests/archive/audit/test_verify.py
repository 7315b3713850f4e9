"""Attacks, each really made. From the outside there is only the vault and a key; inside, the database must agree."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.audit import checkpoint, key
from archive.audit.entry import canonical_json
from archive.audit.faults import FaultKind
from archive.audit.merkle import Frontier, leaf_hash
from archive.bootstrap import open_archive
from archive.objects.filesystem import FilesystemStore
from archive.objects.store import Listed
from archive.settings import ArchiveSettings


def kinds(report: Any) -> list[tuple[FaultKind, int, int]]:
    return [(fault.kind, fault.first, fault.last) for fault in report.faults]


def rewrite_hashes(connection: sqlite3.Connection) -> None:
    """What a careful attacker does after changing entries: new leaf hashes, and a new tree over them."""
    connection.execute("DELETE FROM audit_nodes")
    tree = Frontier()
    rows = connection.execute("SELECT sequence, at, actor, act, subject, details FROM audit_entries ORDER BY sequence")
    for sequence, at, actor, act, subject, details in rows.fetchall():
        leaf = canonical_json(
            {
                "sequence": sequence,
                "at": at.replace(" ", "T") + "+00:00",
                "actor": actor,
                "act": act,
                "subject": subject,
                "details": json.loads(details),
            }
        )
        hashed = leaf_hash(leaf)
        tree, nodes = tree.added(hashed)
        connection.execute("UPDATE audit_entries SET leaf_hash = ? WHERE sequence = ?", (hashed.hex(), sequence))
        connection.executemany(
            "INSERT INTO audit_nodes VALUES (?, ?, ?)", [(*node, made.hex()) for node, made in nodes]
        )


def test_a_healthy_log_is_clean_from_outside_and_inside(log: Any) -> None:
    outside, inside = log.from_outside(), log.inside()
    assert (outside.clean, outside.proven, outside.heads, outside.in_database) == (True, 11, 2, None)
    assert (inside.clean, inside.proven, inside.in_database) == (True, 11, 13)


def test_what_a_running_service_anchors_meanwhile_is_no_fault(log: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vault was listed before, the catalog is asked after it."""
    listing = FilesystemStore.list

    def list_and_then_anchor(store: FilesystemStore, prefix: str = "") -> Iterator[Listed]:
        listed = list(listing(store, prefix))
        monkeypatch.setattr(FilesystemStore, "list", listing)
        log.archive.anchor()
        return iter(listed)

    monkeypatch.setattr(FilesystemStore, "list", list_and_then_anchor)
    meanwhile = log.inside()
    assert (meanwhile.faults, meanwhile.proven, meanwhile.in_database) == ((), 11, 13)
    assert log.inside().proven == 13


def test_a_log_without_entries_and_one_that_was_never_anchored_are_clean(archive: Archive, deposit: Any) -> None:
    assert archive.verify_audit().clean
    deposit(1)
    assert archive.verify_audit().clean


def test_rewriting_hashes_of_an_honest_log_changes_nothing(log: Any, owner: sqlite3.Connection) -> None:
    before = owner.execute("SELECT * FROM audit_nodes ORDER BY 1, 2").fetchall()
    rewrite_hashes(owner)
    assert owner.execute("SELECT * FROM audit_nodes ORDER BY 1, 2").fetchall() == before
    assert log.inside().clean


CHANGE = ["UPDATE audit_entries SET actor = 'nobody' WHERE sequence = 7"]
REMOVE = [
    "DELETE FROM audit_entries WHERE sequence = 7",
    "UPDATE audit_entries SET sequence = sequence - 1 WHERE sequence > 7",
]
INSERT = [
    "UPDATE audit_entries SET sequence = -sequence - 1 WHERE sequence >= 7",
    "UPDATE audit_entries SET sequence = -sequence WHERE sequence < 0",
    "INSERT INTO audit_entries SELECT 7, at, 'nobody', act, subject, details, '' FROM audit_entries WHERE sequence = 1",
]
REORDER = [
    "UPDATE audit_entries SET sequence = -7 WHERE sequence = 7",
    "UPDATE audit_entries SET sequence = 7 WHERE sequence = 8",
    "UPDATE audit_entries SET sequence = 8 WHERE sequence = -7",
]
CUT = ["DELETE FROM audit_entries WHERE sequence >= 7"]


@pytest.mark.parametrize("statements", [CHANGE, REMOVE, INSERT, REORDER, CUT])
def test_who_owns_the_database_and_makes_it_fit_itself_again_is_found_by_the_vault(
    log: Any, owner: sqlite3.Connection, statements: list[str]
) -> None:
    for statement in statements:
        owner.execute(statement)
    rewrite_hashes(owner)
    expected = [(FaultKind.DATABASE_TOO_SHORT, 7, 11)] if statements is CUT else [(FaultKind.DATABASE_DIFFERS, 7, 7)]
    assert kinds(log.inside()) == expected
    assert log.from_outside().clean  # the vault still tells the truth


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (CHANGE[0], [(FaultKind.DATABASE_ENTRY_ALTERED, 7, 7)]),
        ("UPDATE audit_entries SET leaf_hash = 'x' WHERE sequence = 7", [(FaultKind.DATABASE_ENTRY_ALTERED, 7, 7)]),
        ("UPDATE audit_entries SET details = '[]' WHERE sequence = 7", [(FaultKind.DATABASE_ENTRY_ALTERED, 7, 7)]),
        (
            "UPDATE audit_entries SET details = '\"\\ud800\"' WHERE sequence = 7",
            [(FaultKind.DATABASE_ENTRY_ALTERED, 7, 7)],
        ),
        (
            "UPDATE audit_entries SET details = '{\"a\": NaN}' WHERE sequence = 7",
            [(FaultKind.DATABASE_ENTRY_ALTERED, 7, 7)],
        ),
        (REMOVE[0], [(FaultKind.DATABASE_ENTRIES_MISSING, 7, 7)]),
        ("DELETE FROM audit_entries WHERE sequence IN (6, 7)", [(FaultKind.DATABASE_ENTRIES_MISSING, 6, 7)]),
        ("UPDATE audit_nodes SET hash = replace(hash, '1', '2')", [(FaultKind.DATABASE_TREE_DIFFERS, 1, 13)]),
        ("UPDATE audit_nodes SET hash = 'zz' WHERE level = 3", [(FaultKind.DATABASE_TREE_DIFFERS, 1, 13)]),
        ("DELETE FROM audit_nodes", [(FaultKind.DATABASE_TREE_DIFFERS, 1, 13)]),
        ("INSERT INTO audit_nodes VALUES (1, 6, '00')", [(FaultKind.DATABASE_TREE_DIFFERS, 1, 13)]),
        ("UPDATE audit_entries SET actor = 'x' WHERE sequence = 13", [(FaultKind.DATABASE_ENTRY_ALTERED, 13, 13)]),
        ("DELETE FROM objects WHERE key LIKE 'audit/%'", []),
    ],
)
def test_a_careless_hand_in_the_database_is_found_where_it_was(
    log: Any, owner: sqlite3.Connection, statement: str, expected: list[Any]
) -> None:
    owner.execute(statement)
    assert kinds(log.inside()) == expected


def test_a_column_that_cannot_be_read_at_all_is_a_fault_and_no_crash(log: Any, owner: sqlite3.Connection) -> None:
    owner.execute("UPDATE audit_entries SET at = 'x' WHERE sequence = 7")
    assert kinds(log.inside())[0] == (FaultKind.DATABASE_ENTRY_ALTERED, 1, 13)
    assert not log.archive.check(list, pause=0).clean


def test_an_old_copy_of_the_database_is_found(log: Any, copy_of_database: Callable[[], Callable[[], None]]) -> None:
    put_back = copy_of_database()
    log.add(3)
    log.archive.anchor()
    put_back()
    assert kinds(log.inside()) == [(FaultKind.DATABASE_TOO_SHORT, 14, 16)]
    log.add(9, "the lie")
    assert kinds(log.inside()) == [(FaultKind.DATABASE_DIFFERS, 14, 14)]


def test_a_changed_entry_in_the_vault_is_found_by_its_head(log: Any) -> None:
    path = log.entries(11)
    path.write_bytes(path.read_bytes().replace(b'"n":3', b'"n":4'))
    assert kinds(log.from_outside()) == [(FaultKind.HEAD_DIFFERS, 6, 11)]
    assert (FaultKind.HEAD_DIFFERS, 6, 11) in kinds(log.inside())


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda lines: lines[:2] + lines[3:], 8),
        (lambda lines: lines[:2] + lines[1:], 8),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], 8),
        (lambda lines: lines[:-1], 11),
        (lambda lines: [*lines, lines[-1]], 11),
        (lambda lines: [*lines[:2], b"no JSON\n", *lines[3:]], 8),
        (lambda lines: [*lines[:-1], lines[-1].rstrip(b"\n")], 11),
        (lambda lines: [], 6),
    ],
)
def test_lines_removed_inserted_or_moved_in_the_vault_are_found(
    log: Any, change: Callable[[list[bytes]], list[bytes]], place: int
) -> None:
    path = log.entries(11)
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    assert kinds(log.from_outside()) == [(FaultKind.ENTRY_OUT_OF_PLACE, place, place)]


def test_renumbered_lines_are_found_by_their_head(log: Any) -> None:
    """Entry 7 goes, all others move up, and the batch gets the name that fits."""
    path = log.entries(11)
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    kept = [line | {"sequence": n} for n, line in enumerate((lines[0], *lines[2:]), 6)]
    path.unlink()
    shorter = path.with_name("000000000006-000000000010.jsonl")
    shorter.write_bytes(b"".join(canonical_json(line) + b"\n" for line in kept))
    log.head(11).rename(log.head(11).with_name("000000000010"))
    assert kinds(log.from_outside()) == [(FaultKind.HEAD_DIFFERS, 6, 10)]


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        (["entries 5"], [(FaultKind.ENTRIES_MISSING, 1, 5), (FaultKind.HEAD_WITHOUT_ENTRIES, 5, 5)]),
        (["entries 5", "head 5"], [(FaultKind.ENTRIES_MISSING, 1, 5)]),
        (["entries 11"], [(FaultKind.HEAD_WITHOUT_ENTRIES, 11, 11)]),
        (["head 11"], [(FaultKind.HEAD_MISSING, 6, 11)]),
        (["head 5"], [(FaultKind.HEAD_MISSING, 1, 5)]),
    ],
)
def test_what_is_gone_from_the_vault_is_found(log: Any, lost: list[str], expected: list[Any]) -> None:
    for what, number in (text.split() for text in lost):
        (log.entries if what == "entries" else log.head)(int(number)).unlink()
    assert kinds(log.from_outside()) == expected


def test_a_vault_cut_at_its_end_is_found_by_the_database_or_by_a_head_that_was_kept(log: Any) -> None:
    kept = log.head(11).read_text()
    log.entries(11).unlink()
    log.head(11).unlink()
    assert log.from_outside().clean  # nothing in the vault tells: this is why heads are kept elsewhere
    assert kinds(log.from_outside(seen=[kept])) == [(FaultKind.SEEN_HEAD_DIFFERS, 11, 11)]
    assert kinds(log.inside()) == [(FaultKind.ENTRIES_MISSING, 6, 11)]


def test_a_vault_whose_whole_log_is_gone_is_found(log: Any, deposit: Any) -> None:
    deposit(1)
    for path in (log.folder / "vault/audit").rglob("*"):
        if path.is_file():
            path.unlink()
    assert kinds(log.from_outside()) == [(FaultKind.NOTHING_ANCHORED, 0, 0)]


def forged(log: Any, signer: Any) -> None:
    """Whoever owns disk and database writes a whole other log, with heads of a key of their own."""
    tree, lines = Frontier(), []
    for line in (log.entries(5).read_bytes() + log.entries(11).read_bytes()).splitlines():
        lines.append(line.replace("审核员".encode(), "别人".encode()))
        tree, _ = tree.added(leaf_hash(lines[-1]))
        if tree.size in (5, 11):
            log.head(tree.size).write_text(checkpoint.signed(tree.size, tree.root, signer))
    log.entries(5).write_bytes(b"\n".join(lines[:5]) + b"\n")
    log.entries(11).write_bytes(b"\n".join(lines[5:]) + b"\n")


def test_another_log_under_another_key_is_found_by_the_key_that_was_kept(log: Any) -> None:
    forged(log, key.new())
    assert kinds(log.from_outside()) == [(FaultKind.HEAD_NOT_SIGNED, 5, 5), (FaultKind.HEAD_NOT_SIGNED, 11, 11)]


def test_another_log_under_the_stolen_key_is_found_by_the_head_that_was_kept(log: Any) -> None:
    kept = log.head(5).read_text()
    forged(log, log.archive.notary.signer)
    assert log.from_outside().clean
    assert kinds(log.from_outside(seen=[kept])) == [(FaultKind.SEEN_HEAD_DIFFERS, 5, 5)]


def test_a_head_that_was_kept_is_found_in_the_log_at_any_later_time(log: Any) -> None:
    kept = [log.head(size).read_text() for size in (5, 11)]
    log.archive.anchor()
    assert log.from_outside(seen=kept).clean


def test_a_fork_in_the_vault_is_found(log: Any) -> None:
    """A second continuation after entry 5, properly signed: what a service that was fed an old database would do."""
    path = log.entries(11)
    lines = path.read_bytes().splitlines(keepends=True)[:3]
    path.with_name("000000000006-000000000008.jsonl").write_bytes(b"".join(lines))
    tree = Frontier()
    for line in (log.entries(5).read_bytes() + b"".join(lines)).splitlines():
        tree, _ = tree.added(leaf_hash(line))
    log.head(11).with_name("000000000008").write_text(checkpoint.signed(8, tree.root, log.archive.notary.signer))
    assert (FaultKind.ENTRIES_FORKED, 6, 11) in kinds(log.from_outside())


def test_a_head_of_another_size_under_a_wrong_name_is_found(log: Any) -> None:
    log.head(11).write_text(log.head(5).read_text())
    assert kinds(log.from_outside()) == [(FaultKind.HEAD_DIFFERS, 6, 11)]


def test_something_strange_in_the_audit_area_is_named(log: Any) -> None:
    (log.folder / "vault/audit/entries/note.txt").write_text("?")
    (fault,) = log.from_outside().faults
    assert (fault.kind, fault.detail) == (FaultKind.FOREIGN_OBJECT, "audit/entries/note.txt")


def test_every_fault_speaks_chinese_and_english(log: Any) -> None:
    log.entries(5).unlink()
    log.head(11).write_text("nonsense")
    (log.folder / "vault/audit/entries/note.txt").write_text("?")
    for fault in log.from_outside().faults:
        assert fault.zh.endswith("。")
        assert fault.en.endswith(".")


def test_verification_looks_and_touches_nothing(log: Any) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in (log.folder / "vault").rglob("*"))
    log.from_outside()
    assert sorted((path, path.stat().st_mtime_ns) for path in (log.folder / "vault").rglob("*")) == before


LATER_TRIGGERS = (
    "records_floor_at_first",
    "records_floor",
    "records_carry_their_objects",
    "originals_last_as_long",
    "records_on_hold",
    "originals_on_hold",
    "objects_on_hold",
)


def test_a_database_of_the_version_before_gets_its_tree_and_raises_no_alarm(
    archive: Archive, deposit: Any, data_folder: Path
) -> None:
    """The tables and rows of version 0002, as the program before this one left them."""
    for n in range(1, 8):
        deposit(n)
    archive.database.close()
    connection = sqlite3.connect(data_folder / "catalog.sqlite3", isolation_level=None)
    connection.execute("DROP TABLE holds")
    connection.execute("DROP TABLE audit_nodes")
    connection.execute("DROP INDEX records_by_retain_until")
    for name in LATER_TRIGGERS:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE archive_version SET version_num = '0002'")
    connection.close()
    upgraded = open_archive(ArchiveSettings(data=data_folder))
    assert upgraded.verify_audit().clean
    assert upgraded.check(list, pause=0).clean
    with upgraded.database.write() as writing:
        upgraded.note(writing, "a", "b", "c", {})
    assert upgraded.anchor().size == 8  # type: ignore[union-attr]
    assert upgraded.verify_audit().clean
    assert FilesystemStore(data_folder / "vault").stat("audit/checkpoints/000000000008").locked_until
