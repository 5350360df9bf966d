"""What the floor keeps of campaigns, proposals, stops, requests not to be called, consents and lists; every table with its bound."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from realtime import outbound
from realtime.facts import Fact, Sealed
from realtime.fold import campaigns as folding
from realtime.owned_outbound import CampaignNow, Meter, Move, Outbound
from realtime.rules.campaign_life import STATES
from realtime.words import SECOND
from tests.realtime.story import MINUTE, START, Story, Telling, day_began

ONE, TWO = Sealed("d1", b"x", "2026-11"), Sealed("d2", b"x", "2026-11")


def told(kind: type[Fact], **fields: Any) -> Telling:
    return Telling(kind, fields, node="")


def moves(to: str, campaign: str = "c", **fields: Any) -> Telling:
    return told(outbound.CampaignMoved, campaign=campaign, to=to, who="ma", **fields)


def proposes(step: str, to: str, campaign: str = "c") -> Telling:
    return told(outbound.StepProposed, step=step, campaign=campaign, to=to, who="ma", until=START + 9 * SECOND, reason="r", evidence="e")


def item(name: str, **fields: Any) -> Telling:
    return told(outbound.ItemKept, campaign="c", item=name, text="t", owner="o", due="2026-12-01", who="ma", **fields)


def owned(story: Story) -> Outbound:
    return story.floor.owned.outbound


def now(story: Story, campaign: str = "c") -> CampaignNow:
    return owned(story).campaigns[campaign]


# ------------------------------------------------------------------ life


def test_a_move_is_its_state_since_then_and_a_line_of_its_life() -> None:
    story = Story().after(moves("trial", reason="ok"), 60, moves("review", second="li", evidence="report", why="w"))
    assert (now(story).state, now(story).since) == ("review", START + MINUTE)
    assert now(story).moves == [
        Move(START, "draft", "trial", "ma", reason="ok"),
        Move(START + MINUTE, "trial", "review", "ma", second="li", evidence="report", why="w"),
    ]
    assert "campaigns" in story.changes.owned


def test_what_this_version_does_not_know_is_passed_over() -> None:
    story = Story().after(moves("trial"), moves("of_tomorrow"), moves("trial", campaign=""))
    assert now(story).state == "trial"
    assert list(owned(story).campaigns) == ["c"]


def test_a_stop_remembers_what_it_stopped_and_is_measured_from_the_key() -> None:
    story = Story().after(moves("formal"), 60, moves("stopped", pressed=START + 59 * SECOND))
    assert (now(story).resumes, now(story).stopping) == ("formal", START + 59 * SECOND)
    story.after(moves("stopped"))
    assert now(story).resumes == "formal", "a second one is of the same stop"
    story.after(told(outbound.StopMeasured, campaign="c", pressed=START, rang=3, last=START + 2 * SECOND))
    assert (now(story).stopping, now(story).stopped_rang, now(story).stop_took) == (0, 3, 2 * SECOND)
    story.after(moves("rectifying"))
    assert now(story).resumes == "formal", "and it is what rectification goes back to"
    story.after(moves("formal"), moves("stopped"))
    assert (now(story).stopped_rang, now(story).stop_took) == (0, 0), "of this stop nothing is known yet"
    story.after(moves("settling"))
    assert now(story).stopping == 0


def test_what_was_stopped_while_it_did_not_dial_goes_back_to_nothing() -> None:
    assert now(Story().after(moves("formal"), moves("review"), moves("stopped"))).resumes == ""


def test_a_trial_and_a_settlement_begin_anew() -> None:
    story = Story().after(moves("trial"), told(outbound.ComplaintKept, campaign="c", dial="d"))
    assert (now(story).trial.complaints, now(story).day.complaints) == (1, 1)
    story.after(moves("review"), moves("trial"))
    assert now(story).trial == Meter()
    confirmed = told(outbound.StatementConfirmed, campaign="c", side="ours", digest="a", who="ma")
    story.after(moves("settling"), confirmed)
    assert (now(story).confirmed, now(story).confirmed_by) == ({"ours": "a"}, {"ours": "ma"})
    assert now(story.after(moves("settling"))).confirmed == {}


def test_items_are_of_the_stop_that_they_mend() -> None:
    story = Story().after(moves("formal"), moves("stopped"), item("i1"), item("i2"), 60, item("i1", evidence="e", done=True))
    assert {name: (each.done, each.evidence) for name, each in now(story).items.items()} == {"i1": (START + MINUTE, "e"), "i2": (0, "")}
    story.after(moves("rectifying"), moves("formal"))
    assert len(now(story).items) == 2
    assert now(story.after(moves("stopped"))).items == {}


def test_two_equal_confirmations_are_frozen() -> None:
    def says(side: str, digest: str) -> Telling:
        return told(outbound.StatementConfirmed, campaign="c", side=side, digest=digest, who=side)

    story = Story().after(moves("settling"), says("ours", "a"), says("client", "b"))
    assert not folding.frozen(now(story))
    story.after(says("ours", "b"), says("ours", "c"))
    assert folding.frozen(now(story))
    assert now(story).confirmed == {"ours": "b", "client": "b"}
    assert not folding.frozen(CampaignNow(id="x"))


# ------------------------------------------------------------------ what waits, and the stop of all


def test_a_proposal_waits_until_it_is_dropped_or_the_campaign_has_moved() -> None:
    story = Story().after(moves("review"), proposes("s1", "formal"), proposes("s2", "formal", "e"), proposes("s3", "unblock:x"))
    assert list(owned(story).steps) == ["s1", "s2", "s3"]
    step = owned(story).steps["s1"]
    assert (step.who, step.at, step.until, step.reason, step.evidence) == ("ma", START, START + 9 * SECOND, "r", "e")
    assert list(owned(story.after(moves("trial"))).steps) == ["s2", "s3"]
    dropped = [told(outbound.StepDropped, step=name, why="withdrawn") for name in ("s2", "s3", "gone")]
    assert owned(story.after(*dropped)).steps == {}


def test_the_stop_of_all_leaves_each_campaign_as_it_is() -> None:
    story = Story().after(moves("formal"), told(outbound.DiallingStopped, who="li", pressed=START - SECOND))
    assert (owned(story).stopped, owned(story).stopped_by, owned(story).stopping, now(story).state) == (
        True,
        "li",
        START - SECOND,
        "formal",
    )
    story.after(told(outbound.StopMeasured, pressed=START, rang=2, last=START + SECOND))
    assert (owned(story).stopping, owned(story).stopped_rang, owned(story).stop_took) == (0, 2, SECOND)
    story.after(told(outbound.DiallingStopped, on=False, who="ma", second="li"))
    assert (owned(story).stopped, owned(story).stopped_by, now(story).state) == (False, "", "formal")
    story.after(told(outbound.StopMeasured, campaign="gone", rang=9))
    assert list(owned(story).campaigns) == ["c"]


def test_a_complaint_about_one_call_counts_once() -> None:
    complaint = told(outbound.ComplaintKept, campaign="c", dial="d1")
    nameless = told(outbound.ComplaintKept, campaign="c")
    story = Story().after(day_began(), moves("formal"), complaint, complaint, nameless, nameless)
    assert now(story).day.complaints == len(now(story).complained) == 3
    assert now(story).trial.complaints == 0
    story.again(story.told[-1])
    assert now(story).day.complaints == 3


# ------------------------------------------------------------------ numbers and lists


def blocks(number: Sealed | None = ONE, scope: str = "client", about: str = "bank") -> Telling:
    return told(outbound.NumberBlocked, number=number, scope=scope, about=about)


def test_a_number_has_its_requests_until_each_is_lifted() -> None:
    story = Story().after(blocks(), blocks(scope="global", about=""), 1, blocks(), blocks(None), blocks(TWO))
    assert [(each.scope, each.at - START) for each in owned(story).blocks["d1"]] == [("global", 0), ("client", SECOND)]
    story.after(told(outbound.NumberUnblocked, number=ONE, scope="client", about="bank"), told(outbound.NumberUnblocked, number=None))
    assert [each.scope for each in owned(story).blocks["d1"]] == ["global"]
    story.after(told(outbound.NumberUnblocked, number=ONE, scope="global", about=""))
    assert list(owned(story).blocks) == ["d2"]
    assert owned(story).blocks_since == 0


def test_when_a_request_is_forgotten_it_is_known_until_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "BLOCKS_KEPT", 2)
    monkeypatch.setattr(folding, "BLOCKS_OF_ONE", 2)
    story = Story().after(blocks(), 1, blocks(TWO), 1, blocks(Sealed("d3", b"", "")))
    assert (list(owned(story).blocks), owned(story).blocks_since) == (["d2", "d3"], START)
    story.after(1, blocks(TWO, "campaign", "a"), 1, blocks(TWO, "campaign", "b"))
    assert [each.about for each in owned(story).blocks["d2"]] == ["a", "b"]
    assert owned(story).blocks_since == START + SECOND


def test_consents_are_kept_until_they_are_revoked() -> None:
    given = told(outbound.ConsentGiven, consent="k1", number=ONE, client="bank")
    other = told(outbound.ConsentGiven, consent="k2", number=ONE, client="shop", given=START - SECOND, expires=START + SECOND)
    story = Story().after(given, other, told(outbound.ConsentGiven, consent="", number=ONE), told(outbound.ConsentGiven, consent="k3"))
    assert {name: (each.digest, each.client, each.given - START) for name, each in owned(story).consents.items()} == {
        "k1": ("d1", "bank", 0),
        "k2": ("d1", "shop", -SECOND),
    }
    story.after(told(outbound.ConsentRevoked, number=ONE, client="bank"), told(outbound.ConsentRevoked, client="shop"))
    assert list(owned(story).consents) == ["k2"]


def test_the_newest_version_of_a_list_is_the_list() -> None:
    first, second = (told(outbound.ListAnnounced, list="national", version=version, numbers=3) for version in ("v1", "v2"))
    story = Story().after(first, told(outbound.ListAnnounced, list="state"), second)
    assert {name: each.version for name, each in owned(story).lists.items()} == {"state": "", "national": "v2"}
    assert "lists" in story.changes.owned


# ------------------------------------------------------------------ bounds


def test_nothing_grows_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in (
        ("CAMPAIGNS_MOST", 3),
        ("COMPLAINTS_KEPT", 4),
        ("CONSENTS_KEPT", 4),
        ("LISTS_MOST", 4),
        ("STEPS_MOST", 4),
        ("ITEMS_MOST", 4),
    ):
        monkeypatch.setattr(folding, name, most)
    story = Story()
    for number in range(120):
        story.after(
            moves(STATES[number % len(STATES)], campaign=f"c{number % 9}"),
            moves(STATES[number % len(STATES)]),
            proposes(f"s{number}", "resume", ""),
            item(f"i{number}"),
            told(outbound.ComplaintKept, campaign="c", dial=f"d{number}"),
            told(outbound.ConsentGiven, consent=f"k{number}", number=ONE),
            told(outbound.ListAnnounced, list=f"l{number}"),
        )
    kept = owned(story)
    assert list(kept.campaigns) == ["c0", "c", "c1"]
    assert len(now(story).moves) == 50
    assert list(kept.steps) == [f"s{number}" for number in range(116, 120)]
    assert list(kept.consents) == [f"k{number}" for number in range(116, 120)]
    assert list(kept.lists) == [f"l{number}" for number in range(116, 120)]
    assert list(now(story).complained) == [f"d{number}" for number in range(116, 120)]
    assert len(now(story).items) <= 4


def test_it_goes_through_a_checkpoint() -> None:
    story = Story().after(moves("trial"), moves("stopped"), item("i"), proposes("s", "resume", ""), blocks())
    story.after(told(outbound.ConsentGiven, consent="k", number=ONE), told(outbound.ListAnnounced, list="l"))
    story.after(told(outbound.ComplaintKept, campaign="c", dial="d"))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(owned(story)), type=Outbound) == owned(story)
