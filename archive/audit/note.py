"""Signed notes (https://c2sp.org/signed-note) with Ed25519 (RFC 8032): a text, a blank line, signature lines. The form
in which transparency logs sign their heads; keys are one line of text each."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"
_DASH = "\N{EM DASH} "


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name. As text: ``name+key id+key``."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(letter.isspace() for letter in self.name):
            raise ValueError(f"not the name of a key: {self.name[:80]!r}")
        if len(self.public) != 32:
            raise ValueError("an Ed25519 key has 32 bytes")

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        """Raises ValueError for what is no verifier key, also for one whose id does not fit."""
        name, _, rest = text.strip().partition("+")
        key_id, _, key = rest.partition("+")
        verifier = cls(name, _key(key))
        if verifier.key_id.hex() != key_id:
            raise ValueError(f"the key id {key_id[:80]!r} is not that of the key")
        return verifier

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_text(_ED25519 + self.public)}"

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def verified(self, text: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name. It never shows itself but in ``secret``."""

    name: str
    _seed: bytes

    @classmethod
    def parse(cls, text: str) -> "Signer":
        """Raises ValueError for what is no private key; the message does not repeat it."""
        name, _, rest = text.strip().removeprefix(_PRIVATE).partition("+")
        key_id, _, key = rest.partition("+")
        signer = cls(name, _key(key))
        if not text.startswith(_PRIVATE) or signer.verifier.key_id.hex() != key_id:
            raise ValueError("not a private key for signed notes")
        return signer

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"

    @property
    def secret(self) -> str:
        """As text: ``PRIVATE+KEY+name+key id+key``, the form of golang.org/x/mod/sumdb/note."""
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{_text(_ED25519 + self._seed)}"

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The signed note. Raises ValueError for a text that a reader could not tell from its signatures."""
        if not text.endswith("\n") or text.endswith("\n\n"):
            raise ValueError("a note's text ends with one line break")
        signature = self.verifier.key_id + self._private.sign(text.encode())
        return f"{text}\n{_DASH}{self.name} {_text(signature)}\n"

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._seed)


def opened(note: str, verifiers: tuple[Verifier, ...]) -> str:
    """The text of a note that one of these keys signed. Signatures of other keys are ignored, a wrong signature under
    one of these keys is not. Raises ValueError."""
    text, blank, lines = note.rpartition("\n\n")
    text += "\n"
    if not blank or not lines.endswith("\n"):
        raise ValueError("not a signed note")
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    signed = False
    for line in lines.splitlines():
        name, signature = _signature(line)
        verifier = known.get((name, signature[:4]))
        if verifier and not verifier.verified(text, signature[4:]):
            raise ValueError(f"the signature of {name} is wrong")
        signed = signed or verifier is not None
    if not signed:
        raise ValueError("none of the known keys signed this")
    return text


def _signature(line: str) -> tuple[str, bytes]:
    name, _, signature = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not name:
        raise ValueError("not a signature line")
    return name, _bytes(signature)


def _key(text: str) -> bytes:
    content = _bytes(text)
    if content[:1] != _ED25519:
        raise ValueError("not an Ed25519 key")
    return content[1:]


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
