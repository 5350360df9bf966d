"""The fold: facts in, floor changed, changes noted. Total and deterministic; it never raises on an odd fact.

Not a reader of logs (`follower.py`) and without timers: whatever takes effect with time is a fact of the engine. We
observe and Asterisk decides: a fact that does not fit is followed and counted as an anomaly with its evidence.

Reading order: `members.py` (queues, members, phones), `calls.py` (calls and legs), `recordings.py`, `visits.py` (callers in queues and
their outcomes), `buckets.py` (the spans they are counted in), `agents.py` (an agent's state, derived), `sync.py` (what a
snapshot did not confirm), `days.py`. Then what Andon itself owns: `plan.py`, `breaks.py`, `duty.py`, `meetings.py`,
`orders.py`, `notices.py`, `campaigns.py`, `dials.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from realtime import facts, outbound, recording_facts, rulings
from realtime.changes import Changes
from realtime.floor import SESSIONS_KEPT, Floor
from realtime.fold import breaks, calls, campaigns, days, dials, duty, meetings, members, notices, orders, plan, recordings, sync, visits

FOLD_VERSION = "12"
"""Moves on whenever the same facts would give another floor: a checkpoint of another version is not used."""

Handler = Callable[[Floor, Any, Changes], None]

HANDLERS: dict[type[facts.Fact], Handler] = {
    facts.NodeLinked: sync.node_linked,
    facts.NodeHeard: sync.node_heard,
    facts.NodeLost: sync.node_lost,
    facts.SyncBegan: sync.sync_began,
    facts.SnapshotRefused: sync.snapshot_refused,
    facts.SyncEnded: sync.sync_ended,
    facts.AnomalySeen: sync.anomaly_seen,
    facts.QueueSeen: members.queue_seen,
    facts.MemberSeen: members.member_seen,
    facts.MemberPaused: members.member_paused,
    facts.MemberPenaltySet: members.member_penalty_set,
    facts.MemberRemoved: members.member_removed,
    facts.DeviceChanged: members.device_changed,
    facts.ContactChanged: members.contact_changed,
    facts.AgentSeated: members.agent_seated,
    facts.AgentUnseated: members.agent_unseated,
    facts.CallBegan: calls.call_began,
    facts.CallDirected: calls.call_directed,
    facts.CallsMerged: calls.calls_merged,
    facts.CallEnded: calls.call_ended,
    facts.LegBegan: calls.leg_began,
    facts.LegChanged: calls.leg_changed,
    facts.LegEnded: calls.leg_ended,
    facts.CallParked: calls.call_parked,
    facts.CallUnparked: calls.call_unparked,
    facts.CallTransferred: calls.call_transferred,
    facts.RecordingBegan: recordings.recording_began,
    facts.RecordingEnded: recordings.recording_ended,
    recording_facts.RecordingNamed: recordings.recording_named,
    recording_facts.RecordingPaused: recordings.recording_paused,
    recording_facts.RecordingResumed: recordings.recording_resumed,
    recording_facts.CardPauseBegan: recordings.card_pause_began,
    recording_facts.CardPauseEnded: recordings.card_pause_ended,
    recording_facts.ArchiveSeen: recordings.archive_seen,
    recording_facts.TrainingDue: recordings.training_due,
    facts.SpyBegan: calls.spy_began,
    facts.SpyEnded: calls.spy_ended,
    facts.CallerJoined: visits.caller_joined,
    facts.CallerLeft: visits.caller_left,
    facts.AgentRang: visits.agent_rang,
    facts.AgentRingEnded: visits.agent_ring_ended,
    facts.AgentConnected: visits.agent_connected,
    facts.AgentCompleted: visits.agent_completed,
    facts.FloorConfigured: days.floor_configured,
    facts.DayBegan: days.day_began,
    facts.WrapUpEnded: days.wrapup_ended,
    rulings.PlanAdopted: plan.plan_adopted,
    rulings.RequestAnswered: plan.request_answered,
    rulings.BreakQueued: breaks.break_queued,
    rulings.BreakHeld: breaks.break_held,
    rulings.BreakGranted: breaks.break_granted,
    rulings.BreakBegan: breaks.break_began,
    rulings.BreakEnded: breaks.break_ended,
    rulings.BreakDropped: breaks.break_dropped,
    rulings.BreakOverran: breaks.break_overran,
    rulings.PauseUnauthorised: breaks.pause_unauthorised,
    rulings.LoadJudged: breaks.load_judged,
    rulings.AgentOnDuty: duty.agent_on_duty,
    rulings.AgentLeaving: duty.agent_leaving,
    rulings.AgentOffDuty: duty.agent_off_duty,
    rulings.AgentPresent: duty.agent_present,
    rulings.LoginAllowed: duty.login_allowed,
    rulings.QueuesMoved: duty.queues_moved,
    rulings.MeetingBegan: meetings.meeting_began,
    rulings.MeetingEnded: meetings.meeting_ended,
    rulings.OrderGiven: orders.order_given,
    rulings.OrderDone: orders.order_done,
    rulings.AlertRaised: notices.alert_raised,
    rulings.AlertBrewing: notices.alert_brewing,
    rulings.AlertCleared: notices.alert_cleared,
    rulings.AlertTaken: notices.alert_taken,
    rulings.MessageSent: notices.message_sent,
    rulings.MessageWasSeen: notices.message_was_seen,
    outbound.DialDecided: dials.dial_decided,
    outbound.DialAbandoned: dials.dial_abandoned,
    outbound.DialEnded: dials.dial_ended,
    outbound.ResultCoded: dials.result_coded,
    outbound.NumberBlocked: campaigns.number_blocked,
    outbound.NumberUnblocked: campaigns.number_unblocked,
    outbound.ConsentGiven: campaigns.consent_given,
    outbound.ConsentRevoked: campaigns.consent_revoked,
    outbound.ListAnnounced: campaigns.list_announced,
    outbound.StepProposed: campaigns.step_proposed,
    outbound.StepDropped: campaigns.step_dropped,
    outbound.CampaignMoved: campaigns.campaign_moved,
    outbound.DiallingStopped: campaigns.dialling_stopped,
    outbound.StopMeasured: campaigns.stop_measured,
    outbound.ItemKept: campaigns.item_kept,
    outbound.ComplaintKept: campaigns.complaint_kept,
    outbound.StatementConfirmed: campaigns.statement_confirmed,
}


def apply(floor: Floor, fact: facts.Fact, changes: Changes) -> None:
    """One fact. A repeat, known by (session, seq), changes nothing: producers append their last seconds again."""
    if is_repeat(floor, fact):
        return
    if fact.at > floor.at:
        floor.at = fact.at
    HANDLERS[type(fact)](floor, fact, changes)
    if floor.ended:
        calls.forget_ended(floor, changes)


def is_repeat(floor: Floor, fact: facts.Fact) -> bool:
    """Whether this producer's number was there already; remembered by producer, who spoke last stands last."""
    last = floor.sessions.pop(fact.session, -1)
    floor.sessions[fact.session] = max(last, fact.seq)
    if len(floor.sessions) > SESSIONS_KEPT:
        del floor.sessions[next(iter(floor.sessions))]
    return fact.seq <= last
