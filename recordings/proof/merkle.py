"""The tree of RFC 6962 (the same in RFC 9162): hashes, roots, proofs of inclusion and of consistency, and how both are verified. Pure.

Not where hashes lie: a proof is made of hashes of complete subtrees of 2^level leaves, which `get(level, index)` gives (level 0: the hash
of a leaf). `inclusion_needs` and `consistency_needs` say beforehand which ones, for a database that is asked once for all of them.
The verifying functions follow RFC 9162 2.1.3.2 and 2.1.4.2 step by step; `verify_bundle.py` has them again, for whoever has only it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

HASH: Final = 32
LEAF, NODE = b"\x00", b"\x01"  # RFC 6962 2.1: no leaf can be passed off as a node
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


class Subtree(NamedTuple):
    """Leaves place * 2^level and following, 2^level of them."""

    level: int
    place: int


Get = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


# ---------------------------------------------------------------- growing


def completed(index: int, hash_: bytes, get: Get) -> Iterator[tuple[int, int, bytes]]:
    """The subtrees that leaf `index` of this hash completes: (level from 1, index, hash). `get` is asked for what lies left of it."""
    level = 0
    while index & 1:
        hash_ = node_hash(get(level, index - 1), hash_)
        index >>= 1
        level += 1
        yield level, index, hash_


def edge(size: int) -> list[Subtree]:
    """The complete subtrees, from left to right, that a tree of this size is made of."""
    return _whole(0, size)


def root(size: int, get: Get) -> bytes:
    return _range(0, size, get) if size else EMPTY_ROOT


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Of leaves themselves, as the RFC defines it; for small trees and for tests."""
    if not leaves:
        return EMPTY_ROOT
    hashes = [leaf_hash(leaf) for leaf in leaves]
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        last = [hashes[-1]] if len(hashes) % 2 else []
        hashes = [node_hash(left, right) for left, right in pairs] + last
    return hashes[0]


# ---------------------------------------------------------------- proofs


def inclusion(index: int, size: int, get: Get) -> list[bytes]:
    """That leaf `index` is in the tree of this size: RFC 9162 2.1.3.1."""
    return [_range(begin, end, get) for begin, end in _inclusion_ranges(index, size)]


def inclusion_needs(index: int, size: int) -> list[Subtree]:
    return [subtree for begin, end in _inclusion_ranges(index, size) for subtree in _whole(begin, end)]


def consistency(first: int, second: int, get: Get) -> list[bytes]:
    """That the tree of size `second` begins with the one of size `first`: RFC 9162 2.1.4.1."""
    return [_range(begin, end, get) for begin, end in _consistency_ranges(first, second)]


def consistency_needs(first: int, second: int) -> list[Subtree]:
    return [subtree for begin, end in _consistency_ranges(first, second) for subtree in _whole(begin, end)]


def _inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} has no leaf {index}")
    begin, end, found = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((begin, middle))
            begin = middle
    return found[::-1]


def _consistency_ranges(first: int, second: int) -> list[tuple[int, int]]:
    if not 0 < first <= second:
        raise ValueError(f"no tree of {second} grew from one of {first} that says anything")
    begin, end, found, whole = 0, second, [], True
    while first != end:
        middle = begin + _split(end - begin)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((begin, middle))
            begin, whole = middle, False
    if not whole:  # else it is the root of the first tree, which who verifies has
        found.append((begin, end))
    return found[::-1]


def _split(size: int) -> int:
    """The largest power of two that is smaller."""
    return 1 << (size - 1).bit_length() - 1


def _whole(begin: int, end: int) -> list[Subtree]:
    """`begin` is a multiple of the largest power of two in the range, as in each range that the RFC speaks of."""
    found = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        found.append(Subtree(level, begin >> level))
        begin += 1 << level
    return found


def _range(begin: int, end: int, get: Get) -> bytes:
    hashes = [get(level, index) for level, index in _whole(begin, end)]
    found = hashes.pop()
    while hashes:
        found = node_hash(hashes.pop(), found)
    return found


# ---------------------------------------------------------------- verifying


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root_hash: bytes) -> bool:
    """RFC 9162 2.1.3.2. `leaf` is the hash of the leaf."""
    if not 0 <= index < size or any(len(one) != HASH for one in (leaf, root_hash, *path)):
        return False
    at, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False  # longer than the tree is high
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root_hash


def verify_consistency(first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """RFC 9162 2.1.4.2. Nothing is consistent with an empty tree: it would say nothing."""
    if not 0 < first <= second or any(len(one) != HASH for one in (first_root, second_root, *path)):
        return False
    if first == second:
        return not path and first_root == second_root
    whole = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not whole:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = whole[0]
    for sibling in whole[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
