"""What `andon dial` says of a decision, in lines for a terminal, Chinese or English. Pure.

Not the sentences of the rules (`realtime/sentences/`), which come with each finding, and not the asking (`dial_ask.py`, `dial_past.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from andon.table import clean, width
from realtime.dial.would import Said
from realtime.sealing import mask
from realtime.view_campaign import ReasonSaid, reasons_of
from realtime.view_dial import DialSaid, FollowedRow
from realtime.words import SECOND

ZONES_SHOWN: Final = 6
"""A toll-free number of North America has forty."""


class Where(NamedTuple):
    """`alone`: of a plan's folder, without a floor."""

    timezone: str
    version: str
    alone: bool
    language: str


Words = Mapping[str, str]
EN: Final[Words] = {
    "allow": "YES: it may be dialled.",
    "defer": "NOT NOW.",
    "deny": "NO.",
    "from": "NOT NOW: from {when} on, if nothing new happens.",
    "ok": "ok",
    "later": "later",
    "no": "NO",
    "alone": "Of the plan alone: nobody was ever called, the campaign dials, everybody is at work, and lists are those that were named.",
    "there": "Where it would ring: {local}.",
    "nowhere": "Where it would ring nobody knows.",
    "more": " and {count} zones more",
    "rules": "Rules: {presets}; plan {plan}.",
    "purpose": "For {purpose}; plan {plan}.",
    "none": "none",
    "lists": "Lists: {lists}.",
    "ring": "let it ring for {seconds} s",
    "reserved": "an agent must be there",
    "amd": "no answering-machine detection",
    "record": "recorded",
    "message": "who is abandoned must hear a message",
    "must": "It must keep to: {what}.",
    "manual": "by hand",
    "at": "{number} for {campaign} ({method}{agent}), {when}",
    "agent": ", agent {agent}",
    "abandoned": "abandoned",
    "ended": "ended: {word}",
    "coded": "result code {word}",
    "blocked": "wants no more calls ({word})",
    "talk": ", {seconds} s of talk",
    "callback": ", to be called back {when}",
    "by": ", {who}",
    "nothing": "Nothing is known of what came of it.",
    "good": "Signature: good, by {key}. Nothing of it was changed.",
    "bad": "Signature: BAD. This is not what the gate wrote down.",
    "unknown": "Signature: by {key}, a key that is not here; whoever has it can tell.",
}
ZH: Final[Words] = {
    "allow": "可以拨打。",
    "defer": "现在不可拨打。",
    "deny": "不可拨打。",
    "from": "现在不可拨打；如无新情况，{when}起可拨。",
    "ok": "通过",
    "later": "暂缓",
    "no": "禁止",
    "alone": "仅按方案判断：视为从未呼叫过、项目正在外呼、全员在岗，名单仅限所指定者。",
    "there": "被叫当地：{local}。",
    "nowhere": "被叫所在地未知。",
    "more": "等，另有{count}个时区",
    "rules": "规则集：{presets}；方案{plan}。",
    "purpose": "目的：{purpose}；方案{plan}。",
    "none": "无",
    "lists": "名单：{lists}。",
    "ring": "至少振铃{seconds}秒",
    "reserved": "须有坐席在线等候",
    "amd": "不得使用应答机检测",
    "record": "须录音",
    "message": "放弃时须播放提示",
    "must": "须遵守：{what}。",
    "manual": "人工",
    "at": "{number}，项目{campaign}（{method}{agent}），{when}",
    "agent": "，坐席{agent}",
    "abandoned": "已放弃",
    "ended": "结束：{word}",
    "coded": "结果码{word}",
    "blocked": "要求不再来电（{word}）",
    "talk": "，通话{seconds}秒",
    "callback": "，约定{when}回拨",
    "by": "，{who}",
    "nothing": "后续情况未知。",
    "good": "签名有效（{key}），未被改动。",
    "bad": "签名无效：内容与闸门所记不符。",
    "unknown": "签名所用密钥{key}不在本机，须由持有者核验。",
}
TALK: Final[Mapping[str, Words]] = {"en": EN, "zh": ZH}
WEIGHT: Final[Mapping[str, str]] = {"allow": "ok", "queue": "later", "defer": "later", "deny": "no"}


def gate_lines(said: Said, where: Where) -> Iterator[str]:
    talk, judged, asked = TALK[where.language], said.judged, said.asked
    number = said.ask.number
    yield _verdict(judged.decision.verdict, judged.until / SECOND, where.timezone, talk)
    agent = talk["agent"].format(agent=asked.agent) if asked.agent else ""
    shown = mask(number.e164 or number.digits)
    when = clock(said.at / SECOND, where.timezone)
    yield clean(talk["at"].format(number=shown, campaign=asked.campaign, method=asked.method, agent=agent, when=when))
    yield _there(judged.local, said.prepared.zones, talk)
    presets = ", ".join(each.name for each in said.prepared.presets) or talk["none"]
    yield clean(talk["rules"].format(presets=presets, plan=where.version or talk["none"]))
    must = judged.constraints
    if judged.decision.verdict == "allow":
        yield from _must(
            must.ring_s, {"reserved": must.reserved, "amd": not must.amd, "record": must.record, "message": must.message}, talk
        )
    if where.alone:
        yield talk["alone"]
    yield ""
    yield from reasons(reasons_of(judged.decision), where.language)


def dial_lines(said: DialSaid, timezone: str, language: str) -> Iterator[str]:
    """One decision of the past: with what followed, and whether it is as it was written down."""
    talk = TALK[language]
    yield _verdict(said.verdict, said.until or 0, timezone, talk)
    agent = talk["agent"].format(agent=said.agent) if said.agent else ""
    when = clock(said.at, timezone)
    yield clean(talk["at"].format(number=said.number, campaign=said.campaign, method=said.method, agent=agent, when=when))
    yield _there(said.local, said.zones, talk)
    yield clean(talk["purpose"].format(purpose=said.purpose or talk["none"], plan=said.plan or talk["none"]))
    if said.lists:
        yield clean(talk["lists"].format(lists=", ".join(said.lists)))
    if said.verdict == "allow":
        yield from _must(
            said.ring_s, {"reserved": said.reserved, "amd": not said.amd, "record": said.record, "message": said.message}, talk
        )
        yield from (_followed(each, timezone, talk) for each in said.followed)
        if not said.followed:
            yield talk["nothing"]
    yield talk[{True: "good", False: "bad", None: "unknown"}[said.signature_good]].format(key=clean(said.key))
    yield ""
    yield from reasons(said.reasons, language)


def reasons(found: Iterable[ReasonSaid], language: str) -> Iterator[str]:
    talk = TALK[language]
    words = {verdict: talk[word] for verdict, word in WEIGHT.items()}
    for each in found:
        word = words.get(each.verdict, each.verdict)
        yield clean(f"{word}{' ' * (7 - width(word))}{each.text[language]} [{each.rule}]")


def clock(at: float, timezone: str) -> str:
    return f"{datetime.fromtimestamp(at, ZoneInfo(timezone)):%Y-%m-%d %H:%M} {timezone}"


def _verdict(verdict: str, until: float, timezone: str, talk: Words) -> str:
    if verdict == "defer" and until:
        return talk["from"].format(when=clock(until, timezone))
    return talk.get(verdict, verdict)


def _there(local: Sequence[str], zones: Sequence[str], talk: Words) -> str:
    if not zones:
        return talk["nowhere"]
    shown = [f"{at[:16].replace('T', ' ')} {zone}" for at, zone in zip(local, zones, strict=False)][:ZONES_SHOWN]
    more = talk["more"].format(count=len(zones) - len(shown)) if len(zones) > len(shown) else ""
    return clean(talk["there"].format(local=", ".join(shown) + more))


def _must(ring_s: int, kept: Mapping[str, bool], talk: Words) -> Iterator[str]:
    what = [talk["ring"].format(seconds=ring_s)] if ring_s else []
    what += [talk[word] for word, holds in kept.items() if holds]
    if what:
        yield talk["must"].format(what=", ".join(what))


def _followed(row: FollowedRow, timezone: str, talk: Words) -> str:
    said = f"{clock(row.at, timezone)}: {talk[row.what].format(word=row.word)}"
    if row.talk_s:
        said += talk["talk"].format(seconds=row.talk_s)
    if row.callback:
        said += talk["callback"].format(when=clock(row.callback, timezone))
    return clean(said + (talk["by"].format(who=row.who) if row.who else ""))
