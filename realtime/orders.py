"""Orders: something to be done on a PBX, as data. Their outcome comes back as a fact.

Not who may give one (`rules/supervise.py`), not the AMI actions (`agi/orders.py` makes them). An order names what Asterisk
calls it: interface, queue, the uniqueid of a live leg, never a person. It says what should be, not what to change, so that
doing it twice does no harm; after `expires` nobody does it any more.

The stream `{floor}:orders` carries them from the engine to the adapters; the same order is in the fact `OrderGiven`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from realtime.words import CallId, Device, Interface, Micros, Node, QueueName, Uniqueid

SpyMode = Literal["listen", "whisper", "barge"]


class Act(msgspec.Struct, frozen=True, tag_field="act", omit_defaults=True):
    """One of the classes below."""


class PauseMember(Act, frozen=True, tag="pause"):
    """Paused or not in these queues; none named: in all of the node's that have this interface."""

    interface: Interface
    paused: bool
    reason: str = ""
    queues: tuple[QueueName, ...] = ()


class AddMember(Act, frozen=True, tag="add"):
    """Into a queue, already paused where it should be: added first and paused then, a call may ring in between."""

    queue: QueueName
    interface: Interface
    device: Device
    name: str = ""
    penalty: int = 0
    paused: bool = False
    reason: str = ""


class RemoveMember(Act, frozen=True, tag="remove"):
    queue: QueueName
    interface: Interface


class SetPenalty(Act, frozen=True, tag="penalty"):
    """Of a member who is there already: callers come to the lowest penalty first."""

    queue: QueueName
    interface: Interface
    penalty: int


class HangUp(Act, frozen=True, tag="hangup"):
    leg: Uniqueid


class Spy(Act, frozen=True, tag="spy"):
    """Ring `phone`; when it is answered it hears the channel `leg`, and speaks as `mode` says."""

    leg: Uniqueid
    phone: Device
    mode: SpyMode = "listen"


class TakeOver(Act, frozen=True, tag="takeover"):
    """Ring `phone`; when it is answered it gets the caller's channel `leg` out of its talk."""

    leg: Uniqueid
    phone: Device


class MuteRecording(Act, frozen=True, tag="mute"):
    """What is recorded of this channel now gets silence, both sides, or sound again; its timeline goes on."""

    call: CallId
    leg: Uniqueid
    muted: bool


AnyAct = PauseMember | AddMember | RemoveMember | SetPenalty | HangUp | Spy | TakeOver | MuteRecording


class Order(msgspec.Struct, frozen=True, omit_defaults=True):
    """`id` is unique on the floor; `expires` by our clock."""

    id: str
    node: Node
    act: AnyAct
    given: Micros
    expires: Micros


NO_ORDER = Order("", Node(""), RemoveMember(QueueName(""), Interface("")), 0, 0)
"""What a fact has where an older producer left its order out; nobody carries it out."""
Outcome = Literal["accepted", "refused", "timed_out", "link_lost", "expired"]
"""What became of it at the PBX. `accepted` is Asterisk's word; that it is so is seen in the facts."""


def pause_target(node: str, interface: str) -> str:
    """Pausing and unpausing are about one thing."""
    return f"{node}/{interface}#pause"


def member_target(node: str, queue: str, interface: str) -> str:
    return f"{node}/{queue}/{interface}#member"


def penalty_target(node: str, queue: str, interface: str) -> str:
    return f"{node}/{queue}/{interface}#penalty"


def mute_target(node: str, leg: str) -> str:
    """Silence and sound are about one thing."""
    return f"{node}/{leg}#mute"


def target(node: str, act: AnyAct) -> str:
    """What an order is about. Two open orders about one thing would race, so there is one at a time."""
    match act:
        case PauseMember():
            return pause_target(node, act.interface)
        case AddMember() | RemoveMember():
            return member_target(node, act.queue, act.interface)
        case SetPenalty():
            return penalty_target(node, act.queue, act.interface)
        case HangUp():
            return f"{node}/{act.leg}#hangup"
        case MuteRecording():
            return mute_target(node, act.leg)
        case Spy() | TakeOver():
            return f"{node}/{act.leg}/{act.phone}#{type(act).__struct_config__.tag}"


_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[list[Order]] = msgspec.json.Decoder(list[Order])


def encode(orders: list[Order]) -> bytes:
    """One batch of `{floor}:orders`."""
    return _encoder.encode(orders)


def decode(batch: bytes) -> list[Order]:
    """Raises msgspec.DecodeError; an act of a newer Andon makes the batch unreadable, and nobody does it."""
    return _decoder.decode(batch)
