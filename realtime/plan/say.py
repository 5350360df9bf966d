"""The rules of a plan in plain sentences, English and Chinese: what a person who never saw its files would ask.

Not what changes between two plans (`difference.py`) and not what a rule said to one request (`sentences/`). Every sentence is a pair,
written side by side, so that neither language says more than the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from realtime.plan import say_archive, say_dialling
from realtime.plan.model import AlertRule, BreakRules, KindRules, Meeting, Pattern, Plan, Team
from realtime.plan.numbers import NUMBERS, SHARES
from realtime.plan.say_dialling import DAYS
from realtime.plan.say_dialling import Pair as Pair

Section = tuple[Pair, list[Pair]]
LANGUAGES = ("en", "zh")
EACH_MAX = 40
"""Of teams, patterns, meetings, alerts: more than that is read in the files."""
NAMES_MAX = 10

KINDS: dict[str, Pair] = {
    "short": ("Short break", "小休"),
    "meal": ("Meal", "用餐"),
    "legal": ("Break due by law", "法定休息"),
    "comfort": ("Comfort break", "如厕"),
    "recovery": ("Recovery after a bad call", "平复"),
    "fault": ("Fault at the desk", "故障"),
    "meeting": ("Meeting", "会议"),
    "training": ("Training", "培训"),
    "coaching": ("Coaching", "辅导"),
}
_EVERY_DAY: Pair = ("every day", "每天")
_WEEKDAYS: Pair = ("on weekdays", "工作日")


def said(plan: Plan, language: str) -> list[str]:
    """Lines: a heading without a dash, its sentences with one."""
    at = LANGUAGES.index(language)
    lines: list[str] = []
    for heading, sentences in sections(plan):
        if sentences:
            lines += [heading[at], *(f"  - {each[at]}" for each in sentences)]
    return lines or [("The plan is empty: the floor is watched, not controlled.", "方案为空：只看现场，不做控制。")[at]]


def sections(plan: Plan) -> list[Section]:
    return [
        (("Stands on", "依据"), [(f"the preset {each}", f"预设 {each}") for each in plan.presets]),
        (("People", "人员"), list(_people(plan))),
        (("Logging in", "签入"), list(_login(plan))),
        (("Shifts", "班次"), list(_shifts(plan))),
        (("Meetings", "会议"), _most(_meeting(each) for each in plan.meetings)),
        (("Breaks", "小休"), list(_breaks(plan.breaks))),
        (("Alerts", "告警"), _most(_alert(each) for each in plan.alerts)),
        (("Supervision", "督导"), list(_supervision(plan))),
        (("Campaigns", "项目"), _most(say_dialling.campaigns(plan.dialling))),
        (("Calling out", "外呼规则"), _most(say_dialling.calling_out(plan.dialling))),
        (("Recordings", "录音"), _most(say_archive.recordings(plan.archive))),
    ]


def _most(pairs: Iterable[Pair]) -> list[Pair]:
    every = list(pairs)
    more = len(every) - EACH_MAX
    return every if more <= 0 else [*every[:EACH_MAX], (f"and {more} more", f"另有{more}项")]


# ---------------------------------------------------------------- people


def _people(plan: Plan) -> Iterator[Pair]:
    if not plan.people:
        return
    count = Counter(person.team for person in plan.people if not person.out)
    desks = sum(bool(person.phone) for person in plan.people)
    yield (
        f"{len(plan.people)} people, {desks} with a desk of their own; the others work at any phone.",
        f"共{len(plan.people)}人，其中{desks}人有固定座位，其余可在任意话机签入。",
    )
    yield from _most(_team(each, count[each.id]) for each in plan.teams)
    held = Counter(skill for person in plan.people for skill in person.skills)
    for skill in plan.skills[:EACH_MAX]:
        queues = _names(skill.queues)
        least = (f"; {skill.least} of them always stay", f"；始终保留{skill.least}人") if skill.least else ("", "")
        yield (
            f"{held[skill.id]} people can do {skill.id}: they take calls of {queues[0]}{least[0]}.",
            f"{held[skill.id]}人具备技能{skill.id}，接听队列{queues[1]}{least[1]}。",
        )


def _team(team: Team, people: int) -> Pair:
    led = _names(team.leaders)
    most = (f" At most {team.most_out} are on a break at once.", f"同时小休最多{team.most_out}人。") if team.most_out >= 0 else ("", "")
    return (
        f"{team.name or f'Team {team.id}'}: {people} people, led by {led[0] or 'nobody'}.{most[0]}",
        f"{team.name_zh or team.name or f'班组{team.id}'}：{people}人，组长{led[1] or '无'}。{most[1]}",
    )


def _login(plan: Plan) -> Iterator[Pair]:
    if not plan.people:
        return
    rules, shifts = plan.login, plan.shifts
    if shifts.patterns or shifts.spans:
        early, late = shifts.early_s // 60, shifts.late_s // 60
        if shifts.enforced:
            yield (
                f"Only within the own shift, from {early} minutes before it; after {late} minutes past its end it is told.",
                f"仅可在本人班次内签入，可提前{early}分钟；下班{late}分钟后仍在线会提示。",
            )
        else:
            yield ("Outside a shift it is told, not refused.", "班次外签入只提示，不拒绝。")
    if rules.away_days:
        who = _names(rules.lifted_by)
        yield (
            f"Away for more than {rules.away_days} days, or training overdue: refused, until {who[0]} lets the person in.",
            f"离岗超过{rules.away_days}天或培训逾期：拒绝签入，须由{who[1]}放行。",
        )


# ---------------------------------------------------------------- shifts and meetings


def _shifts(plan: Plan) -> Iterator[Pair]:
    yield from _most(_pattern(each) for each in plan.shifts.patterns)
    if plan.shifts.spans:
        people = len({each.person for each in plan.shifts.spans})
        count = len(plan.shifts.spans)
        yield (
            f"A roster of {count:,} shifts for {people} people goes before the patterns on its dates.",
            f"排班表共{count}个班次，涉及{people}人；所列日期以排班表为准。",
        )
    if plan.shifts.holidays:
        days = _names(plan.shifts.holidays)
        yield (f"Patterns rest on {days[0]}.", f"固定班次在以下日期休息：{days[1]}。")
    if plan.shifts.workdays:
        days = _names(plan.shifts.workdays)
        yield (f"Made-up working days, which count as weekdays: {days[0]}.", f"调休上班日，按工作日排班：{days[1]}。")


def _pattern(pattern: Pattern) -> Pair:
    who, days = _names([*pattern.teams, *pattern.people]), _days(pattern.days)
    times = f"{_clock(pattern.begins_min)}–{_clock(pattern.ends_min)}"
    return f"{pattern.id}: {times} {days[0]}, {who[0]}.", f"{pattern.id}：{days[1]} {times}，{who[1]}。"


def _meeting(meeting: Meeting) -> Pair:
    teams, days = _names(meeting.teams), _days(meeting.days)
    if meeting.at_min >= 0:
        when = (f"at {_clock(meeting.at_min)}", f"{_clock(meeting.at_min)}")
    elif meeting.before_shift_min >= 0:
        when = (f"{meeting.before_shift_min} minutes before the shift", f"班前{meeting.before_shift_min}分钟")
    elif meeting.after_shift_min == 0:
        when = ("right after the shift", "班后立即")
    else:
        when = (f"{meeting.after_shift_min} minutes after the shift", f"班后{meeting.after_shift_min}分钟")
    groups = (f" in {meeting.groups} groups", f"，分{meeting.groups}批") if meeting.groups > 1 else ("", "")
    least = (f"; {meeting.least} of each queue stay ready", f"；每个队列保留{meeting.least}人") if meeting.least else ("", "")
    return (
        f"{meeting.name or meeting.id}: {teams[0]}, {when[0]} {days[0]}, {meeting.minutes} minutes{groups[0]}{least[0]}.",
        f"{meeting.name_zh or meeting.name or meeting.id}：{teams[1]}，{days[1]}{when[1]}，{meeting.minutes}分钟{groups[1]}{least[1]}。",
    )


# ---------------------------------------------------------------- breaks


def _breaks(rules: BreakRules) -> Iterator[Pair]:
    if not rules.kinds:
        return
    for name, kind in rules.kinds.items():
        yield _kind(name, kind)
    yield _out(rules)
    if rules.blackout_begin_min or rules.blackout_end_min:
        first, last = rules.blackout_begin_min, rules.blackout_end_min
        yield (
            f"No break in the first {first} and the last {last} minutes of a shift.",
            f"上班后{first}分钟内、下班前{last}分钟内不安排。",
        )
    if rules.load.enabled:
        target = f"{rules.load.target:.0%}"
        yield (
            f"Only while every queue that the agent serves keeps {target} within its target, and at least {rules.load.least} there.",
            f"坐席所服务的每个队列均能保持服务水平{target}、至少{rules.load.least}人在岗时才放行。",
        )
    yield (
        f"Who has waited {rules.aged_min} minutes is held back by load no more, unless the queue is red; "
        f"after {rules.aged_red_min} not even then.",
        f"等待满{rules.aged_min}分钟后不再因负荷等待（队列告急除外），满{rules.aged_red_min}分钟后一律放行。",
    )
    yield (f"A granted break is held for {rules.hold_s} seconds.", f"批准后保留{rules.hold_s}秒。")
    if rules.legal_after_min:
        yield (
            f"After {rules.legal_after_min} minutes of work without a rest one is due by law, whatever the queue.",
            f"连续工作{rules.legal_after_min}分钟未休息的，依法必须休息，不受队列影响。",
        )
    steps = rules.overrun
    yield (
        f"Too long: the agent is told after {steps.prompt_s} s, the leader after {steps.leader_s} s, it counts after {steps.overrun_s} s, "
        f"somebody goes and looks after {steps.welfare_s} s. Nobody is set ready by a machine.",
        f"超时：{steps.prompt_s}秒提示本人，{steps.leader_s}秒通知组长，{steps.overrun_s}秒计为超时，{steps.welfare_s}秒到场关怀；系统不会自动置闲。",
    )
    yield _TREATED[rules.unauthorised]


_TREATED: dict[str, Pair] = {
    "observe": ("A pause that nobody granted is written down.", "未经批准的示忙只记录。"),
    "warn": ("A pause that nobody granted: the agent and the leader are told.", "未经批准的示忙：提示本人并通知组长。"),
    "undo": ("A pause that nobody granted is undone where the person is known to be there.", "未经批准的示忙：确认本人在座时予以取消。"),
}


def _kind(name: str, kind: KindRules) -> Pair:
    english, chinese = KINDS[name]
    en, zh = [f"{kind.minutes} minutes"], [f"{kind.minutes}分钟"]
    if name == "comfort":
        return f"{english}: {kind.minutes} minutes, never refused, never queued.", f"{chinese}：{kind.minutes}分钟，不拒绝、不排队。"
    if (kind.shortest_min, kind.longest_min) != (kind.minutes, kind.minutes):
        en.append(f"from {kind.shortest_min} to {kind.longest_min}")
        zh.append(f"可为{kind.shortest_min}至{kind.longest_min}分钟")
    if kind.quota_min >= 0:
        en.append(f"{kind.quota_min} a shift")
        zh.append(f"每班共{kind.quota_min}分钟")
    if kind.quota_half_min >= 0:
        en.append(f"{kind.quota_half_min} each half of it")
        zh.append(f"每半班{kind.quota_half_min}分钟")
    if kind.times >= 0:
        en.append(f"{kind.times} times" if kind.times != 1 else "once")
        zh.append(f"每班{kind.times}次")
    if kind.cool_down_min:
        en.append(f"{kind.cool_down_min} minutes after the last one")
        zh.append(f"间隔{kind.cool_down_min}分钟")
    if not kind.paid:
        en.append("unpaid")
        zh.append("不计薪")
    return f"{english}: {', '.join(en)}.", f"{chinese}：{'，'.join(zh)}。"


def _out(rules: BreakRules) -> Pair:
    team, site = _so_many(rules.team_most, rules.team_share), _so_many(rules.site_most, rules.site_share)
    return (
        f"At once at most {team[0]} of a team and {site[0]} of a site; one may always go. {rules.spacing_s} seconds between two of a team.",
        f"同时离席：每组最多{team[1]}，全场最多{site[1]}，至少可有1人；同组两次放行间隔{rules.spacing_s}秒。",
    )


def _so_many(most: int, share: float) -> Pair:
    return (f"{most}", f"{most}人") if most >= 0 else (f"{share:.0%}", f"{share:.0%}")


# ---------------------------------------------------------------- alerts and supervision


def _alert(rule: AlertRule) -> Pair:
    number = NUMBERS.get(rule.of, {}).get(rule.number, (rule.number, rule.number))
    limit = _limit(rule.number, rule.above if rule.above is not None else rule.below)
    words = ("above", "高于") if rule.above is not None else ("below", "低于")
    only = _names(rule.only)
    of = (f"{_OF[rule.of][0]} {only[0]}".rstrip(), f"{_OF[rule.of][1]}{only[1]}")
    lasting = (f" for {rule.for_s} s", f"持续{rule.for_s}秒") if rule.for_s else ("", "")
    urgent = (" (act)", "（须处理）") if rule.severity == "act" else ("", "")
    return (
        f"{rule.name or rule.id}: {number[0]} of {of[0]} {words[0]} {limit[0]}{lasting[0]}{urgent[0]}.",
        f"{rule.name_zh or rule.name or rule.id}：{of[1]}{number[1]}{words[1]}{limit[1]}{lasting[1]}{urgent[1]}。",
    )


def _limit(number: str, limit: float | None) -> Pair:
    if limit is None:
        return "", ""
    if number in SHARES:
        return f"{limit:.0%}", f"{limit:.0%}"
    return (f"{limit:g} s", f"{limit:g}秒") if number.endswith("_s") else (f"{limit:g}", f"{limit:g}")


_OF: dict[str, Pair] = {
    "queue": ("a queue", "队列"),
    "team": ("a team", "班组"),
    "agent": ("an agent", "坐席"),
    "node": ("a PBX", "PBX"),
    "floor": ("the floor", "全场"),
}


def _supervision(plan: Plan) -> Iterator[Pair]:
    if plan.people:
        told = plan.supervision.listening_told
        yield (
            f"The agent {'sees afterwards' if told else 'does not see'} who listened.",
            f"坐席{'事后可以看到' if told else '看不到'}监听人。",
        )


# ---------------------------------------------------------------- words


def _names(names: Iterable[str]) -> Pair:
    every = list(names)
    more = len(every) - NAMES_MAX
    shown = every[:NAMES_MAX]
    return (
        ", ".join([*shown, *([f"{more} more"] if more > 0 else [])]),
        "、".join([*shown, *([f"另{more}个"] if more > 0 else [])]),
    )


def _days(days: tuple[int, ...]) -> Pair:
    if len(days) == 7:
        return _EVERY_DAY
    if days == (0, 1, 2, 3, 4):
        return _WEEKDAYS
    return "on " + ", ".join(DAYS[each][0] for each in days), "、".join(DAYS[each][1] for each in days)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
