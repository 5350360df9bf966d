"""What supervisors order: who may, what is refused with which sentence, what is ordered; and that what is undone was never done."""

from __future__ import annotations

import pytest

from realtime.decision import Decision
from realtime.orders import AddMember, AnyAct, HangUp, PauseMember, RemoveMember, Spy, TakeOver
from realtime.plan.model import BreakRules, KindRules, Person, Plan, Team
from realtime.requests import (
    Actor,
    AnyAsk,
    BreakGrant,
    CallHangUp,
    CallSpy,
    CallTakeOver,
    LogOutForce,
    MessageSend,
    PauseForce,
    QueueMove,
    ReadyForce,
    Undo,
)
from realtime.rules import pauses, quota
from realtime.rules.ordering import give
from realtime.rulings import BreakBegan, BreakGranted, BreakOverran, BreakQueued, MeetingBegan, MeetingEnded, OrderGiven
from realtime.sentences import LANGUAGES, WORDS, sentence
from realtime.words import SECOND, AgentId, Device, Interface, Node, QueueName
from tests.realtime.rules.staffed import SKILLS, Staffed, hangs_up, talks
from tests.realtime.story import NODE, Telling, leg, lost

LI, WANG, ZHAO = AgentId("1001"), AgentId("1002"), AgentId("1003")
BOSS = Actor("li.wei", "supervisor", AgentId("9001"), "console")
LEADER = Actor("team a's", "leader", AgentId("8001"), "console")
SALES, HELP, VIP = QueueName("sales"), QueueName("help"), QueueName("vip")
PLAN = Plan(
    people=(
        Person(id=LI, team="a", skills=("sell",)),
        Person(id=WANG, team="b"),
        Person(id=AgentId("9001"), name="Li Wei", roles=("supervisor",), phone=Device("PJSIP/9")),
    ),
    skills=SKILLS,
    teams=(Team(id="a", leaders=(AgentId("8001"),)), Team(id="b")),
    breaks=BreakRules(kinds={"short": KindRules(minutes=10), "comfort": KindRules()}),
)


@pytest.fixture
def here() -> Staffed:
    """1001 is on duty through Andon, 1002 works by the PBX's own configuration, 1003 is nowhere."""
    floor = Staffed(PLAN).static("1002", "sales").static("1002", "help")
    assert floor.log_in(LI, "PJSIP/1001").verdict == "allow"
    return floor.settle()


def acts(here: Staffed) -> list[AnyAct]:
    return [each.fields["order"].act for each in here.facts(OrderGiven)]


def order(here: Staffed, ask: AnyAsk, actor: Actor = BOSS) -> str:
    """The request's name; it was allowed."""
    here.said.clear()
    decision = here.request(ask, actor)
    assert decision.verdict == "allow", decision
    return here.said[0].fields["request"]  # type: ignore[no-any-return]


def held_by(decision: Decision) -> str:
    assert decision.verdict == "deny"
    reason = decision.reason
    assert reason is not None
    for language in LANGUAGES:
        assert sentence(reason, language) != reason.rule, "a refusal is a sentence"
    return reason.rule


def whole_call(number: str, other: str = "line") -> tuple[Telling, ...]:
    """A customer's line and this phone."""
    return (leg("c", number, "talking"), leg("c", other, "talking"))


# ------------------------------------------------------------------ who may


ASKS: tuple[AnyAsk, ...] = (
    PauseForce(WANG),
    ReadyForce(WANG),
    LogOutForce(WANG),
    CallHangUp(WANG),
    CallSpy(WANG),
    CallTakeOver(WANG),
    QueueMove(WANG, into=(VIP,)),
)


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: type(ask).__name__)
def test_a_leader_reaches_the_own_team_only_and_an_agent_nobody(here: Staffed, ask: AnyAsk) -> None:
    here.after(whole_call("1002"))
    assert held_by(here.request(ask, LEADER)) == "reach.other_team"
    assert held_by(here.request(ask, Actor("1001", "agent", LI))) == "reach.nobody"
    assert here.facts(OrderGiven) == [each for each in here.facts(OrderGiven) if each.fields["who"] == "engine"]


def test_a_leader_orders_the_own_team(here: Staffed) -> None:
    order(here, PauseForce(LI, "short"), LEADER)
    assert here.paused("PJSIP/1001") == "short"


# ------------------------------------------------------------------ pause, ready, log-out


def test_a_forced_pause_is_a_lease_with_the_plans_length_and_the_orders_are_in_the_answer(here: Staffed) -> None:
    name = order(here, PauseForce(LI, "short"))
    lease = here.floor.owned.leases[LI]
    assert (lease.kind, lease.why, lease.by, (lease.until - lease.since) // SECOND) == ("short", "forced", "li.wei", 600)
    assert here.paused("PJSIP/1001") == "short"
    (given,) = here.floor.owned.answers[name].orders
    assert (here.floor.owned.orders[given].request, here.floor.owned.orders[given].seen > 0) == (name, True)


def test_during_a_call_it_is_granted_pending_and_paused_at_once(here: Staffed) -> None:
    here.after(talks("1001"))
    order(here, PauseForce(LI, "coaching"))
    assert here.facts(BreakGranted)[0].fields["expires"] == 0
    assert here.facts(BreakBegan) == []
    assert here.paused("PJSIP/1001") == "coaching", "no next call rings"


def test_what_there_is_no_kind_of_is_refused(here: Staffed) -> None:
    assert held_by(here.request(PauseForce(LI, "siesta"), BOSS)) == "supervise.no_kind"


def test_who_is_in_no_queue_or_on_a_lost_pbx_cannot_be_ordered(here: Staffed) -> None:
    assert held_by(here.request(PauseForce(ZHAO), BOSS)) == "supervise.not_working"
    here.after(lost())
    assert held_by(here.request(PauseForce(LI), BOSS)) == "supervise.node_away"


def test_ready_ends_a_break_a_granted_one_or_a_stray_pause(here: Staffed) -> None:
    order(here, PauseForce(LI, "short"))
    order(here, ReadyForce(LI))
    here.after(talks("1001"))
    order(here, PauseForce(LI, "short"))
    order(here, ReadyForce(LI))
    assert here.floor.owned.grants == {}
    here.settle()
    assert here.paused("PJSIP/1001") == ""
    assert held_by(here.request(ReadyForce(LI), BOSS)) == "supervise.ready_already"


def test_who_is_logged_out_goes_when_the_call_is_over_or_is_taken_out_of_the_queues(here: Staffed) -> None:
    here.after(talks("1001"))
    order(here, LogOutForce(LI))
    assert here.floor.owned.duty[LI].leaving == "li.wei"
    here.after(hangs_up("1001")).settle()
    assert LI not in here.floor.owned.duty
    order(here, LogOutForce(WANG))
    assert acts(here) == [RemoveMember(queue, Interface("PJSIP/1002")) for queue in (SALES, HELP)]


# ------------------------------------------------------------------ calls


def test_the_agents_own_leg_is_hung_up_and_of_any_other_call_the_line(here: Staffed) -> None:
    assert held_by(here.request(CallHangUp(LI), BOSS)) == "supervise.no_call"
    here.after(whole_call("1001"))
    order(here, CallHangUp(LI))
    assert acts(here) == [HangUp("c-1001")]  # type: ignore[arg-type]
    order(here, CallHangUp(call="pbx/c"))
    assert acts(here) == [HangUp("c-line")]  # type: ignore[arg-type]


def test_a_call_of_two_teams_is_hung_up_whole_by_none_of_their_leaders(here: Staffed) -> None:
    here.after(whole_call("1001", "1002"))
    assert held_by(here.request(CallHangUp(call="pbx/c"), LEADER)) == "reach.other_team"
    order(here, CallHangUp(LI), LEADER)
    assert acts(here) == [HangUp("c-1001")], "the own agent's leg is"  # type: ignore[arg-type]


def test_listening_goes_to_the_agents_leg_from_the_supervisors_own_desk(here: Staffed) -> None:
    here.after(whole_call("1001"))
    order(here, CallSpy(LI, "whisper"))
    assert acts(here) == [Spy("c-1001", Device("PJSIP/9"), "whisper")]  # type: ignore[arg-type]


def test_while_one_listens_order_is_open_a_second_is_refused(here: Staffed) -> None:
    here.after(whole_call("1001"))
    here.deaf = True
    order(here, CallSpy(LI))
    assert held_by(here.request(CallSpy(LI), BOSS)) == "supervise.under_way"


def test_listening_needs_a_talk_and_a_known_desk(here: Staffed) -> None:
    assert held_by(here.request(CallSpy(LI), BOSS)) == "supervise.no_call"
    here.after(leg("c", "1001", "ringing"), leg("c", "line", "waiting"))
    assert held_by(here.request(CallSpy(LI), BOSS)) == "supervise.no_call"
    here.after(whole_call("1001"))
    nobody = Actor("zhang", "supervisor", via="console")
    assert held_by(here.request(CallSpy(LI), nobody)) == "supervise.no_phone"
    for strange in ("PJSIP/0086138@trunk", "Local/9911@out", "PJSIP/8&PJSIP/9"):
        assert held_by(here.request(CallSpy(LI, phone=Device(strange)), BOSS)) == "supervise.strange_phone"
    order(here, CallSpy(LI, phone=Device("PJSIP/1002")), nobody)
    assert acts(here) == [Spy("c-1001", Device("PJSIP/1002"))]  # type: ignore[arg-type]


def test_taking_over_takes_the_customers_leg(here: Staffed) -> None:
    here.after(whole_call("1001"))
    order(here, CallTakeOver(LI))
    assert acts(here) == [TakeOver("c-line", Device("PJSIP/9"))]  # type: ignore[arg-type]


# ------------------------------------------------------------------ queues


def test_who_is_on_duty_is_kept_where_they_were_moved_and_others_are_moved_by_orders(here: Staffed) -> None:
    order(here, QueueMove(LI, (VIP,), (SALES,)))
    here.settle()
    assert (here.members("sales"), here.members("vip")) == (["PJSIP/1002"], ["PJSIP/1001"])
    order(here, QueueMove(WANG, (VIP,)))
    assert here.members("vip") == ["PJSIP/1001", "PJSIP/1002"]
    assert held_by(here.request(QueueMove(LI, (QueueName("nowhere"),)), BOSS)) == "supervise.no_queue"


def test_who_is_on_a_break_is_moved_paused(here: Staffed) -> None:
    order(here, PauseForce(WANG, "short"))
    order(here, QueueMove(WANG, (VIP,)))
    assert isinstance(acts(here)[0], AddMember)
    assert here.paused("PJSIP/1002", "vip") == "short"


# ------------------------------------------------------------------ undo


def state(here: Staffed) -> dict[str, object]:
    """How it must be and how it is, for everybody."""
    floor = here.floor
    return {
        "must": {agent: must[:2] if must is not None else None for agent in (LI, WANG) for must in [pauses.desired(floor, agent)]},
        "until": {agent: (lease.kind, lease.until, lease.why) for agent, lease in floor.owned.leases.items()},
        "moved": {agent: (duty.into, duty.out_of) for agent, duty in floor.owned.duty.items()},
        "members": {queue: here.members(queue) for queue in ("sales", "help", "vip")},
        "paused": {queue: [here.paused(phone, queue) for phone in here.members(queue)] for queue in ("sales", "help", "vip")},
        "shown": [message.text for message in floor.owned.messages.values() if message.until > here.now],
    }


UNDONE: tuple[AnyAsk, ...] = (
    PauseForce(LI, "short"),
    PauseForce(WANG, "coaching"),
    ReadyForce(LI),
    QueueMove(LI, (VIP,), (SALES,)),
    QueueMove(LI, (), (SALES,)),
    MessageSend("all", "hello"),
)
SCENES = {
    "at work": (),
    "on a break": (PauseForce(LI, "comfort", 20),),
    "open": (PauseForce(LI, "fault", 0),),
    "moved": (QueueMove(LI, (HELP,)),),
    "both": (PauseForce(LI, "comfort", 20), QueueMove(LI, (HELP,))),
}


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("ask", UNDONE, ids=lambda ask: f"{type(ask).__name__}-{getattr(ask, 'agent', '')}")
def test_what_is_undone_was_never_done(here: Staffed, ask: AnyAsk, scene: str) -> None:
    for before in SCENES[scene]:
        order(here, before)
    here.settle()
    was = state(here)
    here.said.clear()
    if here.request(ask, BOSS).verdict != "allow":
        return  # nobody to be made ready
    name = here.said[0].fields["request"]
    here.settle()
    assert state(here) != was
    order(here, Undo(name))
    here.settle()
    assert state(here) == was
    assert held_by(here.request(Undo(name), BOSS)) == "undo.already"


def test_a_pause_that_waits_for_the_call_is_undone_before_it_begins(here: Staffed) -> None:
    here.after(talks("1001"))
    name = order(here, PauseForce(LI, "short"))
    order(here, Undo(name))
    here.after(hangs_up("1001")).settle()
    assert here.paused("PJSIP/1001") == ""
    assert here.floor.owned.grants == {}


def test_a_pause_that_is_undone_gives_the_place_on_the_list_back(here: Staffed) -> None:
    waits = {"agent": LI, "kind": "short", "request": "r", "rank": 3, "length_s": 600, "asked": here.now, "turn": here.now - 5 * SECOND}
    here.after(Telling(BreakQueued, waits, node=""), 60)
    was, asked = here.floor.owned.waiting[LI], here.floor.owned.ledgers[LI].asked
    name = order(here, PauseForce(LI, "coaching"))
    assert LI in here.floor.owned.waiting, "a coaching costs no place"
    order(here, Undo(name))
    name = order(here, PauseForce(LI, "short"))
    assert LI not in here.floor.owned.waiting
    order(here, Undo(name))
    assert here.floor.owned.waiting[LI] == was
    assert here.floor.owned.ledgers[LI].asked == asked


def test_a_break_that_was_granted_by_hand_and_is_taken_back_waits_again(here: Staffed) -> None:
    waits = {"agent": LI, "kind": "short", "request": "r", "rank": 3, "length_s": 600, "asked": here.now, "turn": here.now}
    here.after(Telling(BreakQueued, waits, node=""), 60)
    name = order(here, BreakGrant(LI, "needs it"))
    order(here, Undo(name))
    assert (here.floor.owned.grants, here.floor.owned.waiting[LI].asked) == ({}, here.now - 60 * SECOND)


@pytest.mark.parametrize("ask", [ReadyForce(LI), PauseForce(LI, "coaching")])
def test_a_break_that_is_given_back_is_not_counted_twice(here: Staffed, ask: AnyAsk) -> None:
    order(here, PauseForce(LI, "short", 20))
    here.later(60)
    order(here, Undo(order(here, ask)))
    assert here.floor.owned.leases[LI].kind == "short"
    assert quota.times(here.floor, LI, "short", 0) == 1


@pytest.mark.parametrize("ask", [PauseForce(LI, "coaching"), PauseForce(LI, "short"), ReadyForce(LI)])
def test_a_break_that_is_over_its_time_is_given_back_as_it_was(here: Staffed, ask: AnyAsk) -> None:
    """Never back to ready by itself; and neither its minutes nor its overrun count twice."""
    here.after(
        Telling(BreakBegan, {"agent": LI, "kind": "comfort", "request": "r", "until": here.now + 60 * SECOND, "why": "asked"}, node="")
    )
    here.settle().later(90)
    until = here.floor.owned.leases[LI].until
    here.after(Telling(BreakOverran, {"agent": LI, "step": "overrun", "until": until}, node=""))
    name = order(here, ask)
    here.later(20)
    order(here, Undo(name))
    here.settle()
    lease, ledger = here.floor.owned.leases[LI], here.floor.owned.ledgers[LI]
    assert (lease.kind, lease.until, lease.why, lease.overran) == ("comfort", until, "asked", "overrun")
    assert here.paused("PJSIP/1001") == "comfort"
    over = ledger.over
    here.later(10)
    order(here, ReadyForce(LI))
    assert (ledger.overran, (ledger.over - over) // SECOND) == (1, 10)


def test_a_break_over_its_time_goes_on_when_a_pause_that_waited_for_the_call_is_undone(here: Staffed) -> None:
    order(here, PauseForce(LI, "short", 1))
    here.later(90)
    was = here.floor.owned.leases[LI]
    here.after(talks("1001"))
    order(here, Undo(order(here, PauseForce(LI, "coaching"))))
    assert [getattr(act, "paused", None) for act in acts(here)] == [True], "not ready for a moment"
    here.after(hangs_up("1001")).settle()
    assert (here.floor.owned.leases[LI], here.paused("PJSIP/1001")) == (was, "short")


def test_a_meeting_that_has_ended_meanwhile_is_not_given_back(here: Staffed) -> None:
    until = here.now + 600 * SECOND
    here.after(Telling(MeetingBegan, {"meeting": "m", "name": "M", "until": until, "expected": (LI,)}, node=""))
    here.after(Telling(BreakBegan, {"agent": LI, "kind": "meeting", "request": "m", "until": until, "why": "meeting:m"}, node=""))
    here.settle()
    name = order(here, PauseForce(LI, "short"))
    here.after(Telling(MeetingEnded, {"meeting": "m", "why": "stopped"}, node=""))
    order(here, Undo(name))
    here.settle()
    assert (LI in here.floor.owned.leases, here.paused("PJSIP/1001")) == (False, "")


@pytest.mark.parametrize("on_the_phone", [False, True])
def test_who_had_paused_by_their_own_hand_is_so_again(here: Staffed, on_the_phone: bool) -> None:
    pause = PauseMember(Interface("PJSIP/1001"), True, "smoke")
    here.obey([give(here.now, here.next_id, Node(NODE), pause, why="")])
    here.settle()
    was, counted = here.floor.owned.strays[LI], here.floor.owned.ledgers[LI].unauthorised
    if on_the_phone:
        here.after(talks("1001"))
    name = order(here, PauseForce(LI, "short"))
    here.later(5)
    order(here, Undo(name))
    if on_the_phone:
        here.after(hangs_up("1001"))
    here.settle()
    assert here.paused("PJSIP/1001") == "smoke"
    assert (here.floor.owned.strays[LI], here.floor.owned.ledgers[LI].unauthorised) == (was, counted)
    assert pauses.desired(here.floor, LI) is None, "not ours to order"


@pytest.mark.parametrize("ask", [PauseForce(LI, "short"), BreakGrant(LI, "needs it", "short")])
def test_a_grant_that_is_undone_before_it_began_is_counted_nowhere(here: Staffed, ask: AnyAsk) -> None:
    counted = ("asked", "granted", "overruled", "waited", "expired")
    here.after(talks("1001"))
    order(here, Undo(order(here, ask)))
    assert [getattr(here.floor.owned.ledgers[LI], name) for name in counted] == [0] * 5
    waits = {"agent": LI, "kind": "short", "request": "r", "rank": 3, "length_s": 600, "asked": here.now, "turn": here.now}
    here.after(Telling(BreakQueued, waits, node=""), 60)
    order(here, Undo(order(here, ask)))
    assert [getattr(here.floor.owned.ledgers[LI], name) for name in counted] == [1, 0, 0, 0, 0]


@pytest.mark.parametrize("ask", [BreakGrant(LI, "I need one"), PauseForce(LI, "short")])
def test_nobody_overrules_the_rules_for_themselves(here: Staffed, ask: AnyAsk) -> None:
    """A leader takes calls and breaks, too. To coaching, or with a fault, they may send themselves."""
    leads = Actor("user:li", "supervisor", LI, "console")
    assert held_by(here.request(ask, leads)) == "break.not_by_yourself"
    assert here.request(PauseForce(LI, "coaching", 5), leads).verdict == "allow"


@pytest.mark.parametrize(("minutes", "until"), [(-3, 10), (10**6, 24 * 60)])
def test_no_pause_is_longer_than_a_day_nor_over_before_it_begins(here: Staffed, minutes: int, until: int) -> None:
    order(here, PauseForce(LI, "short", minutes))
    assert here.floor.owned.leases[LI].until == here.now + until * 60 * SECOND


def test_what_has_rung_ended_or_is_long_ago_cannot_be_undone(here: Staffed) -> None:
    here.after(whole_call("1001"))
    name = order(here, CallHangUp(LI))
    assert held_by(here.request(Undo(name), BOSS)) == "undo.not_possible"
    assert held_by(here.request(Undo("nothing"), BOSS)) == "undo.unknown"
    refused = here.request(PauseForce(ZHAO), BOSS)
    assert refused.verdict == "deny"
    name = order(here, PauseForce(WANG, "short"))
    here.later(61)
    assert held_by(here.request(Undo(name), BOSS)) == "undo.late"


def test_what_another_has_changed_since_is_left_alone(here: Staffed) -> None:
    name = order(here, PauseForce(WANG, "short"))
    order(here, PauseForce(WANG, "coaching"))
    assert held_by(here.request(Undo(name), BOSS)) == "undo.overtaken"
    assert here.floor.owned.leases[WANG].kind == "coaching"


def test_a_leader_undoes_nothing_of_another_team(here: Staffed) -> None:
    name = order(here, PauseForce(WANG, "short"))
    assert held_by(here.request(Undo(name), LEADER)) == "reach.other_team"


def test_every_word_is_there_in_both_languages() -> None:
    for code, said in WORDS.items():
        assert len(said) == len(LANGUAGES), code
        assert all(said), code
