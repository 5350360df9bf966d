"""What is asked and said about discs over HTTP. Not the handlers (`burning.py`). Moments are seconds, as everywhere in the API."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec

from realtime.words import SECOND, Micros
from recordings.discs.rows import CheckRow, DiscRow, Wish
from recordings.web.finding_shapes import Said
from recordings.web.rows import said_of

MOST_WISHES: Final = 100
MOST_NAMED: Final = 100
Text = Annotated[str, msgspec.Meta(max_length=128)]
State = Literal["", "gathered", "imaged", "burned", "verified", "signed", "discarded", "damaged", "destroyed", "withdrawn"]


class DiscsQuery(msgspec.Struct, forbid_unknown_fields=True):
    state: State = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class SetWish(msgspec.Struct, forbid_unknown_fields=True):
    """Empty: all that may be burned. `client` null: of all clients. `until`: calls that began before; 0: all."""

    class_: Text = msgspec.field(name="class", default="")
    client: Text | None = None
    month: Annotated[str, msgspec.Meta(pattern=r"^(?!.*\n)([0-9]{4}-(0[1-9]|1[0-2])|open)?$")] = ""
    until: Annotated[float, msgspec.Meta(ge=0, le=4e9)] = 0
    dry: bool = False


class SetSaid(msgspec.Struct, kw_only=True):
    """`set` is empty for a dry run. `too_large`: recordings larger than a whole medium; `left`: how many need another set."""

    set: str
    client: str
    class_: str = msgspec.field(name="class")
    month: str
    medium: str
    discs: int
    recordings: int
    bytes: int
    first: float
    last: float
    too_large: list[str]
    left: int


class SetList(msgspec.Struct):
    sets: list[SetSaid]


class DiscSaidRow(msgspec.Struct, kw_only=True):
    """`failures`: of the step it stands before; twice, and the medium is discarded. `said`: what went wrong last; null: nothing."""

    id: str
    set: str
    number: int
    of: int
    copy: str
    turn: int
    state: str
    failures: int
    said: Said | None
    client: str
    class_: str = msgspec.field(name="class")
    month: str
    medium: str
    recordings: int
    bytes: int
    first: float
    last: float
    image: str
    image_bytes: int
    tool: str
    drive: str
    media: str
    gathered_at: float | None
    burned_at: float | None
    verified_at: float | None
    checked_at: float | None
    signed_at: float | None
    destroyed_at: float | None


class StepWanted(msgspec.Struct, kw_only=True):
    """`state`: wanted, done, failed; `said`: what came of it; null before."""

    number: int
    step: str
    subject: str
    who: str
    at: float
    state: str
    said: Said | None
    ended_at: float | None


class CheckDue(msgspec.Struct):
    """`why`: full (its years are over), sample (this year's), batch (another disc of its batch is bad)."""

    disc: str
    why: str
    since: float


class DiscList(msgspec.Struct):
    """`check`: discs to be read again; `destroy`: discs whose every recording is disposed of."""

    discs: list[DiscSaidRow]
    steps: list[StepWanted]
    check: list[CheckDue]
    destroy: list[str]


class SignatureSaid(msgspec.Struct):
    what: str
    who: str
    at: float


class CheckSaid(msgspec.Struct, kw_only=True):
    """`kind`: new, again, unreadable; `told`: what was found, file by file."""

    kind: str
    at: float
    by: str
    good: bool
    told: msgspec.Raw


class DiscSaid(msgspec.Struct, kw_only=True):
    """`steps`: its own and its set's, the newest first. `recordings`: how many are in which state; `held`: how many of them a legal hold
    pins, and the disc with them."""

    disc: DiscSaidRow
    signatures: list[SignatureSaid]
    checks: list[CheckSaid]
    steps: list[StepWanted]
    held: int
    recordings: dict[str, int]


class StepSaid(msgspec.Struct):
    """Noted; GET /api/discs/ID says what came of it."""

    id: str
    step: str
    number: int


class StateSaid(msgspec.Struct):
    id: str
    state: str


def _moment(at: Micros) -> float | None:
    return at / SECOND if at else None


def row_of(disc: DiscRow) -> DiscSaidRow:
    told: dict[str, Any] = {name: getattr(disc, name) for name in DiscSaidRow.__struct_fields__}
    told |= {name: _moment(told[name]) for name in told if name.endswith("_at")}
    return DiscSaidRow(**told | {"first": disc.first / SECOND, "last": disc.last / SECOND, "said": said_of(disc.said)})


def wish_of(wish: Wish) -> StepWanted:
    return StepWanted(
        number=wish.id,
        step=wish.step,
        subject=wish.subject,
        who=wish.who,
        at=wish.at / SECOND,
        state=wish.state,
        said=said_of(wish.said),
        ended_at=_moment(wish.ended_at),
    )


def check_of(check: CheckRow) -> CheckSaid:
    return CheckSaid(kind=check.kind, at=check.at / SECOND, by=check.by, good=check.good, told=check.told)
