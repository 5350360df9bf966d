"""Words for breaks: admission, the waiting list, quotas, overruns.

Of each rule what it says when it holds somebody back: what that is, what would change it, and when; and, under the same code with
`.free` behind it, what it saw where it let pass. A break that nothing may hold back (comfort, due by law, recovery) is told the former
all the same, as what it was given in spite of.
"""

from __future__ import annotations

KINDS: dict[str, tuple[str, str]] = {
    "short": ("short break", "小休"),
    "meal": ("meal break", "用餐"),
    "legal": ("statutory break", "法定休息"),
    "comfort": ("comfort break", "如厕"),
    "recovery": ("recovery break", "情绪调整"),
    "fault": ("fault", "设备故障"),
    "meeting": ("meeting", "会议"),
    "training": ("training", "培训"),
    "coaching": ("coaching", "辅导"),
}
"""For `{kind}` in any sentence."""

STANDING: dict[str, tuple[str, str]] = {
    "break.kind": ("The plan has rules for a {kind}.", "方案中有{kind}的规则。"),
    "break.not_ruled": (
        "Andon has no rules for that kind of break here (it has: {kinds}). Pause your phone as you are used to, or ask your team leader.",
        "本场地没有此类休息的规则（现有：{kinds}）。请照常在话机上示忙，或联系组长。",
    ),
    "break.not_asked": (
        "Nobody asks for {kind}: your team leader or the plan calls you into it.",
        "{kind}不能自行申请，由组长或方案安排。",
    ),
    "break.person": ("You are in the plan.", "您在方案名单中。"),
    "break.unknown_person": (
        "{agent} is not in the plan's people. A supervisor can add you; a comfort break you may have all the same.",
        "方案人员中没有工号{agent}，请现场主管添加；如厕不受影响。",
    ),
    "break.there": ("You are logged in.", "您已签入。"),
    "break.logged_out": ("You are not logged in, so there is nothing to pause. Log in first.", "您尚未签入，无需示忙；请先签入。"),
    "break.free": ("You have no other break.", "您没有其他休息申请。"),
    "break.already_out": ("You are away already since {since}: {kind}. Come back first.", "您自{since}起已在{kind}中，请先返岗。"),
    "break.already_granted": ("Your {kind} is granted: begin it, or give it back.", "您的{kind}已获批，请开始或放弃。"),
    "break.already_waiting": (
        "You wait for a {kind} already, at place {place}. Withdraw that first if you want another.",
        "您已在排队等候{kind}，目前第{place}位；如需改申请，请先撤回。",
    ),
    "break.shift": ("You are on your shift, {begins} to {ends}.", "您在班：{begins}至{ends}。"),
    "break.no_shifts": ("The plan has no shifts.", "方案中没有排班。"),
    "break.no_shift": (
        "You have no shift now; the next one begins at {until}. Comfort breaks are always open to you.",
        "您现在不在班，下一班{until}开始；如厕不受限制。",
    ),
    "break.no_shift.ever": (
        "The roster has no shift for you. Your team leader can have it put right; comfort breaks are always open to you.",
        "排班表中没有您的班次，请组长更正；如厕不受限制。",
    ),
}

OWN: dict[str, tuple[str, str]] = {
    "break.length": (
        "{minutes} min are within what a break may last ({longest} min at most).",
        "时长{minutes}分钟，未超过上限{longest}分钟。",
    ),
    "break.too_long": ("{minutes} min are too long: ask for {longest} at most.", "{minutes}分钟过长，最多可申请{longest}分钟。"),
    "break.too_short": ("{minutes} min are too short: ask for {shortest} at least.", "{minutes}分钟过短，至少申请{shortest}分钟。"),
    "break.too_little_left": (
        "Only {minutes} min are left for it: too few. Ask for fewer minutes, or for another kind of break.",
        "仅剩{minutes}分钟，不足本次休息；请缩短时长或改申请其他类型。",
    ),
    "break.times": (
        "You have had {used} of {times} in this shift. The next shift has its own.",
        "本班次已休{used}次，上限{times}次；下一班次重新计算。",
    ),
    "break.times.free": ("You have had {used} of {times} in this shift.", "本班次已休{used}次，上限{times}次。"),
    "break.quota": (
        "You have used {used} of {quota} min in this shift. The next shift has its own; a supervisor can grant more.",
        "本班次已用{used}分钟，额度{quota}分钟；下一班次重新计算，特殊情况请主管特批。",
    ),
    "break.quota.free": ("{left} of {quota} min are left in this shift.", "本班次额度{quota}分钟，剩余{left}分钟。"),
    "break.quota_half": (
        "You have used {used} of {quota} min in this half of the shift. The second half begins at {until} with its own.",
        "上半班已用{used}分钟，额度{quota}分钟；{until}起下半班重新计算。",
    ),
    "break.quota_half.last": (
        "You have used {used} of {quota} min in the second half of the shift. A supervisor can grant more.",
        "下半班已用{used}分钟，额度{quota}分钟；特殊情况请主管特批。",
    ),
    "break.quota_half.free": ("{left} of {quota} min are left in this half of the shift.", "本半班额度{quota}分钟，剩余{left}分钟。"),
    "break.cool_down": (
        "Your last {kind} was less than {minutes} min ago. Ask again from {until}.",
        "距上次{kind}不足{minutes}分钟，{until}后可再申请。",
    ),
    "break.cool_down.free": ("Your last one is more than {minutes} min ago.", "距上次已超过{minutes}分钟。"),
    "break.blackout_begin": (
        "No breaks in the first {minutes} min of a shift. Ask again from {until}.",
        "上班前{minutes}分钟不安排休息，{until}后可申请。",
    ),
    "break.blackout_begin.free": ("The beginning of the shift is over.", "已过上班初段。"),
    "break.blackout_end": (
        "No breaks since {since}: the shift is nearly over. A supervisor can grant one.",
        "{since}起临近下班，不再安排休息；特殊情况请主管特批。",
    ),
    "break.blackout_end.free": ("Breaks may last until {since}, near the end of the shift.", "休息须在{since}（临近下班）前结束。"),
}

FLOOR: dict[str, tuple[str, str]] = {
    "break.no_team": ("You are in no team, so no team's places count.", "您不属于任何班组，不占班组名额。"),
    "break.team_cap": (
        "{out} of {most} places of {team} are taken. The next one is expected back at {until}.",
        "{team}的{most}个名额已用{out}个，预计{until}有人返回。",
    ),
    "break.team_cap.open": (
        "{out} of {most} places of {team} are taken. Nobody can say when the next one is free: as soon as somebody is back.",
        "{team}的{most}个名额已用{out}个，何时空出尚不确定；有人返回即轮到。",
    ),
    "break.team_cap.free": ("{out} of {most} places of {team} are taken.", "{team}的{most}个名额已用{out}个。"),
    "break.site_cap": (
        "{out} of {most} places of your site are taken. The next one is expected back at {until}.",
        "本场地{most}个名额已用{out}个，预计{until}有人返回。",
    ),
    "break.site_cap.open": (
        "{out} of {most} places of your site are taken. Nobody can say when the next one is free: as soon as somebody is back.",
        "本场地{most}个名额已用{out}个，何时空出尚不确定；有人返回即轮到。",
    ),
    "break.site_cap.free": ("{out} of {most} places of your site are taken.", "本场地{most}个名额已用{out}个。"),
    "break.spacing": (
        "Somebody of {team} has just left. Breaks of a team begin {seconds} s apart: yours in {left} s at the earliest.",
        "{team}刚有人离席，同组休息须间隔{seconds}秒，最早{left}秒后轮到您。",
    ),
    "break.spacing.free": ("The last one of your team left more than {seconds} s ago.", "同组上一位离席已超过{seconds}秒。"),
    "break.least": (
        "{least} with the skill {skill} must stay, and {present} are there. It is free when one more of them is at work.",
        "技能{skill}至少留{least}人，目前在岗{present}人；再有一人到岗即可。",
    ),
    "break.least.free": ("{present} with the skill {skill} are there, {least} must stay.", "技能{skill}在岗{present}人，至少留{least}人。"),
    "break.load.off": ("The plan does not look at the load of the queues.", "方案未启用话务负荷判断。"),
    "break.load.unknown": (
        "The load of {queue} has not been judged yet. As soon as it is, in a few seconds.",
        "{queue}队列的话务负荷尚未判定，几秒后即可。",
    ),
    "break.load": (
        "{queue} can spare nobody now ({waiting} callers wait). As soon as calls ease or somebody is back, at {until} whatever the load.",
        "{queue}队列目前抽不出人（{waiting}位客户等候）；话务缓和或有人返回即可，最迟{until}不再受负荷限制。",
    ),
    "break.load.red": (
        "{queue} is in trouble: callers wait too long. As soon as it eases; at {until} one of each team may go all the same.",
        "{queue}队列告急，客户等候过久；缓解后即可，{until}起每组可放行一人。",
    ),
    "break.load.callers": (
        "{waiting} callers wait in {queue} and nobody is idle for them. As soon as they are answered.",
        "{queue}队列有{waiting}位客户等候且无空闲坐席，接完即可。",
    ),
    "break.load.amber": (
        "{queue} is just on its target: only who has waited for ten minutes may go. As soon as calls ease.",
        "{queue}队列刚达标，目前仅放行已等候十分钟者；话务缓和即可。",
    ),
    "break.load.aged": (
        "You have waited for {minutes} min: the load of {queue} holds you back no more.",
        "您已等候{minutes}分钟，不再受{queue}队列负荷限制。",
    ),
    "break.load.aged_one": (
        "You have waited for {minutes} min, but {queue} is in trouble and one of your team is out: it is your turn when they are back.",
        "您已等候{minutes}分钟，但{queue}队列告急且同组已有人离席，待其返回即轮到您。",
    ),
    "break.load.free": ("{queue} can spare {spare} now.", "{queue}队列目前可放行{spare}人。"),
}

LINE: dict[str, tuple[str, str]] = {
    "break.line": (
        "{name} and others before you on the list take what is free now ({ahead}). You are next after them.",
        "目前空出的名额由排在您前面的{name}等{ahead}人先用，随后轮到您。",
    ),
    "break.line.behind": ("{ahead} wait before you.", "您前面有{ahead}人等候。"),
    "break.line.free": ("Nobody is passed by.", "没有越过排在前面的人。"),
    "break.out_now": (
        "You are away now ({kind}); your place on the list is kept until you are back.",
        "您正在{kind}中，排队位置为您保留。",
    ),
    "break.place": ("You are at place {place}. About {eta}. You will be told.", "您排第{place}位，预计{eta}，届时会通知您。"),
    "break.place.open": (
        "You are at place {place}. Nobody can say when yet; you will be told.",
        "您排第{place}位，时间暂无法预计，届时会通知您。",
    ),
    "break.turn": ("It is your turn, after {waited} min.", "等候{waited}分钟，现在轮到您。"),
}

GRANTED: dict[str, tuple[str, str]] = {
    "break.granted": ("Nothing holds it back: {minutes} min.", "可以休息，{minutes}分钟。"),
    "break.now": ("It begins now, for {minutes} min.", "现在开始，{minutes}分钟。"),
    "break.after_call": (
        "It begins when your call and its wrap-up are over, for {minutes} min. No next call comes to you.",
        "本次通话及整理结束后开始，{minutes}分钟；期间不再派入来电。",
    ),
    "break.held": ("It is held for {seconds} s: begin it within that time.", "名额保留{seconds}秒，请在此时间内开始。"),
    "break.comfort": ("A comfort break is nobody's to refuse.", "如厕无需批准。"),
    "break.comfort_often": (
        "You have had {times} comfort breaks in this shift already. That is noted, and nothing follows from it.",
        "本班次已如厕{times}次，仅作记录，不作他用。",
    ),
    "break.fault": ("A fault is no break: take the time it needs, and have it mended.", "设备故障不计休息，请及时报修。"),
    "break.legal_due": (
        "You have worked since {since} without a rest: a break is due by law and goes before everything else.",
        "您自{since}起连续工作，依法应当休息，优先于其他规则。",
    ),
    "break.recovery": ("After a hard call you may recover: nothing holds that back.", "艰难通话后可调整情绪，不受其他规则限制。"),
    "break.recovery_times": (
        "You have had {times} recovery breaks in this shift. A supervisor can grant another at once.",
        "本班次已情绪调整{times}次；如仍需要，请主管即时特批。",
    ),
    "break.recovery_no_call": (
        "A recovery break follows a call that ended within the last {minutes} min. A supervisor can grant one at any time.",
        "情绪调整须在通话结束后{minutes}分钟内申请；其他情况请主管特批。",
    ),
    "break.overruled": ("{who} grants it: {reason}", "{who}特批：{reason}"),
    "break.not_by_yourself": (
        "Nobody overrules the rules for themselves: ask for the break like anybody else, or let a colleague grant it.",
        "不得为本人特批：请照常申请，或由其他管理者批准。",
    ),
    "break.no_reason": ("Say why you overrule the rules: the reason is kept.", "特批须填写理由，理由将被记录。"),
}

AFTER: dict[str, tuple[str, str]] = {
    "break.withdrawn": ("Your {kind} is withdrawn. Ask again whenever you like.", "已撤回{kind}申请，可随时再申请。"),
    "break.nothing": ("You have asked for no break. Ask for one first.", "您没有休息申请，请先申请。"),
    "break.not_yet": (
        "It is not your turn yet: you are at place {place}. You will be told.",
        "尚未轮到您，目前第{place}位，届时会通知您。",
    ),
    "break.expired": (
        "It was held for {seconds} s and not begun in time. You are on the list again; you will be told.",
        "名额已保留{seconds}秒未开始，您已重新排队，届时会通知您。",
    ),
    "break.back": ("Welcome back.", "欢迎返岗。"),
    "break.back.late": ("Welcome back, {over} min over the time.", "欢迎返岗，超时{over}分钟。"),
    "break.back.pause": ("Your pause is being lifted.", "正在取消示忙。"),
    "break.not_out": ("You are not on a break. Ask for one first.", "您不在休息中，如需休息请先申请。"),
    "break.in_meeting": ("You are in: {kind}. Whoever leads it ends it, or lets you out.", "您正在{kind}中，由主持人结束或放行。"),
}

WORDS: dict[str, tuple[str, str]] = {**STANDING, **OWN, **FLOOR, **LINE, **GRANTED, **AFTER}
