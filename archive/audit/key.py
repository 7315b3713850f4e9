"""The key that signs the log's heads: from the settings, or made at the first start beside the catalog."""

import hashlib
import os
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.audit.note import Signer, Verifier
from archive.errors import IntegrityError, QueryError, StoreUnavailableError


def parse(text: str, where: str) -> Signer:
    """Raises IntegrityError, which names the place and never the key."""
    try:
        return Signer.parse(text)
    except ValueError as error:
        raise IntegrityError(
            f"{where} 中的审计签名密钥无法读取；请恢复原密钥，不要另行生成。",
            f"The audit signing key in {where} cannot be read; bring the old one back instead of making another.",
        ) from error


def parse_verifier(text: str) -> Verifier:
    """Raises QueryError."""
    try:
        return Verifier.parse(text)
    except ValueError as error:
        raise QueryError(
            "审计验证密钥无法读取；请按 piaoku audit key 的输出完整填写。",
            "The verifier key cannot be read; give it whole, as piaoku audit key prints it.",
        ) from error


def in_file(path: Path) -> Signer:
    """The key in a file; a new one, for the owner's eyes only, where there is none."""
    try:
        if not path.exists():
            _create(path, new().secret)
        return parse(path.read_text("ascii", errors="replace"), str(path))
    except OSError as error:
        raise StoreUnavailableError(
            f"无法读取审计签名密钥 {path}（{error.strerror}）；请检查权限。",
            f"The audit signing key {path} cannot be read ({error.strerror}); look at its permissions.",
        ) from error


def new() -> Signer:
    """Its name, which is the log's too, follows from the key: no two logs have the same."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    return Signer(f"piaoku/{hashlib.sha256(public).hexdigest()[:16]}", private.private_bytes_raw())


def _create(path: Path, secret: str) -> None:
    """Whole or not at all, and of two processes that start together only one makes it."""
    # Not by process id: in two containers on one folder that is the same.
    temporary = path.with_name(f"{path.name}.{uuid4().hex}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        _link(temporary, path)
    finally:
        temporary.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileExistsError:
        return
