"""`andon plan try` for dials: a day's decisions, each held against the plan that is tried, with the counters that there were then.

Not the deciding and not the comparing (`realtime/whatif/dials.py`). Brings what that needs: numbers opened where this machine has their
keys, the versions of lists that were looked at, and a ledger in memory, made of the record, for the numbers that were dialled in the span.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from andon.lists import folder_of
from andon.roles.work import keys_of
from andon.settings import Settings
from realtime.decision import Decision
from realtime.dial.applies import lists_wanted
from realtime.dial.judge import judge, prepare
from realtime.dial.model import Consent, InOrder, ListSeen
from realtime.dial.numbers import canonical
from realtime.dial.seeing import seen
from realtime.facts import Fact, Sealed
from realtime.floor import Floor
from realtime.history.dials import each
from realtime.history.port import Asked
from realtime.history.store import StoredHistory
from realtime.keys import HASH_KEY
from realtime.ledger.changes import COUNTED, LASTING, changes_of
from realtime.ledger.ledger_memory import MemoryLedger
from realtime.ledger.names import KEEP_S
from realtime.ledger.port import Question
from realtime.lists.files import Mapped, Refused, path_of, versions
from realtime.lists.shelf import consent_of
from realtime.outbound import DialDecided
from realtime.plan.dialling import DialRules
from realtime.plan.difference import version_of
from realtime.plan.model import Plan
from realtime.whatif.dials import OF_THE_GATE, DialsFound, Wanted, ask_of, campaign_in, under
from realtime.words import SECOND, Micros

AROUND: Final[Micros] = 3600 * SECOND
"""A span goes by when facts were read; what a decision is stamped with may be a little before."""

Open = Callable[[Sealed], str | None]


class Lists:
    """Versions as they lie in the folder, opened once. None for what is not there or not whole: then it is as if nobody had it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[tuple[str, str], Mapped | None] = {}

    def find(self, name: str, version: str) -> Mapped | None:
        """`version` empty: the newest one."""
        at = name, version
        if at not in self._open:
            self._open[at] = self._mapped(name, version)
        return self._open[at]

    def _mapped(self, name: str, version: str) -> Mapped | None:
        try:
            found = version or next(iter(versions(self._folder, name)), "")
            return Mapped(path_of(self._folder, name, found), found) if found else None
        except (OSError, Refused):
            return None


class DialsTried:
    """Fed every fact of the span before it is folded, with the floor as it was."""

    def __init__(self, plan: Plan, lists: Lists, open_number: Open, since: Micros, until: Micros) -> None:
        self.found = DialsFound()
        self._plan, self._version = plan, version_of(plan)
        self._lists, self._number = lists, open_number
        self._since, self._until = since, until
        self._wanted, self._ledger = Wanted(), MemoryLedger()
        self._any = False

    async def prepare(self, history: StoredHistory) -> None:
        """What was counted before the span, and what people had asked of us."""
        asked = Asked(since=self._since - AROUND, until=self._until + AROUND, kinds=(DialDecided,))
        async for kept in each(history, asked):
            if isinstance(kept.fact, DialDecided):
                self._any = True
                self._wanted.take(kept.fact)
        if not self._any:
            return
        async for kept in history.told(COUNTED, LASTING, self._since - KEEP_S * SECOND):
            if kept.fact.seen >= self._since:
                return
            await self._count(kept.fact)

    async def feed(self, floor: Floor, fact: Fact) -> None:
        if not self._any or fact.seen < self._since:
            return
        if isinstance(fact, DialDecided):
            await self._decide(floor, fact)
        await self._count(fact)

    async def _count(self, fact: Fact) -> None:
        if changes := self._wanted.of(changes_of(fact)):
            await self._ledger.apply(changes)

    # ------------------------------------------------------------------ one decision

    async def _decide(self, floor: Floor, fact: DialDecided) -> None:
        self.found.decisions += 1
        said = self._number(fact.number) if fact.number is not None else None
        if said is None:
            self.found.sealed += 1
            return
        if (why := fact.decision.reason) is not None and why.rule.startswith(OF_THE_GATE):
            self.found.unlike += 1
            return
        before = floor.owned.plan.dialling
        then = await self._by(floor, before, fact, said)
        new = await self._by(under(floor, self._plan, self._version), before, fact, said)
        self.found.take(fact, then, new)

    async def _by(self, floor: Floor, of_then: DialRules, fact: DialDecided, said: str) -> Decision:
        rules, before = floor.owned.plan.dialling, campaign_in(of_then, fact.campaign)
        campaign = campaign_in(rules, fact.campaign)
        number = canonical(said, campaign.country if campaign is not None else "", rules.prefixes, rules.emergency)
        ask = ask_of(fact, number, before)
        looked_at = lists_wanted(ask, of_then)
        found = {name: self._list(name, fact, name in looked_at) for name in lists_wanted(ask, rules)}
        lists = {name: listed(name, mapped, number.e164) for name, mapped in found.items()}
        consents = consents_in(found, number.e164)
        prepared = prepare(ask, seen(floor, ask, fact.at, lists=lists, consents=consents))
        looked = await self._ledger.look(Question(ask.digest, ask.campaign, "", prepared.checks))
        there = seen(floor, ask, fact.at, looked, lists, consents)
        return judge(ask, there, prepared, InOrder(prepared.checks, looked.counted)).decision

    def _list(self, name: str, fact: DialDecided, looked_at: bool) -> Mapped | None:
        """The version that was looked at; where the plan of then did not ask for this list, the newest one."""
        version = next((one.partition("@")[2] for one in fact.lists if one.partition("@")[0] == name), "")
        return None if looked_at and not version else self._lists.find(name, version)


def listed(name: str, mapped: Mapped | None, e164: str) -> ListSeen:
    return ListSeen(name) if mapped is None else ListSeen(name, mapped.version, mapped.meta.as_of, bool(e164) and mapped.find(e164))


def consents_in(found: Mapping[str, Mapped | None], e164: str) -> Iterable[Consent]:
    opened = {name: mapped for name, mapped in found.items() if mapped is not None and mapped.meta.kind == "consent"}
    return tuple(consent_of(name, mapped) for name, mapped in opened.items() if e164 and mapped.find(e164))


def dials_tried(settings: Settings, plan: Plan, since: Micros, until: Micros) -> DialsTried:
    return DialsTried(plan, Lists(folder_of(settings)), opener(settings), since, until)


def opener(settings: Settings) -> Open:
    """Nobody's number where this machine has no keys; none are made."""
    if not (Path(settings.data.dir) / "keys" / HASH_KEY).exists():
        return lambda _: None
    return keys_of(settings, make=False).sealer().open
