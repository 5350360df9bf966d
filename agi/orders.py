"""Orders as AMI actions, and what the answers to them mean. Pure.

Not which orders there are (`realtime/orders.py`), nor their sending (`doer.py`). An order says what should be: where Asterisk
refuses because it is so already (a member who is there, a channel that is gone), the order is done.
Facts about the actions: asterisk.md 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from agi.codec import Action
from agi.exchange import Outcome as Answered
from agi.exchange import Reply
from realtime.orders import AddMember, AnyAct, HangUp, MuteRecording, Outcome, PauseMember, RemoveMember, SetPenalty, Spy, SpyMode, TakeOver
from realtime.words import Device, Uniqueid

RING_MS: Final = 20_000
"""How long a supervisor's phone rings: somebody who asked for it sits in front of it."""
SAID_MAX: Final = 300
SPY: Final[dict[SpyMode, str]] = {"listen": "quES", "whisper": "quESw", "barge": "quESB"}
"""q: no beep. u: the name is a whole uniqueid, or a prefix would match other phones. E: end with the call. S: do not go on to
another one. w: speak to the spied side only. B: to both."""
DONE_ALREADY: Final = {"QueueAdd": "Already there", "QueueRemove": "Not there", "Hangup": "No such channel"}
"""The end of Asterisk's refusal where what was wanted is so."""
PLAIN: Final = re.compile(r"[\w./@:+-]+", re.ASCII)
"""What may stand in an application's data or a channel to ring: no comma, no variable, no second channel after an `&`."""


class Verdict(NamedTuple):
    outcome: Outcome
    said: str = ""


def actions(act: AnyAct, name_of: Callable[[Uniqueid], str]) -> list[Action] | Verdict:
    """What to send for it, or what it comes to without. `name_of`: a live channel's name, empty for one that is gone."""
    match act:
        case PauseMember():
            return [_pause(act, queue) for queue in act.queues or ("",)]
        case AddMember():
            return [_add(act)]
        case RemoveMember():
            return [Action("QueueRemove", (("Queue", act.queue), ("Interface", act.interface)))]
        case SetPenalty(queue, interface, penalty):
            return [Action("QueuePenalty", (("Queue", queue), ("Interface", interface), ("Penalty", str(penalty))))]
        case HangUp():
            name = name_of(act.leg)
            return [Action("Hangup", (("Channel", name), ("Cause", "16")))] if name else Verdict("accepted", "it had ended")
        case MuteRecording():
            return _mute(act, name_of(act.leg))
        case Spy() | TakeOver():
            return _ring(act, name_of(act.leg))


def _pause(act: PauseMember, queue: str) -> Action:
    headers = [("Interface", act.interface), ("Paused", "true" if act.paused else "false")]
    headers += [("Queue", queue)] if queue else []
    headers += [("Reason", act.reason)] if act.reason and act.paused else []
    return Action("QueuePause", tuple(headers))


def _add(act: AddMember) -> Action:
    headers = [("Queue", act.queue), ("Interface", act.interface), ("Penalty", str(act.penalty))]
    headers += [("Paused", "true")] if act.paused else []
    headers += [("Reason", act.reason)] if act.paused and act.reason else []
    headers += [("MemberName", act.name)] if act.name else []
    headers += [("StateInterface", act.device)] if act.device else []
    return Action("QueueAdd", tuple(headers))


def _mute(act: MuteRecording, name: str) -> list[Action] | Verdict:
    """Both sides: a card's number is said by one and read back by the other. A channel that is gone records nothing more."""
    if not name:
        return Verdict("accepted", "it had ended")
    return [Action("MixMonitorMute", (("Channel", name), ("Direction", "both"), ("State", "1" if act.muted else "0")))]


def _ring(act: Spy | TakeOver, name: str) -> list[Action] | Verdict:
    if not name:
        return Verdict("refused", "The call is over.")
    if not all(PLAIN.fullmatch(part) for part in (act.leg, act.phone, name)):
        return Verdict("refused", "The names of phone and channel have characters that Andon sends to no PBX.")
    if isinstance(act, Spy):
        return [_originate(act.phone, "ChanSpy", f"{act.leg},{SPY[act.mode]}", f"Andon {act.mode}")]
    # Bridge finds a channel by the beginning of its name or uniqueid: `…-1.1` would be `…-1.12`, a whole name has a fixed width.
    return [_originate(act.phone, "Bridge", name, "Andon takeover")]


def _originate(phone: Device, application: str, data: str, shown: str) -> Action:
    headers = (
        ("Channel", phone),
        ("Application", application),
        ("Data", data),
        ("CallerID", f'"{shown}" <andon>'),
        ("Timeout", str(RING_MS)),
        ("Async", "true"),  # or the session would answer nobody until the phone is lifted
    )
    return Action("Originate", headers)


def verdict(replies: Sequence[Reply]) -> Verdict:
    """Of all its actions the first that did not go well, else accepted."""
    judged = [judge(reply) for reply in replies]
    return next((each for each in judged if each.outcome != "accepted"), judged[-1] if judged else Verdict("accepted"))


def judge(reply: Reply) -> Verdict:
    said = (reply.response.get("Message") if reply.response is not None else "") or reply.error or ""
    if len(said) > SAID_MAX:
        said = said[:SAID_MAX]
    if reply.error is None:
        return Verdict("accepted", said)
    match reply.outcome:
        case Answered.TIMED_OUT:
            return Verdict("timed_out", said)
        case Answered.LINK_LOST:
            return Verdict("link_lost", said)
    already = DONE_ALREADY.get(reply.action.name)
    return Verdict("accepted" if already and said.endswith(already) else "refused", said)
