"""Alerts: thresholds on numbers, and the troubles that need no threshold. Raised once, over when it is well again. Pure.

Not the numbers (`readings.py`) and not their showing. The same trouble of the same subject is one alert, however often it is looked at.
Between its two thresholds an alert stays what it is. What is not known keeps an alert that is on, and clears none; a server that is
not heard is an alert by itself, because everything it would say is missing. An alert that somebody closed comes back only after
it was well in between, or when it gets worse.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from realtime import requests, sentences
from realtime.control.adopting import BAD, SHORTER
from realtime.control.ruling import Moment, Ruling
from realtime.decision import Finding, Value, decide
from realtime.floor import Floor
from realtime.owned import Alert, Owned
from realtime.plan.model import AlertRule
from realtime.plan.numbers import NUMBERS, SHARES
from realtime.plan.reach import leaders_of, reach, reach_team, team
from realtime.requests import Request
from realtime.rules import membership
from realtime.rules.cards import minutes
from realtime.rules.pauses import STUCK
from realtime.rules.readings import ARCHIVE_SILENT, Readings
from realtime.rulings import AlertBrewing, AlertCleared, AlertRaised, AlertTaken
from realtime.saying import Saying, say
from realtime.words import SECOND, AgentId, Micros

RAISED_AT_ONCE: Final = 50
"""In one look; the rest a second later. A rule that is wrong for everybody should not hold up the engine, nor fill the log at once."""
CORRECTED_WITHIN_S: Final = 10
"""A pause that is undone is over within seconds; one that is not needs a person."""
LATE_S: Final = 120
"""Of a meeting: who is not there by then is missing."""
SAID_MAX: Final = 300
"""Characters of its sentence: one, with a path."""
STEPS: Final = ("leader", "overrun", "welfare")
"""Of the ladder of an overrun those that somebody else hears of."""


class Trouble(NamedTuple):
    """What is bad now. `code` and `values` are its sentence, beside who and what it is about."""

    alert: str
    rule: str
    subject: str
    severity: str
    value: float | None
    code: str
    values: dict[str, Value]
    for_s: int = 0
    owner: str = ""
    number: AlertRule | None = None


def alert_id(rule: str, subject: str) -> str:
    """One path segment of an address and one level of a topic."""
    return f"{rule}:{subject}".replace("/", ":")


# ------------------------------------------------------------------ what is due


def due(floor: Floor, now: Micros) -> list[Saying]:
    bad: dict[str, Trouble] = {}
    kept: set[str] = set()
    readings = Readings(floor, now)
    for rule in floor.owned.plan.alerts:
        judge(floor, rule, readings, bad, kept)
    for trouble in (
        *overruns(floor),
        *strays(floor),
        *meetings(floor, now),
        *members(floor),
        *campaigns(floor),
        *card_totals(floor),
        *archive(floor, now),
        *room(floor, {*bad, *kept}),
        *silent(floor, readings),
    ):
        bad[trouble.alert] = trouble
    return [*raised(floor, bad, now), *over(floor, bad, kept, now)]


def judge(floor: Floor, rule: AlertRule, readings: Readings, bad: dict[str, Trouble], kept: set[str]) -> None:
    alerts, brewing = floor.owned.alerts, floor.owned.brewing
    for subject, value in readings.of(rule):
        if value is not None and is_good(rule, value):
            continue
        alert = alert_id(rule.id, subject)
        if value is not None and is_bad(rule, value):
            owner = rule.owner or owner_of(floor.owned, subject)
            bad[alert] = Trouble(alert, rule.id, subject, rule.severity, value, "", {}, rule.for_s, owner, rule)
        elif alert in brewing or is_on(alerts.get(alert)):
            kept.add(alert)


def is_bad(rule: AlertRule, value: float) -> bool:
    return (rule.above is not None and value > rule.above) or (rule.below is not None and value < rule.below)


def is_good(rule: AlertRule, value: float) -> bool:
    """Back to `clear`, where the rule has one; else to the threshold itself."""
    if rule.above is not None and value > (rule.above if rule.clear is None else min(rule.above, rule.clear)):
        return False
    return rule.below is None or value >= (rule.below if rule.clear is None else max(rule.below, rule.clear))


def is_on(alert: Alert | None) -> bool:
    return alert is not None and not alert.cleared


def raised(floor: Floor, bad: dict[str, Trouble], now: Micros) -> Iterator[Saying]:
    owned, room = floor.owned, RAISED_AT_ONCE
    for trouble in bad.values():
        known = owned.alerts.get(trouble.alert)
        if known is not None and not known.cleared and not is_worse(trouble, known):
            continue
        since = owned.brewing.get(trouble.alert)
        if trouble.for_s and not is_on(known) and (since is None or now - since < trouble.for_s * SECOND):
            if since is None:
                yield say(AlertBrewing, now, alert=trouble.alert, since=now)
        elif room:
            room -= 1
            yield say(
                AlertRaised,
                now,
                alert=trouble.alert,
                rule=trouble.rule,
                severity=trouble.severity,
                subject=trouble.subject,
                value=trouble.value,
                text=text_of(floor, trouble),
                owner=AgentId(trouble.owner),
            )


def is_worse(trouble: Trouble, known: Alert) -> bool:
    """A step further; of a number only the severity says so, or it would be told anew each second."""
    return trouble.severity != known.severity or (trouble.number is None and trouble.value != known.value)


OTHERS = frozenset({STUCK, BAD, SHORTER})
"""Rules of alerts that somebody else raises and clears: two who judge one alert would contradict each other at each look."""


def over(floor: Floor, bad: dict[str, Trouble], kept: set[str], now: Micros) -> Iterator[Saying]:
    for name, alert in floor.owned.alerts.items():
        if alert.rule in OTHERS:
            continue
        if not alert.cleared and name not in bad and name not in kept:
            yield say(AlertCleared, now, alert=name)
    for name in floor.owned.brewing:
        if name not in bad and name not in kept:
            yield say(AlertBrewing, now, alert=name, since=0)


# ------------------------------------------------------------------ troubles that need no threshold


def overruns(floor: Floor) -> Iterator[Trouble]:
    """The team leader is told at the step of that name, anybody in charge at those behind it."""
    ladder = floor.owned.plan.breaks.overrun
    after = {"leader": ladder.leader_s, "overrun": ladder.overrun_s, "welfare": ladder.welfare_s}
    for agent, lease in floor.owned.leases.items():
        if lease.overran not in STEPS:
            continue
        subject, severity = f"agent:{agent}", "warn" if lease.overran == "leader" else "act"
        values: dict[str, Value] = {"over": duration(after[lease.overran])}
        rule, owner = "break.overrun", owner_of(floor.owned, subject)
        code = "alert.welfare" if lease.overran == "welfare" else "alert.overrun"
        yield Trouble(alert_id(rule, subject), rule, subject, severity, float(after[lease.overran]), code, values, owner=owner)


def strays(floor: Floor) -> Iterator[Trouble]:
    for agent, stray in floor.owned.strays.items():
        if stray.treated == "observe":
            continue
        subject, rule = f"agent:{agent}", "pause.unauthorised"
        for_s, owner = CORRECTED_WITHIN_S if stray.treated == "undo" else 0, owner_of(floor.owned, subject)
        values: dict[str, Value] = {"reason": stray.reason}
        code = "alert.stray" if stray.reason else "alert.stray.mute"
        yield Trouble(alert_id(rule, subject), rule, subject, "warn", None, code, values, for_s, owner)


def meetings(floor: Floor, now: Micros) -> Iterator[Trouble]:
    """Who is on a call will come; who is not there at all is missing."""
    owned = floor.owned
    for meeting in owned.meetings.values():
        missing = [each for each in meeting.expected if each not in meeting.joined and each not in owned.grants]
        if not missing or now - meeting.began < LATE_S * SECOND:
            continue
        subject = f"team:{meeting.teams[0]}" if meeting.teams else "floor"
        names = ", ".join(name_of(owned, each) for each in missing[:5]) + (" …" if len(missing) > 5 else "")
        values: dict[str, Value] = {"meeting": meeting.name or meeting.id, "meeting_zh": meeting.name_zh or meeting.name or meeting.id}
        values |= {"missing": len(missing), "expected": len(meeting.expected), "names": names}
        rule, owner = "meeting.missing", owner_of(owned, subject)
        alert = alert_id(rule, meeting.id)
        yield Trouble(alert, rule, subject, "warn", float(len(missing)), "alert.meeting", values, owner=owner)


def members(floor: Floor) -> Iterator[Trouble]:
    """Who should be in a queue, or out of it, and the PBX does not do it: as a member of queues.conf, whom nobody can remove."""
    for agent, queue, told, times in membership.vain(floor):
        subject, rule = f"agent:{agent}", "membership.stuck"
        values: dict[str, Value] = {"queue": queue, "said": told or "-"}
        alert = alert_id(rule, f"{subject}:{queue}")
        if times < membership.TRIES and not is_on(floor.owned.alerts.get(alert)):
            continue  # once it is on it stays, while the oldest tries are forgotten and made anew
        yield Trouble(alert, rule, subject, "warn", None, "alert.membership", values, owner=owner_of(floor.owned, subject))


def campaigns(floor: Floor) -> Iterator[Trouble]:
    """What was stopped by itself, until two people have looked at it or it is put right."""
    states = floor.owned.outbound.campaigns
    for campaign in floor.owned.plan.dialling.campaigns:
        now = states.get(campaign.id)
        if now is None or now.state != "stopped" or not now.moves or not now.moves[-1].why:
            continue
        last, rule = now.moves[-1], "campaign.stopped"
        why = {name: sentences.sentence(Finding(last.why), language) for name, language in (("why", "en"), ("why_zh", "zh"))}
        name = campaign.name or campaign.id
        values: dict[str, Value] = {"campaign": name, "campaign_zh": campaign.name_zh or name, "seen": last.reason, **why}
        yield Trouble(alert_id(rule, campaign.id), rule, "floor", "act", None, "alert.campaign_stopped", values)


def card_totals(floor: Floor) -> Iterator[Trouble]:
    """A call that was silent for as long as the plan allows, until it is over."""
    for call, card in floor.owned.card_spent.items():
        if card.full:
            subject, rule = f"agent:{card.agent}", "card.total"
            values: dict[str, Value] = {"minutes": minutes(floor)}
            owner = owner_of(floor.owned, subject)
            yield Trouble(alert_id(rule, call), rule, subject, "act", None, "alert.card_total", values, owner=owner)


def archive(floor: Floor, now: Micros) -> Iterator[Trouble]:
    """What the archivist cannot reach, and an archivist that is not heard. A plan that watches its silence has its own word for that."""
    seen = floor.owned.archive
    if not seen.at:
        return
    if now - seen.at > ARCHIVE_SILENT:
        if not any(rule.number == "archive_silent_s" for rule in floor.owned.plan.alerts):
            yield Trouble(alert_id("archive.silent", "floor"), "archive.silent", "floor", "act", None, "alert.archive_silent", {})
    elif seen.away:
        yield Trouble(
            alert_id("archive.away", "floor"), "archive.away", "floor", "act", None, "alert.archive_away", {"said": seen.away[:SAID_MAX]}
        )


def room(floor: Floor, on: Collection[str]) -> Iterator[Trouble]:
    """Less of it than `[archive]` of the settings wants, whatever the plan watches; also while the archivist is silent. `on`: alerts of
    the plan's thresholds that are on; where one of them says the same already, once is enough."""
    tight = floor.owned.archive.tight
    if not tight or any(alert_id(rule.id, "floor") in on for rule in floor.owned.plan.alerts if rule.number == "archive_free_share"):
        return
    values: dict[str, Value] = {"folder": tight[:SAID_MAX]}
    yield Trouble(alert_id("archive.room", "floor"), "archive.room", "floor", "act", None, "alert.archive_room", values)


def silent(floor: Floor, readings: Readings) -> Iterator[Trouble]:
    """One alert for a server and not one for each number behind it. A plan that watches `silent_s` has its own word for it."""
    if any(rule.number == "silent_s" for rule in floor.owned.plan.alerts):
        return
    for node in sorted(readings.lost):
        subject, rule = f"node:{node}", "facts.missing"
        yield Trouble(alert_id(rule, subject), rule, subject, "act", None, "alert.silent", {})


# ------------------------------------------------------------------ words


def text_of(floor: Floor, trouble: Trouble) -> dict[str, str]:
    """By language: a name, a number and a subject have their own words in each."""
    found = {}
    for place, language in enumerate(sentences.LANGUAGES):
        values = {**trouble.values, "subject": subject_in(floor, trouble.subject, language)}
        code = trouble.code
        if trouble.number is not None and trouble.value is not None:
            rule = trouble.number
            words = NUMBERS.get(rule.of, {}).get(rule.number, (rule.number, rule.number))
            limit = rule.above if rule.above is not None and trouble.value > rule.above else rule.below
            values["name"] = (rule.name_zh if language == "zh" else "") or rule.name
            code = ("alert.above" if limit == rule.above else "alert.below") + ("" if values["name"] else ".plain")
            values |= {"number": words[place], "value": said(rule.number, trouble.value), "limit": said(rule.number, limit or 0.0)}
        found[language] = sentences.sentence(Finding(code, values=values), language)
    return found


def said(number: str, value: float) -> str:
    """As a person reads it: shares in percent, seconds as minutes and seconds."""
    if number in SHARES:
        return f"{value * 100:.0f} %"
    return duration(round(value)) if number.endswith("_s") else f"{value:.0f}"


def duration(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def subject_in(floor: Floor, subject: str, language: str) -> str:
    kind, _, name = subject.partition(":")
    match kind:
        case "queue":
            return name.partition("/")[2]
        case "agent":
            known = floor.agents.get(name)
            return name_of(floor.owned, name) or (known.name if known is not None else "") or name
        case "team":
            found = team(floor.owned.plan, name)
            return ((found.name_zh if language == "zh" else "") or found.name if found is not None else "") or name
        case "node":
            return name
    return "现场" if language == "zh" else "The floor"


def name_of(owned: Owned, agent: str) -> str:
    person = owned.people.get(agent)
    return person.name if person is not None and person.name else agent


def owner_of(owned: Owned, subject: str) -> str:
    """The leader of the team where there is one; of queues and servers nobody by name."""
    kind, _, name = subject.partition(":")
    if kind == "agent":
        return next(iter(leaders_of(owned, name)), "")
    found = team(owned.plan, name) if kind == "team" else None
    return next(iter(found.leaders), "") if found is not None else ""


# ------------------------------------------------------------------ taking one on


def take(floor: Floor, request: Request, wish: requests.AlertTake, moment: Moment) -> Ruling:
    owned, actor = floor.owned, request.actor
    alert = owned.alerts.get(wish.alert)
    if alert is None:
        return Ruling(decide([Finding("alert.unknown", "deny", {"alert": wish.alert})]))
    findings = [reaches(owned, request, alert)]
    if alert.closed and not (wish.deed == "close" and not alert.cleared):
        findings.append(Finding("alert.closed", "deny"))
    if wish.deed == "close":
        text = wish.text.strip()
        findings.append(Finding("alert.outcome") if text else Finding("alert.no_outcome", "deny"))
    else:
        findings.append(Finding(f"alert.{wish.deed}"))
    decision = decide(findings)
    if decision.verdict != "allow":
        return Ruling(decision)
    who = actor.agent or actor.who
    return Ruling(decision, [say(AlertTaken, moment.now, alert=alert.id, deed=wish.deed, who=who, text=wish.text[: requests.TEXT_MAX])])


def reaches(owned: Owned, request: Request, alert: Alert) -> Finding:
    """Whose it is may always take it; else who reaches its agent or team. What is about no team is for who reaches the whole floor."""
    actor = request.actor
    if alert.owner and alert.owner in (actor.agent, actor.who):
        return Finding("alert.yours")
    kind, _, name = alert.subject.partition(":")
    return reach(owned, actor, name) if kind == "agent" else reach_team(owned, actor, name if kind == "team" else "")
