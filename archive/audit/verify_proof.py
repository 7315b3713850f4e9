"""Verifies a proof of Piaoku's audit log. Stands alone: Python 3.9 or newer and its standard library, no network.

    python3 verify_proof.py PROOF.json [--key VERIFIER_KEY] [FILE ...]

It checks that every entry of the proof is a leaf of the tree whose head was signed, that the head was signed with the
key, and that the SHA-256 of each FILE (an original, a record's JSON) is named in one of the entries. Take the key from
the archive's owner by another way than the proof; without --key the one in the proof is used, which proves only that
the proof agrees with itself. Exit code 0: all of it holds. 1: something does not. 2: not understood.

The tree is that of RFC 9162, the head a checkpoint of c2sp.org/tlog-checkpoint, signed with Ed25519 (RFC 8032).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Tuple  # noqa: UP035

FORMAT = "piaoku-proof/1"
Point = Tuple[int, int, int, int]  # noqa: UP006


class NotProvenError(Exception):
    """What does not hold, in a sentence."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Verifies a proof of Piaoku's audit log.")
    parser.add_argument("proof", type=Path)
    parser.add_argument("--key", help="verifier key, as printed by: piaoku audit key")
    parser.add_argument("files", type=Path, nargs="*")
    given = parser.parse_intermixed_args(arguments)
    try:
        proof = json.loads(given.proof.read_text("utf-8"))
        files = [(path, hashlib.sha256(path.read_bytes()).hexdigest()) for path in given.files]
    except (OSError, ValueError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    try:
        for line in verify(proof, given.key, files):
            print(line)
    except NotProvenError as wrong:
        print(f"WRONG: {wrong}")
        return 1
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        print(f"WRONG: the proof is out of form ({error!r})")
        return 1
    return 0


def verify(proof: dict[str, Any], key: str | None, files: Sequence[tuple[Path, str]]) -> Iterator[str]:
    """Yields what holds; raises NotProvenError at the first that does not."""
    if proof["format"] != FORMAT:
        raise NotProvenError(f"not {FORMAT}")
    if not proof["entries"]:
        raise NotProvenError("the proof has no entries")
    size, root = signed_head(proof["checkpoint"], key or proof["key"])
    whose = "the key given" if key else "the key in the proof itself, which proves no origin"
    yield f"signature: the head of {size} entries was signed with {whose}"
    named: set[str] = set()
    for item in proof["entries"]:
        entry = json.loads(item["entry"])
        if entry["subject"] != proof["subject"]:
            raise NotProvenError(f"entry {entry['sequence']} is about something else")
        hashes = [bytes.fromhex(text) for text in item["proof"]]
        leaf = hashlib.sha256(b"\x00" + item["entry"].encode("utf-8", "surrogatepass")).digest()
        if root_of(entry["sequence"] - 1, size, leaf, hashes) != root:
            raise NotProvenError(f"entry {entry['sequence']} is not in the signed tree")
        named.update(str(value) for value in entry["details"].values())
        yield f"entry {entry['sequence']}: {entry['at']} {entry['actor']} {entry['act']} {entry['subject']}"
    for path, digest in files:
        if f"sha256:{digest}" not in named:
            raise NotProvenError(f"no entry names the bytes of {path} (sha256:{digest})")
        yield f"file: {path} is named by an entry (sha256:{digest})"


def root_of(index: int, size: int, hashed: bytes, proof: Sequence[bytes]) -> bytes:
    """RFC 9162 section 2.1.3.2, step by step."""
    if not 0 <= index < size:
        raise NotProvenError(f"there is no entry {index + 1} among {size}")
    number, last = index, size - 1
    for sibling in proof:
        if last == 0:
            raise NotProvenError("the proof is too long")
        if number & 1 or number == last:
            hashed = hashlib.sha256(b"\x01" + sibling + hashed).digest()
            while not number & 1 and number:
                number >>= 1
                last >>= 1
        else:
            hashed = hashlib.sha256(b"\x01" + hashed + sibling).digest()
        number >>= 1
        last >>= 1
    if last:
        raise NotProvenError("the proof is too short")
    return hashed


def signed_head(note: str, key: str) -> tuple[int, bytes]:
    """Size and head of a checkpoint that the key signed."""
    name, key_id, public = read_key(key)
    text, blank, signatures = note.rpartition("\n\n")
    text += "\n"
    origin, size, root = text.split("\n")[:3]
    if not blank or origin != name:
        raise NotProvenError(f"the head is one of {origin!r}, not of {name!r}")
    for line in signatures.splitlines():
        signer, _, encoded = line.removeprefix("\u2014 ").partition(" ")
        signature = base64.b64decode(encoded, validate=True)
        if signer == name and signature[:4] == key_id:
            if not signed(public, text.encode(), signature[4:]):
                raise NotProvenError("the signature of the head is wrong")
            return int(size), base64.b64decode(root, validate=True)
    raise NotProvenError("the head was not signed with the key")


def read_key(text: str) -> tuple[str, bytes, bytes]:
    """c2sp.org/signed-note: name, first four bytes of SHA-256 over name, line break, type and key; 0x01 is Ed25519."""
    name, key_id, encoded = text.strip().split("+", 2)
    content = base64.b64decode(encoded, validate=True)
    computed = hashlib.sha256(name.encode() + b"\n" + content).digest()[:4]
    if computed.hex() != key_id or content[:1] != b"\x01" or len(content) != 33:
        raise NotProvenError("the verifier key is damaged")
    return name, computed, content[1:]


# Ed25519, RFC 8032 section 5.1.7. Verification only: nothing secret is computed with.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    if len(signature) != 64:
        return False
    scalar = int.from_bytes(signature[32:], "little")
    point, commitment = decompressed(public), decompressed(signature[:32])
    if point is None or commitment is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return same(times(scalar, BASE), plus(commitment, times(challenge, point)))


def decompressed(encoded: bytes) -> Point | None:
    """A point in extended coordinates (RFC 8032 section 5.1.3), or None."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (not x and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def plus(one: Point, other: Point) -> Point:
    """RFC 8032 section 5.1.4."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar: int, point: Point) -> Point:
    total = NEUTRAL
    while scalar:
        if scalar & 1:
            total = plus(total, point)
        point = plus(point, point)
        scalar >>= 1
    return total


def same(one: Point, other: Point) -> bool:
    return not (one[0] * other[2] - other[0] * one[2]) % P and not (one[1] * other[2] - other[1] * one[2]) % P


BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
BASE_Y = 4 * pow(5, -1, P) % P
BASE = BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P
NEUTRAL = 0, 1, 1, 0

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
