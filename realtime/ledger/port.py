"""The ledger's port: what must be true of one, whoever keeps it.

    looked = await ledger.look(question)                       # counts, blocks, consents, states; changes nothing
    taken = await ledger.take(question, takes, build)          # checks all again, takes all counters and appends the fact, or nothing
    await ledger.apply(changes)                                # what facts say: outcomes, releases, states, blocks, consents

`take` is atomic over all gates of a floor. A stop that was applied is in force for every take after it. Whatever is not certain
(no answer, a restart between) is no allow; what was taken then stays taken until the engine knows that no channel was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from realtime.dial.model import Blocked, Check, Consent, Counted
from realtime.log import Fence
from realtime.words import Micros

ALL = "*"
"""The campaign that stands for all of them, in `SetState`: `stopped` or `open`."""
DIALLING_STATES = ("trial", "formal")


class Question(NamedTuple):
    """What one dial must know. `state`: the campaign's as the floor had it; another one in the ledger refuses the take.

    For `take` also what the decision was made from: `blocked`, all of what `look` found (one more, one less or another one refuses),
    and `consents`, those of `look` that it relies on (one that is gone or another one refuses)."""

    digest: str
    campaign: str
    state: str
    checks: tuple[Check, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    consents: tuple[Consent, ...] = ()


class Looked(NamedTuple):
    """`ready` empty: the ledger is whole; else a word why not: rebuilding, restarted, away."""

    ready: str
    state: str = ""  # of the campaign; empty: it knows none
    stopped: bool = False
    blocked: tuple[Blocked, ...] = ()
    consents: tuple[Consent, ...] = ()
    counted: tuple[Counted, ...] = ()  # as Question.checks


class Taken(NamedTuple):
    """`ok` False: nothing was taken, and `looked` is how it is now."""

    ok: bool
    looked: Looked


class Put(NamedTuple):
    """An event under a key; the same member again changes nothing."""

    key: str
    at: Micros
    member: str
    keep_s: int


class Drop(NamedTuple):
    key: str
    member: str


class SetState(NamedTuple):
    campaign: str
    state: str


class SetBlock(NamedTuple):
    digest: str
    block: Blocked


class DropBlock(NamedTuple):
    digest: str
    scope: str
    about: str


class SetConsent(NamedTuple):
    digest: str
    consent: Consent


class DropConsent(NamedTuple):
    """All of this client's."""

    digest: str
    client: str


Change = Put | Drop | SetState | SetBlock | DropBlock | SetConsent | DropConsent
Build = Callable[[str, int], bytes]
"""The fact's bytes for a session and a number in it: whoever appends numbers it."""


class Ledger(Protocol):
    async def look(self, question: Question) -> Looked:
        """Never raises for an outside fault: `ready` says it."""
        ...

    async def take(self, question: Question, takes: Sequence[Put], build: Build) -> Taken:
        """Also appends the fact to the floor's log, in the same stroke."""
        ...

    async def apply(self, changes: Sequence[Change]) -> None:
        """In order. Raises LogAway."""
        ...

    async def close(self) -> None: ...


class Standing(NamedTuple):
    """How a ledger stands, for who makes it whole. `run` names the server's life, `round` one opening: it begins with the `run` under
    which it was begun. `missing`: who takes and has not yet said again, in this round, what was taken lately."""

    run: str
    round: str = ""
    open: bool = False  # for this run
    whole: bool = False
    upto: str = ""  # position in the log up to which the engine's facts are in it; empty: nothing to catch up on
    missing: tuple[str, ...] = ()


class Flight(NamedTuple):
    key: str
    member: str


class KeptLedger(Ledger, Protocol):
    """As the engine has it, who alone opens one. Every call may raise LogAway, and FenceLost where `fence` is set."""

    fence: Fence | None

    async def standing(self) -> Standing: ...

    async def begin(self, round_: str) -> None:
        """Shut, until `open`; everybody who takes is to say again what was taken lately. `round_` begins with the server's run."""
        ...

    async def shut(self) -> None:
        """Nobody takes, until `open`; nothing is said again."""
        ...

    async def open(self, states: Mapping[str, str], upto: str) -> None:
        """These are all campaigns' states, and it is whole."""
        ...

    async def apply_upto(self, changes: Sequence[Change], upto: str) -> None:
        """As `apply`; afterwards all facts up to that position are in it. Of one that is not open the position stays where it is."""
        ...

    async def flights(self, before: Micros) -> list[Flight]:
        """Calls under way that began before."""
        ...
