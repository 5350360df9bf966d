"""What the dial gate says of itself: why it cannot decide now. The rules' own words are elsewhere."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "gate.behind": (
        "The gate does not see the floor as it is now, so nothing is dialled; try again in a moment.",
        "关口暂时看不到现场最新状态，不予外呼；请稍后重试。",
    ),
    "gate.ledger": (
        "The counters of calls are not whole ({why}), so nothing is dialled until they are.",
        "外呼计数不完整（{why}），恢复之前不予外呼。",
    ),
    "gate.slow": (
        "Deciding took longer than {seconds} s, so the answer is no; try again.",
        "判定超过{seconds}秒未完成，不予外呼；请重试。",
    ),
    "gate.changed": (
        "Something changed while it was decided; try again.",
        "判定过程中情况有变；请重试。",
    ),
    "gate.unknown": (
        "Andon does not know this call; see whether its phone system is followed, and the node in the dialplan.",
        "Andon 不认识这个通话；请检查其话务平台是否已接入，以及拨号方案中的节点名。",
    ),
    "gate.strange": (
        "This is nothing that could be dialled, or no phone system of this floor asks.",
        "拨打内容无法识别，或提问的话务平台不属于本现场。",
    ),
    "gate.silent": (
        "Nothing was decided, so the answer is no.",
        "未作出判定，不予外呼。",
    ),
}
