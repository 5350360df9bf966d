"""The numbers that an alert may watch, by what it is of, each in words. The names are what `alerts.toml` writes.

Not how they are reckoned (`rules/alerts.py`); one that is not known at the moment is bad, never 0. Lengths are in seconds,
shares parts of one.
"""

from __future__ import annotations

Words = tuple[str, str]
"""English, Chinese."""

_COUNTS: dict[str, Words] = {
    "waiting": ("callers waiting", "排队人数"),
    "longest_wait_s": ("longest wait", "最长等待"),
    "service_level": ("service level", "服务水平"),
    "abandon_rate": ("share of callers who gave up", "放弃率"),
    "asa_s": ("average speed of answer", "平均应答时间"),
    "aht_s": ("average handling time", "平均处理时间"),
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
        "state_s": ("time in this state", "当前状态时长"),
        "talk_s": ("length of this talk", "本次通话时长"),
        "hold_s": ("time on hold", "保持时长"),
        "wrapup_s": ("length of wrap-up", "话后整理时长"),
        "not_ready_s": ("time not ready", "示忙时长"),
        "overrun_s": ("time over the end of the break", "小休超时"),
    },
    "node": {
        "silent_s": ("silence", "失联时长"),
        "anomalies": ("things that did not fit", "异常数"),
    },
    "floor": {
        **_COUNTS,
        "offered": ("calls offered", "来话量"),
        "abandoned": ("callers who gave up", "放弃量"),
        "recordings_missing": ("recordings that are missing", "缺失录音数"),
        "recordings_unsealed": ("recordings that wait to be sealed", "待封存录音数"),
        "recordings_unsealed_s": ("age of the oldest recording that is not sealed", "最早未封存录音的时长"),
        "recordings_quarantined": ("recordings of which no good copy is left", "隔离录音数"),
        "recordings_conflict": ("recordings that one rule keeps longer than another allows", "保管规则冲突录音数"),
        "archive_free_share": ("room left on the archive's fullest disk", "录音磁盘剩余空间"),
        "archive_silent_s": ("silence of the archivist", "归档进程失联时长"),
    },
}
"""By `of`."""
SHARES = ("service_level", "abandon_rate", "break_share", "archive_free_share")
"""Parts of one."""
