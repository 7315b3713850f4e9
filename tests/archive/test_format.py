"""FORMAT.md keeps its word: its commands and its words work on a real vault without this program."""

import base64
import hashlib
import json
import re
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from archive.model.evidence import Source

FORMAT = (Path(__file__).parents[2] / "archive/FORMAT.md").read_text()
FIXITY = next(line for line in FORMAT.splitlines() if line.startswith("find originals"))


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, capture_output=True, text=True)


@pytest.fixture
def vault(deposit: Any, data_folder: Path) -> Path:
    deposit.join(deposit(1), b"as OFD")
    return data_folder / "vault"


def test_the_fixity_command_is_silent_on_a_whole_vault_and_names_an_altered_file(vault: Path) -> None:
    whole = shell(FIXITY, vault)
    assert (whole.returncode, whole.stdout) == (0, "")
    altered = next(path for path in (vault / "originals").rglob("*") if path.is_file())
    altered.chmod(0o600)
    altered.write_bytes(b"altered")
    after = shell(FIXITY, vault)
    assert after.returncode != 0
    assert altered.name in after.stdout


def test_every_word_of_a_stored_record_is_explained(vault: Path) -> None:
    def words(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value) | set().union(*map(words, value.values()))
        return set().union(*map(words, value)) if isinstance(value, list) else set()

    newest = max((vault / "records").rglob("*.json"))
    explained = set(re.findall(r"`([a-z_]+)`", FORMAT))
    assert words(json.loads(newest.read_text())) - explained == set()
    assert set(Source) - explained == set()


def test_the_record_id_can_be_worked_out_from_the_page(vault: Path) -> None:
    (folder,) = (vault / "records").iterdir()
    first = json.loads((folder / "0001.json").read_text())["originals"][0]["digest"]
    bits = int.from_bytes(hashlib.sha256(f"{first}#0".encode()).digest()[:10], "big")
    crockford = "0123456789abcdefghjkmnpqrstvwxyz"
    assert folder.name == "".join(crockford[bits >> shift & 31] for shift in range(75, -1, -5))


def test_the_audit_hash_can_be_worked_out_from_the_page(vault: Path) -> None:
    connection = sqlite3.connect(vault.parent / "catalog.sqlite3")
    rows = connection.execute(
        "SELECT sequence, at, actor, act, subject, details, leaf_hash FROM audit_entries"
    ).fetchall()
    connection.close()
    assert len(rows) == 2
    for sequence, at, actor, act, subject, details, leaf_hash in rows:
        entry = {
            "sequence": sequence,
            "at": at.replace(" ", "T") + "+00:00",
            "actor": actor,
            "act": act,
            "subject": subject,
            "details": json.loads(details),
        }
        leaf = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        assert hashlib.sha256(b"\x00" + leaf).hexdigest() == leaf_hash


def test_the_audit_log_in_the_vault_can_be_verified_from_the_page(archive: Any, deposit: Any, vault: Path) -> None:
    """Nothing but the page's words: hashes, base64, the openssl command."""
    key = str(archive.notary.signer.verifier)
    archive.anchor()
    for n in range(5, 12):
        deposit(n)
    archive.anchor()
    hashes = []
    for batch in sorted((vault / "audit/entries").iterdir()):
        hashes += [hashlib.sha256(b"\x00" + line).digest() for line in batch.read_bytes().splitlines()]
        text, _, signature = (vault / "audit/checkpoints" / batch.stem[-12:]).read_text().partition("\n\n")
        name, size, head = text.split("\n")
        assert (name, int(size)) == (key.split("+")[0], len(hashes))
        assert base64.b64decode(head) == tree(hashes)
        signed = base64.b64decode(signature.split()[-1])
        public = base64.b64decode(key.split("+", 2)[2])[1:]
        assert signed[:4].hex() == key.split("+")[1]
        assert ed25519(public, f"{text}\n".encode(), signed[4:], vault.parent)
        assert not ed25519(public, f"{text}x\n".encode(), signed[4:], vault.parent)
    assert len(hashes) == 9


def tree(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    left = 1
    while left * 2 < len(hashes):
        left *= 2
    return hashlib.sha256(b"\x01" + tree(hashes[:left]) + tree(hashes[left:])).digest()


def ed25519(public: bytes, message: bytes, signature: bytes, folder: Path) -> bool:
    spki = bytes.fromhex("302a300506032b6570032100") + public  # RFC 8410 §4
    pem = f"-----BEGIN PUBLIC KEY-----\n{base64.b64encode(spki).decode()}\n-----END PUBLIC KEY-----\n"
    for name, content in (("key.pem", pem.encode()), ("message", message), ("signature", signature)):
        (folder / name).write_bytes(content)
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in message -sigfile signature"
    return shell(command, folder).returncode == 0
