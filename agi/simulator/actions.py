"""The table of AMI actions: who may do them, and what they do. Texts are Asterisk's own.

Not the session's framing and login state (`session.py`). An action writes its response first; the events that it
causes follow, as they come through the queue of events in Asterisk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import md5
from hmac import compare_digest

from agi.simulator import lists, messages
from agi.simulator.agenda import SECOND
from agi.simulator.chance import stream
from agi.simulator.channels import UP
from agi.simulator.outlet import AGENT, CALL, COMMAND, CONFIG, ORIGINATE, REPORTING, SYSTEM, USER
from agi.simulator.pbx import AMI_VERSION, ASTERISK_VERSION
from agi.simulator.session import Request, Session

Action = Callable[[Session, Request], None]


def handle(session: Session, request: Request) -> None:
    """Find the action, check the right to it, do it."""
    name = request.get("Action")
    found = ACTIONS.get(name.lower())
    if found is None:
        session.refuse(request, f"Invalid/unknown command: {name}. Use Action: ListCommands to show available commands.")
        return
    need, action = found
    if need and (session.account is None or not session.account.may_write & need):
        session.refuse(request, "Permission denied")
        return
    action(session, request)


# ---- the session itself

def login(session: Session, request: Request) -> None:
    """Plain, or by the key of a challenge."""
    account = session.accounts.get(request.get("Username"))
    if account is None:
        session.reject(request)
        return
    if request.get("AuthType").upper() == "MD5":
        given, expected = request.get("Key"), md5((session.challenge + account.secret).encode(), usedforsecurity=False).hexdigest()
        admitted = bool(session.challenge) and compare_digest(given.encode(), expected.encode())
    else:
        admitted = compare_digest(request.get("Secret").encode("utf-8", "surrogateescape"), account.secret.encode())
    if not admitted:
        session.reject(request)
        return
    session.admit(request, account)
    when = datetime.fromtimestamp(session.pbx.now / SECOND, UTC).isoformat(timespec="milliseconds").replace("+00:00", "+0000")
    remote = f"IPV4/TCP/127.0.0.1/{40000 + session.number % 20000}"
    session.pbx.switch.say(messages.successful_auth(when, account.username, f"0x7f{session.number:010x}", remote))


def challenge(session: Session, request: Request) -> None:
    """The challenge stays the same for the session."""
    if request.get("AuthType").upper() != "MD5":
        session.refuse(request, "Must specify AuthType")
        return
    session.challenge = session.challenge or _challenge_of(session)
    session.write(f"Response: Success\r\n{request.id_line}Challenge: {session.challenge}\r\n")


def _challenge_of(session: Session) -> str:
    return str(stream(session.pbx.seed, f"challenge:{session.number}").randrange(10**8, 10**9))


def logoff(session: Session, request: Request) -> None:
    session.respond(request, "Goodbye", "Thanks for all the fish.")
    session.closed = True


def ping(session: Session, request: Request) -> None:
    seconds, micros = divmod(session.pbx.now, SECOND)
    session.respond(request, "Success", "", "Ping: Pong", f"Timestamp: {seconds}.{micros:06d}")


def events(session: Session, request: Request) -> None:
    session.set_mask(request.get("EventMask"))
    session.respond(request, "Success", "", f"Events: {'On' if session.mask else 'Off'}")


def list_commands(session: Session, request: Request) -> None:
    session.respond(request, "Success", "", *(f"{name}: simulated" for name in ACTIONS))


# ---- lists

def _list(session: Session, request: Request, message: str, items: Iterable[str], complete: str) -> None:
    session.write(f"Response: Success\r\n{request.id_line}EventList: start\r\nMessage: {message}\r\n")
    count = 0
    for item in items:
        session.write(item)
        count += 1
    session.write(f"Event: {complete}\r\n{request.id_line}EventList: Complete\r\nListItems: {count}\r\n")


def queue_status(session: Session, request: Request) -> None:
    items = lists.queue_status(session.pbx, request.get("Queue"), request.get("Member"), request.id_line)
    _list(session, request, "Queue status will follow", items, "QueueStatusComplete")


def queue_summary(session: Session, request: Request) -> None:
    items = lists.queue_summary(session.pbx, request.get("Queue"), request.id_line)
    _list(session, request, "Queue summary will follow", items, "QueueSummaryComplete")


def core_show_channels(session: Session, request: Request) -> None:
    _list(session, request, "Channels will follow", lists.core_show_channels(session.pbx, request.id_line), "CoreShowChannelsComplete")


def device_state_list(session: Session, request: Request) -> None:
    items = lists.device_states(session.pbx, request.id_line)
    _list(session, request, "Device State Changes will follow", items, "DeviceStateListComplete")


def show_contacts(session: Session, request: Request) -> None:
    message = "A listing of Contacts follows, presented as ContactList events"
    _list(session, request, message, lists.contacts(session.pbx, request.id_line), "ContactListComplete")


# ---- the core

def _date_and_time(us: int) -> tuple[str, str]:
    when = datetime.fromtimestamp(us // SECOND, UTC)
    return when.strftime("%Y-%m-%d"), when.strftime("%H:%M:%S")


def core_status(session: Session, request: Request) -> None:
    pbx = session.pbx
    (start_date, start_time), (reload_date, reload_time) = _date_and_time(pbx.booted_at), _date_and_time(pbx.reloaded_at)
    session.respond(
        request, "Success", "", f"CoreStartupDate: {start_date}", f"CoreStartupTime: {start_time}", f"CoreReloadDate: {reload_date}",
        f"CoreReloadTime: {reload_time}", f"CoreCurrentCalls: {len(pbx.switch.channels)}",
    )


def core_settings(session: Session, request: Request) -> None:
    session.respond(
        request, "Success", "", f"AMIversion: {AMI_VERSION}", f"AsteriskVersion: {ASTERISK_VERSION}", f"SystemName: {session.pbx.node}",
        "CoreMaxCalls: 0", "CoreMaxLoadAvg: 0.000000", "CoreRunUser: ", "CoreRunGroup: ", "CoreMaxFilehandles: 0",
        "CoreRealTimeEnabled: No", "CoreCDRenabled: Yes", "CoreHTTPenabled: No", "SoundsSearchCustomDir: No",
    )


def reload(session: Session, request: Request) -> None:
    session.pbx.reloaded_at = session.pbx.now
    session.respond(request, "Success", "Module Reloaded")
    session.pbx.switch.say(messages.reload(request.get("Module") or "All"))


def set_variable(session: Session, request: Request) -> None:
    """Without a channel: a global variable, whose VarSet is a fence in the stream of events."""
    pbx, name, variable, value = session.pbx, request.get("Channel"), request.get("Variable"), request.get("Value")
    if not variable:
        session.refuse(request, "No variable specified")
        return
    if not name:
        pbx.globals[variable] = value
        session.respond(request, "Success", "Variable Set")
        pbx.switch.say(messages.global_var_set(variable, value))
        return
    channel = pbx.channel(name)
    if channel is None:
        session.refuse(request, "No such channel")
        return
    session.respond(request, "Success", "Variable Set")
    pbx.switch.set(channel, variable, value)


def get_variable(session: Session, request: Request) -> None:
    pbx, name, variable = session.pbx, request.get("Channel"), request.get("Variable")
    if not variable:
        session.refuse(request, "No variable specified")
        return
    channel = pbx.channel(name) if name else None
    if name and channel is None:
        session.refuse(request, "No such channel")
        return
    known = channel.variables if channel else pbx.globals
    session.respond(request, "Success", "", f"Variable: {variable}", f"Value: {known.get(variable, '')}")


def user_event(session: Session, request: Request) -> None:
    session.respond(request, "Success", "Event Sent")
    headers = [(key, value) for key, value in request.headers if key.lower() not in ("action", "userevent")]
    session.pbx.switch.say(messages.user_event(request.get("UserEvent"), headers))


def command(session: Session, request: Request) -> None:
    """There is no command line behind this PBX."""
    session.refuse(request, "Permission denied")


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


ACTIONS: dict[str, tuple[int, Action]] = {
    "login": (0, login),
    "challenge": (0, challenge),
    "logoff": (0, logoff),
    "ping": (0, ping),
    "events": (0, events),
    "listcommands": (0, list_commands),
    "queuestatus": (0, queue_status),
    "queuesummary": (0, queue_summary),
    "coreshowchannels": (SYSTEM | REPORTING, core_show_channels),
    "devicestatelist": (CALL | REPORTING, device_state_list),
    "pjsipshowcontacts": (SYSTEM, show_contacts),
    "corestatus": (SYSTEM | REPORTING, core_status),
    "coresettings": (SYSTEM | REPORTING, core_settings),
    "reload": (SYSTEM | CONFIG, reload),
    "setvar": (CALL, set_variable),
    "getvar": (CALL | REPORTING, get_variable),
    "userevent": (USER, user_event),
    "command": (COMMAND, command),
    "hangup": (SYSTEM | CALL, hangup),
    "redirect": (CALL, redirect),
    "originate": (ORIGINATE, originate),
    "queuepause": (AGENT, queue_pause),
    "queueadd": (AGENT, queue_add),
    "queueremove": (AGENT, queue_remove),
    "queuepenalty": (AGENT, queue_penalty),
    "queuelog": (AGENT, queue_log),
    "queuewithdrawcaller": (0, queue_withdraw),
}
"""By name in lower case: the classes of which one suffices (0: anybody who is logged in), and the deed."""
