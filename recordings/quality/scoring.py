"""A form and its answers: points by section and in all, critical errors by family, what is still missing. Pure.

Not the form (`realtime/plan/quality.py`). Rules (reference: scorecards by error family): an item that may be skipped and is N/A gives its
weight to the others of its section, a section without any answer gives its own to the others. A critical item is in no average: failing it
fails the contact in its family, whatever the points.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

from realtime.plan.quality import FormItem, FormSection, ScoreForm

FAMILIES: Final = ("customer", "business", "compliance")
Missing = Literal["answer", "comment", "range"]


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """`value`: 0 or 1 of yes_no, 0 to `most` of a scale; None: N/A. `at_ms`: the moment that shows it, -1: none."""

    value: Annotated[int, msgspec.Meta(ge=0, le=1_000)] | None = None
    comment: str = ""
    at_ms: Annotated[int, msgspec.Meta(ge=-1, le=10**9)] = -1


class Scored(NamedTuple):
    """`points` in hundredths of a point, of 100; None where nothing could be scored. `missing`: item, and what of it."""

    points: int | None
    sections: dict[str, int | None]
    failed: tuple[str, ...]
    """Families, in their order."""
    failing: tuple[str, ...]
    """Items below their best that are critical, or have no points at all."""
    missing: tuple[tuple[str, Missing], ...]

    @property
    def complete(self) -> bool:
        return not self.missing

    def passes(self, form: ScoreForm) -> bool:
        """By its critical items alone where it has no points: a form of such items, or all others N/A."""
        return not self.failed and (self.points is None or self.points >= round(form.passing * 100))


def score(form: ScoreForm, answers: Mapping[str, Answer]) -> Scored:
    """Answers to items that the form does not have are left aside."""
    shares = {section.id: _share(section, answers) for section in form.sections}
    weights = {section.id: section.weight for section in form.sections if shares[section.id] is not None and section.weight > 0}
    whole = sum(weights.values())
    total = sum(weights[id_] * (shares[id_] or 0.0) for id_ in weights) / whole if whole else None
    items = [item for section in form.sections for item in section.items]
    failed = {item.critical for item in items if item.critical and _is_failed(item, answers.get(item.id))}
    return Scored(
        points=None if total is None else round(total * 10_000),
        sections={id_: None if share is None else round(share * 10_000) for id_, share in shares.items()},
        failed=tuple(family for family in FAMILIES if family in failed),
        failing=tuple(item.id for item in items if _is_failed(item, answers.get(item.id))),
        missing=tuple((item.id, lack) for item in items if (lack := _lacks(item, answers.get(item.id))) is not None),
    )


def digest_of(form: ScoreForm) -> str:
    """Names this version by what it says: a score belongs to the very form that it was given by. A weight of 3 and of 3.0 say the same."""
    form = msgspec.json.decode(msgspec.json.encode(form), type=ScoreForm)
    return hashlib.sha256(msgspec.json.encode(form)).hexdigest()[:32]


def best_of(item: FormItem) -> int:
    return 1 if item.kind == "yes_no" else item.most


def _share(section: FormSection, answers: Mapping[str, Answer]) -> float | None:
    """Of the best, from 0 to 1."""
    weight = got = 0.0
    for item in section.items:
        answer = answers.get(item.id)
        if item.critical or answer is None or answer.value is None or not 0 <= answer.value <= best_of(item):
            continue
        weight += item.weight
        got += item.weight * answer.value / best_of(item)
    return got / weight if weight > 0 else None


def _is_failed(item: FormItem, answer: Answer | None) -> bool:
    if answer is None or answer.value is None:
        return False
    return answer.value < best_of(item) if item.critical else answer.value == 0


def _lacks(item: FormItem, answer: Answer | None) -> Missing | None:
    if answer is None or (answer.value is None and not item.may_skip):
        return "answer"
    if answer.value is not None and not 0 <= answer.value <= best_of(item):
        return "range"
    wanted = item.comment == "always" or (item.comment == "failing" and _is_failed(item, answer))
    return "comment" if wanted and not answer.comment.strip() else None
