"""A hundred calls that a real Asterisk records through the dialplan that we ship, each side with a voice of its own.

Each customer has a number and a voice of their own, each desk phone has one; so what a recording sounds like says whose call it was,
whatever any catalogue says. A voice is recognised second by second, by its very samples.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from andon import voices
from tests.lab.ami import Ami, Message
from tests.lab.pair import Pair
from tests.lab.people import Leg, World
from tests.lab.trees import lab_dir

SHIPPED = (Path(__file__).parents[2] / "deploy/asterisk/extensions_andon.conf").read_text()
HALL: Final = tuple(f"{number}" for number in range(1001, 1008))
"""Phones whose agents take the calls of the queue; 1008 and 1009 dial out, the others take calls to their own number."""
DIALS: Final = ("1008", "1009")
DESKS: Final = (*HALL, *DIALS, "1010", "1011", "1012")
TALK_S: Final = 3.2
PATIENCE_S: Final = 60.0
"""For what should happen at once, on a machine that carries a hundred calls beside other tests."""

PBX = """
[globals](+)
ANDON_GATE=127.0.0.1:{port}
ANDON_NODE=north1
ANDON_TRUNK_TECH=PJSIP
ANDON_TRUNK=carrier
[from-carrier](+)
exten => hall,1,Answer()
 same => n,Gosub(andon-record,s,1(queue))
 same => n,Queue(hall,tTkK,,,120)
 same => n,Hangup()
exten => _710XX,1,Answer()
 same => n,Gosub(andon-record,s,1)
 same => n,Dial(PJSIP/${{EXTEN:1}},30,tTkK)
 same => n,Hangup()
[from-phone](+)
include => andon-dial
exten => _1[3-9]XXXXXXXXX,1,Goto(andon-dial,${{EXTEN}},1)
[transfer](+)
include => andon-dial
"""
QUEUE = (
    "\n[hall]\nmonitor-type=MixMonitor\nmonitor-format=wav\nstrategy=random\ntimeout=20\nretry=1\nwrapuptime=0\nringinuse=no\n"
    + "".join(f"member => PJSIP/{number},0,Agent {number},PJSIP/{number}\n" for number in HALL)
)
WORLD = """
[phones](+)
exten => _10XX,1,Set(WHO=${EXTEN})
 same => n,Goto(picked,1)
exten => _1[3-9]XXXXXXXXX,1,Set(WHO=${EXTEN})
 same => n,Goto(picked,1)
exten => picked,1,Ringing()
 same => n,Wait(0.3)
 same => n,Goto(act,says,1)
[act](+)
exten => says,1,Answer()
 same => n(again),Playback(${SOUNDS}/${WHO})
 same => n,Goto(again)
"""

QUEUED, DIALLED = 70, 20
"""With ten of the other kinds: a hundred."""
CUSTOMERS: Final = [f"138000010{number:02}" for number in range(QUEUED + 10)] + [f"139000020{number:02}" for number in range(DIALLED)]
Card = Callable[[str, bool], Awaitable[None]]
"""Asks the floor to silence the recordings of a call (its linkedid), or to let them have sound; back when it is so."""

MUSIC = "tmp/andon-music"


def linear_music() -> str:
    """A class of music on hold in 16-bit linear, in the lab's tree: after music in any other format (measured with gsm, ulaw and alaw on
    22.10.1) Asterisk writes no more of what the other side says into a recording that goes on. Gives musiconhold.conf."""
    folder = lab_dir() / "sid" / MUSIC
    folder.mkdir(parents=True, exist_ok=True)
    voices.write_leg(folder / "music.sln", voice(77, 0))
    return f"[default](+)\ndirectory=/{MUSIC}\n"


Sound = npt.NDArray[np.float64]
RATE: Final = voices.RATE


# -------------------------------------------------------------------- voices


def voice(seed: int, side: int) -> voices.Samples:
    """Ten seconds of one who talks without a pause. `side`: 0 a customer's voice, 1 an agent's."""
    legs = voices.conversation(seed, 24.0)
    spoken = [legs[side][turn.begin : turn.end] for turn in voices.turns(seed, 24.0) if turn.who == side]
    return np.concatenate(spoken)[: 10 * RATE]


class Voices:
    """Who is who: a number, of a customer or of a desk, and what is said there."""

    def __init__(self, customers: list[str]) -> None:
        self.of = {number: voice(1_000 + seed, 0) for seed, number in enumerate(customers)}
        self.of |= {desk: voice(5_000 + seed, 1) for seed, desk in enumerate(DESKS)}
        self._known: dict[str, Known] = {}

    def write(self, folder: Path) -> None:
        for number, samples in self.of.items():
            voices.write_leg(folder / f"{number}.sln", samples)

    def seconds(self, sound: Sound, who: str) -> int:
        """How many seconds of this sound are this one's, sample by sample; what is silent is nobody's."""
        if who not in self._known:
            self._known[who] = _known(self.of[who])
        return sum(_likeness(piece, self._known[who]) > ALIKE for piece in _seconds(sound))


class Known(NamedTuple):
    """What somebody says, again and again: its spectrum, and the energy of each second of it."""

    spectrum: npt.NDArray[np.complex128]
    size: int
    energy: Sound


def _known(samples: voices.Samples) -> Known:
    twice = np.concatenate([samples, samples[:RATE]]).astype(np.float64)
    sums = np.concatenate([[0.0], np.cumsum(twice**2)])
    size = 1 << (len(twice) + RATE).bit_length()
    return Known(np.fft.rfft(twice, size), size, sums[RATE:] - sums[:-RATE])


ALIKE: Final = 0.7
"""Of two seconds that are the same but for codecs; two of different voices come to a third, seldom to a half."""
HEARD_DB: Final = 300.0
"""Root mean square of what is looked at: a tenth of how loud voices are."""


def _seconds(sound: Sound) -> Iterator[Sound]:
    for begin in range(0, len(sound) - RATE, RATE // 2):
        piece = sound[begin : begin + RATE]
        if np.sqrt((piece**2).mean()) > HEARD_DB:
            yield piece


def _likeness(piece: Sound, known: Known) -> float:
    """The best of all places, 0 to 1 (normalised cross-correlation by FFT)."""
    product = np.fft.irfft(known.spectrum * np.conj(np.fft.rfft(piece, known.size)), known.size)[: len(known.energy)]
    return float(np.max(np.abs(product) / np.sqrt(np.maximum(known.energy, 1.0) * np.sum(piece**2))))


# -------------------------------------------------------------------- calls


@dataclass
class Told:
    """One call as those who made it know it: nobody asked Andon. `desks`: who talked, in order."""

    kind: str
    customer: str
    desks: tuple[str, ...] = ()  # empty: the queue chose
    linkedid: str = ""


@dataclass
class Hall:
    """The people, and what the PBX says of bridges and hang-ups (`ami`)."""

    pair: Pair
    world: World
    ami: Ami
    calls: list[Told] = field(default_factory=list)

    async def speaks(self, leg: Leg) -> None:
        """Off hold, with its own voice."""
        await self.world.send("Redirect", Channel=leg.channel, Context="act", Exten="says", Priority="1")

    async def connected(self, desk: str, customer: str) -> tuple[Leg, Message]:
        """A call from this desk. The gate refuses it while it does not know yet that the campaign may dial: then again."""
        end = time.monotonic() + PATIENCE_S
        while True:
            since = self.ami.mark
            leg = await self.world.call(desk, customer, does="says")
            found = await self.ami.wait_for(
                lambda event: event["Event"] in ("BridgeEnter", "Hangup") and event["Channel"].startswith(f"PJSIP/{desk}-"),
                PATIENCE_S,
                since,
            )
            if found["Event"] == "BridgeEnter":
                return leg, found
            assert time.monotonic() < end, f"no call leaves: {self._reasons()}"
            await leg.gone(PATIENCE_S)

    def _reasons(self) -> list[str]:
        """The gate's, the last ones."""
        return [each["Value"] for each in self.ami.seen if each.get("Variable") in ("ANDON_REASON", "ANDON_SENTENCE") and each["Value"]][
            -6:
        ]

    async def bridged(self, number: str, since: int) -> str:
        """Until the customer of this number is in a bridge; gives the call's id."""
        found = await self.ami.wait_for(
            lambda event: event["Event"] == "BridgeEnter" and event["CallerIDNum"] == number and "carrier" in event["Channel"],
            PATIENCE_S,
            since,
        )
        return found["Linkedid"]

    async def inbound(self, customer: str, to: str, kind: str, desks: tuple[str, ...] = ()) -> tuple[Leg, Told]:
        since = self.ami.mark
        leg = await self.world.call(customer, to, does="says")
        told = Told(kind, customer, desks, await self.bridged(customer, since))
        self.calls.append(told)
        return leg, told

    async def queued(self, customer: str) -> None:
        leg, _ = await self.inbound(customer, "hall", "queue")
        await asyncio.sleep(TALK_S)
        await leg.hang_up()

    async def outbound(self, desk: str, customer: str) -> None:
        leg, found = await self.connected(desk, customer)
        self.calls.append(Told("outbound", customer, (desk,), found["Linkedid"]))
        await asyncio.sleep(TALK_S)
        since = self.ami.mark
        await leg.hang_up()
        await self._free(f"PJSIP/{desk}-", since)

    async def taken(self, customer: str, kind: str, desk: str) -> tuple[Leg, Leg, Told]:
        """A customer and a desk that was called by its own number; they talk."""
        leg, told = await self.inbound(customer, f"7{desk}", kind, (desk,))
        phone = await self.world.rings(desk, seconds=PATIENCE_S)
        await phone.up(PATIENCE_S)
        await asyncio.sleep(TALK_S)
        return leg, phone, told

    async def over(self, leg: Leg, *phones: Leg) -> None:
        """The customer hangs up; until both servers know that nobody is there any more."""
        since = self.ami.mark
        await leg.hang_up()
        for phone in phones:
            await phone.gone(PATIENCE_S)
            await self._free(f"PJSIP/{phone.number}-", since)

    async def plain(self, customer: str, desk: str) -> None:
        leg, phone, _ = await self.taken(customer, "direct", desk)
        await self.over(leg, phone)

    async def held(self, customer: str, desk: str) -> None:
        leg, phone, _ = await self.taken(customer, "hold", desk)
        since = self.ami.mark
        await phone.hold()
        await self.ami.event("Hold", PATIENCE_S, since)
        await asyncio.sleep(1.5)
        await self.speaks(phone)
        await self.ami.event("Unhold", PATIENCE_S, since)
        await asyncio.sleep(1.5)
        await self.over(leg, phone)

    async def transferred(self, customer: str, desk: str, to: str, *, attended: bool) -> None:
        leg, phone, told = await self.taken(customer, "attended" if attended else "blind", desk)
        since = self.ami.mark
        await phone.dtmf(f"*2{to}" if attended else f"##{to}")
        other = await self.world.rings(to, seconds=PATIENCE_S)
        await other.up(PATIENCE_S)
        if attended:
            await asyncio.sleep(1.0)  # a word with the colleague
            await phone.hang_up()
        await phone.gone(PATIENCE_S)
        await self._free(f"PJSIP/{desk}-", since)
        told.desks = (desk, to)
        await asyncio.sleep(TALK_S)
        await self.over(leg, other)

    async def paid(self, customer: str, desk: str, card: Card) -> None:
        """Says a card's number in between."""
        leg, phone, told = await self.taken(customer, "card", desk)
        await card(told.linkedid, True)
        await asyncio.sleep(2.0)
        await card(told.linkedid, False)
        await asyncio.sleep(1.5)
        await self.over(leg, phone)

    async def _free(self, channel: str, since: int) -> None:
        """Until the PBX, too, knows that this phone has hung up."""
        await self.ami.wait_for(lambda event: event["Event"] == "Hangup" and event["Channel"].startswith(channel), PATIENCE_S, since)


async def hundred_calls(hall: Hall, card: Card) -> None:
    """All at once, as many as there are phones."""
    queue, others, dialled = iter(CUSTOMERS[:QUEUED]), CUSTOMERS[QUEUED : QUEUED + 10], iter(CUSTOMERS[QUEUED + 10 :])

    async def callers() -> None:
        for customer in queue:
            await hall.queued(customer)

    async def dials(desk: str) -> None:
        for customer in dialled:
            await hall.outbound(desk, customer)

    async def transfers() -> None:
        await hall.transferred(others[0], "1010", "1011", attended=False)
        await hall.transferred(others[1], "1010", "1011", attended=True)
        await hall.transferred(others[2], "1011", "1010", attended=False)
        await hall.transferred(others[3], "1011", "1010", attended=True)

    async def at_one_desk() -> None:
        await hall.held(others[4], "1012")
        await hall.paid(others[5], "1012", card)
        await hall.held(others[6], "1012")
        await hall.paid(others[7], "1012", card)
        await hall.plain(others[8], "1012")
        await hall.plain(others[9], "1012")

    async with asyncio.TaskGroup() as group:
        for _ in HALL:
            group.create_task(callers())
        for desk in DIALS:
            group.create_task(dials(desk))
        group.create_task(transfers())
        group.create_task(at_one_desk())
