"""From settings to an archive in a folder."""

import stat
from pathlib import Path

import pytest

from archive.audit import key
from archive.audit.anchor import Notary
from archive.bootstrap import open_archive
from archive.errors import ArchiveError, NotFoundError, SettingsError
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


def test_the_signing_key_is_made_for_the_owner_at_the_first_start_and_kept(tmp_path: Path) -> None:
    first = open_archive(ArchiveSettings(data=tmp_path / "data")).notary.signer
    assert stat.S_IMODE((tmp_path / "data/audit.key").stat().st_mode) == 0o600
    assert open_archive(ArchiveSettings(data=tmp_path / "data")).notary.signer == first


def test_production_brings_its_own_key_by_environment_or_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, earlier = key.new(), key.new()
    monkeypatch.setenv("PIAOKU_AUDIT_KEY", ours.secret)
    monkeypatch.setenv("PIAOKU_AUDIT_EARLIER_KEYS", f"{earlier.verifier}")
    settings = ArchiveSettings(data=tmp_path / "data")
    assert open_archive(settings).notary == Notary(ours, (earlier.verifier,))
    assert not (tmp_path / "data/audit.key").exists()
    assert ours.secret not in repr(settings)
    monkeypatch.delenv("PIAOKU_AUDIT_KEY")
    (tmp_path / "own.key").write_text(earlier.secret)
    monkeypatch.setenv("PIAOKU_AUDIT_KEY_FILE", str(tmp_path / "own.key"))
    assert open_archive(ArchiveSettings(data=tmp_path / "data")).notary.signer == earlier


def test_a_time_stamp_authority_needs_its_roots(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ROOTS"):
        open_archive(ArchiveSettings(data=tmp_path / "data", audit_tsa_url="http://127.0.0.1:1/"))
