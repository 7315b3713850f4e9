"""The signing key: made once, for the owner only, never replaced behind anyone's back."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from archive.audit import key
from archive.errors import IntegrityError, StoreUnavailableError


def test_the_first_start_makes_a_key_for_the_owner_only_and_the_next_finds_it(tmp_path: Path) -> None:
    path = tmp_path / "audit.key"
    made = key.in_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key.in_file(path) == made
    assert list(tmp_path.iterdir()) == [path]


def test_processes_that_start_together_have_the_same_key(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from archive.audit import key; print(key.in_file(Path(sys.argv[1])))"
    run = [sys.executable, "-c", code, str(tmp_path / "audit.key")]
    starters = [subprocess.Popen(run, stdout=subprocess.PIPE) for _ in range(4)]
    assert len({starter.communicate()[0] for starter in starters}) == 1


@pytest.mark.parametrize("content", [b"", b"PRIVATE+KEY+secret", b"\xff\xfe"])
def test_a_damaged_key_is_told_and_neither_replaced_nor_shown(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "audit.key"
    path.write_bytes(content)
    with pytest.raises(IntegrityError, match=r"audit\.key") as raised:
        key.in_file(path)
    assert "secret" not in str(raised.value)
    assert path.read_bytes() == content


def test_a_key_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match=r"audit\.key"):
        key.in_file(tmp_path / "missing folder" / "audit.key")


def test_no_two_logs_have_the_same_name() -> None:
    assert key.new().name != key.new().name
