"""The demo's people of the archive: a hold, disposals, a set of discs, scores, a calibration, appeals; then a score a minute.

Not the recordings (`demo_past.py`, `demo_recorder.py`). Everything is done by the functions that the board and the command line call, and
under the rules of the plan: who scores a call has heard as much of it as the plan asks for. What a visitor is to do is left open: a
disposal waits for its second approval, two discs for signatures, an appeal for a second rater.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import structlog
from sqlalchemy import select

from andon.archive.opened import archive_of
from andon.plan.demo_archive import BANK
from andon.plan.demo_campaigns import FORMAL
from andon.roles.work import now_us
from andon.settings import Settings
from realtime.history.port import HistoryAway
from realtime.plan.difference import version_of
from realtime.plan.model import Plan
from realtime.plan.quality import FormItem, ScoreForm
from realtime.words import SECOND, Micros
from recordings import listening
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import recordings
from recordings.discs import register, store, works
from recordings.discs.opening import works_of
from recordings.listening import Listener
from recordings.proof.published import folder_of
from recordings.proof.publishing import publish
from recordings.proof.signer import Signer
from recordings.quality import appeals, calibration, samples, scores
from recordings.quality.frame import say_rules
from recordings.quality.heard import Asked
from recordings.quality.months import before
from recordings.quality.refusal import NotDone
from recordings.quality.scores import Rater, ScoreKind, month_of
from recordings.quality.scoring import Answer
from recordings.quality.tables import scores as score_rows
from recordings.retention import disposal, holds
from recordings.retention.choosing import Choice
from recordings.retention.disposal import DisposalRefused
from recordings.retention.holds import HoldRefused, Matter
from recordings.retention.ids import new_id
from recordings.retention.judging import policy_of
from recordings.words import State

QA: Final = "user:qa"
WHY_CONTESTED: Final = (
    "没有打断客户，是线路不好。 The customer was not interrupted; the line was bad.",
    "开头问过客户的需求。 I did ask what she needed, at the beginning.",
)
"""In both languages, as a demo's reader may know either."""
SECOND_RATER, LEGAL, CHIEF = "user:zhou.lan", "user:li.wei", "user:chen.min"
"""Colleagues whom nobody plays: of quality, of the legal department, of operations."""
WEEK: Final[Micros] = 7 * 86_400 * SECOND
SCORED: Final = 12
OF_NOW: Final = 4
"""Calls of the last month, for its results, and some of this one: what a rater scores on a day."""
SHORTEST_MS: Final = 10_000
EVERY_S: Final = 60.0
CALIBRATED: Final = 3
FAULTS: Final = (NotDone, DisposalRefused, HoldRefused, HistoryAway, *works.FAULTS)
HOUR: Final[Micros] = 3600 * SECOND
"""Back from now the calls of the past are heard, one after the other, so each of them is older than this."""
WHY: Final = "score form"
HEARD_AT: Final = 1.5
"""Times as fast as it was said, as who scores all day does."""

log = structlog.get_logger()


class Scorable(NamedTuple):
    """`agent`: the first one in it. `heard_ms`: how much of it its rater will have heard."""

    place: int
    id: str
    agent: str
    heard_ms: int


class ArchivePeople:
    """`work()` once, when the past is made; `go_on()` from then on, until cancelled."""

    def __init__(self, settings: Settings, plan: Plan, catalogue: Catalogue, seed: int) -> None:
        self._plan, self._catalogue = plan, catalogue
        self._archive, self._timezone = archive_of(settings), settings.floor.timezone
        self._chance = Random(f"{seed}:archive")  # noqa: S311 - repeatable on purpose
        self._form: ScoreForm = plan.archive.quality.forms[0]
        self._free: dict[str, Micros] = {}  # of each rater: before then nothing was heard yet

    async def work(self) -> None:
        """A step that is refused is told, and the others are done."""
        steps: Sequence[Callable[[], Awaitable[None]]] = (
            self._checkpoint,
            self._hold,
            self._dispose,
            self._sample,
            self._score,
            self._calibrate,
            self._discs,
        )
        for step in steps:
            try:
                await step()
            except FAULTS as refused:
                log.warning(f"The demo's archive goes on without a step ({step.__name__.strip('_')}): {refused}")

    async def go_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                newest = await self._scorable(now_us() - WEEK, 1)
                if newest:
                    listen = await self._listen(newest[0], QA, now_us())
                    await asyncio.sleep(newest[0].heard_ms / 1_000 / HEARD_AT)
                    await self._tell(newest[0], QA, listen, now_us())
                    await self._score_of(newest[0], QA, good=self._chance.random() < 0.8)
            except FAULTS as refused:
                log.info(f"Nothing was scored this minute: {refused}")

    # ---------------------------------------------------------------- proof, keeping, discs

    async def _checkpoint(self) -> None:
        """Of today, so that last month's sample can be drawn."""
        await say_rules(self._catalogue, self._plan.archive.quality.sampling, version_of(self._plan), now_us())
        signer = Signer(Path(self._archive.data_dir) / "keys", self._archive.floor)
        await publish(self._catalogue, signer, folder_of(self._archive.folder), now_us())

    async def _hold(self) -> None:
        now = now_us()
        matter = Matter(name="Complaint 2026-0417 against North Bank's collection", custodian="Li Wei, legal")
        choice = Choice(campaign=FORMAL, since=now - 5 * WEEK, until=now - 3 * WEEK)
        await holds.place(self._catalogue, new_id("h"), choice, matter, LEGAL, now, self._plan.archive.hold_review_days)

    async def _dispose(self) -> None:
        """The older list is approved by two and carried out by the archivist; the newer one waits for its second approval."""
        policy, now = policy_of(self._plan, self._timezone), now_us()
        found = await disposal.groups(self._catalogue, policy, now)
        for number, group in enumerate(found[:2]):
            id_ = new_id("d")
            wish = disposal.Wish(group.class_, group.month, group.sha256, "The thirty days of the trial are over.")
            await disposal.propose(self._catalogue, id_, policy, wish, CHIEF, now)
            await disposal.approve(self._catalogue, id_, CHIEF, now)
            if number + 1 < len(found[:2]):
                await disposal.approve(self._catalogue, id_, LEGAL, now)

    async def _discs(self) -> None:
        """Of the bank's calls the fullest month: gathered, imaged, both copies burned to files and read back."""
        rules, now = self._plan.archive, now_us()
        planned = await register.gather(self._catalogue, rules, self._timezone, CHIEF, now, class_=BANK, carry_out=False)
        if not planned:
            return
        month = max((sum(map(len, each.discs)), each.group.month) for _, each in planned)[1]
        made = await register.gather(self._catalogue, rules, self._timezone, CHIEF, now, class_=BANK, month=month)
        room = works_of(self._archive, self._catalogue, lambda: rules, now_us)
        for set_id, _ in made:
            await works.do(room, "image", set_id, CHIEF)
            async with self._catalogue.reading() as connection:
                discs = [disc.id for disc in await store.discs_of(connection, set_id)]
            for disc in discs:
                await works.do(room, "burn", disc, CHIEF)
                await works.do(room, "verify", disc, CHIEF)

    # ---------------------------------------------------------------- quality

    async def _sample(self) -> None:
        now, rules = now_us(), self._plan.archive.quality.sampling
        period = before(month_of(now, self._timezone), 1)
        for kind in ("coaching", "estimate"):
            await samples.draw(self._catalogue, kind, period, "", rules, self._timezone, CHIEF, now)

    async def _score(self) -> None:
        """Then one agent contests a score and another rater finds otherwise, and one contests and waits."""
        now = now_us()
        since, until = samples.span_of(before(month_of(now, self._timezone), 1), self._timezone)
        found = [*await self._scorable(since, SCORED, until), *await self._scorable(until, OF_NOW, now - HOUR)]
        done = [(await self._one(each, QA, good=place % 4 != 3), each) for place, each in enumerate(found)]
        rules = self._plan.archive.quality
        for place, (number, each) in enumerate(done[:2]):
            item, why = "listens" if place else "clear", WHY_CONTESTED[place]
            contested = await appeals.appeal(self._catalogue, number, each.agent, item, why, rules, self._timezone, now)
            if place:
                await appeals.take(self._catalogue, contested, Rater(SECOND_RATER), self._timezone, now)
                await self._one(each, SECOND_RATER, good=False, kind="appeal", part_of=contested)
                await appeals.decide(self._catalogue, contested, now)

    async def _calibrate(self) -> None:
        """One is closed and can be read; one is open and waits for the rater of the demo."""
        found, now = await self._scorable(0, 2 * CALIBRATED, now_us() - HOUR), now_us()
        first, raters = found[:CALIBRATED], [QA, SECOND_RATER, CHIEF]
        places = [each.place for each in first]
        number = await calibration.make(self._catalogue, "开场白 · Opening of calls", self._form, places, raters, CHIEF, now)
        for each in first:
            for rater in raters:
                await self._one(each, rater, good=self._chance.random() < 0.8, kind="calibration", part_of=number)
        await calibration.close(self._catalogue, number, CHIEF, now_us())  # after the scores, or none of them is in it
        open_ = [each.place for each in found[CALIBRATED:]]
        if open_:
            await calibration.make(
                self._catalogue, "报卡号（本周）· Card data, this week", self._form, open_, [QA, SECOND_RATER], CHIEF, now
            )

    async def _scorable(self, since: Micros, most: int, until: Micros = 0) -> list[Scorable]:
        """Kept, long enough, without an odd word, heard as a sound, not scored: the newest first."""
        table = recordings.c
        scored = select(score_rows.c.recording).where(score_rows.c.kind == "usual")
        wanted = select(table.place, table.id, table.agent, table.length_ms).where(
            table.state == State.KEPT.value,
            table.began >= since,
            table.began < (until or now_us()),
            table.length_ms >= SHORTEST_MS,
            table.agent != "",
            table.trouble == "",
            table.derived.contains("opus"),
            table.place.not_in(scored),
        )
        async with self._catalogue.reading() as connection:
            rows = await connection.execute(wanted.order_by(table.began.desc()).limit(most))
            return [Scorable(row.place, row.id, row.agent, self._heard_of(row.length_ms)) for row in rows]

    def _heard_of(self, length_ms: int) -> int:
        """As much as the plan asks for, or more."""
        share = self._plan.archive.quality.heard_share
        return math.ceil(length_ms * (share + (1 - share) * self._chance.random()))

    async def _one(self, of: Scorable, rater: str, *, good: bool, kind: ScoreKind = "usual", part_of: int = 0) -> int:
        """Of a call of the past: heard before the one that was heard last, for nobody hears two at once."""
        until = self._free.get(rater, now_us())
        self._free[rater] = since = until - of.heard_ms * 1_000
        await self._tell(of, rater, await self._listen(of, rater, since), until)
        return await self._score_of(of, rater, good=good, kind=kind, part_of=part_of)

    async def _listen(self, of: Scorable, rater: str, at: Micros) -> int:
        return await listening.begin(self._catalogue, of.place, of.id, Listener(rater, "qa"), "listen", WHY, at)

    async def _tell(self, of: Scorable, rater: str, listen: int, at: Micros) -> None:
        await listening.heard(self._catalogue, listen, of.id, of.place, Listener(rater, "qa"), [(0, of.heard_ms)], at)

    async def _score_of(self, of: Scorable, rater: str, *, good: bool, kind: ScoreKind = "usual", part_of: int = 0) -> int:
        now, who = now_us(), Rater(rater)
        number = await scores.begin(self._catalogue, of.place, self._form, who, self._timezone, now, kind, part_of)
        said = {item.id: self._answer(item, good) for section in self._form.sections for item in section.items}
        await scores.keep(self._catalogue, number, who, said, "Friendly, and to the point." if good else "Please talk about the opening.")
        await scores.done(self._catalogue, number, who, now_us(), Asked(self._plan.archive.quality.heard_share))
        return number

    def _answer(self, item: FormItem, good: bool) -> Answer:
        chance = self._chance
        if item.critical:
            value = 1 if good or chance.random() < 0.8 else 0
        elif item.kind == "scale":
            value = item.most - chance.choice((0, 0, 1) if good else (1, 2, 3))
        else:
            value = 1 if good or chance.random() < 0.5 else 0
        comment = "" if value or not item.comment else "Heard at the moment that is marked."
        return Answer(value, comment, -1 if value else chance.randrange(1_000, SHORTEST_MS))
