"""`andon recordings trained`: who is due for training by the KPIs, what was given, and recording or withdrawing it.

Not the deciding (`recordings/quality/trained.py`). What changes something needs --yes, and is done by the account that typed it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from andon.acts import this_person
from andon.archive.keeping import YES, asked, done_as, plan_of
from andon.command_form import Said
from andon.roles.work import now_us
from andon.say import Exit, complain, say
from andon.settings import Settings
from recordings.catalogue.catalogue import Catalogue
from recordings.quality import trained, training
from recordings.quality.refusal import NotDone
from recordings.quality.scores import Rater, month_of
from recordings.quality.trained import Given

HELP: Final = (
    "Say andon recordings trained; or trained keep AGENT KPI --on 2026-11-28 --trainer NAME [--reason NOTE]; or trained withdraw NUMBER "
    "--reason WHY."
)


def trained_(said: Said, settings: Settings) -> Exit:
    step, what = (said.what[0], said.what[1:]) if said.what else ("", [])
    if not step:
        return asked(settings, lambda catalogue: _list(catalogue, settings))
    if step == "keep" and len(what) == 2 and said.on and said.trainer:
        given = Given(what[0], what[1], (), said.on, said.trainer, said.reason)
        return _done(said, settings, "record a training", lambda catalogue: _keep(catalogue, given, settings))
    if step == "withdraw" and len(what) == 1 and what[0].isdecimal() and said.reason:
        return _done(said, settings, "withdraw a training", lambda catalogue: _withdraw(catalogue, int(what[0]), said.reason))
    complain(HELP)
    return Exit.WRONG


def _done(said: Said, settings: Settings, action: str, ask: Callable[[Catalogue], Awaitable[Exit]]) -> Exit:
    if not said.yes:
        told = asked(settings, lambda catalogue: _list(catalogue, settings))
        complain(YES)
        return told

    async def refused(catalogue: Catalogue) -> Exit:
        try:
            return await ask(catalogue)
        except NotDone as not_done:
            complain(not_done.text()[said.language])
            return Exit.FAILED

    return done_as(settings, action, " ".join(said.what[1:])[:200], refused)


async def _list(catalogue: Catalogue, settings: Settings) -> Exit:
    rules, current = plan_of(settings).archive.quality, month_of(now_us(), settings.floor.timezone)
    async with catalogue.reading() as connection:
        due = await training.due(connection, rules, current)
        given = await trained.rows(connection)
    for (agent, kpi), months in sorted(due.items()):
        say(f"{agent}  due by {kpi} for {', '.join(months)}")
    for row in given:
        away = f"  withdrawn by {row['withdrawn_by']}: {row['withdrawn_why']}" if row["withdrawn_at"] else ""
        months = row["months"].replace(",", ", ")
        say(f"{row['id']}  {row['agent']}  trained on {row['day']} by {row['trainer']} by {row['kpi']} for {months}{away}")
    if not due:
        complain("Nobody is due for training.")
    return Exit.DONE


async def _keep(catalogue: Catalogue, given: Given, settings: Settings) -> Exit:
    """For the months that are due now: whoever types it has just been shown them."""
    rules, now, zone = plan_of(settings).archive.quality, now_us(), settings.floor.timezone
    async with catalogue.reading() as connection:
        due = await training.due(connection, rules, month_of(now, zone), given.agent)
    months = due.get((given.agent, given.kpi), ())
    number = await trained.keep(catalogue, given._replace(months=months), rules, zone, Rater(this_person()), now)
    say(f"Training {number} of {given.agent} is recorded for {', '.join(months)}; the floor lets them in within minutes.")
    return Exit.DONE


async def _withdraw(catalogue: Catalogue, number: int, why: str) -> Exit:
    await trained.withdraw(catalogue, number, why, this_person(), now_us())
    say(f"Training {number} is withdrawn; whoever is due by it is due again.")
    return Exit.DONE
