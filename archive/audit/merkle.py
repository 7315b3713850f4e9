"""The Merkle tree of RFC 9162 §2.1: hashes, heads, proofs. Pure: whoever stores the nodes hands them in.

A perfect subtree, once complete, never changes, so its hash is stored for good under its level and its place in the
level. The leaves are level 0. Heads and proofs are made of O(log n) such hashes.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from typing import NamedTuple

EMPTY_ROOT = hashlib.sha256().digest()
"""The head of a tree without leaves."""


class Node(NamedTuple):
    """A perfect subtree of 2 ** ``level`` leaves, the ``position``-th of its level counted from 0."""

    level: int
    position: int


class Range(NamedTuple):
    """The leaves from ``start`` up to but not including ``end``, where they make a subtree of the RFC."""

    start: int
    end: int


Hashes = Mapping[Node, bytes]
Read = Callable[[Sequence[Node]], Hashes]
"""Looks stored hashes up, all of them at once; KeyError or a missing key where one is not there."""


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 9162 §2.1.1: the byte 0x00 keeps a leaf from being taken for a node."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a growing tree: the hashes of its perfect subtrees, the largest first. Enough to add leaves and
    to know the head."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def added(self, leaf: bytes) -> tuple["Frontier", list[tuple[Node, bytes]]]:
        """The frontier with one more leaf hash, and the nodes that this leaf completes, the lowest first."""
        kept = len(self.hashes) - len(siblings(self.size))
        made = completed(self.size, leaf, reversed(self.hashes[kept:]))
        return Frontier(self.size + 1, (*self.hashes[:kept], made[-1][1] if made else leaf)), made

    @property
    def root(self) -> bytes:
        return _folded(self.hashes) if self.hashes else EMPTY_ROOT


def siblings(index: int) -> list[Node]:
    """The nodes to the left that leaf number ``index`` (from 0) is joined with when it comes, the lowest first."""
    ones = (~index & (index + 1)).bit_length() - 1
    return [Node(level, (index >> level) - 1) for level in range(ones)]


def completed(index: int, leaf: bytes, left: Iterable[bytes]) -> list[tuple[Node, bytes]]:
    """The nodes that leaf number ``index`` completes, from its hash and those of its ``siblings``, the lowest first."""
    made = []
    for level, sibling in enumerate(left, start=1):
        leaf = node_hash(sibling, leaf)
        made.append((Node(level, index >> level), leaf))
    return made


def frontier(size: int, read: Read) -> Frontier:
    nodes = perfect(Range(0, size))
    stored = read(nodes)
    return Frontier(size, tuple(stored[node] for node in nodes))


def perfect(of: Range) -> list[Node]:
    """The perfect subtrees that a subtree consists of, from left to right: their sizes are the binary digits of its."""
    length = of.end - of.start
    levels = [level for level in reversed(range(length.bit_length())) if length >> level & 1]
    starts = accumulate((1 << level for level in levels), initial=of.start)
    return [Node(level, start >> level) for level, start in zip(levels, starts, strict=False)]


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """PATH of RFC 9162 §2.1.3.1 for leaf number ``index`` (from 0). Raises ValueError for a leaf outside the tree."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    return _hashes_of(list(_path(index, Range(0, size))), read)


def consistency_proof(old: int, new: int, read: Read) -> list[bytes]:
    """PROOF of RFC 9162 §2.1.4.1: empty where the sizes are equal. Raises ValueError for sizes that do not follow."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} does not follow one of {old}")
    return _hashes_of(list(_subproof(old, Range(0, new), whole=True)), read)


def root_of_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The head that an inclusion proof leads to (RFC 9162 §2.1.3.2). Raises ValueError for a proof out of form."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path = list(_path(index, Range(0, size)))
    if len(path) != len(proof):
        raise ValueError(f"the proof has {len(proof)} hashes instead of {len(path)}")
    for sibling, of in zip(proof, path, strict=True):
        leaf = node_hash(sibling, leaf) if of.start < index else node_hash(leaf, sibling)
    return leaf


def roots_of_consistency(old: int, new: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The two heads that a consistency proof leads to (RFC 9162 §2.1.4.2). ``old_root`` is part of the proof where the
    old tree is a perfect subtree. Raises ValueError for a proof out of form."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} does not follow one of {old}")
    parts = list(_subproof(old, Range(0, new), whole=True))
    if len(parts) != len(proof):
        raise ValueError(f"the proof has {len(proof)} hashes instead of {len(parts)}")
    given = list(zip(parts, proof, strict=True))
    if not given or given[0][0].start >= old or given[0][0].end != old:
        given.insert(0, (Range(0, old), old_root))
    first, hashed = given[0]
    before = after = hashed
    for part, sibling in given[1:]:
        if part.start < first.start:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
        else:
            after = node_hash(after, sibling)
    return before, after


def _path(index: int, within: Range) -> Iterator[Range]:
    """The siblings on the way from a leaf up to the head."""
    if within.end - within.start == 1:
        return
    left, right = _halves(within)
    if index < left.end:
        yield from _path(index, left)
        yield right
    else:
        yield from _path(index, right)
        yield left


def _subproof(old: int, within: Range, whole: bool) -> Iterator[Range]:
    """SUBPROOF; ``whole`` says that the old tree is this subtree, whose hash the verifier knows."""
    if old == within.end:
        if not whole:
            yield within
        return
    left, right = _halves(within)
    if old <= left.end:
        yield from _subproof(old, left, whole)
        yield right
    else:
        yield from _subproof(old, right, whole=False)
        yield left


def _halves(of: Range) -> tuple[Range, Range]:
    """The left one is the largest perfect subtree that leaves something to the right."""
    middle = of.start + (1 << (of.end - of.start - 1).bit_length() - 1)
    return Range(of.start, middle), Range(middle, of.end)


def _hashes_of(ranges: Iterable[Range], read: Read) -> list[bytes]:
    parts = [perfect(of) for of in ranges]
    stored = read([node for nodes in parts for node in nodes])
    return [_folded([stored[node] for node in nodes]) for nodes in parts]


def _folded(hashes: Sequence[bytes]) -> bytes:
    """The hash of a subtree from those of its perfect subtrees: the smallest two are joined first."""
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))
