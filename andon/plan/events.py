"""`meetings.toml` and `alerts.toml`: when teams meet, and which number is watched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from andon.findings import quoted, suggestion
from andon.plan.book import Book
from andon.plan.presets import extended
from andon.plan.sheet import Item, Tree, days, fit_id, listed, minutes, one_of, short, told_apart, toml, within
from andon.plan.tables import ALERTS, MEETINGS, AlertTable, MeetingTable
from andon.reading import Fields, fields_of
from realtime.plan.model import AlertRule, Meeting
from realtime.plan.numbers import NUMBERS, SHARES
from realtime.words import AgentId

MEETINGS_MAX: Final = 1_000
ALERTS_MAX: Final = 1_000
KINDS: Final = ("meeting", "training", "coaching")
SEVERITIES: Final = ("warn", "act")
WHEN: Final = ("at", "before_shift_min", "after_shift_min")


def meetings(text: str, book: Book) -> None:
    tree, draft = toml(MEETINGS, text, ["meeting"], book.findings)
    for number, table in enumerate(listed(tree, "meeting", MEETINGS_MAX, draft)):
        path = ("meeting", number)
        fields = fields_of(path, MeetingTable, table, draft, inner=("days",))
        book.meetings.append(_meeting(fields, table.get("days", "every day"), Item(draft, path)))
    told_apart(draft, "meeting", "[[meeting]]")
    book.findings += draft.findings


def _meeting(fields: Fields, when: object, item: Item) -> tuple[Meeting, Item]:
    said = MeetingTable(**fields)
    draft, path = item
    fit_id(said.id, (*path, "id"), draft, '"morning-a"')
    one_of(said.kind, KINDS, (*path, "kind"), draft)
    within(said.minutes, 1, 600, (*path, "minutes"), draft)
    within(said.groups, 1, 50, (*path, "groups"), draft)
    within(said.least, 0, 10_000, (*path, "least"), draft)
    for key in ("name", "name_zh"):
        short(item, key, getattr(said, key))
    if not said.teams and (*path, "teams") not in draft.spoilt:
        item.add("teams", 'it is for nobody; write teams = ["A"].')
    given = [key for key in WHEN if key in fields or (*path, key) in draft.spoilt]
    if len(given) != 1:
        what = f"{' and '.join(given)} both say when" if given else "nothing says when"
        item.add(given[1] if given else "", f"{what}; keep one of {', '.join(WHEN)}.")
    for key in ("before_shift_min", "after_shift_min"):
        if key in fields:
            within(fields[key], 0, 240, (*path, key), draft)
    if said.before_shift_min == 0:
        item.add("before_shift_min", "it would begin with the shift, not before it; write the minutes, or at.", False)
    at = minutes(said.at, (*path, "at"), draft) if "at" in fields else None
    meeting = Meeting(
        id=said.id,
        name=said.name,
        name_zh=said.name_zh,
        kind=said.kind,
        teams=said.teams,
        at_min=-1 if at is None else at,
        before_shift_min=said.before_shift_min,
        after_shift_min=said.after_shift_min,
        minutes=said.minutes,
        days=days(when, (*path, "days"), draft),
        groups=said.groups,
        least=said.least,
    )
    return meeting, item


# ---------------------------------------------------------------- alerts.toml


def alerts(text: str, book: Book, presets: Mapping[str, str]) -> None:
    tree, draft = toml(ALERTS, text, ["extends", "accepted", "alert"], book.findings)
    inherited: dict[str, tuple[AlertRule, Item]] = {}
    for each in extended(tree, "alerts", ("alert",), presets, draft, book):
        inherited |= {rule.id: (rule, item) for rule, item in _alerts(each.tree, Item(each.draft, ()))}
        book.findings += each.draft.findings
    own = _alerts(tree, Item(draft, ()))
    told_apart(draft, "alert", "[[alert]]")
    replaced = {rule.id for rule, _ in own}
    book.alerts = [*(said for name, said in inherited.items() if name not in replaced), *own]
    book.findings += draft.findings


def _alerts(tree: Tree, whole: Item) -> list[tuple[AlertRule, Item]]:
    found = []
    for number, table in enumerate(listed(tree, "alert", ALERTS_MAX, whole.draft)):
        path = ("alert", number)
        found.append(_alert(fields_of(path, AlertTable, table, whole.draft), Item(whole.draft, path)))
    return found


def _alert(fields: Fields, item: Item) -> tuple[AlertRule, Item]:
    said = AlertTable(**fields)
    draft, path = item
    fit_id(said.id, (*path, "id"), draft, '"long-wait"')
    one_of(said.severity, SEVERITIES, (*path, "severity"), draft)
    if one_of(said.of, NUMBERS, (*path, "of"), draft) and said.number not in NUMBERS[said.of] and (*path, "number") not in draft.spoilt:
        given = f"{quoted(said.number)} is no number of a {said.of}" if said.number else "it is missing"
        item.add("number", f"{given}; {suggestion(said.number, NUMBERS[said.of])}")
    within(said.for_s, 0, 86_400, (*path, "for_s"), draft)
    for key in ("name", "name_zh"):
        short(item, key, getattr(said, key))
    _threshold(said, fields, item)
    rule = AlertRule(
        id=said.id,
        number=said.number,
        of=said.of,
        only=said.only,
        above=said.above,
        below=said.below,
        clear=said.clear,
        for_s=said.for_s,
        severity=said.severity,
        owner=AgentId(said.owner),
        name=said.name,
        name_zh=said.name_zh,
    )
    return rule, item


def _threshold(said: AlertTable, fields: Fields, item: Item) -> None:
    if item.draft.spoilt & {(*item.path, "above"), (*item.path, "below")}:
        return
    if ("above" in fields) == ("below" in fields):
        item.add("above", "exactly one of above and below says what is bad; write one of them.")
        return
    limit = said.above if said.above is not None else said.below
    share = said.number in SHARES
    if share and limit is not None and not 0 <= limit <= 1:
        item.add("above" if said.above is not None else "below", f"{limit:g} is no share; write a part of one, as 0.8 for 80 %.")
    if said.clear is not None and said.above is not None and said.clear > said.above:
        item.add("clear", f"{said.clear:g} is still above {said.above:g}; write a lower number.")
    if said.clear is not None and said.below is not None and said.clear < said.below:
        item.add("clear", f"{said.clear:g} is still below {said.below:g}; write a higher number.")
