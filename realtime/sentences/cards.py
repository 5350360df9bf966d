"""Words for card-data pauses."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "card.recorded": (
        "The recording is silenced now, for {seconds} s at most. Wait for the sign before the card's number is said.",
        "录音即将静音，最长{seconds}秒。请看到提示后再让客户报卡号。",
    ),
    "card.not_recorded": (
        "Nothing of this call is recorded, so there is nothing to silence; the card's number may be said.",
        "本次通话没有录音，无需静音；客户可以报卡号。",
    ),
    "card.unknown": (
        "A part of this call was not seen, so whether it is recorded is not known: take the card's number another way.",
        "通话期间曾与电话系统失去连接，无法确定是否录音：请通过其他方式获取卡号。",
    ),
    "card.total": (
        "The recording of this call was silent for {minutes} min in all, and no more is allowed: it is recorded now. Do not let a card's "
        "number be said; take it another way, or in a new call.",
        "本次通话的静音累计已达{minutes}分钟上限，现在正在录音：请勿让客户报卡号，请改用其他方式或另行通话获取。",
    ),
    "card.no_call": (
        "{agent} is not on a call now, so there is no recording to silence.",
        "{agent}当前没有通话，没有可静音的录音。",
    ),
    "card.resumed": ("The recording has sound again.", "录音恢复。"),
    "card.not_paused": (
        "The recording of this call is not silenced; there is nothing to end.",
        "本次通话的录音未静音，无需恢复。",
    ),
}
