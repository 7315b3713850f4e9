"""From settings to an archive in a folder."""

import stat
from pathlib import Path

import pytest

from archive.bootstrap import open_archive
from archive.errors import ArchiveError, NotFoundError
from archive.settings import ArchiveSettings


def test_the_data_folder_is_made_for_the_owner_only(tmp_path: Path) -> None:
    open_archive(ArchiveSettings(data=tmp_path / "new" / "data"))
    for name in ("data", "data/vault", "data/inbox"):
        assert stat.S_IMODE((tmp_path / "new" / name).stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new/data/catalog.sqlite3").stat().st_mode) == 0o600


def test_the_data_folder_is_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIAOKU_DATA", str(tmp_path / "elsewhere"))
    assert ArchiveSettings().data == tmp_path / "elsewhere"
    monkeypatch.delenv("PIAOKU_DATA")
    assert ArchiveSettings().data == Path("data")


def test_an_archive_that_is_only_to_be_read_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        open_archive(ArchiveSettings(data=tmp_path / "typo"), create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(ArchiveError):
        open_archive(ArchiveSettings(data=tmp_path / "data"))


def test_leftovers_of_a_crash_are_cleared_at_start_up(tmp_path: Path) -> None:
    open_archive(ArchiveSettings(data=tmp_path))
    left = tmp_path / "vault/.unfinished/half"
    left.write_bytes(b"half")
    open_archive(ArchiveSettings(data=tmp_path))
    assert not left.exists()
