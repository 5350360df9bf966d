"""Alerts and messages: raised, taken on, cleared; sent and seen."""

from __future__ import annotations

from realtime import rulings
from realtime.changes import Changes
from realtime.floor import Floor
from realtime.fold.ledgers import touch
from realtime.owned import ALERTS_KEPT, Alert, Message

MESSAGES_KEPT = 200
"""At once; a message of before is in the log."""


def alert_raised(floor: Floor, fact: rulings.AlertRaised, changes: Changes) -> None:
    """The same trouble again while it is on, or not yet closed, is the same alert."""
    alerts = floor.owned.alerts
    floor.owned.brewing.pop(fact.alert, None)
    known = alerts.get(fact.alert)
    if known is not None and not known.closed:
        known.severity, known.value, known.text = fact.severity, fact.value, fact.text
        if known.cleared:
            known.cleared, known.since, known.acknowledged = 0, fact.at, ""
            known.times += 1
    else:
        alerts[fact.alert] = Alert(
            id=fact.alert,
            rule=fact.rule,
            severity=fact.severity,
            subject=fact.subject,
            since=fact.at,
            value=fact.value,
            text=fact.text,
            owner=fact.owner,
        )
    for name in [name for name, alert in alerts.items() if alert.cleared and alert.cleared < fact.at - ALERTS_KEPT]:
        del alerts[name]
    changes.owned.add("alerts")


def alert_brewing(floor: Floor, fact: rulings.AlertBrewing, changes: Changes) -> None:
    """On no screen: it is a count of seconds that an engine started anew goes on with."""
    if fact.since:
        floor.owned.brewing.setdefault(fact.alert, fact.since)
    else:
        floor.owned.brewing.pop(fact.alert, None)


def alert_cleared(floor: Floor, fact: rulings.AlertCleared, changes: Changes) -> None:
    alert = floor.owned.alerts.get(fact.alert)
    if alert is not None and not alert.cleared:
        alert.cleared = fact.at
        changes.owned.add("alerts")


def alert_taken(floor: Floor, fact: rulings.AlertTaken, changes: Changes) -> None:
    alert = floor.owned.alerts.get(fact.alert)
    if alert is None:
        return
    alert.acknowledged = alert.acknowledged or fact.who
    if fact.deed == "own":
        alert.owner = type(alert.owner)(fact.who)
    if fact.deed == "close":
        alert.closed, alert.outcome = fact.at, fact.text
    changes.owned.add("alerts")


def message_sent(floor: Floor, fact: rulings.MessageSent, changes: Changes) -> None:
    messages = floor.owned.messages
    messages[fact.message] = Message(id=fact.message, to=fact.to, text=fact.text, who=fact.who, at=fact.at, until=fact.until)
    for name in [name for name, message in messages.items() if message.until < fact.at]:
        del messages[name]
    for name in list(messages)[:-MESSAGES_KEPT]:
        del messages[name]
    changes.owned.add("messages")


def message_was_seen(floor: Floor, fact: rulings.MessageWasSeen, changes: Changes) -> None:
    message = floor.owned.messages.get(fact.message)
    if message is not None and fact.agent not in message.seen:
        message.seen.append(fact.agent)
        touch(floor, fact.agent, changes, "messages")
