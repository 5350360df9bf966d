"""A plan that would let recordings go earlier says so before all else, as an alert on the floor, too; any other change does not."""

from __future__ import annotations

import pytest
from msgspec import structs

from realtime.control.adopting import SHORTER, Wanted
from realtime.plan.archive import ArchiveRules, KeepRule, RetentionClass, Term
from realtime.plan.difference import LINES_MAX, difference, version_of
from realtime.plan.model import Person, Plan
from realtime.plan.shortening import shortened, told
from realtime.rulings import AlertCleared, AlertRaised, PlanAdopted
from realtime.words import AgentId
from tests.realtime.plan.test_adopting import Engine

SIX_YEARS, SIX_MONTHS = Term(years=6), Term(months=6)


def rules(*rules: KeepRule, id_: str = "sales", **more: object) -> ArchiveRules:
    return ArchiveRules(classes=(RetentionClass(id=id_, rules=rules, **more),))  # type: ignore[arg-type]


def own(least: Term, **more: object) -> KeepRule:
    return KeepRule(id="own", least=least, **more)  # type: ignore[arg-type]


LAW = KeepRule(id="law", least=Term(years=3))
BEFORE = rules(own(SIX_YEARS))


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (BEFORE, rules(own(SIX_MONTHS)), ["SHORTER class sales from call: 6 years → 6 months"]),
        (BEFORE, rules(own(Term(years=5, months=11, days=29))), ["SHORTER class sales from call: 6 years → 5 years 11 months 29 days"]),
        (rules(own(SIX_YEARS), LAW), rules(LAW), ["SHORTER class sales from call: 6 years → 3 years"]),
        (
            rules(own(SIX_YEARS, clock="product_end"), LAW),
            rules(own(SIX_YEARS), LAW),
            ["SHORTER class sales from product_end: 6 years → none"],
        ),
        (
            rules(own(SIX_YEARS, dispute=True, dispute_least=Term(years=1))),
            rules(own(SIX_YEARS, dispute=True)),
            ["SHORTER class sales from dispute: 1 year → none"],
        ),
        (BEFORE, rules(own(Term(years=7))), []),
        (BEFORE, rules(own(Term(months=72))), []),
        (BEFORE, rules(own(SIX_YEARS), KeepRule(id="more", least=Term(days=30))), []),
        (rules(own(SIX_YEARS), LAW), rules(own(SIX_YEARS)), []),
        (BEFORE, rules(structs.replace(own(SIX_YEARS), id="renamed")), []),
        (BEFORE, ArchiveRules(), []),
        (ArchiveRules(), rules(own(SIX_MONTHS)), []),
        (BEFORE, rules(own(SIX_MONTHS), id_="other"), []),
        (BEFORE, rules(own(SIX_YEARS), burn=True), []),
    ],
    ids=[
        "years became months",
        "a day less",
        "the longest rule is gone",
        "from another clock",
        "after a dispute",
        "longer",
        "in months",
        "a shorter rule beside it",
        "a shorter rule less",
        "another name",
        "no class keeps for ever",
        "a first plan",
        "another class",
        "something else",
    ],
)
def test_what_is_shorter_stands_first_in_the_difference(before: ArchiveRules, after: ArchiveRules, lines: list[str]) -> None:
    found = difference(Plan(archive=before), Plan(archive=after))
    assert list(found[: len(lines)]) == lines
    assert [line for line in found if line.startswith("SHORTER")] == lines
    assert len(shortened(before, after)) == len(lines)


def test_however_much_changes_it_is_among_the_lines_that_are_shown() -> None:
    many = tuple(RetentionClass(id=f"c{number}", rules=(own(SIX_YEARS),)) for number in range(60))
    less = tuple(structs.replace(each, rules=(own(SIX_MONTHS),)) for each in many)
    lines = difference(Plan(archive=ArchiveRules(classes=many)), Plan(archive=ArchiveRules(classes=less)))
    assert len(lines) == LINES_MAX
    assert lines[0] == "SHORTER class c0 from call: 6 years → 6 months"
    assert told(shortened(ArchiveRules(classes=many), ArchiveRules(classes=less)), "en").endswith("; and 57 more")


def wanted(archive: ArchiveRules, *people: str) -> Wanted:
    plan = Plan(archive=archive, people=tuple(Person(id=AgentId(each)) for each in people))
    return Wanted(plan, version_of(plan), "local:root")


def test_an_alert_says_it_until_terms_are_longer_again() -> None:
    engine = Engine()
    assert [type(each) for each in engine.look(wanted(BEFORE))] == [PlanAdopted], "a first plan shortens nothing"
    adopted, raised = engine.look(wanted(rules(own(SIX_MONTHS))))
    assert isinstance(adopted, PlanAdopted)
    assert isinstance(raised, AlertRaised)
    assert (raised.alert, raised.severity, raised.subject) == (SHORTER, "act", "floor")
    assert "sales 6 months instead of 6 years from the call" in raised.text["en"]
    assert "sales自通话起6年改为6个月" in raised.text["zh"]
    assert engine.look(wanted(rules(own(SIX_MONTHS)))) == [], "once"
    (other,) = engine.look(wanted(rules(own(SIX_MONTHS)), "1002"))
    assert isinstance(other, PlanAdopted), "another roster is no answer to it"
    assert not engine.floor.owned.alerts[SHORTER].cleared
    adopted, cleared = engine.look(wanted(BEFORE))
    assert isinstance(cleared, AlertCleared)
    assert engine.floor.owned.alerts[SHORTER].cleared
    assert [type(each) for each in engine.look(wanted(BEFORE, "1001"))] == [PlanAdopted]
