"""What an agent's own page shows: one row about one person, and nothing of anybody else. Pure.

Not the floor's rows (`rows.py`, `view.py`) and not who may see it (`wallboard/me_handlers.py`: only this person). Times and unknowns are
as in `rows.py`. It says who is meant in `text` of a wait, where a rule names somebody, and who has listened where the plan says so.
"""

from __future__ import annotations

import msgspec

from realtime import sentences
from realtime.floor import Floor, key
from realtime.me_dial import OutcomeRow, OwnDialRow, outcome_rows, own_dial
from realtime.owned import Listened, Message, Owned
from realtime.plan.model import ASKED_KINDS, KindRules, Person
from realtime.plan.reach import person_of_login, team
from realtime.plan.roster import shift_around
from realtime.rows import BreakRow, MeetingRow
from realtime.rules.cards import in_hand, silent_since
from realtime.rules.clock import zone_of
from realtime.rules.quota import shift_now, span_of, spent_of, taken
from realtime.view_owned import break_of, is_for, meeting_rows, over_of, seconds, seconds_or_none
from realtime.words import SECOND, AgentId, AgentState, Micros


class OwnWaitRow(msgspec.Struct, kw_only=True):
    """The place on the waiting list, the estimate and the exact rule that holds it back. `text` by language (en, zh)."""

    kind: str
    since: float
    place: int = 0
    eta: float | None = None
    rule: str = ""
    text: dict[str, str] = {}


class KindRow(msgspec.Struct, kw_only=True):
    """A kind of break that may be asked for. `quota_s` and `times` are null where the plan sets none."""

    kind: str
    minutes: int
    used_s: float = 0.0  # in breaks that are over; the running one counts from its `since`
    quota_s: float | None = None
    taken: int = 0
    times: int | None = None


class OwnMessageRow(msgspec.Struct, kw_only=True):
    id: str
    text: str
    who: str  # a name where the plan knows one
    at: float
    until: float
    seen: bool = False


class HeardRow(msgspec.Struct, kw_only=True):
    """Somebody listened to a call of this person. `mode`: listen, whisper, barge."""

    who: str
    mode: str
    at: float


class OwnCardRow(msgspec.Struct, kw_only=True):
    """A card-data pause of the call in hand. `silent` null: it is asked for, and a recording still has sound: the number must wait."""

    until: float
    silent: float | None = None


class MeRow(msgspec.Struct, kw_only=True):
    """`since` null: this person has not been on the floor. `shift_begins` and `shift_ends` null: no shift is known."""

    id: str
    name: str
    team: str = ""
    team_name: str = ""
    team_name_zh: str = ""
    language: str = ""
    timezone: str = ""  # of the floor, as in the snapshot
    state: str = AgentState.LOGGED_OUT
    since: float | None = None
    reason: str = ""
    phone: str = ""  # where this person sits now
    desk: str = ""  # the fixed one that the plan gives this person
    on_duty: bool = False
    leaving: bool = False
    stray: bool = False
    over: str | None = None
    break_: BreakRow | None = msgspec.field(name="break", default=None)
    wait: OwnWaitRow | None = None
    ruled: bool = False
    hold_s: int = 0  # how long a granted break is kept
    kinds: list[KindRow] = []
    answered: int = 0
    talk_s: float = 0.0
    rings_missed: int = 0
    present: float | None = None  # when a key was pressed last
    shift_begins: float | None = None
    shift_ends: float | None = None
    meetings: list[MeetingRow] = []  # on or coming, of the own team; nobody's attendance
    messages: list[OwnMessageRow] = []
    listened: list[HeardRow] = []
    dial: OwnDialRow | None = None  # the last outbound call, of now or of the last minutes
    recorded: bool = False  # the call in hand is being recorded
    card: OwnCardRow | None = None
    card_full: bool = False  # it was silent for as long as the plan allows: it is recorded, and no card may be said in it
    outcomes: list[OutcomeRow] = []  # what may be said to have come of it; empty: the plan names no codes


def agent_of_login(floor: Floor, login: str) -> AgentId | None:
    """Whose page that is: by the plan; where none names them, by the staff number that a PBX has told."""
    if not login:
        return None  # a program; and no agent of a PBX that has no number is its page
    person = person_of_login(floor.owned.plan, login)
    if person is not None:
        return person.id
    return floor.agents[login].id if login in floor.agents and login not in floor.owned.people else None


def me_row(floor: Floor, agent: AgentId, now: Micros) -> MeRow:
    owned = floor.owned
    person = owned.people.get(agent)
    row = MeRow(id=agent, name=person.name if person is not None else "", ruled=bool(owned.plan.breaks.kinds))
    row.timezone = floor.rules.timezone if floor.rules is not None else ""
    if person is not None:
        fill_person(row, floor, person, now)
    fill_state(row, floor, agent)
    duty, lease = owned.duty.get(agent), owned.leases.get(agent)
    row.on_duty, row.leaving = duty is not None, duty is not None and bool(duty.leaving)
    row.stray = agent in owned.strays
    row.over = over_of(lease, stray=row.stray)
    row.present = seconds_or_none(owned.present.get(agent, 0))
    row.hold_s = owned.plan.breaks.hold_s
    row.wait = wait_of(owned, agent)
    since, rules = span_of(floor, shift_now(floor, agent, now), now)[0], owned.plan.breaks.kinds
    row.kinds = [kind_row(floor, agent, kind, rules[kind], since) for kind in ASKED_KINDS if kind in rules]
    row.meetings = own_meetings(floor, row.team, now) if row.team else []
    row.messages = [
        message_row(owned, each, agent) for each in owned.messages.values() if each.until > now and addressed(each, agent, row.team)
    ]
    if owned.plan.supervision.listening_told:
        row.listened = [heard_row(owned, each) for each in reversed(owned.listened.get(agent, []))]
    row.dial = own_dial(floor, agent, now)
    row.outcomes = outcome_rows(owned.plan.dialling.outcomes) if row.dial is not None else []
    return row


def fill_person(row: MeRow, floor: Floor, person: Person, now: Micros) -> None:
    owned = floor.owned
    row.team, row.language, row.desk = person.team, person.language, person.phone
    if (own := team(owned.plan, person.team)) is not None:
        row.team_name, row.team_name_zh = own.name, own.name_zh
    shift = shift_around(owned.plan, person.id, now, zone_of(floor))
    if shift is not None:
        row.shift_begins, row.shift_ends = seconds(shift.begins), seconds(shift.ends)


def fill_state(row: MeRow, floor: Floor, name: AgentId) -> None:
    agent = floor.agents.get(name)
    if agent is None:
        return
    phone = floor.phones[agent.phone]
    row.name = row.name or agent.name
    row.state, row.since, row.reason = agent.state, seconds(agent.since), agent.reason
    row.phone = phone.device if phone.agent == agent.id else ""
    row.answered, row.talk_s, row.rings_missed = agent.answered, seconds(agent.talk), agent.rings_missed
    fill_recording(row, floor, agent.id)
    found = break_of(floor, agent)
    row.break_ = found if found is None or found.phase != "waiting" else None  # it stands in `wait`, with its place


def fill_recording(row: MeRow, floor: Floor, agent: AgentId) -> None:
    call = in_hand(floor, agent)
    if call is None:
        return
    row.recorded = bool(call.recording)
    name = key(call.node, call.id)
    card, spent = floor.owned.cards.get(name), floor.owned.card_spent.get(name)
    row.card_full = spent is not None and spent.full > 0
    if card is not None and not card.over:
        row.card = OwnCardRow(until=seconds(card.until), silent=seconds_or_none(silent_since(call)))


def wait_of(owned: Owned, agent: str) -> OwnWaitRow | None:
    waiting = owned.waiting.get(agent)
    if waiting is None:
        return None
    return OwnWaitRow(
        kind=waiting.kind,
        since=seconds(waiting.asked),
        place=waiting.place,
        eta=seconds_or_none(waiting.eta),
        rule=waiting.rule.rule if waiting.rule is not None else "",
        text=sentences.both(waiting.rule) if waiting.rule is not None else {},
    )


def kind_row(floor: Floor, agent: str, kind: str, rules: KindRules, since: Micros) -> KindRow:
    """What has been had since the shift began, as the quota counts it: of a night shift also from before the turn of the day."""
    return KindRow(
        kind=kind,
        minutes=rules.minutes,
        used_s=seconds(spent_of(floor, agent, kind, since)),
        quota_s=rules.quota_min * 60.0 if rules.quota_min >= 0 else None,
        taken=sum(each.kind == kind and each.since >= since for each in taken(floor, agent)),
        times=rules.times if rules.times >= 0 else None,
    )


def own_meetings(floor: Floor, own: str, now: Micros) -> list[MeetingRow]:
    rows = [row for row in meeting_rows(floor, now) if own in row.teams]
    for row in rows:
        row.missing, row.expected, row.joined = [], 0, 0
    return rows


def addressed(message: Message, agent: str, own: str) -> bool:
    return message.to == f"agent:{agent}" or is_for(message, frozenset({own}))


def message_row(owned: Owned, message: Message, agent: str) -> OwnMessageRow:
    return OwnMessageRow(
        id=message.id,
        text=message.text,
        who=name_of(owned, message.who),
        at=seconds(message.at),
        until=seconds(message.until),
        seen=agent in message.seen,
    )


def heard_row(owned: Owned, heard: Listened) -> HeardRow:
    return HeardRow(who=name_of(owned, heard.who), mode=heard.mode, at=heard.at / SECOND)


def name_of(owned: Owned, who: str) -> str:
    """As the trail names somebody: `user:LOGIN`. A name where the plan has one, the login else; a program stays as it is."""
    kind, _, login = who.partition(":")
    if kind != "user":
        return who
    person = person_of_login(owned.plan, login)
    return person.name if person is not None and person.name else login
