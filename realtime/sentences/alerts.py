"""Words for alerts and messages, and for what the board itself finds wrong with a wish."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "alert.above": ("{name}: {subject}, {number} {value}, at most {limit}.", "{name}：{subject}，{number}{value}，上限{limit}。"),
    "alert.below": ("{name}: {subject}, {number} {value}, at least {limit}.", "{name}：{subject}，{number}{value}，下限{limit}。"),
    "alert.above.plain": ("{subject}: {number} {value}, at most {limit}.", "{subject}：{number}{value}，上限{limit}。"),
    "alert.below.plain": ("{subject}: {number} {value}, at least {limit}.", "{subject}：{number}{value}，下限{limit}。"),
    "alert.overrun": ("{subject} is over the end of the break by more than {over}.", "{subject}小休已超时{over}以上。"),
    "alert.welfare": (
        "{subject} is over the end of the break by more than {over}: see whether all is well.",
        "{subject}小休已超时{over}以上：请确认本人是否安好。",
    ),
    "alert.stray": ("{subject} is paused ({reason}), and nobody granted it.", "{subject}已示忙（{reason}），未经批准。"),
    "alert.stray.mute": ("{subject} is paused without a reason, and nobody granted it.", "{subject}无理由示忙，未经批准。"),
    "alert.meeting": (
        "{meeting}: {missing} of {expected} are missing: {names}.",
        "{meeting_zh}：应到{expected}人，缺{missing}人：{names}。",
    ),
    "alert.membership": (
        "{subject} is not in the queues that the plan says: the PBX does not change {queue} ({said}); compare its queues.conf.",
        "{subject}的队列与方案不符：PBX未能修改{queue}（{said}）；请检查queues.conf。",
    ),
    "alert.silent": (
        "The PBX {subject} is not heard: its numbers are not known, and count as bad. See its adapter and its link.",
        "PBX {subject}失去联系：其数据未知，按异常处理。请检查适配器与线路。",
    ),
    "alert.archive_silent": (
        "The archivist is not heard, so recordings are not sealed: start it, and see its log.",
        "归档进程失去联系，录音未被封存：请启动归档进程并查看其日志。",
    ),
    "alert.archive_away": ("The archive lacks something it needs: {said}", "归档缺少必要条件：{said}"),
    "alert.archive_room": (
        "The disk of {folder} is nearly full: make room, or recordings will be lost.",
        "{folder}所在磁盘空间不足：请尽快清理，否则录音可能丢失。",
    ),
    "alert.card_total": (
        "{subject}: the recording of a call was silent for {minutes} min in all, so it is recorded again; see that no card is said in it.",
        "{subject}：一通电话的录音静音累计已达{minutes}分钟上限，录音已恢复；请确认客户不再报卡号。",
    ),
    "alert.unknown": ("There is no alert {alert} now; look at the list again.", "当前没有告警{alert}；请刷新列表。"),
    "alert.closed": ("This alert is closed already.", "该告警已关闭。"),
    "alert.acknowledge": ("Seen.", "已知悉。"),
    "alert.own": ("It is yours now.", "已由您负责。"),
    "alert.outcome": ("Closed.", "已关闭。"),
    "alert.no_outcome": ("Say what came of it, then close it.", "请填写处理结果后再关闭。"),
    "alert.yours": ("You are its owner.", "您是该告警的负责人。"),
    "order.whom": (
        "Say whom: one in agent, or several in agents, each once; or a call to hang up.",
        "请指明对象：agent填一人，或agents填多人且不重复；挂断时也可填call。",
    ),
    "message.sent": ("Sent to {to}; it is shown for {minutes} min.", "已发送至{to}，显示{minutes}分钟。"),
    "message.length": ("It fits: {length} of {most} characters.", "长度合适：{length}字，上限{most}字。"),
    "message.empty": ("There is nothing in it; write what you want to say.", "内容为空；请填写要说的话。"),
    "message.too_long": ("It has {length} characters; at most {most} fit a screen.", "共{length}字；屏幕最多显示{most}字。"),
    "message.minutes": ("{minutes} minutes is not from 1 to {most}.", "{minutes}分钟不在1至{most}之间。"),
    "message.nobody": ("Nobody on this floor is {to}; look at the name.", "现场没有{to}；请核对名称。"),
    "message.to_all": ("It is shown on all screens.", "将显示在所有屏幕上。"),
    "message.seen": ("Read.", "已读。"),
    "message.gone": ("This message is not shown any more.", "该消息已不再显示。"),
    "message.not_yours": ("This message is not for {agent}.", "该消息不是发给{agent}的。"),
}
