"""Card-data pauses on real Asterisks 16 and 22, by what is in the files: silence in the span, sound before and behind it, and no time lost.

Also what Asterisk says of a recording's file, in each form that MixMonitor has.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from agi.translate.recordings import HALF_MUTED
from realtime.factcodec import decode
from realtime.facts import Fact
from realtime.floor import Call
from realtime.log import Position
from realtime.plan.archive import ArchiveRules
from realtime.plan.model import Person, Plan
from realtime.recording_facts import RecordingNamed
from realtime.requests import Actor, CardPause, CardResume
from realtime.words import SECOND, AgentId
from recordings.calls.book import Book
from recordings.recording import CallCard
from tests.agi.replay import sealer
from tests.lab import need
from tests.lab.people import Leg, World
from tests.line.control import Controlled, controlled
from tests.line.tones import AGENT, CUSTOMER, EXTENSIONS, RATE, hum, share
from tests.realtime.backends import until

pytestmark = pytest.mark.asterisk

PLAN = Plan(archive=ArchiveRules(pause_most_s=4), people=tuple(Person(id=AgentId(f"{number}")) for number in range(1005, 1010)))
ROUTES = """
[from-carrier](+)
exten => only-legs,1,Answer()
 same => n,MixMonitor(,r(legs-${UNIQUEID}-rx.wav)t(legs-${UNIQUEID}-tx.wav))
 same => n,Queue(support,tTkK,,,30)
 same => n,Hangup()
exten => twice,1,Answer()
 same => n,MixMonitor(one/first-${UNIQUEID}.wav)
 same => n,MixMonitor(second-${UNIQUEID}.wav)
 same => n,Queue(support,tTkK,,,30)
 same => n,Hangup()
"""
PIECE = RATE // 20
"""Samples of 50 ms."""
both = pytest.mark.parametrize("release", ["bullseye", "sid"], ids=["16", "22"])


class Scene(NamedTuple):
    control: Controlled
    world: World
    caller: Leg
    desk: Leg
    agent: AgentId

    @property
    def call(self) -> Call:
        (call,) = [call for call in self.control.floor.calls.values() if call.recorded]
        return call

    @property
    def spool(self) -> Path:
        return self.control.pair.spool

    def actor(self) -> Actor:
        return Actor(f"agent:{self.agent}", "agent", self.agent, "phone")

    async def pause(self) -> None:
        await self.control.seen(await self.control.ask(CardPause(self.agent), self.actor()))

    async def resume(self) -> None:
        await self.control.seen(await self.control.ask(CardResume(self.agent), self.actor()))

    async def resume_anyhow(self) -> None:
        answer = await self.control.ask(CardResume(self.agent), self.actor())
        assert answer.decision.verdict == "allow", answer.decision

    async def card(self) -> CallCard:
        """Everybody hangs up, and what the archive's book then says."""
        await self.caller.hang_up()
        await self.desk.gone()
        await self.control.until(lambda: all(call.ended for call in self.control.floor.calls.values()))
        book, cards = Book(), []
        for fact in await facts_of(self.control):
            cards += book.apply(fact)
        return next(card for card in reversed(cards) if card.recorded)


async def facts_of(control: Controlled) -> list[Fact]:
    found: list[Fact] = []
    after: Position | None = None
    while records := await control.store().log.read(after, 1000, 0):
        after = records[-1].position
        found += [fact for record in records for fact in decode(record.batch)]
    return found


@asynccontextmanager
async def talking(valkey: str, release: str, exten: str = "support") -> AsyncIterator[Scene]:
    """A customer and an agent, each humming a tone of their own, on a call that is recorded."""
    need.tree(release)
    extra = {"extra_pbx": {"extensions.conf": ROUTES}, "extra_world": {"extensions.conf": EXTENSIONS}}
    async with controlled(valkey, PLAN, release, **extra) as control:
        world = await World.enter(control.pair)
        caller = await world.call("13800000001", exten)
        desk = await world.rings("1005", "1006", "1007", "1008", "1009")
        await desk.answer()
        agent = AgentId(desk.number)
        await control.until(lambda: control.floor.agents[agent].state == "talking")
        await hum(world, "card", {CUSTOMER: caller, AGENT: desk})
        try:
            yield Scene(control, world, caller, desk, agent)
        finally:
            await world.leave()


def samples(file: Path) -> list[int]:
    data = file.read_bytes()[44:]
    data = data[: len(data) // 2 * 2]
    return list(struct.unpack(f"<{len(data) // 2}h", data))


async def closed(file: Path) -> Path:
    """Complete: its header, which is written when it is closed, says how long it is."""

    def complete() -> bool:
        data = file.read_bytes() if file.exists() else b""
        return len(data) > 44 and struct.unpack("<I", data[40:44])[0] > 0

    await until(complete, 20)
    return file


def silence(sound: list[int]) -> list[tuple[float, float]]:
    """Stretches of nothing but zeros of a quarter of a second or more, in seconds; not those at the very beginning."""
    found: list[tuple[float, float]] = []
    began = None
    for at in range(0, len(sound) - PIECE, PIECE):
        zero = not any(sound[at : at + PIECE])
        if zero and began is None:
            began = at
        if not zero and began is not None:
            found.append((began / RATE, at / RATE))
            began = None
    return [(since, end) for since, end in found if end - since > 0.25 and since > 0]


def hears(sound: list[int], since: float, end: float) -> set[int]:
    piece = sound[int(since * RATE) : int(end * RATE)]
    return {tone for tone in (CUSTOMER, AGENT) if share(piece, tone) > 0.01}


@both
async def test_the_span_is_silent_in_every_file_and_the_rest_is_not(valkey: str, release: str) -> None:
    async with talking(valkey, release) as scene:
        leg = next(iter(scene.call.recording))
        await asyncio.sleep(2)
        await scene.pause()
        await asyncio.sleep(2)
        await scene.resume()
        await asyncio.sleep(2)
        card = await scene.card()
        ((since, end),) = card.paused[leg]
        paused = (end - since) / SECOND
        assert paused > 1.9
        for name, tones in (("", {CUSTOMER, AGENT}), ("-rx", {CUSTOMER}), ("-tx", {AGENT})):
            sound = samples(await closed(scene.spool / f"support-{leg}{name}.wav"))
            ((quiet, loud),) = silence(sound)
            assert loud - quiet == pytest.approx(paused, abs=0.3), name
            assert hears(sound, quiet - 1, quiet - 0.1) == tones, name
            assert hears(sound, loud + 0.1, loud + 1) == tones, name
            talk = (card.ended - card.answered) / SECOND
            assert len(sound) / RATE == pytest.approx(talk, abs=1.0), "the timeline goes on"
        assert card.files == {sealer().digest(f"support-{leg}.wav"): leg}


@both
async def test_a_pause_that_nobody_ends_is_over_by_itself_in_the_file_too(valkey: str, release: str) -> None:
    async with talking(valkey, release) as scene:
        leg = next(iter(scene.call.recording))
        await asyncio.sleep(1)
        await scene.pause()
        await scene.control.until(lambda: not scene.call.silent, 20)
        await asyncio.sleep(1.5)
        await scene.card()
        ((quiet, loud),) = silence(samples(await closed(scene.spool / f"support-{leg}.wav")))
        assert loud - quiet == pytest.approx(PLAN.archive.pause_most_s, abs=1.0)


async def test_both_of_two_recordings_of_a_channel_are_silenced_and_named(valkey: str) -> None:
    async with talking(valkey, "sid", "twice") as scene:
        (leg,) = scene.call.recording
        await asyncio.sleep(1)
        await scene.pause()
        await asyncio.sleep(1)
        await scene.resume()
        await asyncio.sleep(1)
        card = await scene.card()
        for name in (f"one/first-{leg}.wav", f"second-{leg}.wav"):
            assert len(silence(samples(await closed(scene.spool / name)))) == 1, name
        assert set(card.files) == {sealer().digest(f"first-{leg}.wav"), sealer().digest(f"second-{leg}.wav")}


async def test_an_old_asterisk_silences_one_of_two_so_nobody_is_told_that_it_is_silent(valkey: str) -> None:
    async with talking(valkey, "bullseye", "twice") as scene:
        (leg,) = scene.call.recording
        await asyncio.sleep(1)
        answer = await scene.control.ask(CardPause(scene.agent), scene.actor())
        await scene.control.until(lambda: scene.control.order(answer).outcome == "accepted")
        await scene.control.until(lambda: any(each.kind == HALF_MUTED for each in scene.control.floor.anomalies))
        await asyncio.sleep(1)
        assert not scene.call.silent
        await scene.resume_anyhow()
        await asyncio.sleep(1)
        await scene.card()
        assert len(silence(samples(await closed(scene.spool / f"one/first-{leg}.wav")))) == 1
        assert silence(samples(await closed(scene.spool / f"second-{leg}.wav"))) == [], "as ASTERISK-30464 has it"


@both
async def test_of_a_recording_in_two_legs_alone_asterisk_says_no_name(valkey: str, release: str) -> None:
    """So the archive finds it by the uniqueid inside of its files' names."""
    async with talking(valkey, release, "only-legs") as scene:
        (leg,) = scene.call.recording
        await asyncio.sleep(1)
        await scene.pause()
        await asyncio.sleep(1)
        card = await scene.card()
        named = [fact for fact in await facts_of(scene.control) if isinstance(fact, RecordingNamed)]
        assert (named, card.files) == ([], {})
        assert card.recorded == (leg,)
        assert sorted(file.name for file in scene.spool.rglob("legs-*.wav")) == [f"legs-{leg}-rx.wav", f"legs-{leg}-tx.wav"]
