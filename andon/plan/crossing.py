"""What no file of a plan knows alone: a leader who is nobody, two people at one phone, shifts that overlap.

Not what is wrong inside one file (its reader says that). Asked only when every file could be read: of what is missing in a
broken one nobody can say that it is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from andon.findings import quoted, suggestion
from andon.plan.book import Book
from andon.plan.dial_crossing import crossed_dialling
from andon.plan.quality import crossed_quality
from andon.plan.retention import crossed_retention
from andon.plan.sheet import Item
from realtime.plan.model import Pattern, Person, Span
from realtime.plan.roster import DAY_MIN

SAID: Final = 8
"""Names that one sentence repeats: more of them is a list that nobody reads."""
TOLD: Final = 20
"""Findings of one kind: who sees twenty rows of nobody knows what is wrong with the other thousand."""


def crossed(book: Book) -> None:
    """Every finding into the drafts of the files they are about."""
    people = {person.id for person, _ in book.people}
    _once(((person.id, person, item) for person, item in book.people), "id", "the staff number")
    _once(((_desk(person), person, item) for person, item in book.people if person.phone), "phone", "the phone")
    _once((((person.login or person.id).casefold(), person, item) for person, item in book.people), "login", "the name at /login")
    _people(book)
    _teams(book, people)
    _shifts(book, people)
    _spans(book, people)
    _rules(book, people)
    crossed_dialling(book, _unknown)
    crossed_retention(book, _unknown)
    crossed_quality(book, _unknown)


def _desk(person: Person) -> str:
    return f"{person.node}/{person.phone}" if person.node else person.phone


def _once(said: Iterable[tuple[str, Person, Item]], key: str, what: str) -> None:
    """A person who is there twice is told by the staff number, not by everything that follows from it."""
    first: dict[str, tuple[Person, Item]] = {}
    for name, person, item in said:
        if name in first and name and (key == "id" or person.id != first[name][0].id):
            other = first[name][1].draft.label(first[name][1].path)
            item.add(key, f"{quoted(name)} is {what} of {other}, too; give each their own.")
        first.setdefault(name, (person, item))


def _unknown(names: Iterable[str], known: Collection[str], key: str, what: str, item: Item) -> None:
    for name in names:
        if name not in known:
            hint = suggestion(name, known) if 0 < len(known) <= SAID or _near(name, known) else "add it, or remove it here."
            item.add(key, f"there is no {what} {quoted(name)}; {hint}")


def _near(name: str, known: Collection[str]) -> bool:
    return suggestion(name, known).startswith("did")


def _people(book: Book) -> None:
    teams, skills = {team.id for team, _ in book.teams}, {skill.id for skill, _ in book.skills}
    for person, item in book.people:
        _unknown([person.team] if person.team else [], teams, "team", "team", item)
        _unknown(person.skills, skills, "skills", "skill", item)


def _teams(book: Book, people: Collection[str]) -> None:
    filled = {person.team for person, _ in book.people if not person.out}
    held = {skill for person, _ in book.people if not person.out for skill in person.skills}
    for team, item in book.teams:
        _unknown(team.leaders, people, "leaders", "person", item)
        if team.id not in filled:
            item.add("", "nobody is in this team.", False)
    for skill, item in book.skills:
        if skill.id not in held:
            item.add("", "nobody has this skill, so nobody is kept in its queues.", False)
        elif skill.least > (able := sum(skill.id in person.skills for person, _ in book.people)):
            item.add("least", f"so many must stay, and only {able} have this skill: nobody of them ever gets a break.", False)


# ---------------------------------------------------------------- shifts


def _shifts(book: Book, people: Collection[str]) -> None:
    teams = {team.id for team, _ in book.teams}
    for pattern, item in book.patterns:
        _unknown(pattern.teams, teams, "teams", "team", item)
        _unknown(pattern.people, people, "people", "person", item)
    mine: dict[str, list[tuple[Pattern, Item]]] = defaultdict(list)
    for pattern, item in book.patterns:
        for person, _ in book.people:
            if person.id in pattern.people or (person.team and person.team in pattern.teams):
                mine[person.id].append((pattern, item))
    told: set[tuple[str, str]] = set()
    for name, held in mine.items():
        for number, (one, _) in enumerate(held):
            for other, item in held[number + 1 :]:
                if (one.id, other.id) not in told and _overlap(one, other):
                    told.add((one.id, other.id))
                    item.add("", f"it overlaps with the pattern {quoted(one.id)} for {quoted(name)}; nobody works two shifts at once.")
    if book.patterns or book.spans:
        named = {*mine, *(span.person for span, _ in book.spans)}
        _without(book, [person.id for person, _ in book.people if person.id not in named and not person.out and "agent" in person.roles])


def _without(book: Book, people: list[str]) -> None:
    """One sentence for all of them, at the first."""
    if people:
        item = next(item for person, item in book.people if person.id == people[0])
        more = f" and {len(people) - SAID:,} more" if len(people) > SAID else ""
        item.add("", f"no pattern and no roster has a shift for {', '.join(people[:SAID])}{more}.", False)


def _overlap(one: Pattern, other: Pattern) -> bool:
    """Somewhere in the week, which goes round."""
    week = 7 * DAY_MIN
    for begins, ends in _of_week(one):
        for since, until in _of_week(other):
            if any(begins < until + turn and since + turn < ends for turn in (-week, 0, week)):
                return True
    return False


def _of_week(pattern: Pattern) -> Iterable[tuple[int, int]]:
    over = DAY_MIN if pattern.ends_min <= pattern.begins_min else 0
    return [(day * DAY_MIN + pattern.begins_min, day * DAY_MIN + pattern.ends_min + over) for day in pattern.days]


def _spans(book: Book, people: Collection[str]) -> None:
    by_person: dict[str, list[tuple[Span, Item]]] = defaultdict(list)
    unknown = 0
    for span, item in book.spans:
        if span.person in people:
            by_person[span.person].append((span, item))
        elif (unknown := unknown + 1) <= TOLD:
            _unknown([span.person], people, "person", "person", item)
    zone, told = ZoneInfo(book.timezone), 0
    for held in by_person.values():
        held.sort(key=lambda each: (each[0].begins, each[0].ends))
        for (one, _), (other, item) in pairwise(held):
            off = one.begins == one.ends
            same_day = off and datetime.fromtimestamp(one.begins, zone).date() == datetime.fromtimestamp(other.begins, zone).date()
            if (same_day and other != one) or (not off and other.begins < one.ends):
                told += 1
                if told <= TOLD:
                    since = datetime.fromtimestamp(one.begins, zone).strftime("%Y-%m-%d %H:%M")
                    item.add("begins", f"{quoted(one.person)} has {'a day off' if off else 'a shift'} from {since} that it overlaps with.")
    for count, what in ((unknown, "shifts of people that nobody knows"), (told, "shifts that overlap")):
        if count > TOLD:
            book.spans[0][1].draft.add((), f"there are {count - TOLD:,} more {what}.")


# ---------------------------------------------------------------- meetings and alerts


def _rules(book: Book, people: Collection[str]) -> None:
    teams = {team.id for team, _ in book.teams}
    for meeting, item in book.meetings:
        _unknown(meeting.teams, teams, "teams", "team", item)
        if meeting.at_min < 0 and max(meeting.before_shift_min, meeting.after_shift_min) >= 0 and not (book.patterns or book.spans):
            item.add("", "it goes by the team's shift, and there are none; add shifts.toml or a roster, or write at.")
    for alert, item in book.alerts:
        _unknown([alert.owner] if alert.owner else [], people, "owner", "person", item)
        if alert.of in ("team", "agent"):
            _unknown(alert.only, teams if alert.of == "team" else people, "only", "team" if alert.of == "team" else "person", item)
