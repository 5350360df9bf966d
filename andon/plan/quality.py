"""`quality.toml`: score forms, samples, agreement, appeals, KPIs. A form that was used stays as it was: change it under a new version.

Not what follows from it (`recordings/quality/`). Whether a version was used before with other words only the archive knows, and refuses.
That a form's campaigns and queues are there is `crossed_quality`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

import msgspec

from andon.findings import quoted
from andon.plan.book import Book
from andon.plan.sheet import Item, Tree, fit_id, listed, one_of, short, single, told_apart, toml, within
from andon.plan.tables import QUALITY
from andon.reading import fields_of
from realtime.plan.quality import FormItem, FormSection, KpiRule, QualityRules, SamplingRules, ScoreForm

FORMS_MAX: Final = 50
SECTIONS_MAX: Final = 20
ITEMS_MAX: Final = 100
"""Of one form: a rater who has thirty questions needs as long as the call."""
TEXT_MAX: Final = 300
WHOLE: Final = 100.0
KINDS: Final = ("yes_no", "scale")
CRITICAL: Final = ("", "customer", "business", "compliance")
COMMENTS: Final = ("", "failing", "always")
NUMBERS: Final = ("quality", "critical")
TOLD: Final = 20

Unknown = Callable[[Iterable[str], Collection[str], str, str, Item], None]


class QualityTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[quality]`."""

    kappa_pass: float = 0.70
    agreement_pass: float = 0.85
    appeal_days: int = 5
    rank_least: int = 30
    overturn_share: float = 0.10
    heard_share: float = 0.5


class SamplingTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[sampling]`."""

    new_days: int = 30
    young_days: int = 90
    new: int = 10
    young: int = 6
    steady: int = 4
    confidence: float = 0.90
    margin: float = 0.10
    shortest_s: int = 15


class FormTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[form]]`; its sections are `[[form.section]]`."""

    id: str = ""
    version: int = 1
    name: str = ""
    name_zh: str = ""
    passing: float = 80.0
    campaigns: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()


class SectionTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[form.section]]`; its items are `[[form.section.item]]`."""

    id: str = ""
    name: str = ""
    name_zh: str = ""
    weight: float = 0.0


class ItemTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[form.section.item]]`."""

    id: str = ""
    text: str = ""
    text_zh: str = ""
    help: str = ""
    help_zh: str = ""
    kind: str = "yes_no"
    most: int = 5
    weight: float = 1.0
    critical: str = ""
    may_skip: bool = True
    comment: str = ""


class KpiTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[kpi]]`."""

    id: str = ""
    number: str = "quality"
    below: float = 80.0
    least: int = 4
    running: int = 2
    times: int = 3
    within: int = 6


_BOUNDS: Final[dict[str, dict[str, tuple[float, float]]]] = {
    "quality": {
        "kappa_pass": (0, 1),
        "agreement_pass": (0, 1),
        "appeal_days": (0, 90),
        "rank_least": (1, 10_000),
        "overturn_share": (0, 1),
        "heard_share": (0, 0.95),
    },
    "sampling": {
        "new_days": (0, 3_650),
        "young_days": (0, 3_650),
        "new": (0, 1_000),
        "young": (0, 1_000),
        "steady": (0, 1_000),
        "confidence": (0.5, 0.999),
        "margin": (0.005, 0.5),
        "shortest_s": (0, 3_600),
    },
    "kpi": {"below": (0, 100), "least": (1, 10_000), "running": (0, 24), "times": (0, 24), "within": (1, 36)},
}


def quality(text: str, book: Book) -> None:
    tree, draft = toml(QUALITY, text, ["quality", "sampling", "form", "kpi"], book.findings)
    whole = QualityTable(**single(tree, "quality", QualityTable, draft))
    sampling = SamplingTable(**single(tree, "sampling", SamplingTable, draft))
    for table in (whole, sampling):
        name = "quality" if table is whole else "sampling"
        _bounded(table, _BOUNDS[name], Item(draft, (name,)))
    if sampling.young_days < sampling.new_days:
        draft.add(("sampling", "young_days"), f"it is less than new_days ({sampling.new_days}); make it that many days or more.")
    forms = [_form(each, Item(draft, ("form", number))) for number, each in enumerate(listed(tree, "form", FORMS_MAX, draft))]
    told_apart(draft, "form", "[[form]]")
    kpis = [_kpi(each, Item(draft, ("kpi", number))) for number, each in enumerate(listed(tree, "kpi", FORMS_MAX, draft))]
    told_apart(draft, "kpi", "[[kpi]]")
    rules = QualityRules(
        forms=tuple(forms),
        sampling=SamplingRules(**msgspec.structs.asdict(sampling)),
        kpis=tuple(kpis),
        **msgspec.structs.asdict(whole),
    )
    book.quality = (rules, Item(draft, ("form",)))
    book.findings += draft.findings


def _form(tree: Tree, item: Item) -> ScoreForm:
    draft, path = item
    said = FormTable(**_fields(tree, FormTable, item, "section"))
    fit_id(said.id, (*path, "id"), draft, '"sales"')
    within(said.version, 1, 100_000, (*path, "version"), draft)
    within(said.passing, 0, WHOLE, (*path, "passing"), draft)
    for key in ("name", "name_zh"):
        short(item, key, getattr(said, key))
    tables = listed(tree, "section", SECTIONS_MAX, draft, at=path)
    sections = [_section(each, Item(draft, (*path, "section", number))) for number, each in enumerate(tables)]
    _items_of(sections, item)
    _weights_of(sections, item)
    return ScoreForm(**{**msgspec.structs.asdict(said), "sections": tuple(sections)})


def _items_of(sections: list[FormSection], item: Item) -> None:
    ids = [each.id for section in sections for each in section.items]
    if not ids:
        item.add("", "it has no items; write [[form.section]] with [[form.section.item]] below.")
    if len(ids) > ITEMS_MAX:
        item.add("", f"it has {len(ids)} items; keep at most {ITEMS_MAX}.")
    for twice in _twice(ids):
        item.add("", f"two of its items have the id {quoted(twice)}; an answer would stand for both, so give each its own.")
    for twice in _twice(section.id for section in sections):
        item.add("", f"two of its sections have the id {quoted(twice)}; one would have the points of both, so give each its own.")


def _weights_of(sections: list[FormSection], item: Item) -> None:
    """A critical item is in no average, so a section of them alone has no part in the hundred."""
    scored = [section for section in sections if any(not each.critical for each in section.items)]
    weights = sum(section.weight for section in scored)
    if scored and abs(weights - WHOLE) > 0.01:
        item.add("", f"the weights of its sections with points sum to {weights:g}; make them {WHOLE:g}.")
    for section in scored:
        if section.weight > 0 and not any(each.weight > 0 for each in section.items if not each.critical):
            item.add("", f"the section {quoted(section.id)} has weight, and none of its items with points has any; give one a weight.")


def _twice(ids: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(ids).items() if name and count > 1)[:TOLD]


def _section(tree: Tree, item: Item) -> FormSection:
    draft, path = item
    said = SectionTable(**_fields(tree, SectionTable, item, "item"))
    fit_id(said.id, (*path, "id"), draft, '"opening"')
    within(said.weight, 0, WHOLE, (*path, "weight"), draft)
    for key in ("name", "name_zh"):
        short(item, key, getattr(said, key))
    items = [
        _item(each, Item(draft, (*path, "item", number))) for number, each in enumerate(listed(tree, "item", ITEMS_MAX, draft, at=path))
    ]
    return FormSection(**{**msgspec.structs.asdict(said), "items": tuple(items)})


def _item(tree: Tree, item: Item) -> FormItem:
    draft, path = item
    said = ItemTable(**_fields(tree, ItemTable, item))
    fit_id(said.id, (*path, "id"), draft, '"greeting"')
    for key in ("text", "text_zh", "help", "help_zh"):
        short(item, key, getattr(said, key), TEXT_MAX)
    if not (said.text or said.text_zh):
        item.add("text", "it is missing; write the question that the rater answers.")
    fine = all(
        (
            one_of(said.kind, KINDS, (*path, "kind"), draft),
            one_of(said.critical, CRITICAL, (*path, "critical"), draft),
            one_of(said.comment, COMMENTS, (*path, "comment"), draft),
        )
    )
    within(said.most, 2, 100, (*path, "most"), draft)
    within(said.weight, 0, 1_000, (*path, "weight"), draft)
    return FormItem(**msgspec.structs.asdict(said)) if fine else FormItem(id=said.id)


def _kpi(tree: Tree, item: Item) -> KpiRule:
    draft, path = item
    said = KpiTable(**_fields(tree, KpiTable, item))
    fit_id(said.id, (*path, "id"), draft, '"quality"')
    _bounded(said, _BOUNDS["kpi"], item)
    if said.running > said.within or said.times > said.within:
        item.add("within", f"{said.within} months cannot hold what is asked for; make it as long as running and times.")
    if not said.running and not said.times:
        item.add("", "neither running nor times is set, so no miss would ever count; set one of them.")
    known = one_of(said.number, NUMBERS, (*path, "number"), draft)
    return KpiRule(**msgspec.structs.asdict(said)) if known else KpiRule(id=said.id)


def _fields(tree: Tree, struct: type[msgspec.Struct], item: Item, inner: str = "") -> dict[str, Any]:
    return fields_of(item.path, struct, {key: value for key, value in tree.items() if key != inner}, item.draft)


def _bounded(table: msgspec.Struct, bounds: Mapping[str, tuple[float, float]], item: Item) -> None:
    for key, span in bounds.items():
        within(getattr(table, key), *span, (*item.path, key), item.draft)


def crossed_quality(book: Book, unknown: Unknown) -> None:
    """A form for a campaign that is not there is offered for no call; of queues the PBX may have more than `teams.toml` names."""
    if book.quality is None:
        return
    rules, item = book.quality
    campaigns, queues = {each.id for each, _ in book.campaigns}, {queue for skill, _ in book.skills for queue in skill.queues}
    for number, form in enumerate(rules.forms):
        where = Item(item.draft, (*item.path, number))
        unknown(form.campaigns[:TOLD], campaigns, "campaigns", "campaign", where)
        for queue in [queue for queue in form.queues if queues and queue not in queues][:TOLD]:
            where.add("queues", f"no skill of teams.toml is for the queue {quoted(queue)}; look whether the PBX has it.", False)
