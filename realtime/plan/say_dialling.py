"""What a plan says about calling out, in plain sentences, English and Chinese: its campaigns, and the rules of their presets.

A part of `say.py`, which has the other subjects; not what the gate said about one call (`sentences/`). A rule that nobody wrote is not
said: what follows from the law itself is in `docs/dialling.md`.
"""

from __future__ import annotations

from collections.abc import Iterator

from realtime.plan.dialling import (
    AbandonRule,
    CallerIdRule,
    Campaign,
    CapRule,
    ConsentRule,
    CoolDownRule,
    DialRules,
    Happening,
    HoursRule,
    ListRule,
    PlaceRule,
    Preset,
    Scope,
    Span,
    WayRule,
    Window,
)

Pair = tuple[str, str]
"""English, Chinese."""
NAMES_MOST = 10

PURPOSES: dict[str, Pair] = {
    "telemarketing": ("telemarketing", "营销"),
    "collection": ("debt collection", "催收"),
    "service": ("service", "服务"),
    "survey": ("surveys", "调研"),
    "charity": ("charity", "募捐"),
    "callback": ("callbacks", "回拨"),
    "emergency": ("emergencies", "紧急通知"),
}
METHODS: dict[str, Pair] = {
    "manual": ("by hand", "人工拨号"),
    "preview": ("preview", "预览式"),
    "progressive": ("progressive", "渐进式"),
    "predictive": ("predictive", "预测式"),
}
EVENTS: dict[Happening, Pair] = {
    "attempt": ("attempts", "拨打"),
    "connect": ("connected calls", "接通"),
    "live": ("calls that a person answered", "真人接听"),
    "conversation": ("conversations", "通话"),
    "unanswered": ("unanswered calls", "无人接听"),
    "abandoned": ("abandoned calls", "弃呼"),
    "machine": ("calls that a machine answered", "机器应答"),
    "refusal": ("refusals", "拒绝"),
}
AFTER: dict[Happening, Pair] = {
    "attempt": ("an attempt", "拨打"),
    "connect": ("a connected call", "接通"),
    "live": ("an answer by a person", "真人接听"),
    "conversation": ("a conversation", "通话"),
    "unanswered": ("an unanswered call", "无人接听"),
    "abandoned": ("an abandoned call", "弃呼"),
    "machine": ("an answer by a machine", "机器应答"),
    "refusal": ("a refusal", "对方拒绝"),
}
SCOPES: dict[Scope, Pair] = {
    ("number",): ("a number", "每个号码"),
    ("person",): ("a person", "每人"),
    ("person", "debt"): ("a person and debt", "每人每笔债务"),
    ("person", "subject"): ("a person and subject", "每人每事项"),
    ("number", "client"): ("a number by all campaigns of the client", "每个号码（同一委托方合计）"),
    ("person", "client"): ("a person by all campaigns of the client", "每人（同一委托方合计）"),
    ("campaign",): ("the campaign", "整个项目"),
    ("centre",): ("the whole centre", "全中心"),
}
LIFTED: dict[str, Pair] = {
    "consent": ("with consent", "已同意"),
    "agreed_time": ("at a time that was agreed", "已约定时间"),
    "contract": ("under a contract", "合同期内"),
    "callback": ("for a callback that was asked for", "客户要求回拨"),
    "reserved": ("with an agent waiting", "已预留坐席"),
    "relation": ("with a running relation", "存续业务关系"),
}
NEEDS: dict[str, Pair] = {
    "consent": ("Only with consent.", "须事先取得同意。"),
    "written": ("Only with written consent.", "须事先取得书面同意。"),
    "consent_or_contract": ("Only with consent, or under a running contract.", "须事先取得同意，或有存续合同。"),
    "consent_or_relation": ("Only with consent, or to who is a customer.", "须事先取得同意，或有存续业务关系。"),
}
AMD: dict[str, Pair] = {
    "forbidden": ("no answering-machine detection", "禁用应答机检测"),
    "reserved_repeat": ("after a machine only with an agent waiting that day", "机器应答后当日须预留坐席方可再拨"),
}
DAYS: tuple[Pair, ...] = (
    ("Mon", "周一"),
    ("Tue", "周二"),
    ("Wed", "周三"),
    ("Thu", "周四"),
    ("Fri", "周五"),
    ("Sat", "周六"),
    ("Sun", "周日"),
)


def campaigns(rules: DialRules) -> Iterator[Pair]:
    for campaign in rules.campaigns:
        yield _campaign(campaign)
        yield from _terms(campaign)
        yield from own_rules(campaign)


def own_rules(campaign: Campaign) -> Iterator[Pair]:
    for english, chinese in sentences(campaign.rules):
        yield f"{campaign.id}: {english}", f"{campaign.id}：{chinese}"


def calling_out(rules: DialRules) -> Iterator[Pair]:
    """What holds whoever calls, then the presets."""
    if not rules.campaigns:
        return
    if rules.manual:
        yield f"Who dials by hand and is in no campaign dials for {rules.manual}.", f"人工拨号且未分配项目的，计入项目{rules.manual}。"
    if rules.at_once:
        yield f"At most {rules.at_once} calls out at a time.", f"全场外呼同时最多{rules.at_once}路。"
    if rules.blocked:
        english, chinese = names(rules.blocked)
        yield f"Nobody dials {english}.", f"禁拨号段：{chinese}。"
    for each in rules.presets:
        english, chinese = each.title or each.name, each.title_zh or each.title or each.name
        for of_rule in sentences(each):
            yield f"{english}: {of_rule[0]}", f"{chinese}：{of_rule[1]}"


def _campaign(campaign: Campaign) -> Pair:
    who, presets = names((*campaign.teams, *campaign.agents)), names(campaign.presets)
    purpose, most = PURPOSES[campaign.purpose], METHODS[campaign.most]
    under = (f", under {presets[0]}", f"，适用{presets[1]}") if campaign.presets else ("", "")
    once = (f", {campaign.at_once} at a time", f"，同时最多{campaign.at_once}路") if campaign.at_once else ("", "")
    return (
        f"{campaign.name or campaign.id} for {campaign.client}: {purpose[0]}, at most {most[0]}{once[0]}, "
        f"dialled by {who[0] or 'everybody'}{under[0]}.",
        f"{campaign.name_zh or campaign.name or campaign.id}（委托方{campaign.client}）：{purpose[1]}，最快{most[1]}{once[1]}，"
        f"由{who[1] or '全员'}拨打{under[1]}。",
    )


def _terms(campaign: Campaign) -> Iterator[Pair]:
    name, name_zh = campaign.name or campaign.id, campaign.name_zh or campaign.name or campaign.id
    trial, contract = campaign.trial, campaign.contract
    yield (
        f"{name}, trial: at most {trial.dials_day} calls and {trial.contacts_day} people a day, {trial.agents} agents, "
        f"{METHODS[trial.most][0]}, all recorded.",
        f"{name_zh}试呼：每天最多拨打{trial.dials_day}次、接触{trial.contacts_day}人，{trial.agents}名坐席，{METHODS[trial.most][1]}，全程录音。",
    )
    english, chinese = [], []
    if contract.begins:
        english.append(f"from {contract.begins}")
        chinese.append(f"自{contract.begins}起")
    if contract.ends:
        english.append(f"to {contract.ends}, then no more calls")
        chinese.append(f"至{contract.ends}止，到期停呼")
    if contract.dials_day >= 0:
        english.append(f"{contract.dials_day} calls a day")
        chinese.append(f"每天最多{contract.dials_day}次")
    if contract.hours:
        english.append(f"{_spans(contract.hours)[0]} by the clock here")
        chinese.append(f"本地时间{_spans(contract.hours)[1]}")
    if english:
        yield f"{name}, contract: {', '.join(english)}.", f"{name_zh}合同：{'，'.join(chinese)}。"


# ---------------------------------------------------------------- rules


def sentences(preset: Preset) -> Iterator[Pair]:
    yield from map(_consent, preset.consents)
    yield from map(_hours, preset.hours)
    yield from map(_cap, preset.caps)
    yield from map(_cool_down, preset.cool_downs)
    yield from map(_list, preset.lists)
    yield from map(_abandon, preset.abandons)
    yield from map(_caller_id, preset.caller_ids)
    for way in preset.ways:
        yield from _way(way)
    yield from map(_place, preset.places)


def _consent(rule: ConsentRule) -> Pair:
    return NEEDS[rule.need]


def _hours(rule: HoursRule) -> Pair:
    english, chinese = [], []
    for first, last, spans in _runs(rule.days):
        at = _spans(spans)
        if last - first == 6:
            english.append(at[0])
            chinese.append(f"每天{at[1]}")
            continue
        several = first != last
        english.append(f"{DAYS[first][0]}{f'–{DAYS[last][0]}' if several else ''} {at[0]}")
        chinese.append(f"{DAYS[first][1]}{f'至{DAYS[last][1]}' if several else ''}{at[1]}")
    for day, word in ((rule.holiday, ("holidays", "节假日")), (rule.eve, ("eves of them", "节假日前一天"))):
        if day is not None:
            english.append(f"{word[0]} {_spans(day)[0]}")
            chinese.append(f"{word[1]}{_spans(day)[1]}")
    unless = _unless(rule.unless)
    return (
        f"Rings only {', '.join(english)}, by the clock of who is called{unless[0]}.",
        f"按被叫当地时间：{'，'.join(chinese)}{unless[1]}。",
    )


def _runs(days: tuple[tuple[Span, ...], ...]) -> list[tuple[int, int, tuple[Span, ...]]]:
    """Days in a row that are the same."""
    found: list[tuple[int, int, tuple[Span, ...]]] = []
    for day, spans in enumerate(days):
        if found and found[-1][2] == spans:
            found[-1] = (found[-1][0], day, spans)
        else:
            found.append((day, day, spans))
    return found


def _spans(spans: tuple[Span, ...]) -> Pair:
    times = [f"{begins // 60:02}:{begins % 60:02}–{ends // 60:02}:{ends % 60:02}" for begins, ends in spans]
    return (" and ".join(times) or "not at all", "、".join(times) or "不拨打")


def _cap(rule: CapRule) -> Pair:
    what, of, window, unless = EVENTS[rule.count], SCOPES[rule.scope], _window(rule.window), _unless(rule.unless)
    return f"At most {rule.most} {what[0]} of {of[0]} {window[0]}{unless[0]}.", f"{of[1]}{window[1]}{what[1]}最多{rule.most}次{unless[1]}。"


def _window(window: Window) -> Pair:
    if window.kind == "rolling":
        english, chinese = _length(window.seconds)
        return f"in {english}", f"{chinese}内"
    return {
        "calendar_day": ("a day", "每天"),
        "calendar_days": (f"in {window.days} days by date", f"{window.days}个自然日内"),
        "any_days": (f"in any {window.days} days", f"任意连续{window.days}天内"),
        "blocks": (f"in each block of {window.days} days", f"每{window.days}天周期内"),
        "calendar_month": ("a month", "每月"),
    }[window.kind]


def _length(seconds: int) -> Pair:
    for unit, english, chinese in ((3600, "hour", "小时"), (60, "minute", "分钟")):
        if seconds % unit == 0:
            count = seconds // unit
            return f"{count} {english}{'s' if count != 1 else ''}", f"{count}{chinese}"
    return f"{seconds} seconds", f"{seconds}秒"


def _cool_down(rule: CoolDownRule) -> Pair:
    after, of, unless = AFTER[rule.after], SCOPES[rule.scope], _unless(rule.unless)
    if rule.seconds:
        english, chinese = _length(rule.seconds)
    elif rule.days == 1:
        english, chinese = "the rest of the day", "当日"
    else:
        english, chinese = f"{rule.days} days, its own among them", f"{rule.days}天（含当日）"
    return f"After {after[0]} none of {of[0]} for {english}{unless[0]}.", f"{of[1]}{after[1]}后{chinese}内不再拨打{unless[1]}。"


def _list(rule: ListRule) -> Pair:
    lists, unless = names(rule.lists), _unless(rule.unless)
    return (
        f"Nobody on {lists[0]}{unless[0]}; the list is no older than {rule.most_days} days, or nobody is called.",
        f"不拨打名单{lists[1]}中的号码{unless[1]}；名单超过{rule.most_days}天未更新则停呼。",
    )


def _abandon(rule: AbandonRule) -> Pair:
    window = _window(rule.window)
    limit = (f"at most {rule.limit:.1%}", f"不超过{rule.limit:.1%}") if rule.limit >= 0 else ("no limit in law", "法律未设上限")
    slows = f"dialling slows down towards {rule.target:.1%}"
    return (
        f"Abandoned calls {window[0]}: {limit[0]}; {slows}. An agent is there within {rule.within_s:g} s.",
        f"弃呼率{window[1]}{limit[1]}，按{rule.target:.1%}控制拨号速度；{rule.within_s:g}秒内须有坐席接听。",
    )


def _caller_id(rule: CallerIdRule) -> Pair:
    begins, never = names(rule.prefixes), names(rule.forbidden)
    unlike = (f", never with {never[0]}", f"，不得以{never[1]}开头") if rule.forbidden else ("", "")
    if rule.prefixes:
        return f"The number shown begins with {begins[0]}{unlike[0]}.", f"外显号码须以{begins[1]}开头{unlike[1]}。"
    return f"A number is shown that can be called back{unlike[0]}.", f"须显示可回拨的真实号码{unlike[1]}。"


def _way(rule: WayRule) -> Iterator[Pair]:
    english, chinese = [], []
    if rule.most != "predictive":
        english.append(f"at most {METHODS[rule.most][0]}")
        chinese.append(f"最快{METHODS[rule.most][1]}")
    if rule.ring_s:
        english.append(f"rings for at least {rule.ring_s} s")
        chinese.append(f"振铃至少{rule.ring_s}秒")
    if rule.amd in AMD:
        english.append(AMD[rule.amd][0])
        chinese.append(AMD[rule.amd][1])
    if rule.message:
        english.append("who is abandoned hears a message")
        chinese.append("弃呼须播放说明")
    if rule.record:
        english.append("recorded")
        chinese.append("全程录音")
    if english:
        yield f"How: {', '.join(english)}.", f"方式：{'，'.join(chinese)}。"


def _place(rule: PlaceRule) -> Pair:
    english, chinese = names(rule.blocked)
    return f"Nobody in {english}.", f"不拨打地区：{chinese}。"


def _unless(words: tuple[str, ...]) -> Pair:
    if not words:
        return "", ""
    return f", but {' or '.join(LIFTED[each][0] for each in words)}", f"（{'、'.join(LIFTED[each][1] for each in words)}除外）"


def names(said: tuple[str, ...]) -> Pair:
    more = len(said) - NAMES_MOST
    shown = said[:NAMES_MOST]
    return (
        ", ".join([*shown, *([f"{more} more"] if more > 0 else [])]),
        "、".join([*shown, *([f"另{more}个"] if more > 0 else [])]),
    )
