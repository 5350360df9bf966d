"""Words for pauses: leases, and pauses that nobody granted."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "pause.lease": ("The break is kept on the phone system.", "电话系统上保持小休状态。"),
    "pause.pending": ("Paused, so that no next call rings before the break.", "已示忙，小休前不再振铃新来电。"),
    "pause.release": ("The break is over: back to taking calls.", "小休结束，恢复接听。"),
    "pause.undo": ("Nobody granted this pause: it is undone.", "该示忙未经批准，已恢复接听。"),
    "pause.stuck": (
        "{agent} should be paused and is not: ordered {times} times, the phone system said: {said}. Check the queues of this agent.",
        "{agent}应处于示忙状态但未生效：已下令{times}次，电话系统答复：{said}。请检查该坐席的队列。",
    ),
    "pause.stuck_release": (
        "{agent} should take calls and is still paused: ordered {times} times, the phone system said: {said}. "
        "Check the queues of this agent.",
        "{agent}应恢复接听但仍处于示忙：已下令{times}次，电话系统答复：{said}。请检查该坐席的队列。",
    ),
    "pause.observed": ("{agent} is paused without leave.", "{agent}未经批准示忙。"),
    "request.stale": (
        "The request came {seconds} s late and was not carried out; ask again.",
        "请求迟到{seconds}秒，未执行；请重新提交。",
    ),
    "request.repeated": ("The same request as before: nothing was done twice.", "与之前的请求相同，未重复执行。"),
    "request.key_used": (
        "This key belongs to another request ({ask}); nothing was done. Send a new key for each deed.",
        "该幂等键已用于其他请求（{ask}），未执行；每次操作请使用新的键。",
    ),
    "request.unreadable": (
        "This request is of a newer Andon than the engine; upgrade the engine.",
        "该请求来自比引擎更新的版本；请升级引擎。",
    ),
}
