"""What the channel is told of a decision: variables for the dialplan, and tones and numbers for who typed it on a phone. Pure.

Not when (`gate.py`). What goes into one command is made of our own words alone, digits and ids, for the application splits it at commas.
A phone hears why as a number, since Asterisk's own sounds know no word of ours; docs/outbound.md has the same table.
"""

from __future__ import annotations

import re
from typing import Final

from agi.fastagi.commands import Command, hang_up_after, play, say_number, say_time, set_variable
from agi.phone import sounds
from realtime.decision import Decision, Finding
from realtime.outbound import Constraints
from realtime.sentences import sentence
from realtime.words import SECOND, Micros

AWAY: Final = 0
BLOCKED: Final = 1
TOO_OFTEN: Final = 2
HOURS: Final = 3
CAMPAIGN: Final = 4
NUMBER: Final = 5
AGENT: Final = 6
CONSENT: Final = 7
FULL: Final = 8
OTHER: Final = 9

NUMBERS: Final[dict[str, int]] = {
    "gate": AWAY,
    "gate.strange": NUMBER,
    "dial.uncounted": AWAY,
    "dial.blocked": BLOCKED,
    "dial.list.listed": BLOCKED,
    "dial.cap": TOO_OFTEN,
    "dial.cool_down": TOO_OFTEN,
    "dial.way.machine_day": TOO_OFTEN,
    "dial.hours": HOURS,
    "dial.calendar": HOURS,
    "dial.zone": HOURS,
    "dial.contract.hours": HOURS,
    "dial.campaign": CAMPAIGN,
    "dial.contract": CAMPAIGN,
    "dial.stopped": CAMPAIGN,
    "dial.trial": CAMPAIGN,
    "dial.caller_id": CAMPAIGN,
    "dial.list": CAMPAIGN,
    "dial.rules": CAMPAIGN,
    "dial.preset": CAMPAIGN,
    "dial.purpose": CAMPAIGN,
    "dial.method": CAMPAIGN,
    "dial.way": CAMPAIGN,
    "dial.number": NUMBER,
    "dial.place": NUMBER,
    "dial.agent": AGENT,
    "dial.consent": CONSENT,
    "dial.at_once": FULL,
    "dial.abandon": FULL,
    "pace": FULL,
}
"""By rule; one that has more words behind a point is of the kind before it."""
SPEAKING_S: Final = 20
"""The longest refusal is spoken in nine seconds; a phone that is not answered hears it as early media."""
SENTENCE_MAX: Final = 400
"""Characters of ANDON_SENTENCE: for a log, and within Asterisk's line."""
WEEK: Final[Micros] = 7 * 24 * 3600 * SECOND
DAY: Final[Micros] = 24 * 3600 * SECOND

_RULE: Final = re.compile(r"[^a-z0-9_.]")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:+*#-]*")


def variables(*pairs: tuple[str, str]) -> Command:
    """Several at once, in this order, by an application that every release has: a command less is a way to the PBX and back less.
    Whatever has another character than ours is left empty: a comma would begin another variable."""
    said = ",".join(f"{name}={value if _PLAIN.fullmatch(value) else ''}" for name, value in pairs)
    return Command(("EXEC", "MSet", said))


def allowed(digits: str, dial: str, constraints: Constraints, shows: str, token: str) -> Command:
    """Everything in one stroke, the word that allows last: a dialplan that has it has the rest."""
    pairs = [("ANDON_DIAL", digits), ("ANDON_RING_MIN", str(constraints.ring_s)), ("ANDON_DIAL_ID", dial)]
    pairs += [("ANDON_SHOW", shows)] if shows else []
    pairs += [("ANDON_RECORD", "yes")] if constraints.record else []
    pairs += [("ANDON_AMD", "no")] if not constraints.amd else []
    return variables(*pairs, ("ANDON_DECISION", token))


def refused(reason: Finding, until: Micros) -> list[Command]:
    """The code first: with it the dialplan knows that somebody has spoken."""
    pairs = [("ANDON_REASON", _RULE.sub("", reason.rule))]
    pairs += [("ANDON_UNTIL", str(-(-until // SECOND)))] if until else []
    return [variables(*pairs), set_variable("ANDON_SENTENCE", sentence(reason, "en")[:SENTENCE_MAX])]


def spoken(reason: Finding, until: Micros, now: Micros, zone: str) -> list[Command]:
    """Falling tones, I'm sorry, number three, at two forty p m. Not answered: it costs the caller nothing, and nobody has been reached."""
    again = when(until, now, zone)
    first = [hang_up_after(SPEAKING_S), Command(("EXEC", "Progress", ""))]
    if number_of(reason) == AWAY and not again:
        return [*first, *sounds.fault()]
    return [*first, play(sounds.REFUSED), play(sounds.SORRY), play(sounds.NUMBER), say_number(number_of(reason)), *again]


def when(until: Micros, now: Micros, zone: str) -> list[Command]:
    """The time; within a week the day, too; else the date."""
    if not now < until:
        return []
    if until < now + DAY:
        return [play(sounds.AT), say_time(until, zone)]
    form = "AIMp" if until < now + WEEK else "BdIMp"
    return [play(sounds.AT), Command(("SAY DATETIME", str(until // SECOND), "", form, *([zone] if zone else [])))]


def number_of(reason: Finding) -> int:
    rule = reason.rule
    while rule:
        if rule in NUMBERS:
            return NUMBERS[rule]
        rule = rule.rpartition(".")[0]
    return OTHER


def reason_of(said: Decision) -> Finding:
    return said.reason or Finding("gate.silent", "deny")
