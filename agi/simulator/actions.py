"""The table of AMI actions: who may do them, and what they do. Texts are Asterisk's own.

Not the session's framing and login state (`session.py`); what changes channels and members is in `orders.py`. An
action writes its response first; the events that it causes follow, as they come through the queue of events in Asterisk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import md5
from hmac import compare_digest

from agi.simulator import lists, messages, orders
from agi.simulator.agenda import SECOND
from agi.simulator.chance import stream
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


def parked_calls(session: Session, request: Request) -> None:
    _list(session, request, "Parked calls will follow", lists.parked_calls(session.pbx, request.id_line), "ParkedCallsComplete")


# ---- the core


def _date_and_time(us: int) -> tuple[str, str]:
    when = datetime.fromtimestamp(us // SECOND, UTC)
    return when.strftime("%Y-%m-%d"), when.strftime("%H:%M:%S")


def core_status(session: Session, request: Request) -> None:
    pbx = session.pbx
    (start_date, start_time), (reload_date, reload_time) = _date_and_time(pbx.booted_at), _date_and_time(pbx.reloaded_at)
    session.respond(
        request,
        "Success",
        "",
        f"CoreStartupDate: {start_date}",
        f"CoreStartupTime: {start_time}",
        f"CoreReloadDate: {reload_date}",
        f"CoreReloadTime: {reload_time}",
        f"CoreCurrentCalls: {len(pbx.switch.channels)}",
    )


def core_settings(session: Session, request: Request) -> None:
    session.respond(
        request,
        "Success",
        "",
        f"AMIversion: {AMI_VERSION}",
        f"AsteriskVersion: {ASTERISK_VERSION}",
        f"SystemName: {session.pbx.node}",
        "CoreMaxCalls: 0",
        "CoreMaxLoadAvg: 0.000000",
        "CoreRunUser: ",
        "CoreRunGroup: ",
        "CoreMaxFilehandles: 0",
        "CoreRealTimeEnabled: No",
        "CoreCDRenabled: Yes",
        "CoreHTTPenabled: No",
        "SoundsSearchCustomDir: No",
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
    "parkedcalls": (CALL, parked_calls),
    "pjsipshowcontacts": (SYSTEM, show_contacts),
    "corestatus": (SYSTEM | REPORTING, core_status),
    "coresettings": (SYSTEM | REPORTING, core_settings),
    "reload": (SYSTEM | CONFIG, reload),
    "setvar": (CALL, set_variable),
    "getvar": (CALL | REPORTING, get_variable),
    "userevent": (USER, user_event),
    "command": (COMMAND, command),
    "hangup": (SYSTEM | CALL, orders.hangup),
    "mixmonitormute": (SYSTEM | CALL, orders.mix_monitor_mute),
    "redirect": (CALL, orders.redirect),
    "originate": (ORIGINATE, orders.originate),
    "queuepause": (AGENT, orders.queue_pause),
    "queueadd": (AGENT, orders.queue_add),
    "queueremove": (AGENT, orders.queue_remove),
    "queuepenalty": (AGENT, orders.queue_penalty),
    "queuelog": (AGENT, orders.queue_log),
    "queuewithdrawcaller": (0, orders.queue_withdraw),
}
"""By name in lower case: the classes of which one suffices (0: anybody who is logged in), and the deed."""
