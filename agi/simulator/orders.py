"""The actions that change something: channels and queue members. Texts are Asterisk's own.

Not the table of actions and not those that only ask (`actions.py`).
"""

from __future__ import annotations

from agi.simulator import messages
from agi.simulator.channels import UP
from agi.simulator.session import Request, Session

# ---- channels


def hangup(session: Session, request: Request) -> None:
    name = request.get("Channel")
    if not name:
        session.refuse(request, "No channel specified")
        return
    channel = session.pbx.channel(name)
    if channel is None or not session.pbx.drop(channel):
        session.refuse(request, "No such channel")
        return
    session.respond(request, "Success", "Channel Hungup")


def redirect(session: Session, request: Request) -> None:
    name = request.get("Channel")
    if not name:
        session.refuse(request, "Channel not specified")
        return
    channel = session.pbx.channel(name)
    if channel is None:
        session.refuse(request, "Channel does not exist: " + name)
        return
    context, exten = request.get("Context"), request.get("Exten")
    if channel.state != UP or channel.owner is None:
        session.refuse(request, "Redirect failed, channel not up.")
        return
    session.respond(request, "Success", "Redirect successful")
    session.pbx.redirect(channel, context, exten)


def originate(session: Session, request: Request) -> None:
    """Only with Async: a synchronous one would hold back the session's events, and nobody should want that."""
    if not request.get("Channel"):
        session.refuse(request, "Channel not specified")
        return
    if request.get("Async").lower() not in ("true", "yes", "1", "on"):
        session.refuse(request, "Originate failed")
        return
    application, exten = request.get("Application"), request.get("Exten")
    if not application and not exten:
        session.refuse(request, "Originate with 'Exten' requires 'Context' and 'Priority'")
        return
    if exten and not session.pbx.reachable(exten):
        session.refuse(request, "Extension does not exist.")
        return
    if request.get("ChannelId") in session.pbx.switch.channels:
        session.refuse(request, "Uniqueid already in use")
        return
    session.respond(request, "Success", "Originate successfully queued")
    session.pbx.originate(request)


def mix_monitor_mute(session: Session, request: Request) -> None:
    """Silence for what is recorded of a channel, by side; the file's timeline goes on."""
    name, state, direction = request.get("Channel"), request.get("State"), request.get("Direction")
    if not name:
        session.refuse(request, "No channel specified")
        return
    if not state:
        session.refuse(request, "No state specified")
        return
    if direction.lower() not in ("read", "write", "both"):
        session.refuse(request, "Invalid direction specified" if direction else "No direction specified")
        return
    channel = session.pbx.channel(name)
    if channel is None:
        session.refuse(request, "No such channel")
        return
    if "MIXMONITOR_FILENAME" not in channel.variables:
        session.refuse(request, "Cannot set mute flag")
        return
    session.respond(request, "Success", "")
    muted = state in ("1", "true", "yes", "on")
    session.pbx.switch.say(messages.mix_monitor_mute(channel, direction.lower(), "1" if muted else "0"))
    if channel.tape is not None and direction.lower() == "both":
        channel.tape.mute(muted, session.pbx.now)


# ---- queues


def queue_pause(session: Session, request: Request) -> None:
    interface, queue, paused = request.get("Interface"), request.get("Queue"), request.get("Paused")
    if not interface or not paused:
        session.refuse(request, "Need 'Interface' and 'Paused' parameters.")
        return
    pause = paused.lower() in ("true", "yes", "1", "on", "y", "t")
    if not session.pbx.members(interface, queue):
        session.refuse(request, "Interface not found")
        return
    session.respond(request, "Success", f"Interface {'paused' if pause else 'unpaused'} successfully")
    session.pbx.pause(interface, queue, pause, request.get("Reason"))


def queue_add(session: Session, request: Request) -> None:
    queue, interface = request.get("Queue"), request.get("Interface")
    if not queue or not interface:
        session.refuse(request, f"'{'Interface' if queue else 'Queue'}' not specified.")
        return
    known = session.pbx.queues.queues.get(queue)
    if known is None:
        session.refuse(request, "Unable to add interface to queue: No such queue")
    elif interface in known.members:
        session.refuse(request, "Unable to add interface: Already there")
    else:
        session.respond(request, "Success", "Added interface to queue")
        session.pbx.add_member(known, request)


def queue_remove(session: Session, request: Request) -> None:
    queue, interface = request.get("Queue"), request.get("Interface")
    if not queue or not interface:
        session.refuse(request, "Need 'Queue' and 'Interface' parameters.")
        return
    known = session.pbx.queues.queues.get(queue)
    member = known.members.get(interface) if known else None
    if known is None:
        session.refuse(request, "Unable to remove interface from queue: No such queue")
    elif member is None:
        session.refuse(request, "Unable to remove interface: Not there")
    elif member.membership != "dynamic":
        session.refuse(request, "Member not dynamic")
    else:
        session.respond(request, "Success", "Removed interface from queue")
        session.pbx.queues.remove(member, "MANAGER")


def queue_penalty(session: Session, request: Request) -> None:
    interface, penalty = request.get("Interface"), request.get("Penalty")
    if not interface or not penalty:
        session.refuse(request, "Need 'Interface' and 'Penalty' parameters.")
        return
    members = session.pbx.members(interface, request.get("Queue"))
    if not members or not penalty.isdigit():
        session.refuse(request, "Invalid interface, queuename or penalty")
        return
    session.respond(request, "Success", "Interface penalty set successfully")
    for member in members:
        session.pbx.queues.set_penalty(member, int(penalty))


def queue_log(session: Session, request: Request) -> None:
    queue, event = request.get("Queue"), request.get("Event")
    if not queue or not event:
        session.refuse(request, f"Need '{'Event' if queue else 'Queue'}' parameter.")
        return
    uniqueid, interface = request.get("Uniqueid") or "NONE", request.get("Interface") or "NONE"
    session.pbx.queues.write(uniqueid, queue, interface, event, request.get("Message"))
    session.respond(request, "Success", "Event added successfully")


def queue_withdraw(session: Session, request: Request) -> None:
    queue, caller = request.get("Queue"), request.get("Caller")
    if not queue or not caller:
        session.refuse(request, f"'{'Caller' if queue else 'Queue'}' not specified.")
    elif queue not in session.pbx.queues.queues:
        session.refuse(request, "Could not withdraw caller: No such queue")
    elif not session.pbx.withdraw(queue, caller, request.get("WithdrawInfo")):
        session.refuse(request, "Could not withdraw caller: No such caller")
    else:
        session.respond(request, "Success", "Caller withdrawn from queue")
