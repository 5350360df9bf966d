"""`campaigns.toml`: the campaigns (项目), each with the presets that hold for it, its people, its trial, its contract, its own rules.

Not what a campaign is doing (`realtime/rules/campaign_life.py`) and not what only all files together show (`dial_crossing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from andon.demands import Draft
from andon.findings import quoted
from andon.plan.book import Book
from andon.plan.dial_presets import Loaded, loaded, names_of, unsigned_words
from andon.plan.dial_rules import laid_over, region, rules_of, spans, suggested
from andon.plan.dial_tables import RULES, CampaignTable, ContractTable, StopsTable, TrialTable
from andon.plan.dialling import AT_ONCE_MAX, E164
from andon.plan.presets import accepted_by
from andon.plan.sheet import Item, Tree, fit_id, is_date, listed, one_of, short, told_apart, toml, within
from andon.plan.tables import CAMPAIGNS
from andon.reading import fields_of
from realtime.plan.dialling import METHODS, PURPOSES, Campaign, ContractTerms, Origin, Preset, StopRules, TrialRules

CAMPAIGNS_MAX: Final = 500
PRESETS_MAX: Final = 20
"""Of one campaign: a country with a few of its regions."""
INNER: Final = ("trial", "contract", "stops")
OWN: Final = Origin(status="practice", note="the campaign's own")
DAY_MOST: Final = 10_000_000


def campaigns(text: str, book: Book, presets: Mapping[str, str]) -> None:
    tree, draft = toml(CAMPAIGNS, text, ["accepted", "campaign"], book.findings)
    shelf = _Shelf(presets, accepted_by(tree, draft), draft, book)
    for number, table in enumerate(listed(tree, "campaign", CAMPAIGNS_MAX, draft)):
        item = Item(draft, ("campaign", number))
        book.campaigns.append((_campaign(table, shelf, item), item))
    told_apart(draft, "campaign", "[[campaign]]")
    shelf.told()
    book.findings += draft.findings


def _campaign(table: Tree, shelf: _Shelf, item: Item) -> Campaign:
    draft, path = item
    plain = {key: value for key, value in table.items() if key not in (*RULES, *INNER)}
    said = CampaignTable(**fields_of(path, CampaignTable, plain, draft))
    _plain(said, item)
    return Campaign(
        id=said.id,
        name=said.name,
        name_zh=said.name_zh,
        client=said.client,
        purpose=said.purpose,
        presets=shelf.named(said.presets, item),
        country=said.country,
        subject=said.subject,
        caller_ids=said.caller_ids,
        lists=said.lists,
        consents=said.consents,
        most=said.most,  # type: ignore[arg-type]
        at_once=said.at_once,
        agents=said.agents,
        teams=said.teams,
        queues=said.queues,
        managers=said.managers,
        trial=_trial(table, item),
        contract=_contract(table, item),
        stops=_stops(table, item),
        rules=laid_over(Preset(name="own"), rules_of(table, path, OWN, draft)),
    )


def _plain(said: CampaignTable, item: Item) -> None:
    draft, path = item
    fit_id(said.id, (*path, "id"), draft, '"winter-loans"')
    if fit_id(said.client, (*path, "client"), draft, '"bank-x"'):
        short(item, "client", said.client)
    for key in ("name", "name_zh", "subject"):
        short(item, key, getattr(said, key))
    one_of(said.purpose, PURPOSES, (*path, "purpose"), draft)
    one_of(said.most, METHODS, (*path, "most"), draft)
    if "-" in said.country:
        item.add("country", f'{quoted(said.country)} is a region; write its country, as "CN".')
    else:
        region(said.country, "country", item)
    within(said.at_once, 0, AT_ONCE_MAX, (*path, "at_once"), draft)
    for number in said.caller_ids:
        if not E164.fullmatch(number):
            item.add("caller_ids", f'{quoted(number)} is no number with its country code; write it as "+862161234567".')
    for key in ("lists", "consents"):
        for name in getattr(said, key):
            fit_id(name, (*path, key), draft, '"bank-x-customers"')
    if both := sorted({*said.lists} & {*said.consents}):
        item.add("consents", f"{quoted(both[0])} cannot be both who must not be called and who has consented; correct one of them.")


# ---------------------------------------------------------------- its tables


def _trial(table: Tree, item: Item) -> TrialRules:
    path = (*item.path, "trial")
    said = TrialTable(**fields_of(path, TrialTable, table.get("trial", {}), item.draft))
    one_of(said.most, METHODS, (*path, "most"), item.draft)
    for key in ("dials_day", "contacts_day", "judged_dials"):
        within(getattr(said, key), 1, DAY_MOST, (*path, key), item.draft)
    within(said.agents, 1, AT_ONCE_MAX, (*path, "agents"), item.draft)
    within(said.complaints, 0, 1000, (*path, "complaints"), item.draft)
    within(said.connect_rate, -1, 1, (*path, "connect_rate"), item.draft)
    return TrialRules(**msgspec.structs.asdict(said))


def _contract(table: Tree, item: Item) -> ContractTerms:
    draft, path = item.draft, (*item.path, "contract")
    fields = table.get("contract", {})
    if isinstance(fields, dict):  # a date of TOML without quotes, as everywhere
        fields = {key: each.isoformat() if hasattr(each, "isoformat") else each for key, each in fields.items()}
    said = ContractTable(**fields_of(path, ContractTable, fields, draft))
    good = [is_date(getattr(said, key), (*path, key), draft) for key in ("begins", "ends") if getattr(said, key)]
    if all(good) and said.begins and said.ends and said.ends < said.begins:
        draft.add((*path, "ends"), f"it ends before it begins ({said.begins}); correct one of them.")
    within(said.dials_day, -1, DAY_MOST, (*path, "dials_day"), draft)
    for key in ("retention", "number"):
        if len(getattr(said, key)) > 100:
            draft.add((*path, key), "it is longer than 100 characters; write a shorter one.")
    return ContractTerms(
        begins=said.begins,
        ends=said.ends,
        dials_day=said.dials_day,
        hours=spans(said.hours, (*path, "hours"), draft),
        retention=said.retention,
        number=said.number,
    )


def _stops(table: Tree, item: Item) -> StopRules:
    path = (*item.path, "stops")
    said = StopsTable(**fields_of(path, StopsTable, table.get("stops", {}), item.draft))
    for key in ("blocked_dialled", "complaints"):
        within(getattr(said, key), 0, 1000, (*path, key), item.draft)
    return StopRules(**msgspec.structs.asdict(said))


# ---------------------------------------------------------------- its presets


class _Shelf:
    """The presets that campaigns name, each read once and signed once."""

    def __init__(self, texts: Mapping[str, str], accepted: Mapping[str, str], draft: Draft, book: Book) -> None:
        self._texts, self._accepted, self._draft, self._book = texts, accepted, draft, book
        self._loaded: dict[str, Loaded] = {}

    def named(self, names: tuple[str, ...], item: Item) -> tuple[str, ...]:
        """Those to judge by: of a file of many parts all of them."""
        if len(names) > PRESETS_MAX:
            item.add("presets", f"there are {len(names)}; keep at most {PRESETS_MAX}.")
        found: list[str] = []
        for name in dict.fromkeys(names[:PRESETS_MAX]):
            if f"dial/{name}" not in self._texts:
                item.add("presets", f"there is no preset {quoted(name)}; {suggested(name, names_of(self._texts))}")
                continue
            found += [each.name for each in self._take(name, item).presets]
        return tuple(found)

    def _take(self, name: str, item: Item) -> Loaded:
        if name in self._loaded:
            return self._loaded[name]
        found = self._loaded[name] = loaded(name, self._texts, self._book.findings)
        signed = self._accepted.get(name, "")
        if found.unsigned and not signed:
            item.add("presets", unsigned_words(name, found))
        self._book.presets.append(f"{name} (as of {found.about.as_of}{f', accepted by {signed}' if signed else ''})")
        self._book.dial_presets |= {each.name: msgspec.structs.replace(each, signed=signed) for each in found.presets}
        return found

    def told(self) -> None:
        for name in self._accepted.keys() - self._loaded.keys():
            self._draft.add(("accepted",), f"no campaign names {quoted(name)}; remove it here, or add it to the presets of one.", False)
