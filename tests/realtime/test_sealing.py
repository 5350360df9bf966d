"""Sealed numbers: told apart over the months, read only with the month's key, forgotten with it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.factcodec import decode, encode, join
from realtime.facts import CallBegan, Sealed
from realtime.sealing import CACHE, LONGEST, Sealer, mask
from realtime.words import SECOND, CallId, Micros, Node

HASH_KEY = b"h" * 32
NUMBER = "13900000148"
HOSTILE = ("📞" * 40, "9" * 10_000, "\udcff\udc80", "\ud800", "0049\x00\r\n30", "％００", "<script>")


def month(name: str) -> Micros:
    return round(datetime.fromisoformat(f"{name}-15").replace(tzinfo=UTC).timestamp()) * SECOND


NOVEMBER, DECEMBER = month("2026-11"), month("2026-12")


class Months:
    """Keys by month, of which one can be destroyed."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.destroyed: set[str] = set()

    def __call__(self, name: str) -> bytes | None:
        self.asked.append(name)
        return None if name in self.destroyed else name.encode().ljust(64, b".")


def seal(sealer: Sealer, number: str = NUMBER, at: Micros = NOVEMBER) -> Sealed:
    sealed = sealer.seal(number, at)
    assert sealed is not None
    return sealed


def test_a_number_comes_back_and_is_nowhere_in_the_fact() -> None:
    sealed = seal(Sealer(HASH_KEY, Months()))
    fact = CallBegan(NOVEMBER, NOVEMBER, Node("pbx"), "s", 1, CallId("a"), "inbound", sealed)
    assert NUMBER.encode() not in encode(fact)
    assert sealed.digest != NUMBER
    assert Sealer(HASH_KEY, Months()).open(sealed) == NUMBER


def test_a_number_is_known_again_in_another_month_by_its_digest_alone() -> None:
    sealer = Sealer(HASH_KEY, Months())
    november, december = seal(sealer, at=NOVEMBER), seal(sealer, at=DECEMBER)
    assert november.digest == december.digest
    assert november.cipher != december.cipher
    assert (november.month, december.month) == ("2026-11", "2026-12")


def test_the_same_number_gives_the_same_fact_in_every_replay() -> None:
    assert seal(Sealer(HASH_KEY, Months())) == seal(Sealer(HASH_KEY, Months()))


def test_other_numbers_have_other_digests() -> None:
    sealer = Sealer(HASH_KEY, Months())
    assert len({seal(sealer, f"1390000{number:04}").digest for number in range(500)}) == 500


def test_a_destroyed_months_number_is_gone_and_still_matches() -> None:
    months = Months()
    sealer = Sealer(HASH_KEY, months)
    sealed, later = seal(sealer), seal(sealer, at=DECEMBER)
    months.destroyed.add("2026-11")
    sealer.forget_keys()
    assert sealer.open(sealed) is None
    assert sealer.open(later) == NUMBER
    again = seal(sealer)
    assert (again.digest, again.cipher) == (sealed.digest, b"")
    assert sealer.open(again) is None


def test_a_key_that_is_made_later_is_found_without_a_restart() -> None:
    """A board reads before the adapter has sealed the month's first number."""
    months = Months()
    sealed = seal(Sealer(HASH_KEY, months))
    months.destroyed.add("2026-11")
    reader = Sealer(HASH_KEY, months)
    assert reader.open(sealed) is None
    months.destroyed.clear()
    assert reader.open(sealed) == NUMBER


def test_another_floors_key_opens_nothing() -> None:
    sealed = seal(Sealer(HASH_KEY, Months()))
    assert Sealer(HASH_KEY, lambda name: b"x" * 64).open(sealed) is None
    assert Sealer(b"other" * 8, Months()).seal(NUMBER, NOVEMBER) != sealed


def test_a_cipher_counts_for_its_own_month_only() -> None:
    sealed = seal(Sealer(HASH_KEY, lambda name: b"k" * 64))
    moved = Sealed(sealed.digest, sealed.cipher, "2026-12")
    assert Sealer(HASH_KEY, lambda name: b"k" * 64).open(moved) is None


@pytest.mark.parametrize("nothing", ["", "<unknown>", "unknown", "s", "anonymous"])
def test_what_is_no_number_is_not_sealed(nothing: str) -> None:
    assert Sealer(HASH_KEY, Months()).seal(nothing, NOVEMBER) is None


@pytest.mark.parametrize("number", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_numbers_become_a_bounded_fact(number: str) -> None:
    sealer = Sealer(HASH_KEY, Months())
    sealed = seal(sealer, number)
    assert len(sealed.cipher) <= 4 * LONGEST + 16
    opened = sealer.open(sealed)
    assert opened is not None
    opened.encode()  # it can be shown
    fact = CallBegan(NOVEMBER, NOVEMBER, Node("pbx"), "s", 1, CallId("a"), "inbound", sealed)
    assert decode(join([encode(fact)])) == [fact]


@given(st.text(st.characters(), min_size=1))
def test_every_text_can_be_sealed_and_masked(number: str) -> None:
    sealed = Sealer(HASH_KEY, Months()).seal(number, NOVEMBER)
    assert sealed is None or Sealer(HASH_KEY, Months()).open(sealed) is not None
    assert len(mask(number)) <= 10


def test_what_is_remembered_is_bounded() -> None:
    months = Months()
    sealer = Sealer(HASH_KEY, months)
    for number in range(CACHE + 50):
        seal(sealer, str(number))
    assert len(sealer._cache) == CACHE
    assert months.asked == ["2026-11"]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (NUMBER, "139•••0148"),
        ("+8613900000148", "+86•••0148"),
        ("02087654321", "020•••4321"),
        ("1001", "1001"),
        ("12345", "•••2345"),
        ("", ""),
    ],
)
def test_a_masked_number_tells_callers_apart_and_cannot_be_dialled(number: str, shown: str) -> None:
    assert mask(number) == shown
