"""Words for duty: logging in and out, shifts, queues; and for what reports of adherence, fairness and loopholes say."""

from __future__ import annotations

from typing import Final

LOGIN: dict[str, tuple[str, str]] = {
    "duty.no_people": (
        "The plan names no people, so nobody can log in through Andon; add a file of people to the plan.",
        "方案中没有人员名单，无法通过 Andon 签入；请在方案中加入人员文件。",
    ),
    "duty.unknown": (
        "{agent} is not in the plan; ask who keeps the plan to add this person.",
        "方案中没有{agent}；请联系方案维护人添加。",
    ),
    "duty.person": ("{agent} is in the plan.", "{agent}在方案人员名单中。"),
    "duty.left": (
        "{agent} has left and may not log in; if that is wrong, have the plan changed.",
        "{agent}已离职，不能签入；如有误请修改方案。",
    ),
    "duty.training_overdue": (
        "Training was due by {until} and is overdue; {roles} can let you in for today.",
        "培训应于{until}前完成，现已逾期；可由{roles}放行当天签入。",
    ),
    "duty.kpi_missed": (
        "The KPI {kpi} was missed in {months}, so training comes first; {roles} can let you in for today.",
        "指标{kpi}在{months}未达标，须先参加离岗培训；可由{roles}放行当天签入。",
    ),
    "duty.trained": ("Training holds until {until}.", "培训有效期至{until}。"),
    "duty.away": (
        "Last at work on {last}, {days} days ago, and more than {most} needs training first; {roles} can let you in for today.",
        "上次上岗为{last}，已离岗{days}天，超过{most}天须先参加岗前强化；可由{roles}放行当天签入。",
    ),
    "duty.not_away": ("Last at work on {last}.", "上次上岗为{last}。"),
    "duty.no_shifts": ("The plan has no shifts, so any time will do.", "方案未排班，任何时间均可签入。"),
    "duty.not_rostered": ("No roster names you, so any time will do.", "排班中没有您，任何时间均可签入。"),
    "duty.in_shift": ("Your shift is from {begins} to {ends}.", "您的班次为{begins}至{ends}。"),
    "duty.outside_shift": (
        "Your next shift begins at {begins}; you can log in from {opens} on, and {roles} can let you in before.",
        "您的下一班次{begins}开始，{opens}起可以签入；需提前签入可由{roles}放行。",
    ),
    "duty.outside_told": (
        "This is outside your shifts; it is noted, and you may log in.",
        "不在您的班次时间内；已记录，可以签入。",
    ),
    "duty.no_shift": (
        "No shift of yours is coming; {roles} can let you in for today.",
        "近期没有您的班次；可由{roles}放行当天签入。",
    ),
    "duty.lifted": ("Somebody has let you in until {until}.", "已被放行，有效至{until}。"),
    "duty.which_phone": (
        "Say at which phone: you have no desk of your own in the plan.",
        "请指明话机：方案中没有您的固定座席。",
    ),
    "duty.no_phone": (
        "{phone} is no phone that Asterisk knows; look at its number.",
        "Asterisk 不认识话机{phone}；请核对号码。",
    ),
    "duty.no_node": (
        "The phone system {node} is not one of this floor; say which one the phone is on.",
        "{node}不是本现场的话务平台；请指明话机所在平台。",
    ),
    "duty.node_away": (
        "The phone system {node} cannot be reached now; try again when it is back.",
        "话务平台{node}暂时无法连接；恢复后请重试。",
    ),
    "duty.phone_busy": (
        "{phone} has a call or wrap-up, of {agent}; log in when it is over, or at another phone.",
        "话机{phone}正在通话或整理（{agent}）；请待其结束，或换一部话机。",
    ),
    "duty.phone_taken": (
        "{agent} is logged in at {phone}; dial the log-in code at that phone itself, or take another one.",
        "{agent}已在话机{phone}签入；请在该话机上拨签入码，或换一部话机。",
    ),
    "duty.place": ("You sit at {phone}.", "您的座席为{phone}。"),
    "duty.here_already": ("You are logged in at {phone}.", "您已在{phone}签入。"),
    "duty.on_call_elsewhere": (
        "You have a call or a wrap-up at {phone}; end it, then log in here.",
        "您在{phone}还有通话或整理未结束；结束后再在此签入。",
    ),
    "duty.moves": ("You move from {before} to {phone}.", "您从{before}换到{phone}。"),
}

LOGOUT: dict[str, tuple[str, str]] = {
    "duty.not_on_duty": (
        "{agent} is not logged in through Andon, so there is nothing to log out.",
        "{agent}未通过 Andon 签入，无需签出。",
    ),
    "duty.after_call": (
        "{agent} has a call or a wrap-up in hand and is logged out when it is over; no other call rings.",
        "{agent}正在通话或整理，结束后签出；其间不再来新电话。",
    ),
    "duty.logs_out": ("{agent} is logged out.", "{agent}签出。"),
}

PRESENCE: dict[str, tuple[str, str]] = {
    "duty.may_lift": ("{roles} may let somebody in.", "{roles}可以放行签入。"),
    "duty.may_not_lift": (
        "The role {role} may not let anybody in; ask one of these: {roles}.",
        "角色{role}不能放行签入；请联系：{roles}。",
    ),
    "duty.not_by_yourself": (
        "Nobody lets themselves in; ask one of these: {roles}.",
        "不能自己放行；请联系：{roles}。",
    ),
    "duty.reason": ("A reason is given.", "已填写原因。"),
    "duty.no_reason": ("Say why: it is kept with the log-in.", "请填写原因：将随签入一起存档。"),
    "duty.let_in": ("{agent} may log in until {until}.", "{agent}可以签入，有效至{until}。"),
    "duty.here": ("You are there.", "已确认在岗。"),
    "duty.here_yourself": ("Only {agent} can say that {agent} is there.", "只有{agent}本人可以确认在岗。"),
    "membership.add": ("Their skills are for this queue.", "其技能对应此队列。"),
    "membership.penalty": ("Their skills say another penalty in this queue.", "技能规定的该队列优先级与当前不同。"),
    "membership.remove": ("This queue is not theirs, or they have logged out.", "此队列不属于其技能，或其已签出。"),
    "membership.other_name": ("The member goes by another person's name.", "队列成员用的是他人的名字。"),
    "membership.leaving": ("Logs out after this call: no next one may ring.", "本次通话后签出：不再来新电话。"),
}

NOT_THERE: Final = "-"
"""As a state of somebody who was not logged in, or whom nothing is known of yet."""

STATES: Final[dict[str, tuple[str, str]]] = {
    NOT_THERE: ("away or not seen", "离岗或未知"),
    "logged_out": ("logged out", "未登录"),
    "ready": ("ready", "空闲"),
    "ringing": ("ringing", "振铃"),
    "dialling": ("dialling", "外呼中"),
    "talking": ("talking", "通话"),
    "hold": ("on hold", "保持"),
    "wrapup": ("in wrap-up", "话后处理"),
    "break_pending": ("about to take a break", "待小休"),
    "on_break": ("on a break", "小休"),
    "meeting": ("in a meeting", "会议"),
    "training": ("in training", "培训"),
    "not_ready": ("not ready", "示忙"),
    "no_answer": ("not answering", "未接"),
    "unreachable": ("unreachable", "失联"),
}
"""For `{state}` in any sentence; on a page alone a state is one word (`web/words.js`)."""

ACTIVITIES: Final[dict[str, tuple[str, str]]] = {
    "work": ("work", "工作"),
    "break": ("a break", "小休"),
    "meeting": ("a meeting", "会议"),
    "training": ("training", "培训"),
    "coaching": ("coaching", "辅导"),
}
"""For `{activity}`: what the schedule has (`rules/adherence.py`)."""

REPORTS: dict[str, tuple[str, str]] = {
    "adherence.call": ("A call that began before went on into it: excused.", "之前开始的通话延续至此：不计违规。"),
    "adherence.tolerance": (
        "Within the {seconds} s that are allowed at either edge.",
        "在边界允许的{seconds}秒之内。",
    ),
    "adherence.away": ("Was {state} where the schedule says {activity}.", "排班为{activity}，实际为{state}。"),
    "adherence.unseen": (
        "Nobody saw: Andon did not watch this PBX then. It counts in no share.",
        "Andon当时未监控该PBX，无人知晓；不计入任何比率。",
    ),
    "fairness.uneven": (
        "{team}: what was granted of what was due is uneven ({index}, under {least}); look at who waits and is refused.",
        "{team}：应得与获准不均衡（指数{index}，应不低于{least}）；请查看等待与被拒人员。",
    ),
    "loophole.relogin": (
        "Logged out and in again within {within} minutes, {times} times (the team's middle: {team}).",
        "{within}分钟内签出又签入共{times}次（班组中位数{team}次）。",
    ),
    "loophole.code_hopping": (
        "Changed from one kind of break straight to another {times} times (the team's middle: {team}).",
        "小休类型直接切换{times}次（班组中位数{team}次）。",
    ),
    "loophole.short_cycling": (
        "Took {times} breaks shorter than {under} s (the team's middle: {team}).",
        "不足{under}秒的小休共{times}次（班组中位数{team}次）。",
    ),
    "loophole.hold": (
        "{share} % of talk time is on hold (the team's middle: {team} %), over {minutes} min of calls.",
        "保持时长占通话的{share}%（班组中位数{team}%），统计通话{minutes}分钟。",
    ),
    "loophole.wrapup": (
        "{share} % of handling time is wrap-up (the team's middle: {team} %), over {minutes} min of calls.",
        "整理时长占处理时长的{share}%（班组中位数{team}%），统计通话{minutes}分钟。",
    ),
    "loophole.unauthorised": (
        "Paused {times} times without a grant (the team's middle: {team}).",
        "未经批准置忙{times}次（班组中位数{team}次）。",
    ),
}

WORDS: dict[str, tuple[str, str]] = {**LOGIN, **LOGOUT, **PRESENCE, **REPORTS}
