"""What a dialplan asks about a dial: its environment read, bounded, and told apart by who asks. Pure.

Not who may dial (`realtime/dial/`). Three kinds of channels ask. A desk phone: somebody typed it, and who that is says the floor. A Local
channel: a dialler, a click or a forward, which says by channel variables what it is for; what it leaves out counts as the most dangerous.
A line: a call that was passed on to an outside number, so somebody is on it already. All values are other people's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Final, NamedTuple

from agi.fastagi.codec import Environment
from agi.phone.caller import Caller, node_of
from realtime.dial.model import DialAsk, Dialled
from realtime.plan.dialling import METHODS, Campaign
from realtime.words import SECOND, AgentId, CallId, Micros, Node, Uniqueid

WORD_MAX: Final = 64
"""Characters of an id or a word that a dialler says; the shipped dialplan cuts there, too."""
LATEST_S: Final = 4_102_444_800
"""2100: a callback later than that is a slip, and would not fit everywhere."""
LOCAL: Final = "Local/"
WITHHELD: Final = (0x20, 0x60)
"""Of Asterisk's calling presentation: the bits that say `restricted`, and those that say so together (callerid.h)."""
TRUE: Final = ("1", "yes", "true", "on")

_EXTENSION: Final = re.compile(r"[0-9*#+]{1,40}")
_ID: Final = re.compile(r"[A-Za-z0-9_.+-]{1,150}")
"""A uniqueid or linkedid: `systemname-epoch.counter`. A dialler may give its own by ChannelId (149 characters at most)."""
_CALLER_ID: Final = re.compile(r"\+?[0-9]{3,20}")


class Asked(NamedTuple):
    """As it was asked; an empty word was not said. `extension` is what the token is made of, character by character."""

    node: Node
    channel: str
    uniqueid: str
    linkedid: str
    extension: str
    local: bool
    withheld: bool = False
    shows: str = ""  # the channel's own caller id
    campaign: str = ""
    purpose: str = ""
    method: str = ""
    agent: str = ""
    person: str = ""
    debt: str = ""
    subject: str = ""
    zone: str = ""
    cli: str = ""
    callback: Micros = 0
    reserved: str = ""


def read(environment: Environment, nodes: Collection[str]) -> Asked | None:
    """None for what no dialplan of ours asks: no PBX of ours, no channel, nothing that could be dialled."""
    node = node_of(environment.query, nodes)
    extension, linkedid, *_ = (*environment.arguments, "", "")
    extension = extension or environment.values.get("extension", "")
    uniqueid = environment.uniqueid
    if node is None or _EXTENSION.fullmatch(extension) is None or _ID.fullmatch(uniqueid) is None:
        return None
    said = environment.query
    return Asked(
        node=node,
        channel=environment.channel,
        uniqueid=uniqueid,
        linkedid=linkedid if _ID.fullmatch(linkedid) else uniqueid,
        extension=extension,
        local=environment.channel.startswith(LOCAL),
        withheld=_withheld(environment.values.get("callingpres", "")),
        shows=_caller_id(environment.values.get("callerid", "")),
        callback=_moment(said.get("callback", "")),
        cli=_caller_id(said.get("cli", "")),
        **{name: _word(said.get(name, "")) for name in WORDS},
    )


WORDS: Final = ("campaign", "purpose", "method", "agent", "person", "debt", "subject", "zone", "reserved")


def token(asked: Asked) -> str:
    """What alone allows: made for this channel and this number."""
    return f"allow:{asked.uniqueid}:{asked.extension}"


# ------------------------------------------------------------------ what it means


class Way(NamedTuple):
    """How it is dialled, by who asks."""

    method: str
    reserved: bool
    by_hand: bool
    agent: AgentId


def way_of(asked: Asked, caller: Caller | None) -> Way:
    """`caller`: the desk phone that asks. A Local channel that says no method is taken for a predictive dialler."""
    if caller is not None:
        return Way("manual", True, True, caller.agent)
    if not asked.local:
        return Way("manual", True, False, AgentId(""))
    method = asked.method if asked.method in METHODS else METHODS[-1]
    said = asked.reserved.lower()
    reserved = said in TRUE if said else method != METHODS[-1]
    return Way(method, reserved, False, AgentId(asked.agent))


def shown_of(asked: Asked, campaign: Campaign | None) -> tuple[str, str]:
    """The number that will be shown, and the one to set on the channel for that (empty: leave it). What a dialler asks to show is shown,
    or refused by its rule; a phone's own extension is replaced by the campaign's number."""
    own = campaign.caller_ids if campaign is not None else ()
    if asked.cli:
        return asked.cli, asked.cli
    if asked.shows in own or not own:
        return asked.shows, ""
    return own[0], own[0]


def ask_of(asked: Asked, way: Way, number: Dialled, digest: str, campaign: str, shown: str, hashed: Callable[[str], str]) -> DialAsk:
    said = {"person": asked.person, "debt": asked.debt, "subject": asked.subject}
    return DialAsk(
        number=number,
        digest=digest,
        node=asked.node,
        leg=Uniqueid(asked.uniqueid),
        call=CallId(asked.linkedid),
        campaign=campaign,
        agent=way.agent,
        purpose=asked.purpose,
        method=way.method,
        reserved=way.reserved,
        by_hand=way.by_hand,
        scopes={word: hashed(f"{word}:{value}") for word, value in said.items() if value},
        zone=asked.zone,
        callback=asked.callback,
        caller_id=shown,
        withheld=asked.withheld,
    )


def _word(said: str) -> str:
    """What no text may hold, a byte that was none of UTF-8, is a question mark: else the decision could not be written down."""
    return said[:WORD_MAX].encode("utf-8", "replace").decode()


def _withheld(presentation: str) -> bool:
    number = int(presentation) if presentation.isascii() and presentation.isdigit() and len(presentation) <= 3 else 0
    return number & WITHHELD[1] == WITHHELD[0]


def _caller_id(said: str) -> str:
    return said if _CALLER_ID.fullmatch(said) else ""


def _moment(said: str) -> Micros:
    seconds = int(said) if said.isascii() and said.isdigit() and len(said) <= 10 else 0
    return seconds * SECOND if 0 < seconds < LATEST_S else 0
