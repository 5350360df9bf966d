"""The form of a list, against a set: what is in is found, what is not is not, and what is no list is refused."""

from __future__ import annotations

import random
import time
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime.lists.packing import HEAD_SIZE, LOW_BITS, Malformed, Meta, Packed, Packer, as_int, merged, whole

META = Meta(name="dnc", as_of=7, source="a test")

anywhere = st.integers(1, 10**15 - 1)
close = st.integers(0, 3 << LOW_BITS).map(lambda offset: 8_613_800_000_000 + offset)
"""Some buckets only: their edges are met."""
numbers = st.lists(anywhere | close, max_size=200)


def packed(content: bytes) -> Packed:
    return Packed(memoryview(content))


@settings(deadline=None)  # on a busy machine
@given(numbers, numbers)
def test_what_is_in_is_found_and_nothing_else(inside: list[int], asked: list[int]) -> None:
    found = packed(whole(inside, META))
    known = set(inside)
    assert list(found.numbers()) == sorted(known)
    assert len(found) == len(known)
    for number in (*inside, *asked, *(each + 1 for each in inside), *(each - 1 for each in inside)):
        assert found.holds(number) == (number in known)
    assert found.in_order()


@settings(deadline=None)  # on a busy machine
@given(numbers, st.integers(1, 50))
def test_a_part_at_a_time_is_as_all_at_once(inside: list[int], size: int) -> None:
    """Also where a bucket goes on in the next part."""
    ordered = sorted(set(inside))
    packer, sections = Packer(), [b"", b""]
    for begin in range(0, len(ordered), size):
        piece = packer.take(array("Q", ordered[begin : begin + size]))
        sections = [before + more for before, more in zip(sections, piece, strict=True)]
    content = whole(inside, META)
    head = packed(content).head
    assert content[HEAD_SIZE : HEAD_SIZE + 2 * head.numbers] == sections[0]
    assert content[head.words : head.prefixes] == sections[1] + packer.close()


def test_numbers_that_do_not_ascend_are_a_bug() -> None:
    packer = Packer()
    packer.take(array("Q", [1, 5]))
    with pytest.raises(ValueError, match="ascend"):
        packer.take(array("Q", [5]))


@settings(deadline=None)  # on a busy machine
@given(st.lists(numbers, max_size=12), st.integers(2, 64))
def test_runs_are_merged_into_one_without_repeats(lists: list[list[int]], at_once: int) -> None:
    runs = [array("Q", sorted(each)) for each in lists]
    pieces = list(merged([len(run) for run in runs], lambda run, first, count: runs[run][first : first + count], at_once))
    assert [number for piece in pieces for number in piece] == sorted({number for each in lists for number in each})


def test_merging_keeps_little_in_memory() -> None:
    chance = random.Random(5)
    runs = [array("Q", sorted(chance.randrange(10**12) for _ in range(5_000))) for _ in range(20)]
    pieces = list(merged([len(run) for run in runs], lambda run, first, count: runs[run][first : first + count], 2_000))
    assert max(map(len, pieces)) <= 2 * 2_000
    assert len(pieces) < 400, "every round gets far in every run"


def test_a_block_holds_all_that_begins_so() -> None:
    found = packed(whole([8_613_912_345_678], META, ("86400", "8695", "8617")))
    assert found.find("+8613912345678")
    assert found.find("+864001234567")
    assert found.find("+8695")
    assert not found.find("+8640123456789")
    assert not found.find("+13055551234")
    assert packed(whole([], META, ("86400",))).find("+864008008888")


@pytest.mark.parametrize("said", ["", "+", "8613912345678", "+0139", "+86139x", "+１３９", "+1234567890123456", "anonymous"])
def test_what_is_no_e164_is_on_no_list(said: str) -> None:
    assert as_int(said) is None
    assert not packed(whole([8_613_912_345_678], META)).find(said)


def test_it_says_what_it_is() -> None:
    meta = Meta(name="yes", kind="consent", as_of=3, client="bank", purpose="service", wording="v2", written=True, expires=9, bad=2)
    assert packed(whole([1], meta)).meta == meta


def test_a_million_cost_two_bytes_each_and_are_found_fast() -> None:
    chance = random.Random(7)
    inside = [8_613_000_000_000 + chance.randrange(7 * 10**9) for _ in range(1_000_000)]
    began = time.perf_counter()
    content = whole(inside, META)
    assert time.perf_counter() - began < 10, "half a second on an idle machine"
    assert len(content) / len(set(inside)) < 4, "a million are spread thinly: ten million cost 2.2"
    found = packed(content)
    known = set(inside)
    asked = [*chance.sample(inside, 20_000), *(8_613_000_000_000 + chance.randrange(7 * 10**9) for _ in range(20_000))]
    began = time.perf_counter()
    answers = [found.holds(number) for number in asked]
    took = time.perf_counter() - began
    assert answers == [number in known for number in asked]
    assert took < 40_000 * 50e-6, "two microseconds each on an idle machine"


# ------------------------------------------------------------------ what is no list


@pytest.mark.parametrize("cut", [0, 1, HEAD_SIZE - 1, HEAD_SIZE, -1, -8])
def test_what_was_cut_off_is_refused(cut: int) -> None:
    content = whole(range(1, 100_000, 7), META, ("86400",))
    with pytest.raises(Malformed):
        packed(content[:cut] if cut else b"")


@settings(deadline=None)  # on a busy machine
@given(st.integers(0, HEAD_SIZE - 1), st.integers(1, 255))
def test_a_head_with_another_byte_is_refused_or_looks_up_within_bounds(place: int, flip: int) -> None:
    """The hash finds all of them; this is what holds where there is none."""
    content = bytearray(whole(range(1, 300_000, 7), META, ("86400",)))
    content[place] ^= flip
    try:
        found = packed(bytes(content))
    except Malformed:
        return
    assert not found.holds(2)
