"""`breaks.toml`: the rules of breaks, laid over the presets that it extends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

import msgspec

from andon.demands import Draft
from andon.findings import quoted, suggestion
from andon.plan.book import Book
from andon.plan.presets import extended
from andon.plan.sheet import Tree, one_of, toml, within
from andon.plan.tables import BREAKS
from andon.reading import Fields, fields_of
from realtime.plan.model import ASKED_KINDS, BREAK_KINDS, BreakRules, KindRules, LoadRules, OverrunRules, Treatment

TABLES: Final = ("breaks", "kind")
DAY_MIN: Final = 1440
INNER: Final[dict[str, type[msgspec.Struct]]] = {"load": LoadRules, "overrun": OverrunRules}

Bounds = dict[str, tuple[float, float]]
KIND_BOUNDS: Final[Bounds] = {
    "minutes": (1, DAY_MIN),
    "shortest_min": (0, DAY_MIN),
    "longest_min": (1, DAY_MIN),
    "quota_min": (-1, DAY_MIN),
    "quota_half_min": (-1, DAY_MIN),
    "times": (-1, 100),
    "cool_down_min": (0, DAY_MIN),
}
BREAK_BOUNDS: Final[Bounds] = {
    "team_most": (-1, 10_000),
    "team_share": (0, 1),
    "site_most": (-1, 10_000),
    "site_share": (0, 1),
    "blackout_begin_min": (0, DAY_MIN),
    "blackout_end_min": (0, DAY_MIN),
    "hold_s": (10, 3600),
    "spacing_s": (0, 3600),
    "aged_min": (1, DAY_MIN),
    "aged_red_min": (1, DAY_MIN),
    "legal_after_min": (0, DAY_MIN),
    "corrections_hour": (0, 1000),
}
INNER_BOUNDS: Final[dict[str, Bounds]] = {
    "load": {
        "target": (0, 1),
        "hysteresis": (0, 0.5),
        "occupancy": (0.1, 1),
        "least": (0, 10_000),
        "patience_s": (0, 3600),
        "aht_s": (1, 7200),
    },
    "overrun": dict.fromkeys(("prompt_s", "leader_s", "overrun_s", "welfare_s"), (0, 86400)),
}


def breaks(text: str, book: Book, presets: Mapping[str, str]) -> None:
    tree, draft = toml(BREAKS, text, ["extends", "accepted", *TABLES], book.findings)
    rules = BreakRules()
    for each in extended(tree, "breaks", TABLES, presets, draft, book):
        rules = laid_over(rules, each.tree, each.draft)
        book.findings += each.draft.findings
    book.breaks = laid_over(rules, tree, draft)
    if not draft.findings:
        _sensible(book.breaks, draft)
    book.findings += draft.findings


def laid_over(rules: BreakRules, tree: Tree, draft: Draft) -> BreakRules:
    """What the file says goes before what was there; what it does not say stays."""
    said = tree.get("breaks", {})
    fields = fields_of(("breaks",), BreakRules, said, draft, inner=("kinds", "unauthorised", *INNER))
    _bounded(fields, BREAK_BOUNDS, ("breaks",), draft)
    if isinstance(said, dict):
        if "kinds" in said:
            draft.add(("breaks", "kinds"), "write each kind as a table of its own, as [kind.short].")
        if "unauthorised" in said and one_of(str(said["unauthorised"]), get_args(Treatment), ("breaks", "unauthorised"), draft):
            fields["unauthorised"] = said["unauthorised"]
        for name in INNER.keys() & said.keys():
            fields[name] = _inner(getattr(rules, name), name, said[name], draft)
    return msgspec.structs.replace(rules, kinds=_kinds(rules.kinds, tree.get("kind", {}), draft), **fields)


def _inner(before: msgspec.Struct, name: str, said: object, draft: Draft) -> msgspec.Struct:
    path = ("breaks", name)
    fields = fields_of(path, INNER[name], said, draft)
    _bounded(fields, INNER_BOUNDS[name], path, draft)
    return msgspec.structs.replace(before, **fields)


def _kinds(before: Mapping[str, KindRules], said: object, draft: Draft) -> dict[str, KindRules]:
    kinds = dict(before)
    if not isinstance(said, dict):
        draft.add(("kind",), "write each kind as a table of its own, as [kind.short].")
        return kinds
    for name, table in said.items():
        path = ("kind", str(name))
        if name not in ASKED_KINDS:
            draft.add(path, _no_kind(name))
            continue
        fields = fields_of(path, KindRules, table, draft)
        _bounded(fields, KIND_BOUNDS, path, draft)
        kinds[name] = msgspec.structs.replace(kinds.get(name, KindRules()), **fields)
        _kind(kinds[name], fields, (*path,), draft)
    return kinds


def _no_kind(name: str) -> str:
    if name in BREAK_KINDS:
        return f"nobody asks for {name}; meetings, training and coaching are in meetings.toml and need no rules here."
    return f"there is no kind of break {quoted(name)}; {suggestion(name, ASKED_KINDS)}"


def _kind(rules: KindRules, fields: Fields, path: tuple[str, str], draft: Draft) -> None:
    if not rules.shortest_min <= rules.minutes <= rules.longest_min:
        between = f"the shortest ({rules.shortest_min}) and the longest ({rules.longest_min})"
        draft.add((*path, "minutes"), f"{rules.minutes} is not between {between}; correct one of them.")
    if 0 <= rules.quota_min < rules.quota_half_min:
        draft.add((*path, "quota_half_min"), f"half a shift allows more than the whole one ({rules.quota_min}); correct one of them.")
    for key in ("quota_min", "quota_half_min"):
        if 0 <= getattr(rules, key) < rules.shortest_min:
            draft.add(
                (*path, key), f"it is less than the shortest break ({rules.shortest_min}), so nobody ever gets one; correct one of them."
            )
    if path[1] in ("comfort", "legal"):
        for key in fields.keys() & {"quota_min", "quota_half_min", "times", "cool_down_min"}:
            why = "a comfort break is never refused" if path[1] == "comfort" else "a break that is due by law is never held back"
            draft.add((*path, key), f"{why}, so this has no effect; remove it.", False)


def _bounded(fields: dict[str, Any], bounds: Bounds, path: tuple[str, ...], draft: Draft) -> None:
    for key in bounds.keys() & fields.keys():
        within(fields[key], *bounds[key], (*path, key), draft)


def _sensible(rules: BreakRules, draft: Draft) -> None:
    """What only all of them together show."""
    steps = rules.overrun
    ladder = (steps.prompt_s, steps.leader_s, steps.overrun_s, steps.welfare_s)
    if list(ladder) != sorted(ladder):
        draft.add(("breaks", "overrun"), "the steps prompt_s, leader_s, overrun_s, welfare_s have to come in this order; correct them.")
    if rules.aged_red_min < rules.aged_min:
        draft.add(("breaks", "aged_red_min"), f"it is less than aged_min ({rules.aged_min}); red holds back longer, not shorter.")
    if not rules.kinds:
        draft.add((), "it has no [kind.short] or other kind: breaks are watched, and nothing of this is in force.", False)
    elif rules.legal_after_min and "legal" not in rules.kinds:
        draft.add(("breaks", "legal_after_min"), "there is no [kind.legal] that says how long such a break is; add it.")
    if rules.kinds and "comfort" not in rules.kinds:
        draft.add(("kind",), "there is no [kind.comfort]; it is granted all the same, as one of 15 minutes.", False)
