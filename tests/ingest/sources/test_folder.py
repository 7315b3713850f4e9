"""Files and folders named on the command line."""

import os
from pathlib import Path

import pytest

from ingest.errors import NotAcceptedError
from ingest.sources.folder import FoundFile, find_files, printable, read_chunks


def test_folders_are_walked_in_order_and_their_place_is_kept(tmp_path: Path) -> None:
    (tmp_path / "甲公司" / "2026-11").mkdir(parents=True)
    for name in ("b.pdf", "甲公司/2026-11/a.pdf", ".hidden.pdf"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "link.pdf").symlink_to(tmp_path / "b.pdf")
    found = [(file.path.name, file.folder) for file in find_files([tmp_path])]
    assert found == [("b.pdf", tmp_path.name), ("a.pdf", f"{tmp_path.name}/甲公司/2026-11")]


def test_a_named_file_has_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    assert list(find_files([tmp_path / "a.pdf"])) == [FoundFile(tmp_path / "a.pdf", "")]


def test_a_path_that_is_not_there_is_refused_when_it_is_read(tmp_path: Path) -> None:
    (found,) = find_files([tmp_path / "missing.pdf"])
    with pytest.raises(NotAcceptedError, match="FILE-NOT-READABLE"):
        list(read_chunks(found))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("发票 1.pdf", "发票 1.pdf"),
        ("a\nb", "a\\nb"),
        (os.fsdecode(b"a\xff.pdf"), "a\\udcff.pdf"),
        ("😀'\".pdf", "😀'\".pdf"),
    ],
)
def test_names_are_made_printable_and_storable(name: str, shown: str) -> None:
    assert printable(name) == shown
    printable(name).encode("utf-8")
