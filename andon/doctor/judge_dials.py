"""Outbound calls of a PBX: whether they pass the gate, and what could go around it. Pure.

Not whether a gate answers (`look_machine.py`) and not what it decides. The wall is the dialplan: one context that knows the trunk. Two
things go around it: another context that dials the trunk, and an account that may originate, for it names its channel itself.
"""

from __future__ import annotations

import re
from typing import Final

from andon.doctor.pbx_seen import ORIGINATORS, PbxSeen
from andon.doctor.verdict import Verdict, bad, counted, listed, ok, unknown, warn
from andon.settings import PbxTable

GATE: Final = "andon-dial"
TRUNK: Final = "andon-trunk"
OURS: Final = frozenset({TRUNK, "andon-emergency"})
FILE: Final = "andon deploy show asterisk/extensions_andon.conf > /etc/asterisk/extensions_andon.conf"
RELOAD: Final = "asterisk -rx 'dialplan reload'"
AROUND: Final = frozenset({"originate", "all", "system", "command", "config"})
"""Classes of `write` with which a trunk can be dialled past every dialplan."""
DIALLING: Final = frozenset({"Dial", "Originate", "Page", "FollowMe", "Queue"})


def gate(table: PbxTable, seen: PbxSeen) -> Verdict | None:
    there = seen.contexts.get(GATE)
    if there is None:
        text = "The account may not look at the dialplan (reporting); whether Andon's contexts are there, the PBX says:"
        return unknown("dialplan", text, f"asterisk -rx 'dialplan show {GATE}'")
    if not there and seen.campaigns:
        text = (
            f"The plan has campaigns, and {GATE} is not in the dialplan: what they forbid is dialled all the same. docs/outbound.md; first:"
        )
        return warn("dialplan", text, FILE)
    if not there:
        return ok("dialplan", "Calls go out by no gate of Andon's: no rule of a campaign holds for them.")
    if seen.contexts.get(TRUNK) is False:
        text = f"{GATE} is in the dialplan without {TRUNK}: it is of an older version, and refuses every call. The file of this one:"
        return bad("dialplan", text, FILE, RELOAD)
    lacking = [name for name in ("ANDON_GATE", "ANDON_TRUNK_TECH", "ANDON_TRUNK") if not seen.globals.get(name)]
    if lacking:
        text = f"{GATE} is in the dialplan, and {listed(lacking)} not: no call goes out. Into [globals] of extensions.conf:"
        return bad("dialplan", text, *(f"{name}={EXAMPLES[name]}" for name in lacking), RELOAD)
    if seen.named and seen.named != table.node:
        text = f"The dialplan calls this PBX {seen.named}, andon.toml {table.node}: every call out is refused. Into [globals]:"
        return bad("dialplan", text, f"ANDON_NODE={table.node}", RELOAD)
    return ok("dialplan", f"Calls out ask {seen.globals['ANDON_GATE']}, then go to {seen.globals['ANDON_TRUNK']}.")


EXAMPLES: Final = {"ANDON_GATE": "127.0.0.1:4573", "ANDON_TRUNK_TECH": "PJSIP", "ANDON_TRUNK": "carrier"}


def around(table: PbxTable, seen: PbxSeen) -> Verdict | None:
    """Other contexts that dial the trunk. A number in a variable hides from this, so it never says that there is none."""
    if not seen.contexts.get(TRUNK) or seen.dials is None:
        return None
    trunk = _trunk(table, seen)
    found = {line.context for line in seen.dials if line.application in DIALLING and line.context not in OURS and trunk.search(line.data)}
    if not found:
        return ok("trunk", f"No other context that names the trunk was found among {counted(len(seen.dials), 'line')} of the dialplan.")
    text = f"{listed(found)} dial the trunk past the gate, so no rule holds there. Replace their Dial, then reload:"
    return warn("trunk", text, "exten => _X.,1,Goto(andon-dial,${EXTEN},1)", RELOAD)


def _trunk(table: PbxTable, seen: PbxSeen) -> re.Pattern[str]:
    """As dialled: `PJSIP/NUMBER@carrier`, `SIP/carrier/NUMBER`, `DAHDI/g1/NUMBER`; or by our own variable."""
    devices = {*table.trunks, f"{seen.globals.get('ANDON_TRUNK_TECH', '')}/{seen.globals.get('ANDON_TRUNK', '')}"}
    names = {each.partition("/")[2] for each in devices} - {""}
    forms = [rf"@{re.escape(name)}(?![\w.-])" for name in sorted(names)] + [
        rf"{re.escape(each)}/" for each in sorted(devices) if each[-1:] != "/"
    ]
    return re.compile("|".join([*forms, re.escape("${ANDON_TRUNK}"), re.escape("${GLOBAL(ANDON_TRUNK)}")]))


def originators(table: PbxTable, seen: PbxSeen) -> Verdict | None:
    """Nothing in Asterisk ties an originate to a context: whoever may do it may name a trunk as its channel."""
    if not seen.contexts.get(TRUNK):
        return None
    show = "asterisk -rx 'manager show users'   # and: manager show user NAME"
    if not seen.config_readable:
        return unknown("originators", "Accounts with originate can dial a trunk past the gate; which ones have it, the PBX says:", show)
    able = {name for name, write in seen.writers.items() if AROUND & {word.strip() for word in write.lower().split(",")}}
    others = able - {table.username, table.control_username}
    if others:
        text = f"{listed(others)} may originate straight to a trunk, past the gate. Take originate from their write, or have them call:"
        return warn("originators", text, "Channel: Local/NUMBER@andon-dial/n", show)
    text = f"None of {listed(ORIGINATORS, 3)} may originate; of other accounts asterisk -rx 'manager show users' tells."
    return ok("originators", text)
