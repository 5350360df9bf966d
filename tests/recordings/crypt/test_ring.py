"""Keys wrapped and named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings.crypt import ring


def test_the_vector_of_rfc_3394() -> None:
    """4.6: 256 bits of key data with a 256-bit key of keys."""
    kek = bytes(range(32))
    key = bytes.fromhex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F")
    wrapped = bytes.fromhex("28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21")
    assert ring.wrap(kek, key) == wrapped
    assert ring.unwrap(kek, wrapped) == key


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.integers(0, 319))
def test_a_wrapped_key_opens_whole_or_not_at_all(kek: bytes, key: bytes, bit: int) -> None:
    wrapped = bytearray(ring.wrap(kek, key))
    assert ring.unwrap(kek, bytes(wrapped)) == key
    wrapped[bit // 8] ^= 1 << bit % 8
    for other in (bytes(wrapped), bytes(wrapped[:-8]), b""):
        with pytest.raises(ring.WrongKey):
            ring.unwrap(kek, other)


def test_each_part_has_a_key_of_its_own() -> None:
    key = ring.new_key()
    keys = {ring.part_key(key, part) for part in ring.PARTS}
    assert len({*keys, key}) == len(ring.PARTS) + 1


@settings(deadline=None)
@given(st.text(max_size=20), st.sampled_from(["2031-11", "open"]), st.integers(1, 10**9 - 1))
def test_names_of_any_class_go_there_and_back(class_: str, month: str, version: int) -> None:
    try:
        name = ring.kek_name(class_, month, version)
    except (ValueError, UnicodeEncodeError):
        assert len(class_) > 10 or any("\ud800" <= each <= "\udfff" for each in class_)
        return
    assert "/" not in name
    assert not name.startswith(".")
    assert name.isascii()
    assert ring.kek_parts(name) == (class_, month, version)


@settings(deadline=None)
@given(st.text(max_size=20), st.text(max_size=20))
def test_no_two_classes_share_a_name(first: str, second: str) -> None:
    try:
        same = ring.kek_name(first, "open", 1) == ring.kek_name(second, "open", 1)
    except (ValueError, UnicodeEncodeError):
        return
    assert same == (first == second)


@pytest.mark.parametrize(
    "name", ["", "a", "../x.open.1", "a.2031-13.1", "a.open.0", "a.open.1.destroyed", "a/b.open.1", "a.open.1\n", "é.open.1"]
)
def test_other_names_are_none(name: str) -> None:
    assert not ring.is_kek_name(name)
    with pytest.raises(ValueError, match="no name of a key"):
        ring.kek_parts(name)
