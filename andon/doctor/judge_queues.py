"""Queues, members and the codes of agents' phones of a PBX: what Andon will show wrongly, or miss, as they are set up. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from andon.doctor.pbx_seen import PbxSeen
from andon.doctor.verdict import Verdict, bad, counted, listed, ok, unknown, warn
from andon.settings import PbxTable

AGENTS: Final = "andon-agent"
QUEUE_RELOAD: Final = "asterisk -rx 'queue reload all'"


def queues(_table: PbxTable, seen: PbxSeen) -> Verdict:
    if seen.queues is None:
        return unknown("queues", "The PBX did not answer for its queues.", "asterisk -rx 'queue show'")
    staffed = {member.queue for member in seen.members}
    if not seen.queues:
        return warn(
            "queues", "The PBX has no queues, so the wall would be empty. Are they in queues.conf or realtime?", "asterisk -rx 'queue show'"
        )
    if empty := set(seen.queues) - staffed:
        text = f"{counted(len(seen.queues), 'queue')}, of which {listed(empty)} have nobody now: right, if agents log in later."
        return ok("queues", text)
    return ok("queues", f"{counted(len(seen.queues), 'queue')} with {counted(len({each.interface for each in seen.members}), 'member')}.")


def members(_table: PbxTable, seen: PbxSeen) -> Verdict | None:
    """How a member is written decides whether its state and its calls can be followed."""
    if not seen.members:
        return None
    local = [each for each in seen.members if each.interface.lower().startswith("local/")]
    stateless = {each.interface for each in local if each.state_interface in ("", each.interface)}
    optimised = {each.interface for each in local if not each.interface.partition(";")[0].endswith("/n")}
    nameless = {each.interface for each in seen.members if each.name in ("", each.interface)}
    if stateless:
        text = f"Asterisk takes {listed(stateless, 3)} for idle always, and rings agents who talk. Give each its phone as state interface:"
        return warn("members", text, "member => Local/1001@agents/n,0,Wang,PJSIP/1001", QUEUE_RELOAD)
    if optimised:
        text = f"{listed(optimised, 3)} would take themselves out of the call, and with it what happened to it. Write /n behind:"
        return warn("members", text, "member => Local/1001@agents/n,0,Wang,PJSIP/1001", QUEUE_RELOAD)
    if nameless:
        text = (
            f"{counted(len(nameless), 'member')} ({listed(nameless, 3)}) have no name, so screens show the phone. Names are the third word:"
        )
        return warn("members", text, "member => PJSIP/1001,0,Wang", QUEUE_RELOAD)
    return ok("members", "Every member has a name and a phone whose state can be seen.")


def traps(table: PbxTable, seen: PbxSeen) -> Verdict | None:
    """Of [general] in queues.conf. Both are `no` where nothing is written."""
    if not seen.config_readable:
        return None
    lines = []
    reasons = []
    if seen.option("queues.conf", "general", "autofill") in NO:
        reasons.append("callers wait behind the first one although several agents are free (autofill)")
        lines.append("autofill = yes")
    if seen.option("queues.conf", "general", "shared_lastcall") in NO and _shared(seen):
        reasons.append("an agent of two queues is rung by one in the wrap-up after the other's call (shared_lastcall)")
        lines.append("shared_lastcall = yes")
    if table.queue_log and seen.option("logger.conf", "general", "queue_log") in NO[:-1]:
        reasons.append("nothing is written to queue_log (logger.conf), so gaps cannot be filled")
        lines.append("queue_log = yes   ; logger.conf, then: asterisk -rx 'logger reload'")
    if not reasons:
        return ok("queues.conf", "No option of queues.conf stands in the way.")
    return warn("queues.conf", f"{'; '.join(reasons).capitalize()}. Into [general] of queues.conf, unless a queue says it itself:", *lines)


NO: Final = ("no", "false", "off", "0", "n", "f", "")


def _shared(seen: PbxSeen) -> bool:
    of: dict[str, set[str]] = defaultdict(set)
    for member in seen.members:
        of[member.interface].add(member.queue)
    return any(len(each) > 1 for each in of.values())


def codes(table: PbxTable, seen: PbxSeen) -> Verdict | None:
    """The codes of agents' phones, and where they lead."""
    there = seen.contexts.get(AGENTS)
    if there is None:
        return None  # `judge_dials.gate` has said that the account may not look
    if not there:
        return ok("codes", "Agents have no codes at their phones; docs/phone.md says how they get them.")
    if not seen.gate:
        text = f"{AGENTS} is in the dialplan, and ANDON_GATE is not: agents' codes get no answer. Into [globals] of extensions.conf:"
        return bad("codes", text, "ANDON_GATE=127.0.0.1:4573", DIALPLAN_RELOAD)
    if seen.named and seen.named != table.node:
        text = f"The dialplan calls this PBX {seen.named}, andon.toml {table.node}: codes are refused. Into [globals] of extensions.conf:"
        return bad("codes", text, f"ANDON_NODE={table.node}", DIALPLAN_RELOAD)
    return ok("codes", f"Agents' codes go to {seen.gate}.")


DIALPLAN_RELOAD: Final = "asterisk -rx 'dialplan reload'"
