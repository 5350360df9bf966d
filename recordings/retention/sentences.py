"""Reasons in plain words, English and Chinese: why a recording is kept, may go, was left, was not erased. Pure.

Not the reasons (`clocks.py`, `letting.py`). A moment is said as a date of the floor's calendar; a term that ends with a day's end, by that
day.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from realtime.words import SECOND, Micros
from recordings.retention.clocks import Reason

Pair = tuple[str, str]
LANGUAGES: Final = ("en", "zh")
WORDS: Final[dict[str, Pair]] = {
    "keep.no_class": (
        "No class of retention is known for it, so it is kept until somebody says which: name one in the plan.",
        "未确定保管类别，在指定类别前一直保存；请在方案中指定。",
    ),
    "keep.no_rules": (
        "The class {class_} has no rules, so it is kept; add some to the plan.",
        "类别{class_}没有规则，因此保存；请在方案中补充。",
    ),
    "keep.no_least": (
        "No rule of the class {class_} says how long it is kept at least, so it is kept; add one to the plan.",
        "类别{class_}没有最低保存期限，因此保存；请在方案中补充。",
    ),
    "keep.no_term": ("The rule {rule} has no term, so it is kept.", "规则{rule}没有期限，因此保存。"),
    "keep.broken": ("The rule {rule} cannot be understood, so it is kept; correct the plan.", "规则{rule}无法理解，因此保存；请更正方案。"),
    "keep.clock": (
        "The rule {rule} counts from {clock}, which nobody has said yet; say when it was.",
        "规则{rule}自{clock}起算，尚未登记；请登记日期。",
    ),
    "keep.until": (
        "{rule} keeps it until the end of {until}, counted from {clock} on {since}.",
        "{rule}：自{clock}（{since}）起，保存至{until}。",
    ),
    "keep.after_dispute": (
        "{rule} keeps it until the end of {until}, counted from the end of the dispute on {closed}.",
        "{rule}：自争议结束（{closed}）起，保存至{until}。",
    ),
    "keep.dispute": ("A dispute about it is open ({rule}).", "争议尚未结束（{rule}）。"),
    "keep.conflict": (
        "{keeps} keeps it longer than {goes} allows (until the end of {by}); a person has to decide which of them holds.",
        "{keeps}要求的保存期超过{goes}允许的期限（至{by}），须由人决定。",
    ),
    "go.by": (
        "{rule} wants it gone by the end of {by}, counted from {clock} on {since}.",
        "{rule}：自{clock}（{since}）起，最迟于{by}删除。",
    ),
    "go.held": ("A legal hold is on it.", "已被保全。"),
    "go.conflict": ("Its rules contradict each other.", "规则相互矛盾。"),
    "go.kept": ("A rule keeps it by now.", "目前有规则要求保存。"),
    "go.busy": ("It is not at rest: it is being sealed, or its copies are being repaired.", "尚在封存或修复之中。"),
    "go.gone": ("It is gone already.", "已不存在。"),
    "go.not_due": ("It is not listed any more (it is {state}).", "已不在清单内（状态：{state}）。"),
    "go.restored": (
        "A backup was put back before it was destroyed, and what was approved before does not count any more.",
        "销毁前已恢复备份，此前的批准不再有效。",
    ),
    "go.refused": ("The disposal was refused.", "销毁申请被驳回。"),
    "redact.waits": (
        "Card data was found in it; it is restricted until a redacted one takes its place.",
        "其中发现卡号等敏感认证数据，在替换为抹除后的录音之前限制访问。",
    ),
    "redact.into": ("It was redacted: {into} took its place.", "已抹除敏感片段，由{into}替代。"),
    "go.good_again": ("It is not in quarantine any more: a good copy of it was found.", "已找到完好副本，不再隔离。"),
    "go.not_given_up": ("That it is lost was not confirmed.", "未确认丢失。"),
    "erase.gone": ("It is gone already.", "已不存在。"),
    "erase.held": (
        "A legal hold is on it, which goes before a wish to be erased; it is restricted.",
        "已被保全，优先于删除请求；已限制访问。",
    ),
    "erase.busy": ("It is not at rest yet ({state}); it is looked at again each night.", "尚未就绪（{state}），每晚复查。"),
    "erase.free": ("Only consent or practice kept it, so it is erased.", "仅基于同意或惯例保存，予以删除。"),
}
CLOCKS: Final[dict[str, Pair]] = {
    "call": ("the call", "通话"),
    "contract_end": ("the end of the contract", "合同终止"),
    "product_end": ("the end of the product", "产品到期"),
    "last_activity": ("the last activity", "最后一次往来"),
}
VERDICTS: Final[dict[str, Pair]] = {
    "gone": ("gone", "已销毁"),
    "held": ("held", "已保全"),
    "conflict": ("a person decides", "须人工决定"),
    "kept": ("kept", "保存"),
    "may_go": ("may go", "可销毁"),
    "busy": ("not at rest", "处理中"),
}
_DAYS: Final = ("since", "closed")
_LAST_DAYS: Final = ("until", "by")
"""Moments that are the first after a day."""


def sentence(reason: Reason, language: str, timezone: str) -> str:
    """A code that this version does not know is said as it is."""
    at = LANGUAGES.index(language)
    values: dict[str, str | int] = dict(reason.values)
    for name in _DAYS:
        if isinstance(moment := values.get(name), int):
            values[name] = day(moment, timezone)
    for name in _LAST_DAYS:
        if isinstance(moment := values.get(name), int):
            values[name] = day(moment - SECOND, timezone) if moment else ("an open end", "无期限")[at]
    clock = str(values.get("clock", ""))
    if clock in CLOCKS:
        values["clock"] = CLOCKS[clock][at]
    try:
        return WORDS[reason.code][at].format_map(values)
    except (KeyError, ValueError, IndexError):
        return reason.code


def day(moment: Micros, timezone: str) -> str:
    return datetime.fromtimestamp(moment / SECOND, ZoneInfo(timezone)).date().isoformat()
