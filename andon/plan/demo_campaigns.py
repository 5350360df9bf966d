"""The demo's campaigns, as files of its plan, and whom its dialler has in its lists: numbers for each reason to refuse one.

Not what is done with them (`agi/simulator/dialler.py`, `andon/campaign_crowd.py`). Numbers are drawn from the seed, so that the processes
of a demo have the same ones without telling each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

from agi.simulator.dialler import Callee, Job

TRIAL: Final = "B-112"
FORMAL: Final = "C-207"
CLIENTS: Final = {TRIAL: "seaside-insurance", FORMAL: "north-bank"}
CONSENTS: Final = "demo-consents"
NO_CALLS: Final = "demo-no-calls"
LAWFUL: Final = ("cn-guizhou", "us-dnc")
"""Those that the presets ask for; a Chinese mobile number does not say its province, so the first is for all of them."""

CUSTOMERS, DEBTORS, NO_CONSENT, LISTED, ASKED = 240, 300, 30, 40, 40
"""How many numbers of each kind. Of what is dialled for the first campaign a third is refused, so that whoever looks sees why soon."""
STRANGE: Final = ("95588", "10086", "4008123456", "4006001234", "03012345678901", "120")
"""Short, a hotline, a hotline, too long, emergency: what a list from somewhere has in it."""
ABROAD: Final = ("0012125550123", "0018005550199", "0018665550142", "0016716470123", "0018085550177")
"""New York, two that are free of charge, Guam, Hawaii. When it is day in one, it is night in another; a free one may be in all of them."""
OFTEN: Final = 7
"""How often each of those stands in a list."""

CAMPAIGNS: Final = """\
# Two campaigns. They would be silent at night and at noon by the hours of the law (presets cn-commercial and cn-collection), and a demo
# is started at any hour: so both have rules of their own with hours round the clock, which no real campaign may have. The other rules are
# in the manner of those presets, with shorter pauses. Numbers in the United States keep their law's hours, by the clocks there.

[[campaign]]
id = "{trial}"
name = "Insurance renewals"
name_zh = "保险续保"
client = "{trial_client}"
purpose = "telemarketing"
presets = ["cn-guizhou", "us-tsr"] # the first asks for consent and a list, and has no hours; the second is of customers who moved abroad
caller_ids = ["+862161234567"]
lists = ["demo-no-calls"]
consents = ["demo-consents"]
most = "progressive"
teams = [{trial_teams}]

[campaign.trial]
dials_day = 2000
contacts_day = 900
agents = 8
judged_dials = 40

[campaign.contract]
number = "SI-2026-112"
retention = "thirty-days"
dials_day = 3000

[[campaign.hours]]
id = "round-the-clock"
every_day = ["00:00-24:00"]

[[campaign.consent]]
id = "consent"

[[campaign.cap]]
id = "calls-in-day"
most = 3
window = "calendar_day"

[[campaign.cool_down]]
id = "between-calls"
after = "attempt"
seconds = 120
unless = ["callback"]

[[campaign.way]]
id = "recorded"
record = true

[[campaign]]
id = "{formal}"
name = "Card arrears, stage 1"
name_zh = "信用卡一阶段催收"
client = "{formal_client}"
purpose = "collection"
caller_ids = ["+862161234568"]
lists = ["demo-no-calls"]
most = "predictive"
at_once = 16
teams = [{formal_teams}]

[campaign.trial]
agents = 8
judged_dials = 40

[campaign.contract]
number = "NB-2026-207"
retention = "bank"
dials_day = 5000

[[campaign.hours]]
id = "round-the-clock"
every_day = ["00:00-24:00"]
guard_s = 0

[[campaign.cap]]
id = "calls-in-day"
most = 3
window = "calendar_day"
scope = ["person", "client"]

[[campaign.cool_down]]
id = "between-calls"
after = "attempt"
seconds = 60
unless = ["callback"]

[[campaign.abandon]]               # laws say 3 of 100, and the governor wants 82 answers first: here it has something to do within minutes
id = "abandoned"
limit = 0.25
target = 0.2
window = "calendar_day"
zone = "Asia/Shanghai"             # the floor's own day, or the governor would not know which answers are of this one
"""

DIALLING: Final = """\
[dialling]
blocked = ["+86400"]
manual = "C-207"
at_once = 60

[[outcome]]
code = "S1"
name = "Sold"
name_zh = "成交"
means = "sale"

[[outcome]]
code = "P1"
name = "Promises to pay"
name_zh = "承诺还款"
means = "done"

[[outcome]]
code = "C1"
name = "Call me back"
name_zh = "约定回拨"
means = "callback"

[[outcome]]
code = "N2"
name = "Wants no more calls"
name_zh = "要求不再来电"
means = "blocked"

[[outcome]]
code = "W1"
name = "Wrong number"
name_zh = "号码有误"
means = "wrong_number"

[[outcome]]
code = "A1"
name = "Answering machine, or somebody else"
name_zh = "答录机或非本人接听"
means = "no_person"

[[outcome]]
code = "D1"
name = "Thinks it over"
name_zh = "再考虑"
means = "done"
"""


def campaign_files(teams: Sequence[str]) -> dict[str, str]:
    """Name of a file -> its text."""
    first, second = halves(teams)
    text = CAMPAIGNS.format(
        trial=TRIAL,
        formal=FORMAL,
        trial_client=CLIENTS[TRIAL],
        formal_client=CLIENTS[FORMAL],
        trial_teams=", ".join(f'"{each}"' for each in first),
        formal_teams=", ".join(f'"{each}"' for each in second),
    )
    return {"campaigns.toml": text, "dialling.toml": DIALLING}


def halves(teams: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Which teams dial for which campaign; a small centre's only team for both."""
    return (teams[: len(teams) // 2], teams[len(teams) // 2 :]) if len(teams) > 1 else (teams, teams)


# ------------------------------------------------------------------ whom they call


class Book(NamedTuple):
    """Numbers as they are dialled, by what is to come of them."""

    customers: tuple[str, ...]
    debtors: tuple[str, ...]
    no_consent: tuple[str, ...]
    listed: tuple[str, ...]  # on a do-not-call list
    asked: tuple[str, ...]  # who asked not to be called


def book(seed: int) -> Book:
    chance = Random(f"{seed}:book")  # noqa: S311 - repeatable on purpose
    numbers = [f"1{chance.choice(('39', '58', '86'))}{place:04}{chance.randrange(10_000):04}" for place in range(10_000)]
    drawn = iter(chance.sample(numbers, CUSTOMERS + DEBTORS + NO_CONSENT + LISTED + ASKED))

    def take(count: int) -> tuple[str, ...]:
        return tuple(next(drawn) for _ in range(count))

    return Book(take(CUSTOMERS), take(DEBTORS), take(NO_CONSENT), take(LISTED), take(ASKED))


def consenting(of: Book) -> tuple[str, ...]:
    """Whoever is refused for another reason has consented, so that one sees by which."""
    return (*of.customers, *of.listed, *of.asked, *ABROAD)


def e164(number: str) -> str:
    return f"+{number[2:]}" if number.startswith("00") else f"+86{number}"


def jobs(seed: int, of_team: dict[str, tuple[str, ...]]) -> tuple[Job, ...]:
    """What the dialler does; `of_team`: the devices of each team."""
    whom, (first, second) = book(seed), halves(tuple(of_team))
    renewals = (*whom.customers, *whom.no_consent, *whom.listed[::2], *whom.asked[::2], *STRANGE * OFTEN, *ABROAD * OFTEN)
    arrears = (*whom.debtors, *whom.listed[1::2], *whom.asked[1::2])
    return (
        Job(TRIAL, _devices(of_team, first), tuple(Callee(each) for each in renewals), a_minute=20),
        Job(FORMAL, _devices(of_team, second), tuple(_debtor(each) for each in arrears), a_minute=32, over=4),
    )


def _debtor(number: str) -> Callee:
    return Callee(number, {"person": f"p{number[-6:]}", "debt": f"card-{number[-6:]}"})


def _devices(of_team: dict[str, tuple[str, ...]], teams: Sequence[str]) -> tuple[str, ...]:
    return tuple(device for team in teams for device in of_team[team])
