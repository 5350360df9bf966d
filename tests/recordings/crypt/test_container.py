"""The container: any size, any stretch; and whatever is done to its bytes is noticed."""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import tracemalloc
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings.crypt import container, ring
from recordings.crypt.container import HEAD, TAG, ContainerBad, Damaged, NotContainer, Opened, Sealed, seal
from tests.house.sources import ROOT

KEY, SALT = bytes(range(32)), b"s" * 32
CHUNK = 16  # so that a property sees many chunks
STEP = CHUNK + TAG
ABOUT = b'{"id":"abc"}'
BEGIN = HEAD.size + len(ABOUT)


def sealed(plain: bytes, *, chunk: int = CHUNK, about: bytes = ABOUT, key: bytes = KEY, salt: bytes = SALT) -> tuple[bytes, Sealed]:
    out = io.BytesIO()
    said = seal(io.BytesIO(plain).read, out.write, key, about, salt=salt, chunk=chunk)
    return out.getvalue(), said


def opened(content: bytes, *, key: bytes = KEY, tell_length: bool = True) -> Opened:
    return Opened(lambda offset, length: content[offset : offset + length], key, len(content) if tell_length else None)


def whole(content: bytes) -> bytes:
    found = opened(content)
    return b"".join(found.pieces())


sizes = st.one_of(
    st.integers(0, 3 * CHUNK),
    st.sampled_from(
        [CHUNK * 16 * blocks + more for blocks in (1, 2) for more in (-CHUNK, -1, 0, 1, CHUNK)]
    ),  # edges of what is read at a time
)


@settings(deadline=None)
@given(sizes, st.data())
def test_every_stretch_of_every_size(size: int, data: st.DataObject) -> None:
    plain = bytes(each % 251 for each in range(size))
    content, said = sealed(plain)
    assert said == Sealed(size, hashlib.sha256(plain).digest(), hashlib.sha256(content).digest(), len(content))
    for tell_length in (True, False):
        found = opened(content, tell_length=tell_length)
        assert (found.size, found.about) == (size, ABOUT)
        offset, length = data.draw(st.integers(0, size + 2)), data.draw(st.integers(0, size + 2))
        assert found.read(offset, length) == plain[offset : offset + length]
        assert b"".join(found.pieces(offset, length)) == plain[offset : offset + length]
    assert whole(content) == plain


@settings(deadline=None)
@given(sizes, st.data())
def test_a_flipped_bit_anywhere_is_noticed(size: int, data: st.DataObject) -> None:
    content = bytearray(sealed(bytes(size))[0])
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    content[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ContainerBad):
        whole(bytes(content))


def test_a_flipped_bit_everywhere_is_noticed() -> None:
    content, _ = sealed(bytes(2 * CHUNK + 1))
    for bit in range(len(content) * 8):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ContainerBad):
            whole(bytes(changed))


@pytest.mark.parametrize("size", [0, 1, CHUNK, 2 * CHUNK, 3 * CHUNK + 5])
@pytest.mark.parametrize("tell_length", [True, False])
def test_cut_off_anywhere_does_not_even_open(size: int, tell_length: bool) -> None:
    content, _ = sealed(bytes(size))
    for length in range(len(content)):
        with pytest.raises(ContainerBad):
            opened(content[:length], tell_length=tell_length)


@settings(deadline=None)
@given(sizes, st.binary(min_size=1, max_size=2 * STEP))
def test_appended_bytes_do_not_open(size: int, more: bytes) -> None:
    with pytest.raises(Damaged):
        opened(sealed(bytes(size))[0] + more)


def test_chunks_in_another_order_doubled_or_left_out() -> None:
    content, _ = sealed(bytes(4 * CHUNK))
    head, chunks = content[:BEGIN], [content[BEGIN + each * STEP : BEGIN + (each + 1) * STEP] for each in range(4)]
    for count in range(1, 6):
        for order in itertools.product(range(4), repeat=count):
            if order != (0, 1, 2, 3):
                with pytest.raises(Damaged):
                    whole(head + b"".join(chunks[each] for each in order))


def test_a_chunk_of_another_container_even_under_the_same_key() -> None:
    ours, _ = sealed(bytes(3 * CHUNK))
    for theirs in (sealed(bytes(3 * CHUNK), salt=b"t" * 32)[0], sealed(bytes(3 * CHUNK), about=b'{"id":"abd"}')[0]):
        for each in range(3):
            begin = BEGIN + each * STEP
            with pytest.raises(Damaged):
                whole(ours[:begin] + theirs[begin : begin + STEP] + ours[begin + STEP :])


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Damaged):
        opened(sealed(b"hello")[0], key=bytes(32))


@pytest.mark.parametrize("size", [0, 3, CHUNK, 5 * CHUNK + 3])
def test_a_seek_reads_the_chunks_it_needs_and_no_other(size: int) -> None:
    content, _ = sealed(bytes(size))
    read: list[tuple[int, int]] = []

    def read_at(offset: int, length: int) -> bytes:
        read.append((offset, length))
        return content[offset : offset + length]

    found = Opened(read_at, KEY, len(content))
    read.clear()
    found.read(2 * CHUNK + 3, CHUNK)
    if size > 3 * CHUNK:
        assert read == [(BEGIN + 2 * STEP, 2 * STEP)]
    read.clear()
    found.read(3 * CHUNK + 4, 2)
    assert not read, "the chunk was just read"


def test_damage_in_one_place_leaves_the_rest_to_be_heard() -> None:
    content = bytearray(sealed(bytes(range(5 * CHUNK)))[0])
    content[BEGIN + 2 * STEP] ^= 1
    found = opened(bytes(content))
    assert found.read(0, 2 * CHUNK) == bytes(range(2 * CHUNK))
    assert found.read(3 * CHUNK, 2 * CHUNK) == bytes(range(3 * CHUNK, 5 * CHUNK))
    with pytest.raises(Damaged, match="Chunk 2 "):
        found.read(2 * CHUNK, 1)


@settings(deadline=None)
@given(st.lists(st.integers(1, 700), min_size=1), sizes)
def test_files_that_give_little_at_a_time(lengths: list[int], size: int) -> None:
    plain = os.urandom(size)
    file, turn = io.BytesIO(plain), itertools.cycle(lengths)
    out = io.BytesIO()
    said = seal(lambda length: file.read(min(length, next(turn))), out.write, KEY, b"", chunk=CHUNK)
    content = out.getvalue()
    assert said.size == size
    found = Opened(lambda offset, length: content[offset : offset + min(length, next(turn))], KEY, len(content))
    assert found.read(0, size) == plain


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_anything_else_is_no_container(content: bytes) -> None:
    with pytest.raises(ContainerBad):
        opened(content)


@settings(deadline=None)
@given(st.binary(min_size=37, max_size=60))
def test_no_header_asks_for_much_memory(rest: bytes) -> None:
    with pytest.raises(ContainerBad):
        opened(container.MAGIC + b"\x01" + rest)


def test_a_version_of_later() -> None:
    content = bytearray(sealed(b"hello")[0])
    content[8] = 2
    with pytest.raises(NotContainer, match="version 2"):
        opened(bytes(content))


def test_the_same_file_sealed_twice_shares_nothing() -> None:
    out = [io.BytesIO(), io.BytesIO()]
    for each in out:
        seal(io.BytesIO(bytes(1000)).read, each.write, KEY, ABOUT)
    first, second = (each.getvalue() for each in out)
    assert first[BEGIN:] != second[BEGIN:]


@settings(deadline=None)
@given(st.sampled_from([container.CHUNK * each + more for each in (0, 1, 16, 32) for more in (0, 1)]))
def test_chunks_of_their_real_size(size: int) -> None:
    plain = os.urandom(size)
    content, said = sealed(plain, chunk=container.CHUNK)
    assert said.container_size == len(content) == BEGIN + size + TAG * max(1, -(-size // container.CHUNK))
    assert whole(content) == plain


def test_memory_stays_the_same_however_long_the_file() -> None:
    left = [200 << 20]

    def read(length: int) -> bytes:
        taken = min(length, left[0])
        left[0] -= taken
        return bytes(taken)

    tracemalloc.start()
    try:
        said = seal(read, len, KEY, b"")
        assert tracemalloc.get_traced_memory()[1] < 12 << 20
    finally:
        tracemalloc.stop()
    assert said.size == 200 << 20


PAGE = (ROOT / "docs" / "recordings-format.md").read_text()


def test_the_example_of_the_format_page() -> None:
    """Whoever writes a reader can hold it against these bytes."""
    content, said = sealed(b"Good morning.", chunk=container.CHUNK)
    assert said.sha256_container.hex() in PAGE
    assert content[BEGIN:].hex() in PAGE


@pytest.mark.parametrize("size", [0, 1, container.CHUNK, 3 * container.CHUNK + 7])
def test_the_reader_of_the_format_page_reads(size: int) -> None:
    """It is on the page in full, and knows nothing of ours."""
    names: dict[str, Any] = {}
    exec(PAGE.partition("```python\n")[2].partition("```")[0], names)
    plain, kek, key = os.urandom(size), ring.new_key(), ring.new_key()
    content, _ = sealed(plain, chunk=container.CHUNK, key=ring.part_key(key, "opus"))
    assert names["read"](content, "opus", kek, ring.wrap(kek, key)) == plain
    with pytest.raises(InvalidTag):
        names["read"](content, "sound", kek, ring.wrap(kek, key))
    if size:
        with pytest.raises(InvalidTag):
            names["read"](content[:-1], "opus", kek, ring.wrap(kek, key))
