"""Renders the templates in conf/ for one pair: pure text in, pure text out, except for reading the templates.

Templates use @NAME@, because `${...}` is Asterisk's own. Files in conf/ go to both servers, those in conf/pbx and
conf/world to one; lists (phones, filters) are made here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

TEMPLATES = Path(__file__).parent / "conf"
PHONES = tuple(str(number) for number in range(1001, 1013))
"""Desk phones; each is an endpoint, an address and (by queues.conf) an agent."""

SHIPPED = (Path(__file__).parents[2] / "deploy" / "asterisk" / "manager.conf").read_text(encoding="utf-8")
"""What we tell people to give Andon: the reading account of a pair has just these filters."""
FLOOR_EVENTS = re.findall(r"^eventfilter\(action\(include\),name\((\w+)\)\) =$", SHIPPED, re.MULTILINE)
"""The events a floor is made of (asterisk.md's classes, less what repeats without meaning)."""

VARIABLES = tuple(re.findall(r"header\(Variable\),method\(exact\)\) = (\w+)$", SHIPPED, re.MULTILINE))
"""The only VarSets that pass."""

OTHER_VARIABLES = ("[^QMA]", "Q[^U]", "QUEUE[^S]", "QUEUES[^T]", "QUEUEST[^A]", "M[^I]", "MI[^X]", "A[^N]", "AN[^D]")
"""A regular expression without look-ahead cannot say 'all but'; these say it letter by letter."""


@dataclass(frozen=True)
class Site:
    """What differs between pairs, and between the two servers of one."""

    role: str
    home: str
    """The server's folder as seen inside the tree."""
    node: str
    asterisk: int
    modules: str
    secret: str
    ami: int
    sip: int
    peer_sip: int
    rtp: tuple[int, int]
    parking_seconds: int = 45


def render(site: Site, extra: Mapping[str, str]) -> dict[str, str]:
    """File name -> text. `extra` appends to a file (or makes it): a test's own queue, a different account."""
    files = [*TEMPLATES.glob("*.conf"), *(TEMPLATES / site.role).glob("*.conf")]
    words = _words(site)
    texts = {file.name: re.sub(r"@([A-Z_]+)@", lambda match: words[match[1]], file.read_text()) for file in files}
    if site.role == "pbx":
        texts["pjsip.conf"] += "".join(map(_phone, PHONES)).replace("@PEER_SIP@", str(site.peer_sip))
    for name, text in extra.items():
        texts[name] = texts.get(name, "") + text
    return texts


def _words(site: Site) -> dict[str, str]:
    return {
        "HOME": site.home,
        "MODULES": site.modules,
        "NODE": site.node,
        "AMI": str(site.ami),
        "SIP": str(site.sip),
        "PEER_SIP": str(site.peer_sip),
        "RTP_FIRST": str(site.rtp[0]),
        "RTP_LAST": str(site.rtp[1]),
        "SECRET": site.secret,
        "PARKING_SECONDS": str(site.parking_seconds),
        "VARIABLE_FILTERS": _lines(f"eventfilter=!Variable: {pattern}" for pattern in OTHER_VARIABLES),
        "FACTS_FILTERS": facts_filters(site.asterisk),
    }


def facts_filters(asterisk: int) -> str:
    """The shipped filters of the reading account: by name where that form is known, by regular expression before."""
    if asterisk < 20:
        return _lines(line.removeprefix(";") for line in SHIPPED.splitlines() if line.startswith(";eventfilter="))
    return _lines(line for line in SHIPPED.splitlines() if line.startswith("eventfilter("))


def _phone(number: str) -> str:
    return (
        f"[{number}](phone)\naors={number}\ncallerid=Agent {number} <{number}>\n"
        f"[{number}]\ntype=aor\ncontact=sip:{number}@127.0.0.1:@PEER_SIP@\nqualify_frequency=1\nqualify_timeout=1\n"
    )


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)
