"""What the board says of the engine's answer to a request: the verdict, one sentence, every rule that was looked at. Pure.

Not the deciding (`realtime/control/`) and not the asking (`asking.py`). `message` is in the asker's language; a reason's text comes in
both, because a page changes its language without asking again.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from realtime import sentences
from realtime.decision import SEVERITY, Decision, Finding, Verdict
from realtime.owned import Answer
from realtime.words import SECOND

GOOD: tuple[Verdict, ...] = ("allow", "queue")
DONE = {"en": "Done.", "zh": "已完成。"}
OF_MANY = {"en": "{good} of {all} would be done.", "zh": "{all}人中有{good}人可以执行。"}
DONE_OF_MANY = {"en": "{good} of {all} done.", "zh": "{all}人中已执行{good}人。"}


class ReasonRow(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule said. `text` by language (en, zh)."""

    rule: str
    verdict: str
    text: dict[str, str]


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """`request` is the id to follow and to undo; empty where nothing was sent. `until`: when it would be otherwise by itself.

    Of many agents at once: `answers` has one for each, and `verdict` is the best of them. `error` is the rule's code where it was refused.
    """

    agent: str = ""
    request: str = ""
    verdict: Verdict
    message: str
    reasons: list[ReasonRow] = []
    orders: list[str] = []
    until: float | None = None
    error: str = ""
    preview: bool = False
    answers: list[Answered] = []


def of_answer(answer: Answer, language: str) -> Answered:
    return of_decision(answer.decision, language, agent=answer.agent, request=answer.request, orders=answer.orders)


def of_decision(
    decision: Decision, language: str, *, agent: str = "", request: str = "", orders: Sequence[str] = (), preview: bool = False
) -> Answered:
    reason = reason_of(decision)
    refused = decision.verdict not in GOOD
    return Answered(
        agent=agent,
        request=request,
        verdict=decision.verdict,
        message=sentences.sentence(reason, language) if reason is not None else DONE[language],
        reasons=[ReasonRow(rule=each.rule, verdict=each.verdict, text=sentences.both(each)) for each in decision.findings],
        orders=list(orders),
        until=reason.until / SECOND if reason is not None and reason.until else None,
        error=(reason.rule if reason is not None else "refused") if refused else "",
        preview=preview,
    )


def reason_of(decision: Decision) -> Finding | None:
    """What stands against it; where nothing does, the last word, for the first ones only say who may."""
    return decision.findings[-1] if decision.verdict == "allow" and decision.findings else decision.reason


def of_many(answers: Sequence[Answered], language: str, *, preview: bool) -> Answered:
    """The parts speak for themselves: where one is refused, the others are done all the same."""
    good = sum(each.verdict in GOOD for each in answers)
    best: Verdict = min((each.verdict for each in answers), key=SEVERITY.index, default="allow")
    said = (OF_MANY if preview else DONE_OF_MANY)[language].format(good=good, all=len(answers))
    return Answered(verdict=best, message=said, preview=preview, answers=list(answers))


def status_of(answered: Answered) -> int:
    return 409 if answered.error else 200
