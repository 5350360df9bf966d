"""What is said of the plan's files when they cannot be taken up, and of those that let recordings go earlier."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "plan.bad": (
        "The plan's files are wrong, so the plan of before stays in force. {wrong} Correct it; andon check shows everything.",
        "方案文件有错误，仍按原方案执行。{wrong} 请改正；andon check 会列出全部问题。",
    ),
    "plan.gone": (
        "The plan's files are gone, so the plan of before stays in force. Put them back, or write an empty breaks.toml to end all rules.",
        "方案文件已不存在，仍按原方案执行。请恢复文件；若要取消全部规则，请写一个空的 breaks.toml。",
    ),
    "plan.shorter": (
        "The new plan keeps recordings for a shorter time: {shorter}. If that is a slip, put it right in retention.toml before a disposal.",
        "新方案缩短了录音保管期限：{shorter}。如系笔误，请在销毁前更正 retention.toml。",
    ),
}
