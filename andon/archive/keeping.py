"""`andon recordings due`, `hold`, `release`, `erase`, `clock`: until when and why, legal holds, wishes to be erased, what starts clocks.

Not the deciding (`recordings/retention/`) and not disposals (`disposing.py`). For who works on this machine, by the name of their account;
without --yes only what would be done is said. The plan is that of the files; a plan that is wrong lets nothing go. A number is read from
standard input, for a command line ends in the shell's history.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, cast, get_args

import msgspec

from andon.acts import recorded, this_person
from andon.archive.finding import WrongMoment, edge
from andon.archive.opened import NoArchive, with_catalogue
from andon.command_form import Said
from andon.plan.folder import load
from andon.roles.work import keys_of, now_us
from andon.say import Exit, complain, say
from andon.settings import Settings
from realtime.plan.model import Plan
from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.numbers import spellings
from recordings.retention import disposal, due, erasure, events, holds
from recordings.retention.choosing import Choice, beside
from recordings.retention.clocks import Reason
from recordings.retention.disposal import DisposalRefused
from recordings.retention.erasure import Answer, ErasureRefused
from recordings.retention.events import BadEvent, ClockSaid, SaidClock, Scope
from recordings.retention.holds import HoldRefused, Matter
from recordings.retention.ids import new_id
from recordings.retention.judging import Judged, policy_of
from recordings.retention.losing import LossRefused
from recordings.retention.people import NotAPerson, SamePerson
from recordings.retention.recompute import recompute
from recordings.retention.sentences import LANGUAGES, VERDICTS, day, sentence

NUMBER_MAX: Final = 64
REFUSALS: Final = (HoldRefused, DisposalRefused, ErasureRefused, LossRefused, BadEvent, NotAPerson, SamePerson, WrongMoment, NoArchive)
YES: Final = "Nothing was changed; say --yes to do it."


class WrongPlan(Exception):
    """One sentence."""


def asked(settings: Settings, ask: Callable[[Catalogue], Awaitable[Exit]]) -> Exit:
    """Refusals are sentences."""
    try:
        return with_catalogue(settings, ask, writes=True)
    except (*REFUSALS, WrongPlan) as refused:
        complain(str(refused))
        return Exit.FAILED


def done_as(settings: Settings, action: str, target: str, ask: Callable[[Catalogue], Awaitable[Exit]]) -> Exit:
    """The same, in the audit trail first."""
    return recorded(Path(settings.data.dir), action, target, lambda: asked(settings, ask))


def plan_of(settings: Settings) -> Plan:
    """Raises WrongPlan."""
    plan = load(Path(settings.floor.plan), settings.floor.timezone).plan
    if plan is None:
        raise WrongPlan("The plan has errors, so nothing is known to be allowed to go; andon check says what to correct.")
    return plan


def choice_of(said: Said, zone: str) -> Choice:
    """Raises WrongMoment."""
    return Choice(
        ids=tuple(said.what),
        agent=said.agent,
        campaign=said.campaign,
        queue=said.queue,
        call=said.call,
        class_=said.class_,
        since=edge(said.since, zone, "--since"),
        until=edge(said.until, zone, "--until", end=True),
    )


# ---------------------------------------------------------------- due


def due_(said: Said, settings: Settings) -> Exit:
    """`--until`: as of the end of that day."""

    async def told(catalogue: Catalogue) -> Exit:
        zone, only = settings.floor.timezone, said.what[0] if said.what else ""
        if only and only not in due.VERDICTS:
            complain(f"There is no verdict {only!r}; say one of {', '.join(due.VERDICTS)}.")
            return Exit.WRONG
        at = edge(said.until, zone, "--until", end=True) or now_us()
        choice = msgspec.structs.replace(choice_of(said, zone), ids=(), until=0)
        async with catalogue.reading() as connection:
            found = await due.due(connection, policy_of(plan_of(settings), zone), at, choice, only, min(said.limit, due.LIMIT_MOST))
        for line in due_json(found.lines, at, zone) if said.json else due_lines(found.lines, at, said.language, zone):
            say(line)
        if not said.json:
            counts = ", ".join(f"{found.counts[each]:,} {VERDICTS[each][LANGUAGES.index(said.language)]}" for each in due.VERDICTS)
            say(f"{day(at, zone)}: {counts}.")
            if found.after:
                complain("There are more; say --limit N, or fewer with --class, --campaign, or a verdict as may_go.")
        return Exit.DONE

    return asked(settings, told)


def due_lines(lines: Iterable[Judged], at: Micros, language: str, zone: str) -> Iterable[str]:
    for each in lines:
        verdict = VERDICTS[each.verdict(at)][LANGUAGES.index(language)]
        yield f"{each.row['id']}  {day(each.row['began'], zone)}  {each.class_ or '-'}  {verdict}"
        yield from (f"    {sentence(reason, language, zone)}" for reason in each.keeping.why)


def due_json(lines: Iterable[Judged], at: Micros, zone: str) -> Iterable[str]:
    for each in lines:
        kept = each.keeping
        told = {
            "id": each.row["id"],
            "class": each.class_,
            "verdict": each.verdict(at),
            "kept_by": kept.kept_by,
            "holds": each.row["holds"],
        }
        told |= {"keep_until": day(kept.keep_until, zone) if kept.keep_until else None, "conflict": kept.conflict}
        yield json.dumps({**told, "why": whys(kept.why, "en", zone)}, ensure_ascii=False)


def whys(reasons: Iterable[Reason], language: str, zone: str) -> list[str]:
    return [sentence(reason, language, zone) for reason in reasons]


# ---------------------------------------------------------------- holds


def hold(said: Said, settings: Settings) -> Exit:
    if said.what == ["list"]:
        return asked(settings, lambda catalogue: _held(catalogue, settings.floor.timezone))
    if said.yes and not (said.matter and said.custodian):
        complain("Say what the hold is for and who answers for it: --matter TEXT --custodian NAME.")
        return Exit.WRONG

    async def placed(catalogue: Catalogue) -> Exit:
        choice = choice_of(said, settings.floor.timezone)
        if not said.yes:
            would = await holds.would(beside(catalogue), choice)
            say(f"It would hold {would.items:,} recordings; SHA-256 of their list: {would.sha256.hex()}. {YES}")
            return Exit.DONE
        matter, days = Matter(name=said.matter, custodian=said.custodian), plan_of(settings).archive.hold_review_days
        made = await holds.place(catalogue, new_id("h"), choice, matter, this_person(), now_us(), days)
        say(f"{made.id} holds {made.items:,} recordings; SHA-256 of their list: {made.sha256.hex()}.")
        if made.withdrawn:
            say(f"{made.withdrawn:,} of them were listed in a disposal, and are not any more.")
        return Exit.DONE

    return done_as(settings, "hold recordings", said.matter, placed) if said.yes else asked(settings, placed)


async def _held(catalogue: Catalogue, zone: str) -> Exit:
    async with catalogue.reading() as connection:
        found = await holds.every(connection, True, due.LIMIT_MOST)
    for row in found:
        who = f"placed by {row['placed_by']} on {day(row['placed_at'], zone)}, to be looked at by {day(row['review_at'], zone)}"
        say(f"{row['id']}  {row['standing']}  {row['items']:,} recordings  {row['matter']}  ({row['custodian']}); {who}")
    if not found:
        complain("There are no holds.")
    return Exit.DONE


def release(said: Said, settings: Settings) -> Exit:
    if len(said.what) != 1 or not said.reason or not said.yes:
        complain("Say which hold and why: andon recordings release ID --reason TEXT --yes; two people have to.")
        return Exit.WRONG

    async def released(catalogue: Catalogue) -> Exit:
        standing = await holds.release(catalogue, said.what[0], this_person(), said.reason, now_us())
        say("It is released." if standing == holds.RELEASED else "You asked for its release; it holds until another person agrees.")
        return Exit.DONE

    return done_as(settings, "release a hold", said.what[0], released)


# ---------------------------------------------------------------- erasures and clocks


def erase(said: Said, settings: Settings) -> Exit:
    if said.what != ["-"]:
        complain(
            "Write a - and give the number on standard input: andon recordings erase - --reason TEXT; here it would stay in the shell."
        )
        return Exit.WRONG
    number = sys.stdin.readline(NUMBER_MAX + 2).strip()

    async def told(catalogue: Catalogue) -> Exit:
        plan, zone = plan_of(settings), settings.floor.timezone
        digest, policy = keys_of(settings, make=False).sealer().digest, policy_of(plan, zone)
        numbers = [digest(each) for each in spellings(number, plan.dialling)]
        if not said.yes:
            async with catalogue.reading() as connection:
                answers = await erasure.consider(connection, policy, numbers, now_us())
            _answered(answers, said.language, zone)
            say(YES)
            return Exit.DONE
        made = await erasure.ask(catalogue, new_id("e"), policy, numbers, said.reason, this_person(), now_us())
        _answered(made.answers, said.language, zone)
        say(f"{made.id} is written down and waits for another person: andon recordings dispose approve {made.id} --yes")
        return Exit.DONE

    if not said.yes:
        return asked(settings, told)
    if not said.reason:
        complain("Say why: --reason with whose letter it was and when.")
        return Exit.WRONG
    return done_as(settings, "write down an erasure", said.reason, told)


def _answered(answers: Sequence[Answer], language: str, zone: str) -> None:
    if not answers:
        say("No recording of this number is kept.")
    words = {disposal.GOING: ("erased", "删除"), disposal.WAITING: ("kept, restricted", "保留并限制访问"), disposal.KEPT: ("kept", "保留")}
    for each in answers:
        row, standing = each.judged.row, words[each.decided.standing][LANGUAGES.index(language)]
        say(f"{row['id']}  {day(row['began'], zone)}  {standing}: {' '.join(whys(each.decided.why, language, zone))}")


def clock(said: Said, settings: Settings) -> Exit:
    """CLOCK SCOPE SUBJECT, and `closed` behind it for a dispute that is over."""
    words = list(said.what)
    over = bool(words) and words[-1] == "closed" and bool(words.pop())
    clocks, scopes = get_args(SaidClock), tuple(each for each in get_args(Scope) if each != "number")
    if len(words) != 3 or words[0] not in clocks or words[1] not in scopes or not said.since:
        complain(
            f"Say CLOCK SCOPE SUBJECT --since DAY; CLOCK: {', '.join(clocks)}; SCOPE: {', '.join(scopes)}. A number's is said on the page."
        )
        return Exit.WRONG

    async def told(catalogue: Catalogue) -> Exit:
        now, zone = now_us(), settings.floor.timezone
        event = ClockSaid(
            clock=cast(Any, words[0]),
            scope=cast(Any, words[1]),
            subject=words[2],
            moment=edge(said.since, zone, "--since"),
            reference=said.matter,
            over=over,
            why=said.reason,
        )
        policy = policy_of(plan_of(settings), zone)
        async with catalogue.change() as change:
            await events.say(change, event, policy.campaigns, this_person(), now)
        done = await recompute(catalogue, policy, now, events.about(event.scope, [event.subject]))
        say(f"It is written down; the terms of {done.changed:,} recordings changed.")
        return Exit.DONE

    if not said.yes:
        try:
            edge(said.since, settings.floor.timezone, "--since")
        except WrongMoment as wrong:
            complain(str(wrong))
            return Exit.FAILED
        say(f"It would be written down that the {words[0]} of {words[1]} {words[2]} is {'closed' if over else 'of'} {said.since}. {YES}")
        return Exit.DONE
    return done_as(settings, "say a clock", " ".join(words), told)
