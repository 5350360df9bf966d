"""Words for the pace of a campaign: how fast a dialler may go, and what holds it back. Rates are in per cent."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "pace.not_dialling": (
        "The campaign does not dial in this state ({state}).",
        "项目当前状态（{state}）不允许外呼。",
    ),
    "pace.method": (
        "At most {method} dialling, by {by}.",
        "最快外呼方式：{method}（依据：{by}）。",
    ),
    "pace.nobody_ready": (
        "Nobody is ready, so nothing is dialled for anybody.",
        "当前无空闲坐席，暂停外呼。",
    ),
    "pace.budget": (
        "{abandoned} of {live} answers abandoned: {rate} %, target {target} %. Up to {most} calls may go on without an agent ({by}).",
        "接通{live}通，放弃{abandoned}通，放弃率{rate}%，目标{target}%；允许最多{most}通无坐席在途呼叫（依据：{by}）。",
    ),
    "pace.too_few": (
        "{abandoned} of {live} answers abandoned: too few answers yet for a call without an agent, which needs {needed}."
        " One line for each agent until then ({by}, target {target} %).",
        "接通{live}通，放弃{abandoned}通；接通数未达{needed}通，不可发起无坐席呼叫，在此之前每名坐席一路（依据：{by}，目标{target}%）。",
    ),
    "pace.over_target": (
        "{abandoned} of {live} answers abandoned: {rate} %, over the target of {target} %. One line an agent until it is kept ({by}).",
        "接通{live}通，放弃{abandoned}通，放弃率{rate}%，超过目标{target}%；恢复达标前每名坐席一路（依据：{by}）。",
    ),
    "pace.over_limit": (
        "{abandoned} of {live} answers abandoned: {rate} %, over the limit of {limit} %. One line for each agent; a new window begins at"
        " {until} ({by}).",
        "接通{live}通，放弃{abandoned}通，放弃率{rate}%，超过上限{limit}%；每名坐席一路，{until}起重新统计（依据：{by}）。",
    ),
    "pace.window_ends": (
        "A new window begins at {until} and has no answers yet: one line for each agent until it has enough ({by}).",
        "{until}起重新统计，尚无接通；达到足够接通数之前每名坐席一路（依据：{by}）。",
    ),
    "pace.hour": (
        "In the last hour {abandoned} of {live} answers were abandoned: {rate} %, over the target of {target} %."
        " One line for each agent until it is better.",
        "近一小时接通{live}通，放弃{abandoned}通，放弃率{rate}%，超过目标{target}%；好转前每名坐席一路。",
    ),
}
