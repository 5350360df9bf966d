"""The numbers that an alert may watch, by what it is of, each in words. The names are what `alerts.toml` writes.

Not how they are reckoned (`rules/alerts.py`); one that is not known at the moment is bad, never 0. Lengths are in seconds,
shares parts of one.
"""

from __future__ import annotations

Words = tuple[str, str]
"""English, Chinese."""

_COUNTS: dict[str, Words] = {
    "waiting": ("callers waiting", "排队人数"),
    "longest_wait_s": ("longest wait, seconds", "最长等待秒数"),
    "service_level": ("service level", "服务水平"),
    "abandon_rate": ("share of callers who gave up", "放弃率"),
    "asa_s": ("average speed of answer, seconds", "平均应答秒数"),
    "aht_s": ("average handling time, seconds", "平均处理秒数"),
    "ready": ("agents ready", "空闲坐席数"),
    "on_break": ("agents on a break", "小休人数"),
    "not_ready": ("agents not ready", "示忙人数"),
}
NUMBERS: dict[str, dict[str, Words]] = {
    "queue": {**_COUNTS, "offered": ("calls offered", "来话量"), "abandoned": ("callers who gave up", "放弃量")},
    "team": {
        "ready": _COUNTS["ready"],
        "on_break": _COUNTS["on_break"],
        "not_ready": _COUNTS["not_ready"],
        "break_share": ("share of the team on a break", "小休比例"),
    },
    "agent": {
        "state_s": ("seconds in this state", "当前状态秒数"),
        "talk_s": ("seconds of this talk", "本次通话秒数"),
        "hold_s": ("seconds on hold", "保持秒数"),
        "wrapup_s": ("seconds of wrap-up", "话后整理秒数"),
        "not_ready_s": ("seconds not ready", "示忙秒数"),
        "overrun_s": ("seconds over the end of the break", "小休超时秒数"),
    },
    "node": {
        "silent_s": ("seconds without a word from this PBX", "与该PBX失去联系的秒数"),
        "anomalies": ("things that did not fit", "异常数"),
    },
    "floor": {**_COUNTS, "offered": ("calls offered", "来话量"), "abandoned": ("callers who gave up", "放弃量")},
}
"""By `of`."""
