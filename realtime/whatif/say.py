"""What trying a plan found, in sentences: English and Chinese, the most important first, with examples instead of lists."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from realtime.plan.say import KINDS, LANGUAGES, Pair
from realtime.sentences import sentence
from realtime.whatif.found import Found, Half, Wish
from realtime.whatif.say_dials import dials_said
from realtime.words import SECOND, Micros

EXAMPLES = 3
"""Of each rule: who, when, and what it said."""
HALVES_SHOWN = 8
"""The half-hours that it changes most; `--json` has all of them."""
NOTICED = 0.01
"""Of a service level: less is no difference in a model that is off by a point or two itself."""
MINUTE: Micros = 60 * SECOND
ONE = ("1", "<1")


def said(found: Found, language: str) -> list[str]:
    at = LANGUAGES.index(language)
    return [pair[at] for pair in (*_span(found), *_wishes(found), *_cost(found), *dials_said(found), *_limits())]


def _span(found: Found) -> Iterator[Pair]:
    since, until = _when(found, found.since), _when(found, found.until)
    yield (
        f"From {since} to {until} ({found.facts:,} facts): {len(found.wishes):,} times somebody wanted to be away.",
        f"{since}至{until}（{found.facts:,}条记录）：共{len(found.wishes):,}次离席需求。",
    )
    alone = sum(each.recorded == "pause" for each in found.wishes)
    if alone:
        yield (
            f"  {alone:,} of them were pauses on the phone that nobody was asked for; the plan would have been.",
            f"  其中{alone:,}次是未经申请直接在话机上示忙，按新方案均须申请。",
        )
    if not found.ruled:
        yield ("The plan has no kind of break: it would have ruled none of them.", "该方案未规定任何小休类型，不会作出限制。")
    if found.meetings:
        yield (f"It would have held {found.meetings} meetings.", f"将召开{found.meetings}次会议。")


# ---------------------------------------------------------------- who waits, who is refused


def _wishes(found: Found) -> Iterator[Pair]:
    if not found.ruled or not found.wishes:
        return
    by_fate: dict[str, list[Wish]] = defaultdict(list)
    for wish in found.wishes:
        by_fate[wish.fate].append(wish)
    yield f"At once: {len(by_fate['at_once']):,}.", f"立即放行：{len(by_fate['at_once']):,}次。"
    if waited := by_fate["waited"]:
        waits = sorted(each.begins - each.asked for each in waited)
        middle, longest = _minutes(waits[len(waits) // 2]), _minutes(waits[-1])
        yield (
            f"After a wait: {len(waited):,}; half of them within {middle} minutes, the longest {longest}.",
            f"等待后放行：{len(waited):,}次；半数在{middle}分钟内，最长{longest}分钟。",
        )
        yield from _by_rule(found, waited)
    if refused := by_fate["refused"]:
        yield f"Refused: {len(refused):,}.", f"拒绝：{len(refused):,}次。"
        yield from _by_rule(found, refused)
    for fate, english, chinese in (
        ("dropped", "Gone home, or not taken, before their turn", "未轮到或未领取即离开"),
        ("still_waiting", "Still waiting at the end", "结束时仍在等待"),
    ):
        if by_fate[fate]:
            yield f"{english}: {len(by_fate[fate]):,}.", f"{chinese}：{len(by_fate[fate]):,}次。"
    lifted = sum(each.recorded == "refused" and each.fate in ("at_once", "waited") for each in found.wishes)
    if lifted:
        yield f"Refused then, granted now: {lifted:,}.", f"原被拒绝、现可放行：{lifted:,}次。"


def _by_rule(found: Found, wishes: Iterable[Wish]) -> Iterator[Pair]:
    by_rule: dict[str, list[Wish]] = defaultdict(list)
    for wish in wishes:
        if wish.rule is not None:
            by_rule[wish.rule.rule].append(wish)
    for rule, some in sorted(by_rule.items(), key=lambda each: (-len(each[1]), each[0])):
        yield f"  {len(some):,} by {rule}", f"  {len(some):,}次：{rule}"
        for wish in some[:EXAMPLES]:
            yield _example(found, wish)


def _example(found: Found, wish: Wish) -> Pair:
    assert wish.rule is not None, "chosen for it"
    clock, kind = _when(found, wish.asked)[11:], KINDS[wish.kind]
    wait = _minutes(wish.begins - wish.asked) if wish.begins else ""
    after = (f" Granted {wait} {'minute' if wait in ONE else 'minutes'} later.", f"{wait}分钟后放行。") if wait else ("", "")
    return (
        f"    {clock} {wish.agent}, {kind[0].lower()}: {sentence(wish.rule, 'en')}{after[0]}",
        f"    {clock} {wish.agent} {kind[1]}：{sentence(wish.rule, 'zh')}{after[1]}",
    )


# ---------------------------------------------------------------- what it costs


def _cost(found: Found) -> Iterator[Pair]:
    calls = [each for each in found.halves if each.level_was is not None and each.level_new is not None]
    if not calls:
        yield ("No caller came, so there is no service level to compare.", "期间没有来电，无法比较服务水平。")
        return
    was, new = _whole(calls, "level_was"), _whole(calls, "level_new")
    yield (
        f"Service level by the model, all calls: {was:.1%} as it was, {new:.1%} under the plan ({(new - was) * 100:+.1f} points).",
        f"服务水平（模型，全部来电）：原{was:.1%}，新方案{new:.1%}（{(new - was) * 100:+.1f}个百分点）。",
    )
    moved = [each for each in calls if abs(_move(each)) >= NOTICED]
    better = Counter(_move(each) > 0 for each in moved)
    yield (
        f"  Half-hours of a queue that it changes by a point or more: {better[True]} better, {better[False]} worse, of {len(calls)}.",
        f"  变化达1个百分点的队列半小时：变好{better[True]}个，变差{better[False]}个，共{len(calls)}个。",
    )
    for half in sorted(moved, key=lambda each: -abs(_move(each)) * each.offered)[:HALVES_SHOWN]:
        yield _half(found, half)


def _half(found: Found, half: Half) -> Pair:
    clock, name = _when(found, half.begins), half.queue.partition("/")[2] or half.queue
    measured = (f", measured {half.measured:.0%}", f"，实测{half.measured:.0%}") if half.measured is not None else ("", "")
    return (
        f"    {clock} {name}: {half.level_was:.0%} to {half.level_new:.0%} with {half.agents_was:.1f} to {half.agents_new:.1f} agents, "
        f"{half.offered} calls{measured[0]}",
        f"    {clock} {name}：{half.level_was:.0%}→{half.level_new:.0%}，坐席{half.agents_was:.1f}→{half.agents_new:.1f}人，"
        f"来电{half.offered}通{measured[1]}",
    )


def _limits() -> Iterator[Pair]:
    yield (
        "The calls are those of the record; who would not have been away is reckoned as there, without calls of their own. "
        "People are taken to want what they took.",
        "来电按原记录计算；未离席者按在岗计入，不另行分配来电。假定坐席的离席意愿与记录一致。",
    )


# ---------------------------------------------------------------- words


def _move(half: Half) -> float:
    return (half.level_new or 0.0) - (half.level_was or 0.0)


def _whole(halves: list[Half], field: str) -> float:
    """Weighted by the calls."""
    whole: float = sum(getattr(each, field) * each.offered for each in halves) / sum(each.offered for each in halves)
    return whole


def _when(found: Found, at: Micros) -> str:
    return datetime.fromtimestamp(at // SECOND, ZoneInfo(found.timezone)).strftime("%Y-%m-%d %H:%M")


def _minutes(length: Micros) -> str:
    return f"{length / MINUTE:.0f}" if length >= MINUTE else "<1"
