"""`people.toml`, `people.csv` and `teams.toml`: who works here, who leads whom, who can do what, who is let in."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from andon.findings import quoted
from andon.plan.book import Book
from andon.plan.sheet import Item, fit_id, is_date, listed, one_of, rows, short, single, told_apart, toml, within
from andon.plan.tables import PEOPLE, PEOPLE_CSV, TEAMS, LoginTable, PersonTable, SkillTable, SupervisionTable, TeamTable
from andon.reading import Fields, fields_of
from realtime.plan.model import LoginRules, Person, Skill, SupervisionRules, Team
from realtime.words import AgentId, Device, Node
from wallboard.authorise import Role

PEOPLE_MAX: Final = 10_000
TEAMS_MAX: Final = 1_000
PENALTY_MAX: Final = 1_000_000
LANGUAGES: Final = ("zh", "en")
ROLES: Final = tuple(role.value for role in Role if role is not Role.SCREEN)


def people(text: str, book: Book) -> None:
    tree, draft = toml(PEOPLE, text, ["person"], book.findings)
    for number, table in enumerate(listed(tree, "person", PEOPLE_MAX, draft)):
        path = ("person", number)
        book.people.append(_person(fields_of(path, PersonTable, table, draft), Item(draft, path)))
    book.findings += draft.findings


def people_csv(text: str, book: Book) -> None:
    found, draft = rows(PEOPLE_CSV, text, PersonTable, "person", "id", book.findings)
    if len(found) > PEOPLE_MAX:
        draft.add((), f"there are {len(found):,} people; keep at most {PEOPLE_MAX:,}.")
    for number, fields in enumerate(found):
        book.people.append(_person(fields, Item(draft, ("person", number))))
    book.findings += draft.findings


def _person(fields: Fields, item: Item) -> tuple[Person, Item]:
    said = PersonTable(**fields)
    draft, path = item
    fit_id(said.id, (*path, "id"), draft, '"1001", the staff number')
    for role in said.roles:
        one_of(role, ROLES, (*path, "roles"), draft)
    if said.language:
        one_of(said.language, LANGUAGES, (*path, "language"), draft)
    for key in ("trained_until", "away_since"):
        if text := getattr(said, key):
            is_date(text, (*path, key), draft)
    technology, slash, number = said.phone.partition("/")
    if said.phone and not (technology and slash and number):
        item.add("phone", f'{quoted(said.phone)} is no device; write it as "PJSIP/1001".')
    if said.node and not said.phone:
        item.add("node", "without a phone this says nothing; add phone, or remove it.", False)
    for key in ("name", "login"):
        short(item, key, getattr(said, key))
    person = Person(
        id=AgentId(said.id),
        phone=Device(said.phone),
        node=Node(said.node),
        **{
            key: getattr(said, key)
            for key in ("name", "team", "roles", "skills", "language", "login", "trained_until", "away_since", "out")
        },
    )
    return person, item


# ---------------------------------------------------------------- teams.toml


def teams(text: str, book: Book) -> None:
    tree, draft = toml(TEAMS, text, ["team", "skill", "login", "supervision"], book.findings)
    for number, table in enumerate(listed(tree, "team", TEAMS_MAX, draft)):
        path = ("team", number)
        book.teams.append(_team(fields_of(path, TeamTable, table, draft), Item(draft, path)))
    for number, table in enumerate(listed(tree, "skill", TEAMS_MAX, draft)):
        path = ("skill", number)
        book.skills.append(_skill(fields_of(path, SkillTable, table, draft), Item(draft, path)))
    told_apart(draft, "team", "[[team]]")
    told_apart(draft, "skill", "[[skill]]")
    book.login = _login(single(tree, "login", LoginTable, draft), Item(draft, ("login",)))
    book.supervision = SupervisionRules(**single(tree, "supervision", SupervisionTable, draft))
    if book.supervision.two_people:
        draft.add(("supervision", "two_people"), "nothing asks for a second person yet; this is kept and has no effect.", False)
    book.findings += draft.findings


def _team(fields: Fields, item: Item) -> tuple[Team, Item]:
    said = TeamTable(**fields)
    fit_id(said.id, (*item.path, "id"), item.draft, '"A"')
    for key in ("name", "name_zh", "site"):
        short(item, key, getattr(said, key))
    if "most_out" in fields:
        within(said.most_out, 0, PEOPLE_MAX, (*item.path, "most_out"), item.draft)
    return Team(leaders=tuple(map(AgentId, said.leaders)), **_but(said, "leaders")), item


def _skill(fields: Fields, item: Item) -> tuple[Skill, Item]:
    said = SkillTable(**fields)
    fit_id(said.id, (*item.path, "id"), item.draft, '"support"')
    within(said.penalty, 0, PENALTY_MAX, (*item.path, "penalty"), item.draft)
    within(said.least, 0, PEOPLE_MAX, (*item.path, "least"), item.draft)
    if not said.queues and (*item.path, "queues") not in item.draft.spoilt:
        item.add("queues", 'a skill is for queues; write them as in queues.conf, as ["support"].')
    if "" in said.queues or len(set(said.queues)) < len(said.queues):
        item.add("queues", "a queue stands here twice, or without a name; name each once.")
    return Skill(**_but(said)), item


def _login(fields: Fields, item: Item) -> LoginRules:
    said = LoginRules(**fields)
    within(said.away_days, 0, 3650, (*item.path, "away_days"), item.draft)
    if "{device}" not in said.interface and "{number}" not in said.interface:
        item.add("interface", 'it names no phone; write it with {device} or {number} in it, as "Local/{number}@desk/n".')
    for role in said.lifted_by:
        one_of(role, ROLES, (*item.path, "lifted_by"), item.draft)
    return said


def _but(said: msgspec.Struct, *keys: str) -> dict[str, Any]:
    return {name: getattr(said, name) for name in said.__struct_fields__ if name not in keys}
