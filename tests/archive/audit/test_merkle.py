"""The tree against RFC 9162's own definitions, written down a second time as plain recursion over the leaves, and
against the reference vectors of Certificate Transparency."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archive.audit import merkle
from archive.audit.merkle import Frontier, Node

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The eight leaves and the heads of google/certificate-transparency, ``merkletree/merkle_tree_test.go``."""

SIZES = st.integers(1, 70)


def mth(leaves: Sequence[bytes]) -> bytes:
    """MTH of §2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = largest_power_of_two_below(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of §2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = largest_power_of_two_below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], complete: bool) -> list[bytes]:
    """SUBPROOF of §2.1.4.1."""
    if m == len(leaves):
        return [] if complete else [mth(leaves)]
    k = largest_power_of_two_below(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], complete), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def largest_power_of_two_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


class Tree:
    """The leaves, and all nodes as they were made when the leaves came one by one."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.leaves = leaves
        self.frontier = Frontier()
        self.nodes: dict[Node, bytes] = {}
        for index, leaf in enumerate(leaves):
            hashed = merkle.leaf_hash(leaf)
            self.nodes[Node(0, index)] = hashed
            self.frontier, made = self.frontier.added(hashed)
            assert not {node for node, _ in made} & self.nodes.keys()
            self.nodes.update(made)

    def read(self, nodes: Sequence[Node]) -> dict[Node, bytes]:
        return {node: self.nodes[node] for node in nodes}


def tree_of(size: int) -> Tree:
    return Tree([f"leaf {n}".encode() for n in range(size)])


@pytest.mark.parametrize("size", range(9))
def test_the_reference_vectors(size: int) -> None:
    assert Tree(LEAVES[:size]).frontier.root.hex() == ROOTS[size]
    assert merkle.frontier(size, Tree(LEAVES).read).root.hex() == ROOTS[size]


@pytest.mark.parametrize("size", range(70))
def test_every_small_tree_has_the_head_of_the_definition(size: int) -> None:
    tree = tree_of(size)
    assert tree.frontier.root == mth(tree.leaves)
    assert merkle.frontier(size, tree.read) == tree.frontier


@given(st.lists(st.binary(max_size=40), max_size=300))
def test_any_leaves_have_the_head_of_the_definition(leaves: list[bytes]) -> None:
    assert Tree(leaves).frontier.root == mth(leaves)


@given(SIZES, st.data())
def test_inclusion_proofs_are_those_of_the_definition_and_lead_to_the_head(size: int, data: st.DataObject) -> None:
    tree = tree_of(data.draw(st.integers(size, 80)))
    index = data.draw(st.integers(0, size - 1))
    leaves = tree.leaves[:size]
    proof = merkle.inclusion_proof(index, size, tree.read)
    assert proof == path(index, leaves)
    assert merkle.root_of_inclusion(index, size, merkle.leaf_hash(leaves[index]), proof) == mth(leaves)


@given(SIZES, SIZES)
def test_consistency_proofs_are_those_of_the_definition_and_lead_to_both_heads(old: int, new: int) -> None:
    assume(old <= new)
    tree = tree_of(new)
    proof = merkle.consistency_proof(old, new, tree.read)
    assert proof == subproof(old, tree.leaves, True)
    heads = mth(tree.leaves[:old]), mth(tree.leaves)
    assert merkle.roots_of_consistency(old, new, heads[0], proof) == heads


@given(SIZES, st.data())
def test_an_inclusion_proof_of_anything_else_leads_elsewhere(size: int, data: st.DataObject) -> None:
    tree = tree_of(size)
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, tree.read)
    head = tree.frontier.root
    assert merkle.root_of_inclusion(index, size, merkle.leaf_hash(b"another"), proof) != head
    if other != index and len(path(other, tree.leaves)) == len(proof):
        assert merkle.root_of_inclusion(other, size, tree.nodes[Node(0, index)], proof) != head
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        changed = [*proof[:place], bytes(32), *proof[place + 1 :]]
        assert merkle.root_of_inclusion(index, size, tree.nodes[Node(0, index)], changed) != head


@given(SIZES, SIZES, st.data())
def test_a_rewritten_tree_has_no_consistency_proof(old: int, new: int, data: st.DataObject) -> None:
    assume(old < new)
    honest = tree_of(new)
    rewritten = list(honest.leaves)
    rewritten[data.draw(st.integers(0, old - 1))] = b"rewritten"
    forged = Tree(rewritten)
    proof = merkle.consistency_proof(old, new, forged.read)
    seen = mth(honest.leaves[:old])
    assert merkle.roots_of_consistency(old, new, seen, proof) != (seen, forged.frontier.root)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(index, size, tree_of(3).read)
    with pytest.raises(ValueError, match="no leaf"):
        merkle.root_of_inclusion(index, size, bytes(32), [])


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_a_smaller_tree_does_not_follow_a_larger_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not follow"):
        merkle.consistency_proof(old, new, tree_of(4).read)
    with pytest.raises(ValueError, match="does not follow"):
        merkle.roots_of_consistency(old, new, bytes(32), [])


def test_a_proof_that_is_too_long_or_too_short_is_refused() -> None:
    tree = tree_of(6)
    proof = merkle.inclusion_proof(2, 6, tree.read)
    for wrong in (proof[:-1], [*proof, bytes(32)]):
        with pytest.raises(ValueError, match="hashes instead of"):
            merkle.root_of_inclusion(2, 6, tree.nodes[Node(0, 2)], wrong)
    proof = merkle.consistency_proof(3, 6, tree.read)
    for wrong in (proof[:-1], [*proof, bytes(32)]):
        with pytest.raises(ValueError, match="hashes instead of"):
            merkle.roots_of_consistency(3, 6, mth(tree.leaves[:3]), wrong)


@given(st.integers(1, 10**15))
def test_the_stored_nodes_of_any_size_are_perfect_and_cover_it(size: int) -> None:
    nodes = merkle.perfect(merkle.Range(0, size))
    assert [node.level for node in nodes] == sorted({node.level for node in nodes}, reverse=True)
    assert sum(1 << node.level for node in nodes) == size


@given(st.integers(0, 10**15))
def test_a_leaf_is_joined_with_the_right_edge_of_the_tree_before_it(index: int) -> None:
    siblings = merkle.siblings(index)
    edge = merkle.perfect(merkle.Range(0, index))
    assert siblings == edge[::-1][: len(siblings)]
    assert len(siblings) == len(edge) - len(merkle.perfect(merkle.Range(0, index + 1))) + 1
