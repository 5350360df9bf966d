"""`retention.toml`: how long recordings are kept and by which rule, which calls are recorded, how discs are made, who may hear.

Not the rules of law and practice that a class names (`retention_presets.py`) and not what follows from it (`recordings/`). Without this
file nothing is ever let go. That campaigns and queues name classes that are there is `crossed_retention`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, get_args

from andon.demands import Draft
from andon.findings import quoted, suggestion
from andon.plan.book import Book
from andon.plan.presets import accepted_by
from andon.plan.retention_presets import RULES_MAX, Loaded, loaded, names_of, rules_of, unsigned_words
from andon.plan.retention_tables import ClassTable, DiscsTable, ExpectTable, RetentionTable
from andon.plan.sheet import Item, Tree, fit_id, listed, one_of, short, single, told_apart, toml, within
from andon.plan.tables import RETENTION
from andon.reading import fields_of
from realtime.plan.archive import ArchiveRules, DiscRules, ExpectRule, KeepRule, RetentionClass
from realtime.plan.dialling import Origin
from realtime.words import Direction

CLASSES_MAX: Final = 200
EXPECTED_MAX: Final = 200
QUEUES_MAX: Final = 1_000
PRESETS_MAX: Final = 10
COPIES_MAX: Final = 5
MEDIA: Final = ("cd", "dvd", "dvd-r", "bd-r-25")
DIRECTIONS: Final = get_args(Direction)
OWN: Final = Origin(status="practice", note="the class's own")
TOLD: Final = 20

_BOUNDS: Final[dict[str, tuple[float, float]]] = {
    "pause_most_s": (10, 3_600),
    "pause_total_s": (10, 14_400),
    "missing_after_s": (30, 86_400),
    "short_s": (0, 600),
    "silent_share": (0.1, 1),
    "hold_review_days": (1, 3_650),
    "erasure_days": (1, 365),
    "check_days": (1, 3_650),
}
_DISC_BOUNDS: Final[dict[str, tuple[float, float]]] = {"fill": (0.1, 0.95), "check_years": (1, 20), "sample": (0, 1)}

Unknown = Callable[[Iterable[str], Collection[str], str, str, Item], None]


def retention(text: str, book: Book, presets: Mapping[str, str]) -> None:
    tree, draft = toml(RETENTION, text, ["accepted", "retention", "class", "expect", "discs"], book.findings)
    item = Item(draft, ("retention",))
    said = RetentionTable(**single(tree, "retention", RetentionTable, draft, inner=("queues",)))
    for key, bounds in _BOUNDS.items():
        within(getattr(said, key), *bounds, ("retention", key), draft)
    shelf = _Shelf(presets, accepted_by(tree, draft), book)
    classes = []
    for number, table in enumerate(listed(tree, "class", CLASSES_MAX, draft)):
        where = Item(draft, ("class", number))
        classes.append(_class(table, shelf, where))
        book.classes.append((classes[-1], where))
    told_apart(draft, "class", "[[class]]")
    shelf.told(draft)
    rules = ArchiveRules(
        classes=tuple(classes),
        default=said.default,
        queues=_queues(tree.get("retention"), item),
        expected=_expected(tree, draft),
        pause_most_s=said.pause_most_s,
        pause_total_s=said.pause_total_s,
        missing_after_s=said.missing_after_s,
        short_s=said.short_s,
        silent_share=said.silent_share,
        hear_own=said.hear_own,
        listen_needs_reason=said.listen_needs_reason,
        hold_review_days=said.hold_review_days,
        erasure_days=said.erasure_days,
        check_days=said.check_days,
        discs=_discs(tree, draft),
    )
    book.archive = (rules, item)
    book.findings += draft.findings


# ---------------------------------------------------------------- classes


def _class(table: Tree, shelf: _Shelf, item: Item) -> RetentionClass:
    draft, path = item
    said = ClassTable(**fields_of(path, ClassTable, {key: value for key, value in table.items() if key != "rule"}, draft))
    fit_id(said.id, (*path, "id"), draft, '"bank-x-five-years"')
    for key in ("name", "name_zh"):
        short(item, key, getattr(said, key))
    taken = [(name, found) for name in dict.fromkeys(said.presets[:PRESETS_MAX]) if (found := shelf.take(name, item))]
    if len(said.presets) > PRESETS_MAX:
        item.add("presets", f"there are {len(said.presets)}; keep at most {PRESETS_MAX}.")
    rules: list[KeepRule] = []
    for rule in (*(rule for _, found in taken for rule in found.rules), *rules_of(table, path, OWN, draft)):
        if any(rule.id == each.id for each in rules):
            item.add("", f"two of its rules have the id {quoted(rule.id)}; one of them would hide the other, so give each its own.")
        rules.append(rule)
    if not any(rule.least for rule in rules):
        item.add("", 'nothing says how long it is kept at least, so it would be kept for ever; name presets, or write least = "5 years".')
    if len(rules) > RULES_MAX:
        item.add("presets", f"there are {len(rules)} rules; keep at most {RULES_MAX}.")
    return RetentionClass(
        id=said.id,
        name=said.name,
        name_zh=said.name_zh,
        rules=tuple(rules),
        burn=said.burn or any(found.about.burn for _, found in taken),
        preset=", ".join(name for name, _ in taken),
        signed=", ".join(f"{name}: {signed}" for name, _ in taken if (signed := shelf.signed(name))),
        as_of=min((found.about.as_of for _, found in taken), default=""),
    )


class _Shelf:
    """The presets that classes name, each read once and signed once."""

    def __init__(self, texts: Mapping[str, str], accepted: Mapping[str, str], book: Book) -> None:
        self._texts, self._accepted, self._book = texts, accepted, book
        self._loaded: dict[str, Loaded] = {}

    def take(self, name: str, item: Item) -> Loaded | None:
        if f"retention/{name}" not in self._texts:
            item.add("presets", f"there is no preset {quoted(name)}; {suggestion(name, names_of(self._texts))}")
            return None
        if name not in self._loaded:
            found = self._loaded[name] = loaded(name, self._texts, self._book.findings)
            if found.unsigned and not self.signed(name):
                item.add("presets", unsigned_words(name, found))
            signed = f", accepted by {self.signed(name)}" if self.signed(name) else ""
            self._book.presets.append(f"{name} (as of {found.about.as_of}{signed})")
        return self._loaded[name]

    def signed(self, name: str) -> str:
        return self._accepted.get(name, "")

    def told(self, draft: Draft) -> None:
        for name in self._accepted.keys() - self._loaded.keys():
            draft.add(("accepted",), f"no class names {quoted(name)}; remove it here, or add it to the presets of one.", False)


# ---------------------------------------------------------------- the rest of the file


def _queues(table: object, item: Item) -> dict[str, str]:
    said = table.get("queues", {}) if isinstance(table, dict) else {}
    if not isinstance(said, dict) or not all(isinstance(each, str) and each for each in said.values()):
        item.add("queues", 'this is a table of classes by queue; write [retention.queues] with lines such as vip = "bank-x".')
        return {}
    if len(said) > QUEUES_MAX:
        item.add("queues", f"there are {len(said):,}; keep at most {QUEUES_MAX:,}.")
    return {str(queue): str(name) for queue, name in list(said.items())[:QUEUES_MAX]}


def _expected(tree: Tree, draft: Draft) -> tuple[ExpectRule, ...]:
    found = []
    for number, table in enumerate(listed(tree, "expect", EXPECTED_MAX, draft)):
        path = ("expect", number)
        said = ExpectTable(**fields_of(path, ExpectTable, table, draft))
        fit_id(said.id, (*path, "id"), draft, '"sales"')
        for word in said.directions:
            one_of(word, DIRECTIONS, (*path, "directions"), draft)
        found.append(ExpectRule(id=said.id, directions=said.directions, queues=said.queues, campaigns=said.campaigns))
    told_apart(draft, "expect", "[[expect]]")
    return tuple(found)


def _discs(tree: Tree, draft: Draft) -> DiscRules:
    said = DiscsTable(**single(tree, "discs", DiscsTable, draft))
    one_of(said.media, MEDIA, ("discs", "media"), draft)
    for key, bounds in _DISC_BOUNDS.items():
        within(getattr(said, key), *bounds, ("discs", key), draft)
    wrong = len(set(said.copies)) < len(said.copies) or not all(len(each) == 1 and "A" <= each <= "Z" for each in said.copies)
    if wrong or not 1 <= len(said.copies) <= COPIES_MAX:
        draft.add(("discs", "copies"), 'each copy has a letter of its own, and there are one to five; write them as ["A", "B"].')
    return DiscRules(media=said.media, fill=said.fill, copies=said.copies, check_years=said.check_years, sample=said.sample)


# ---------------------------------------------------------------- what only all files show


def crossed_retention(book: Book, unknown: Unknown) -> None:
    """A class that is named nowhere keeps for ever what was meant to go some day: an error, so that nobody finds out in ten years."""
    known = {each.id for each, _ in book.classes}
    for campaign, item in book.campaigns:
        if campaign.contract.retention and book.archive is None:
            said = f"there is no retention.toml with a class {quoted(campaign.contract.retention)}, so its recordings are kept for ever."
            item.add("contract", said, False)
        elif campaign.contract.retention:
            unknown([campaign.contract.retention], known, "contract", "class of retention", item)
    if book.archive is None:
        return
    rules, item = book.archive
    unknown([rules.default] if rules.default else [], known, "default", "class", item)
    unknown(sorted(set(rules.queues.values())), known, "queues", "class", item)
    campaigns, queues = {each.id for each, _ in book.campaigns}, {queue for skill, _ in book.skills for queue in skill.queues}
    for number, rule in enumerate(rules.expected):
        unknown(rule.campaigns[:TOLD], campaigns, "campaigns", "campaign", Item(item.draft, ("expect", number)))
    for queue in [queue for queue in rules.queues if queues and queue not in queues][:TOLD]:
        item.add("queues", f"no skill of teams.toml is for the queue {quoted(queue)}; look whether the PBX has it.", False)
    if book.classes and not rules.default:
        item.add("default", "a call of no campaign and of no queue named here has no class and is kept for ever; name one.", False)
