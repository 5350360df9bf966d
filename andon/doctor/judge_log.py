"""What the log's server says of itself, judged: is it new enough, does it keep what it is given, does it never throw away? Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from andon.doctor.verdict import Verdict, bad, ok, warn

OLDEST: Final = (6, 2)
"""XTRIM MINID and XADD NOMKSTREAM came with 6.2."""


def judge_log(info: Mapping[str, str], skew_s: float, embedded: bool) -> Verdict:
    valkey = info.get("valkey_version", "")
    said = f"Valkey {valkey}" if valkey else f"Redis {info.get('redis_version', '?')}"
    found = re.match(r"(\d+)\.(\d+)", info.get("redis_version", "0.0"))
    if found is None or (int(found[1]), int(found[2])) < OLDEST:
        return bad("log", f"{said} is too old: update it to Redis 6.2 or newer, or Valkey.")
    if info.get("role", "master") != "master":
        return bad("log", f"{said} is a read-only replica: write the address of the primary into [data] redis.")
    policy = info.get("maxmemory_policy", "noeviction")
    if policy != "noeviction" and info.get("maxmemory", "0") != "0":
        text = f"{said} throws away keys when memory is short ({policy}), and with them the floor's log. In redis-cli:"
        return bad("log", text, "CONFIG SET maxmemory-policy noeviction", "CONFIG REWRITE")
    if info.get("aof_enabled", "0") != "1":
        text = f"{said} keeps the log in memory only: a restart forgets what happened since its last snapshot. In redis-cli:"
        return warn("log", text, "CONFIG SET appendonly yes", "CONFIG REWRITE")
    if abs(skew_s) > 2:
        return warn(
            "log", f"{said}'s clock is {abs(skew_s):.1f} s off ours: leases end early or late. On its machine:", "timedatectl set-ntp true"
        )
    where = "embedded, " if embedded else ""
    return ok("log", f"{said}, {where}keeps a file and throws nothing away.")
