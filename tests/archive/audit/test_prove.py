"""Proofs: checked by a stranger with Python alone, and by nothing else of ours."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from archive.audit import key, verify_proof
from archive.errors import NotFoundError

VERIFIER = Path(verify_proof.__file__)


@pytest.fixture
def proof(log: Any, deposit: Any, tmp_path: Path) -> Path:
    record = deposit.join(deposit(1), b"as OFD")
    deposit(2)
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(log.archive.prove(record.id), ensure_ascii=False))
    return path


def check(proof: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """-I -S: no path of ours, no installed packages. In an empty folder, from a copy of the one file."""
    alone = proof.parent / "alone"
    alone.mkdir(exist_ok=True)
    (alone / "verify.py").write_bytes(VERIFIER.read_bytes())
    run = [sys.executable, "-I", "-S", "verify.py", str(proof), *arguments]
    return subprocess.run(run, cwd=alone, capture_output=True, text=True)


def test_a_stranger_verifies_entries_head_and_files_with_python_alone(
    log: Any, proof: Path, data_folder: Path, tmp_path: Path
) -> None:
    subject = json.loads(proof.read_text())["subject"]
    record = data_folder / f"vault/records/{subject}/0002.json"
    original = tmp_path / "original.pdf"
    original.write_bytes(b"invented document 1")
    done = check(proof, "--key", str(log.keys[0]), str(record), str(original))
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.splitlines()
    assert said[0] == "signature: the head of 16 entries was signed with the key given"
    assert [line.split(":")[0] for line in said[1:3]] == ["entry 14", "entry 15"]
    assert [line.split(":")[0] for line in said[3:]] == ["file", "file"]


def test_without_a_key_it_says_that_the_origin_is_not_proven(proof: Path) -> None:
    done = check(proof)
    assert done.returncode == 0
    assert "which proves no origin" in done.stdout


def test_a_file_that_no_entry_names_is_refused(log: Any, proof: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"another")
    done = check(proof, "--key", str(log.keys[0]), str(tmp_path / "other"))
    assert done.returncode == 1
    assert "no entry names" in done.stdout


def changed(proof: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(proof.read_text())
    change(content)
    proof.write_text(json.dumps(content))


@pytest.mark.parametrize(
    "change",
    [
        lambda proof: proof["entries"][0].update(entry=proof["entries"][0]["entry"].replace("piaoku", "nobody")),
        lambda proof: proof["entries"][0].update(entry=proof["entries"][1]["entry"]),
        lambda proof: proof["entries"][0].update(proof=proof["entries"][1]["proof"]),
        lambda proof: proof["entries"][0]["proof"].pop(),
        lambda proof: proof["entries"][0]["proof"].append("00" * 32),
        lambda proof: proof["entries"].clear(),
        lambda proof: proof.update(subject="another"),
        lambda proof: proof.update(format="piaoku-proof/2"),
        lambda proof: proof.update(checkpoint=proof["checkpoint"].replace("\n16\n", "\n15\n")),
        lambda proof: proof.update(checkpoint=proof["checkpoint"].split("\n\n")[0] + "\n"),
        lambda proof: proof.update(checkpoint=proof["checkpoint"][:-20] + "\n"),
        lambda proof: proof.update(checkpoint=proof["checkpoint"].replace("piaoku/", "other/", 1)),
        lambda proof: proof.pop("entries"),
        lambda proof: proof.update(entries="nonsense"),
    ],
)
def test_whatever_is_changed_in_a_proof_it_fails(
    log: Any, proof: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    changed(proof, change)
    done = check(proof, "--key", str(log.keys[0]))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1].startswith("WRONG: ")


def test_a_whole_proof_of_another_log_fails_with_the_key_that_was_kept(log: Any, proof: Path) -> None:
    forger = key.new()

    def forge(content: dict[str, Any]) -> None:
        text = content["checkpoint"].split("\n\n")[0] + "\n"
        content["checkpoint"] = forger.sign(text.replace(log.keys[0].name, forger.name))
        content["key"] = str(forger.verifier)

    changed(proof, forge)
    assert check(proof).returncode == 0
    assert check(proof, "--key", str(log.keys[0])).returncode == 1


@pytest.mark.parametrize("content", ["", "no JSON", "[]", "null", '{"format": "piaoku-proof/1"}'])
def test_what_is_no_proof_is_told_without_a_traceback(proof: Path, content: str) -> None:
    proof.write_text(content)
    done = check(proof)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr


def test_there_is_no_proof_of_what_does_not_exist(archive: Archive) -> None:
    with pytest.raises(NotFoundError):
        archive.prove("0000000000000000")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 511), st.data())
def test_the_signature_check_agrees_with_the_library(
    seed: bytes, message: bytes, bit: int, data: st.DataObject
) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert verify_proof.signed(public, message, signature)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not verify_proof.signed(public, message, bytes(flipped))
    assert not verify_proof.signed(public, message + b"x", signature)
    assert not verify_proof.signed(public, message, signature[:-1])


def test_a_signature_with_a_scalar_beyond_the_order_is_refused() -> None:
    """RFC 8032 §5.1.7: S must be below the order, else each signature would have a second form."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signature = private.sign(b"x")
    again = (int.from_bytes(signature[32:], "little") + verify_proof.ORDER).to_bytes(32, "little")
    assert not verify_proof.signed(private.public_key().public_bytes_raw(), b"x", signature[:32] + again)


def test_the_vectors_of_rfc_8032() -> None:
    # §7.1, TEST 2
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert verify_proof.signed(public, b"\x72", signature)
    assert not verify_proof.signed(public, b"\x73", signature)
