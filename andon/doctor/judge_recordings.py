"""Recordings of a PBX: whether the archive hears when a file is complete, and what silencing them for card data can do there. Pure.

Not the folder they lie in (`look_archive.py`).
"""

from __future__ import annotations

from typing import Final

from agi.translate.recordings import mutes_all
from andon.doctor.pbx_seen import PbxSeen
from andon.doctor.releases import hangs_on_mute, version_of
from andon.doctor.verdict import Verdict, ok, warn
from andon.settings import PbxTable

RECORD: Final = "andon-record"


def records(_table: PbxTable, seen: PbxSeen) -> Verdict | None:
    if RECORD not in seen.contexts:
        return None
    if seen.contexts[RECORD]:
        return ok("recordings", f"{RECORD} is in the dialplan: what it records is archived as soon as Asterisk has closed it.")
    text = f"{RECORD} is not in the dialplan: recordings of your own are archived when they have not changed for a while (settle_s)."
    return ok("recordings", text)


def silences(table: PbxTable, seen: PbxSeen) -> Verdict | None:
    """Card data: MixMonitorMute, by the control account."""
    said = seen.core.get("AsteriskVersion", "")
    if not table.control_username or not said:
        return None
    if hangs_on_mute(version_of(said)):
        text = f"Asterisk {said} can hang when a recording is silenced for card data (its issue 233); it is mended in 18.20 and 20.5."
        return warn("card data", text, "asterisk -V")
    if not mutes_all(said):
        text = f"Asterisk {said} silences the first recording of a channel alone; where a call has two on one, card data is refused."
        return ok("card data", text)
    return ok("card data", "Every recording of a call can be silenced.")
