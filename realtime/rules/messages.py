"""Messages to an agent, a team, or all screens: who may send one, and that it was read. Pure.

Not where they are shown (`view_owned.py`, `me.py`). A text is one line of characters that print, whatever road it came by.
"""

from __future__ import annotations

from realtime import requests
from realtime.control.ruling import Moment, Ruling
from realtime.decision import Finding, decide
from realtime.floor import Floor
from realtime.owned import Message
from realtime.plan.reach import reach, reach_team, team, team_of
from realtime.requests import TEXT_MAX, Request
from realtime.rulings import MessageSent, MessageWasSeen
from realtime.saying import say
from realtime.words import SECOND

MINUTES_MAX = 480
"""A shift: what is to be known for longer belongs on paper."""


def send(floor: Floor, request: Request, wish: requests.MessageSend, moment: Moment) -> Ruling:
    text = one_line(wish.text)
    findings = [addressee(floor, request, wish.to), fits(text)]
    if not 1 <= wish.minutes <= MINUTES_MAX:
        findings.append(Finding("message.minutes", "deny", {"minutes": wish.minutes, "most": MINUTES_MAX}))
    findings.append(Finding("message.sent", values={"to": wish.to, "minutes": wish.minutes}))
    decision = decide(findings)
    if decision.verdict != "allow":
        return Ruling(decision)
    until = moment.now + wish.minutes * 60 * SECOND
    sent = say(MessageSent, moment.now, message=moment.ids(), to=wish.to, text=text, who=request.actor.who, until=until)
    return Ruling(decision, [sent])


def addressee(floor: Floor, request: Request, to: str) -> Finding:
    """Whom the sender may reach. All screens hang before everybody, so only who reaches the whole floor writes on them."""
    owned, (kind, _, name) = floor.owned, to.partition(":")
    if kind == "agent" and (name in owned.people or name in floor.agents):
        return reach(owned, request.actor, name)
    if kind == "team" and team(owned.plan, name) is not None:
        return reach_team(owned, request.actor, name)
    if to == "all":
        return reach_team(owned, request.actor, "")
    return Finding("message.nobody", "deny", {"to": to})


def fits(text: str) -> Finding:
    if not text:
        return Finding("message.empty", "deny")
    if len(text) > TEXT_MAX:
        return Finding("message.too_long", "deny", {"length": len(text), "most": TEXT_MAX})
    return Finding("message.length", values={"length": len(text), "most": TEXT_MAX})


def one_line(text: str) -> str:
    """A newline would be a second message on a screen; a control character, or one that turns the writing round, is nobody's wish."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def seen(floor: Floor, request: Request, wish: requests.MessageSeen, moment: Moment) -> Ruling:
    """Twice is as good as once: a page that reads again says so again."""
    message = floor.owned.messages.get(wish.message)
    if message is None:
        return Ruling(decide([Finding("message.gone", "deny")]))
    findings = [reach(floor.owned, request.actor, wish.agent)]
    if not is_to(message, wish.agent, team_of(floor.owned, wish.agent)):
        findings.append(Finding("message.not_yours", "deny", {"agent": wish.agent}))
    findings.append(Finding("message.seen"))
    decision = decide(findings)
    if decision.verdict != "allow" or wish.agent in message.seen:
        return Ruling(decision)
    return Ruling(decision, [say(MessageWasSeen, moment.now, message=message.id, agent=wish.agent)])


def is_to(message: Message, agent: str, own_team: str) -> bool:
    return message.to in ("all", f"agent:{agent}") or (bool(own_team) and message.to == f"team:{own_team}")
