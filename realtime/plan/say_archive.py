"""What a plan says about recordings, in plain sentences, English and Chinese: classes and their rules, which calls, discs, who hears.

A part of `say.py`, which has the other subjects; not what was decided about one recording (the archive says that itself).
"""

from __future__ import annotations

from collections.abc import Iterator

from realtime.plan.archive import ArchiveRules, ExpectRule, KeepRule, RetentionClass, Term

Pair = tuple[str, str]

CLOCKS: dict[str, Pair] = {
    "call": ("the call", "通话"),
    "contract_end": ("the end of the contract", "合同终止"),
    "product_end": ("the end of the product", "产品到期"),
    "last_activity": ("the last activity", "最后一次往来"),
}
DIRECTIONS: dict[str, Pair] = {"inbound": ("inbound", "呼入"), "outbound": ("outbound", "呼出"), "internal": ("internal", "内部")}
MEDIA: dict[str, str] = {"cd": "CD", "dvd": "DVD+R", "dvd-r": "DVD-R", "bd-r-25": "BD-R 25 GB"}


def recordings(rules: ArchiveRules) -> Iterator[Pair]:
    if not rules.classes and not rules.expected:
        return
    for each in rules.classes:
        yield _class(each)
    yield (
        f"A call of no campaign and queue with a class of its own: {rules.default or 'kept for ever'}.",
        f"所属项目和队列未指定类别的录音：{rules.default or '永久保存'}。",
    )
    if rules.queues:
        said = ", ".join(f"{queue} {name}" for queue, name in sorted(rules.queues.items()))
        yield f"Class by queue: {said}.", f"按队列指定类别：{said}。"
    yield from map(_expected, rules.expected)
    yield from _terms(rules)


def _expected(rule: ExpectRule) -> Pair:
    kinds = [DIRECTIONS.get(each, (each, each)) for each in rule.directions]
    names = [*rule.queues, *rule.campaigns]
    english = ", ".join([*(each[0] for each in kinds), *names]) or "every answered call"
    chinese = "、".join([*(each[1] for each in kinds), *names]) or "全部接通通话"
    return f"Must be recorded: {english}.", f"必须录音：{chinese}。"


def _terms(rules: ArchiveRules) -> Iterator[Pair]:
    discs = rules.discs
    media = MEDIA.get(discs.media, discs.media)
    yield (
        f"Discs: {media}, copies {' and '.join(discs.copies)}, read again in full every {discs.check_years} years.",
        f"刻录：{media}，{'、'.join(discs.copies)}共{len(discs.copies)}份，每{discs.check_years}年全盘复读。",
    )
    yield (
        f"Holds are looked at every {rules.hold_review_days} days; a wish to be erased is decided within {rules.erasure_days} days.",
        f"保全每{rules.hold_review_days}天复核；删除请求{rules.erasure_days}天内处理。",
    )
    if rules.hear_own:
        yield "Agents may hear their own calls.", "坐席可收听本人录音。"


def _class(each: RetentionClass) -> Pair:
    rules = [_rule(rule) for rule in each.rules]
    burnt = (" A copy goes to discs.", "刻录光盘。") if each.burn else ("", "")
    signed = (f" Accepted by {each.signed}.", f"确认人：{each.signed}。") if each.signed else ("", "")
    return (
        f"{each.name or each.id} ({each.id}): {'; '.join(said[0] for said in rules)}.{burnt[0]}{signed[0]}",
        f"{each.name_zh or each.name or each.id}（{each.id}）：{'；'.join(said[1] for said in rules)}。{burnt[1]}{signed[1]}",
    )


def _rule(rule: KeepRule) -> Pair:
    clock = CLOCKS.get(rule.clock, (rule.clock, rule.clock))
    english, chinese = [], []
    if rule.least:
        english.append(f"at least {term(rule.least)[0]}")
        chinese.append(f"至少保存{term(rule.least)[1]}")
    if rule.most:
        english.append(f"at most {term(rule.most)[0]}")
        chinese.append(f"最多保存{term(rule.most)[1]}")
    more = ("", "")
    if rule.dispute:
        more = (", while there is a dispute", "，争议期间保留")
    if rule.dispute_least:
        more = (f"{more[0]} and {term(rule.dispute_least)[0]} after it", f"{more[1]}并在其后保存{term(rule.dispute_least)[1]}")
    return (
        f"{' and '.join(english) or 'for ever'} from {clock[0]}{more[0]} ({rule.id})",
        f"自{clock[1]}起{'，'.join(chinese) or '永久保存'}{more[1]}（{rule.id}）",
    )


def term(said: Term) -> Pair:
    """ "3 years", "3年"; nothing for no term."""
    parts = [(said.years, "year", "年"), (said.months, "month", "个月"), (said.days, "day", "天")]
    english = " ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word, _ in parts if count)
    return english, "".join(f"{count}{word}" for count, _, word in parts if count)
