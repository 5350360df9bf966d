"""Recordings of calls that are there, card-data pauses, and how the archive is.

Not what becomes of a recording (`recordings/`). What is recorded and what is silent is the PBX's word; a card-data pause is ours, and
lasts until its end was said *and* nothing that we silenced is silent any more, or the call is over.
"""

from __future__ import annotations

from realtime import facts, recording_facts
from realtime.card_pause import unsettled
from realtime.changes import Changes
from realtime.floor import Call, Floor, key
from realtime.fold import dials, orders
from realtime.fold.lookup import call_of, known_call, touch_with_agents
from realtime.owned import ArchiveNow, CardNow, CardSpent

# ------------------------------------------------------------------ by the PBX's word


def recording_began(floor: Floor, fact: facts.RecordingBegan, changes: Changes) -> None:
    call = call_of(floor, fact, fact.call)
    call.recording[fact.leg] = fact.at
    call.recorded = True
    dials.recorded(floor, call, changes)
    touch_with_agents(floor, call, changes)


def recording_ended(floor: Floor, fact: facts.RecordingEnded, changes: Changes) -> None:
    call = known_call(floor, fact.node, fact.call)
    if call is not None and call.recording.pop(fact.leg, None) is not None:
        call.silent.pop(fact.leg, None)
        settle(floor, call)
        touch_with_agents(floor, call, changes)


def recording_named(floor: Floor, fact: recording_facts.RecordingNamed, changes: Changes) -> None:
    """Nothing of the floor follows from a file's name: the archive reads the fact itself."""


def recording_paused(floor: Floor, fact: recording_facts.RecordingPaused, changes: Changes) -> None:
    call = known_call(floor, fact.node, fact.call)
    if call is None or call.ended:
        return
    call.silent.setdefault(fact.leg, fact.at)
    orders.recording_is(floor, fact.node, fact.leg, True, fact.at, changes)
    touch_with_agents(floor, call, changes)


def recording_resumed(floor: Floor, fact: recording_facts.RecordingResumed, changes: Changes) -> None:
    call = known_call(floor, fact.node, fact.call)
    if call is None:
        return
    call.silent.pop(fact.leg, None)
    orders.recording_is(floor, fact.node, fact.leg, False, fact.at, changes)
    settle(floor, call)
    touch_with_agents(floor, call, changes)


# ------------------------------------------------------------------ card data


def card_pause_began(floor: Floor, fact: recording_facts.CardPauseBegan, changes: Changes) -> None:
    call = known_call(floor, fact.node, fact.call)
    if call is None or call.ended:
        return
    name = key(call.node, call.id)
    card = floor.owned.cards.get(name)
    if card is None:
        card = floor.owned.cards[name] = CardNow(node=call.node, since=fact.at, others=tuple(call.silent))
    if card.over:
        card.since = fact.at  # what was before is reckoned already
    card.over, card.until, card.agent, card.who = 0, fact.until, fact.agent, fact.who
    card.tries.clear()
    touch_with_agents(floor, call, changes)


def card_pause_ended(floor: Floor, fact: recording_facts.CardPauseEnded, changes: Changes) -> None:
    call = known_call(floor, fact.node, fact.call)
    card = floor.owned.cards.get(key(call.node, call.id)) if call is not None else None
    if call is None or card is None or card.over:
        return
    spent = floor.owned.card_spent.setdefault(key(call.node, call.id), CardSpent())
    spent.spent += max(0, fact.at - card.since)
    spent.agent = card.agent
    if fact.why == "total":
        spent.full = fact.at
    card.over = fact.at
    card.tries.clear()
    settle(floor, call)
    touch_with_agents(floor, call, changes)


def settle(floor: Floor, call: Call) -> None:
    """A pause that is over is forgotten when what we silenced has sound again."""
    name = key(call.node, call.id)
    card = floor.owned.cards.get(name)
    if card is not None and card.over and not unsettled(call, card):
        del floor.owned.cards[name]


def calls_merged(floor: Floor, call: Call, absorbed: Call) -> None:
    """A pause of either is one of both: nobody can tell which of the two calls hears the card."""
    call.silent |= absorbed.silent
    name, gone = key(call.node, call.id), key(absorbed.node, absorbed.id)
    card, spent = floor.owned.cards.pop(gone, None), floor.owned.card_spent.pop(gone, None)
    if card is not None:
        known = floor.owned.cards.get(name)
        if known is None or known.over or (not card.over and card.until > known.until):
            floor.owned.cards[name] = card
    if spent is not None:  # of both together: to merge calls is no way to more of it
        both = floor.owned.card_spent.setdefault(name, CardSpent(agent=spent.agent))
        both.spent, both.full = both.spent + spent.spent, both.full or spent.full


def leg_gone(floor: Floor, call: Call, leg: str) -> None:
    call.recording.pop(leg, None)
    if call.silent.pop(leg, None) is not None:
        settle(floor, call)


def call_gone(floor: Floor, call: Call) -> None:
    call.silent.clear()
    floor.owned.cards.pop(key(call.node, call.id), None)
    floor.owned.card_spent.pop(key(call.node, call.id), None)


# ------------------------------------------------------------------ the archive


def archive_seen(floor: Floor, fact: recording_facts.ArchiveSeen, changes: Changes) -> None:
    floor.owned.archive = ArchiveNow(
        at=fact.seen,
        backlog=fact.backlog,
        oldest_s=fact.oldest_s,
        missing=fact.missing,
        quarantined=fact.quarantined,
        free_share=fact.free_share,
        away=fact.away,
        conflicts=fact.conflicts,
        tight=fact.tight,
    )
    changes.owned.add("archive")


# ------------------------------------------------------------------ training


def training_due(floor: Floor, fact: recording_facts.TrainingDue, changes: Changes) -> None:
    """One line a person and KPI; a login looks at it, and nobody who is at work is sent away."""
    due = floor.owned.training.setdefault(fact.agent, {})
    if fact.months:
        due[fact.kpi] = fact.months
    else:
        due.pop(fact.kpi, None)
    if not due:
        del floor.owned.training[fact.agent]
