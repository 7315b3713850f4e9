"""Retrieve: the right bytes or none."""

from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.errors import IntegrityError, NotFoundError
from archive.model.digest import Digest


def test_a_record_that_does_not_exist_is_not_found(archive: Archive) -> None:
    with pytest.raises(NotFoundError):
        archive.record("0000000000000000")


def test_an_identity_is_claimed_by_its_record_only(archive: Archive, deposit: Any) -> None:
    record = deposit(1)
    assert archive.claim("26990000000000000001") == record
    assert archive.claim("26990000000000000002") is None


def test_an_altered_original_is_never_handed_out(archive: Archive, deposit: Any, data_folder: Path) -> None:
    digest = deposit(1).originals[0].digest
    path = data_folder / "vault/originals" / digest.hex[:2] / digest.hex
    path.chmod(0o600)
    path.write_bytes(b"invented document 2")
    with pytest.raises(IntegrityError), archive.original(digest):
        pytest.fail("the bytes were handed out")


def test_an_original_of_no_record_is_not_found(archive: Archive) -> None:
    with pytest.raises(NotFoundError), archive.original(Digest.of(b"never seen")):
        pass
