"""Statements: sums that agree with their days, and a digest that is of these figures alone."""

from __future__ import annotations

import msgspec

from realtime.owned_outbound import CampaignNow, Meter
from realtime.plan.dialling import Campaign, ContractTerms
from realtime.settlement import FIGURES, settled, statement

CAMPAIGN = Campaign(id="B-112", client="bank", contract=ContractTerms(number="HT-2026-11"))


def worked() -> CampaignNow:
    days = {
        "2026-11-25": Meter(dials=100, connected=31, live=30, abandoned=1, talk_s=3_000, recorded=31, results={"sale": 3}),
        "2026-11-26": Meter(),
        "2026-11-27": Meter(dials=50, connected=10, live=10, denied=7, results={"sale": 1, "no": 4}),
    }
    return CampaignNow(id="B-112", days=days, day=Meter(dials=5, connected=2))


def test_a_statement_has_a_row_a_day_that_was_worked_and_their_sum() -> None:
    made = statement(CAMPAIGN, worked(), "2026-11-28")
    assert [(each.day, each.dials) for each in made.rows] == [("2026-11-25", 100), ("2026-11-27", 50), ("2026-11-28", 5)]
    assert all(getattr(made.total, name) == sum(getattr(each, name) for each in made.rows) for name in FIGURES)
    assert made.total.results == {"sale": 4, "no": 4}
    assert (made.first, made.last, made.contract) == ("2026-11-25", "2026-11-28", "HT-2026-11")


def test_a_span_leaves_out_what_is_not_in_it() -> None:
    made = statement(CAMPAIGN, worked(), "2026-11-28", "2026-11-26", "2026-11-27")
    assert [each.day for each in made.rows] == ["2026-11-27"]


def test_the_digest_changes_with_any_figure_and_with_nothing_else() -> None:
    first = statement(CAMPAIGN, worked(), "2026-11-28")
    again = statement(CAMPAIGN, worked(), "2026-11-28")
    assert again.digest == first.digest
    for name in FIGURES:
        other = worked()
        setattr(other.days["2026-11-25"], name, 99)
        assert statement(CAMPAIGN, other, "2026-11-28").digest != first.digest, name
    assert statement(msgspec.structs.replace(CAMPAIGN, client="other"), worked(), "2026-11-28").digest != first.digest


def test_only_both_sides_over_this_very_digest_freeze_it() -> None:
    state = worked()
    digest = statement(CAMPAIGN, state, "2026-11-28").digest
    state.confirmed, state.confirmed_by = {"ours": digest, "client": "another"}, {"ours": "li.wei", "client": "bank"}
    made = statement(CAMPAIGN, state, "2026-11-28")
    assert (made.confirmed, made.frozen) == ({"ours": "li.wei"}, False)
    state.confirmed["client"] = digest
    assert statement(CAMPAIGN, state, "2026-11-28").frozen
    state.day.dials += 1
    assert not statement(CAMPAIGN, state, "2026-11-28").frozen


def test_what_was_settled_stays_as_it_was_agreed_whatever_is_said_later() -> None:
    state = worked()
    agreed = statement(CAMPAIGN, state, "2026-11-28")
    state.confirmed = dict.fromkeys(("ours", "client"), agreed.digest)
    state.confirmed_by = {"ours": "li.wei", "client": "bank"}
    state.settled = settled(CAMPAIGN, state, "2026-11-28")
    state.day.complaints += 1
    later = statement(CAMPAIGN, state, "2026-11-29")
    assert (later.digest, later.total, later.frozen) == (agreed.digest, agreed.total, True)
    assert statement(CAMPAIGN, state, "2026-11-29", "2026-11-27").total.complaints == 1, "a span of it is a question, and as it is now"
