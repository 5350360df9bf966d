"""The tree: vectors, a naive tree that the RFC's words were turned into one by one, and the traps that published verifiers fell into."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.proof import merkle
from recordings.proof.merkle import leaf_hash, node_hash, root_of, verify_consistency, verify_inclusion

VECTORS = [
    ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ([b"1"], "2215e8ac4e2b871c2a48189e79738c956c081e23ac2f2415bf77da199dfd920c"),
    ([b"0", b"1", b"2"], "725d5230db68f557470dc35f1d8865813acd7ebb07ad152774141decbae71327"),
]


def leaves(size: int) -> list[bytes]:
    return [b"leaf %d" % number for number in range(size)]


def naive_root(items: list[bytes]) -> bytes:
    if len(items) < 2:
        return leaf_hash(items[0]) if items else merkle.EMPTY_ROOT
    split = power_below(len(items))
    return node_hash(naive_root(items[:split]), naive_root(items[split:]))


def power_below(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def naive_path(index: int, items: list[bytes]) -> list[bytes]:
    if len(items) == 1:
        return []
    split = power_below(len(items))
    if index < split:
        return [*naive_path(index, items[:split]), naive_root(items[split:])]
    return [*naive_path(index - split, items[split:]), naive_root(items[:split])]


def naive_proof(first: int, items: list[bytes], whole: bool = True) -> list[bytes]:
    if first == len(items):
        return [] if whole else [naive_root(items)]
    split = power_below(len(items))
    if first <= split:
        return [*naive_proof(first, items[:split], whole), naive_root(items[split:])]
    return [*naive_proof(first - split, items[split:], False), naive_root(items[:split])]


class Grown:
    """A tree as the catalogue keeps it: each leaf writes the subtrees that it completes."""

    def __init__(self, size: int) -> None:
        self.hashes: dict[tuple[int, int], bytes] = {}
        self.asked: list[tuple[int, int]] = []
        for index, leaf in enumerate(leaves(size)):
            self.hashes[0, index] = leaf_hash(leaf)
            for level, at, hash_ in merkle.completed(index, leaf_hash(leaf), self.get):
                self.hashes[level, at] = hash_

    def get(self, level: int, index: int) -> bytes:
        self.asked.append((level, index))
        return self.hashes[level, index]


GROWN = Grown(70)
SIZES = st.integers(1, 70)


@pytest.mark.parametrize(("items", "expected"), VECTORS)
def test_roots_are_those_of_the_vectors(items: list[bytes], expected: str) -> None:
    assert root_of(items).hex() == expected == naive_root(items).hex()


@given(st.integers(0, 70))
def test_a_grown_tree_has_the_root_that_the_rfc_defines(size: int) -> None:
    assert merkle.root(size, GROWN.get) == root_of(leaves(size)) == naive_root(leaves(size))
    assert sum(1 << level for level, _ in merkle.edge(size)) == size


@given(SIZES, st.data())
def test_inclusion_is_that_of_the_rfc_and_verifies(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    GROWN.asked.clear()
    path = merkle.inclusion(index, size, GROWN.get)
    assert GROWN.asked == list(merkle.inclusion_needs(index, size))
    assert path == naive_path(index, leaves(size))
    leaf, root = GROWN.hashes[0, index], root_of(leaves(size))
    assert verify_inclusion(leaf, index, size, path, root)
    for wrong_index in range(-2, size + 2):
        assert verify_inclusion(leaf, wrong_index, size, path, root) == (wrong_index == index)


@given(SIZES, st.data())
def test_no_other_path_verifies(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path, leaf, root = merkle.inclusion(index, size, GROWN.get), GROWN.hashes[0, index], root_of(leaves(size))
    extra = data.draw(st.sampled_from([leaf, root, b"\0" * 32]))
    assert not verify_inclusion(leaf, index, size, [*path, extra], root)
    assert not verify_inclusion(leaf, index, size, [extra, *path], root)
    assert not verify_inclusion(leaf, index, size, path, root[::-1])
    assert not verify_inclusion(leaf[:-1], index, size, path, root)
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        assert not verify_inclusion(leaf, index, size, path[:at] + path[at + 1 :], root)
        assert not verify_inclusion(leaf, index, size, [*path[:at], path[at][::-1], *path[at + 1 :]], root)
        assert not verify_inclusion(leaf, index, size, [*path[:at], path[at] + b"\0", *path[at + 1 :]], root)


@given(SIZES, st.data())
def test_consistency_is_that_of_the_rfc_and_verifies(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second))
    GROWN.asked.clear()
    path = merkle.consistency(first, second, GROWN.get)
    assert GROWN.asked == list(merkle.consistency_needs(first, second))
    assert path == naive_proof(first, leaves(second))
    old, new = root_of(leaves(first)), root_of(leaves(second))
    assert verify_consistency(first, second, path, old, new)
    assert not verify_consistency(first, second, [*path, new], old, new)
    assert not verify_consistency(first, second, path, new[::-1], new)
    assert not verify_consistency(first, second, path, old, old[::-1])
    for at in range(len(path)):
        assert not verify_consistency(first, second, path[:at] + path[at + 1 :], old, new)
        assert not verify_consistency(first, second, [*path[:at], path[at][::-1], *path[at + 1 :]], old, new)
    for other in range(1, 71):
        if (other - 1).bit_length() != (second - 1).bit_length():  # one of the same height may have the same path: its size is signed
            assert not verify_consistency(first, other, path, old, new), "the size of the second tree must be used up"


def test_one_tree_that_was_rewritten_is_not_consistent() -> None:
    rewritten = [b"another", *leaves(20)[1:]]
    path = naive_proof(12, rewritten)
    assert verify_consistency(12, 20, path, root_of(rewritten[:12]), root_of(rewritten))
    assert not verify_consistency(12, 20, path, root_of(leaves(12)), root_of(rewritten))


def test_sizes_that_say_nothing_are_refused() -> None:
    empty, one = merkle.EMPTY_ROOT, GROWN.hashes[0, 0]
    assert verify_inclusion(one, 0, 1, [], one)
    assert not verify_inclusion(one, 0, 0, [], one)
    assert not verify_inclusion(one, -1, 1, [], one)
    assert not verify_inclusion(one, 1, 1, [], one)
    assert verify_consistency(1, 1, [], one, one)
    assert not verify_consistency(0, 1, [], empty, one)
    assert not verify_consistency(0, 0, [], empty, empty)
    assert not verify_consistency(2, 1, [], one, one)
    assert not verify_consistency(3, 5, [], one, one)
    assert not verify_consistency(-1, 5, [one], one, one)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_proof_is_made_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="has no leaf"):
        merkle.inclusion(index, size, GROWN.get)


@pytest.mark.parametrize(("first", "second"), [(0, 3), (-1, 3), (4, 3)])
def test_no_proof_is_made_of_sizes_that_cannot_follow(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="grew from"):
        merkle.consistency(first, second, GROWN.get)
