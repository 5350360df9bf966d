"""What bounds visitors: guesses, rates, tickets, and whose word about a client is believed. All pure, with made-up time."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from realtime.words import SECOND
from wallboard import rates, tickets
from wallboard.cookies import csrf_token
from wallboard.proxies import Seen, place_of, seen_through
from wallboard.rates import BUCKETS, Bucket, Cost, Rates
from wallboard.signing import DAY, MINUTE, Guesses
from wallboard.tickets import LIVES, Tickets

NOW = 1_764_000_000_000_000

# ------------------------------------------------------------------ guesses


def tries(guesses: Guesses, name: str, address: str, now: int, at_most: int = 1000) -> int:
    """How many guesses are let through before one must wait."""
    return next((done for done in range(at_most) if guesses.begin(name, address, now)), at_most)


def test_one_address_guesses_five_times_at_one_name() -> None:
    guesses = Guesses()
    assert tries(guesses, "li", "10.0.0.1", NOW) == 5
    assert 0 < guesses.begin("LI", "10.0.0.1", NOW) <= 300
    assert guesses.begin("li", "10.0.0.1", NOW + 5 * MINUTE) == 0


def test_one_address_that_tries_many_names_is_stopped_too() -> None:
    guesses = Guesses()
    let = sum(not guesses.begin(f"name{number}", "10.0.0.1", NOW) for number in range(200))
    assert let == 60
    assert guesses.begin("wang", "10.0.0.2", NOW) == 0


def test_the_whole_world_together_guesses_twenty_times_at_one_name() -> None:
    guesses = Guesses()
    assert sum(not guesses.begin("li", f"10.0.{number}.1", NOW) for number in range(200)) == 20


def test_who_signed_in_from_here_before_is_not_stopped_by_what_others_do_elsewhere() -> None:
    guesses = Guesses()
    assert guesses.begin("li", "192.0.2.7", NOW) == 0
    guesses.was_right("li", "192.0.2.7", NOW)
    for number in range(200):
        guesses.begin("li", f"10.0.{number}.1", NOW + DAY)
    assert guesses.begin("li", "10.1.0.1", NOW + DAY), "a stranger waits"
    assert guesses.begin("li", "192.0.2.7", NOW + DAY) == 0, "its own address does not"
    assert guesses.begin("li", "192.0.2.7", NOW + 40 * DAY) == 0, "and nothing lasts"


def test_who_is_right_costs_the_neighbours_nothing() -> None:
    guesses = Guesses()
    for number in range(500):  # a shift behind one router
        assert guesses.begin(f"agent{number}", "10.0.0.1", NOW) == 0
        guesses.was_right(f"agent{number}", "10.0.0.1", NOW)


def test_guesses_that_run_at_the_same_time_are_counted_before_they_end() -> None:
    guesses = Guesses()
    assert [guesses.begin("li", "10.0.0.1", NOW) == 0 for _ in range(7)] == [True] * 5 + [False] * 2


def test_of_ipv6_the_network_counts() -> None:
    assert place_of("2001:db8:1:2:3::4") == place_of("2001:db8:1:2:ffff::") == "2001:db8:1:2::/64"
    assert place_of("192.0.2.7") == "192.0.2.7"
    assert place_of("::ffff:192.0.2.7") == "::ffff:192.0.2.7"
    assert len(place_of("x" * 1000)) <= 45
    guesses = Guesses()
    assert sum(not guesses.begin("li", f"2001:db8::{number:x}", NOW) for number in range(100)) == 5


# ------------------------------------------------------------------ rates


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    limits = Rates({Cost.USUAL: Bucket(5, 2)})
    assert [limits.wait_s("a", Cost.USUAL, NOW) for _ in range(6)] == [0] * 5 + [1]
    assert limits.wait_s("b", Cost.USUAL, NOW) == 0, "another visitor has another bucket"
    assert [limits.wait_s("a", Cost.USUAL, NOW + SECOND) for _ in range(3)] == [0, 0, 1]
    assert [limits.wait_s("a", Cost.USUAL, NOW + 100 * SECOND) for _ in range(6)] == [0] * 5 + [1], "never more than the burst"
    assert limits.wait_s("a", Cost.USUAL, NOW) >= 1, "a clock that goes back gives nothing"


def test_heavy_questions_have_a_smaller_bucket_of_their_own() -> None:
    limits = Rates()
    heavy = sum(not limits.wait_s("a", Cost.HEAVY, NOW) for _ in range(100))
    assert heavy == BUCKETS[Cost.HEAVY].burst < BUCKETS[Cost.USUAL].burst
    assert limits.wait_s("a", Cost.HEAVY, NOW) >= 1
    assert limits.wait_s("a", Cost.USUAL, NOW) == 0


def test_the_table_of_buckets_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "VISITORS_KEPT", 100)
    limits = Rates()
    for number in range(1000):
        limits.wait_s(str(number), Cost.USUAL, NOW)
    assert len(limits) == 100


# ------------------------------------------------------------------ tickets


def test_a_ticket_is_good_once_and_for_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    booth: Tickets[str] = Tickets()
    ticket, expires = booth.issue("li", NOW)
    assert expires == NOW + LIVES == NOW + 30 * SECOND
    assert booth.redeem(ticket[:-1], NOW) is None
    assert booth.redeem(ticket, NOW + 1) == "li"
    assert booth.redeem(ticket, NOW + 1) is None
    late, ends = booth.issue("li", NOW)
    assert booth.redeem(late, ends) is None
    monkeypatch.setattr(tickets, "TICKETS_KEPT", 10)
    for _ in range(100):
        booth.issue("li", NOW)
    assert len(booth) == 10


def test_the_sign_of_a_page_tells_nothing_of_its_session() -> None:
    assert csrf_token("secret") != csrf_token("secres")
    assert "secret" not in csrf_token("secret")


# ------------------------------------------------------------------ proxies

OURS = tuple(ip_network(each) for each in ("127.0.0.1", "10.0.0.0/24", "2001:db8::/64"))


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # a stranger's word
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),  # what stands left, the client wrote itself
        ("127.0.0.1", ["6.6.6.6", "198.51.100.1"], "198.51.100.1"),  # in two headers
        ("127.0.0.1", ["6.6.6.6, 198.51.100.1, 10.0.0.7"], "198.51.100.1"),  # two proxies of ours in a row
        ("127.0.0.1", ["10.0.0.7, 10.0.0.8"], "10.0.0.7"),  # somebody on a machine of ours
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1, unknown"], "127.0.0.1"),  # no address: what is left of it cannot be trusted
        ("127.0.0.1", [""], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("127.0.0.1", ["[2001:db8:7::9]:4711"], "2001:db8:7::9"),
        ("2001:db8::1", ["2001:db8:7::9"], "2001:db8:7::9"),
        ("::ffff:127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("not an address", ["198.51.100.1"], "not an address"),
    ],
)
def test_the_client_is_the_first_from_the_right_that_is_not_ours(peer: str, forwarded_for: list[str], client: str) -> None:
    assert seen_through(OURS, peer, forwarded_for, "", "") == Seen(client, None, "")


def test_a_long_list_is_not_read_to_its_end() -> None:
    long = ", ".join(["198.51.100.1"] + ["10.0.0.7"] * 100_000)
    assert seen_through(OURS, "127.0.0.1", [long], "", "").address == "10.0.0.7"


@pytest.mark.parametrize(("proto", "secure"), [("https", True), ("HTTPS", True), ("http", False), ("", None), ("gopher", None)])
def test_https_and_the_name_come_from_our_proxy_only(proto: str, secure: bool | None) -> None:
    trusted = seen_through(OURS, "127.0.0.1", ["198.51.100.1"], proto, "evil.example, wall.example.com")
    assert trusted == Seen("198.51.100.1", secure, "wall.example.com")
    assert seen_through(OURS, "203.0.113.9", ["127.0.0.1"], proto, "wall.example.com") == Seen("203.0.113.9", None, "")
    assert seen_through((), "127.0.0.1", ["198.51.100.1"], proto, "x") == Seen("127.0.0.1", None, "")
