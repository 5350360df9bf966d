"""Words for what supervisors order, and for whom they may reach."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "reach.all": ("You may act on everybody.", "您可以管理所有人。"),
    "reach.own": ("It is your own.", "这是您本人的操作。"),
    "reach.team": ("{team} is your team.", "{team}是您的班组。"),
    "reach.hears": ("You may listen to everybody.", "您可以监听所有人。"),
    "reach.other_team": (
        "{agent} is not in a team that you lead; ask that team's leader or a supervisor.",
        "{agent}不在您带的班组；请联系该组组长或现场主管。",
    ),
    "reach.nobody": ("The role {role} may not act on {agent}; ask a supervisor.", "角色{role}不能管理{agent}；请联系现场主管。"),
    "supervise.kind": ("{kind} is a kind of pause.", "{kind}是有效的示忙类型。"),
    "supervise.no_kind": ("{kind} is no kind of pause; take one of {kinds}.", "{kind}不是有效的示忙类型；请选择：{kinds}。"),
    "supervise.after_call": ("It happens when {agent}'s call and wrap-up are over.", "待{agent}结束通话和话后处理后执行。"),
    "supervise.at_once": ("{agent} has no call in hand: it happens now.", "{agent}当前无通话，立即执行。"),
    "supervise.working": ("{agent} is in a queue.", "{agent}在队列中。"),
    "supervise.not_working": (
        "{agent} is in no queue now, so there is nothing to order; wait until they are logged in.",
        "{agent}当前不在任何队列，无可执行的操作；请待其签入后再试。",
    ),
    "supervise.node_live": ("The phone system {node} is connected.", "电话系统{node}已连接。"),
    "supervise.node_away": (
        "The phone system {node} is not connected, so nothing can be ordered there; try again when it is back.",
        "电话系统{node}未连接，无法下令；请恢复后重试。",
    ),
    "supervise.ready": ("{agent} takes calls again.", "{agent}恢复接听。"),
    "supervise.ready_already": ("{agent} is not paused; there is nothing to end.", "{agent}未示忙，无需操作。"),
    "supervise.out_of_queues": (
        "{agent} did not log in through Andon: they are taken out of their queues.",
        "{agent}并非通过 Andon 签入：将其移出所在队列。",
    ),
    "supervise.no_call": (
        "{agent} is not on a call now; look at the floor again.",
        "{agent}当前没有通话；请刷新现场再看。",
    ),
    "supervise.no_other_side": (
        "{agent} talks with nobody whose line can be taken over; try again in a moment.",
        "{agent}的通话中没有可接管的一方；请稍后重试。",
    ),
    "supervise.first": ("Nobody has ordered the same just now.", "当前没有相同的命令在执行。"),
    "supervise.under_way": ("The same is under way already; wait for its outcome.", "相同的命令正在执行；请等待结果。"),
    "supervise.phone": ("{phone} rings.", "{phone}将振铃。"),
    "supervise.phone_in_use": ("Your phone {phone} is in use; hang up first.", "您的话机{phone}正在使用中；请先挂机。"),
    "supervise.phone_listens": (
        "Your phone {phone} listens to this call already; hang up, then order it again.",
        "您的话机{phone}已在监听该通话；请先挂机，再重新操作。",
    ),
    "supervise.no_phone": (
        "It is not known at which phone {who} sits; say the phone, or log in at one.",
        "不知道{who}在哪部话机；请指定话机，或先签入。",
    ),
    "supervise.strange_phone": (
        "{phone} is no desk of {node} that Andon knows; give it to somebody in the plan.",
        "{phone}不是{node}上已知的座席话机；请在运营方案中登记。",
    ),
    "supervise.queue": ("{queue} is a queue.", "{queue}是有效的队列。"),
    "supervise.no_queue": (
        "There is no queue {queue} on this agent's phone system; choose another.",
        "该坐席的电话系统上没有队列{queue}；请另选。",
    ),
    "undo.unknown": ("That request is not known any more; order what should be.", "该请求已无记录；请直接下达所需的命令。"),
    "undo.nothing": ("That request was refused, so there is nothing to undo.", "该请求当时被拒绝，没有可撤销的内容。"),
    "undo.already": ("It is undone already.", "已经撤销过了。"),
    "undo.late": ("It was more than {seconds} s ago; order what should be.", "已超过{seconds}秒；请直接下达所需的命令。"),
    "undo.in_time": ("It was within the last minute.", "在一分钟之内。"),
    "undo.possible": ("Nobody has acted on it since.", "此后没有其他人操作。"),
    "undo.overtaken": (
        "Something else has happened since, so it is left as it is; order what should be.",
        "此后情况已变化，保持现状；请直接下达所需的命令。",
    ),
    "undo.not_possible": (
        "What {ask} did cannot be undone: it has rung, ended or been heard.",
        "{ask}的结果无法撤销：已振铃、已结束或已被听到。",
    ),
}
