"""What the addresses of keeping read and say: what is due, holds, disposals, erasures, clocks. Not the handlers (`keeping.py`).

Moments are seconds since 1970. A number is in a body alone, never in an address or an answer.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from recordings.retention.due import LIMIT_MOST
from recordings.retention.redaction import SPANS_MOST
from recordings.web.finding_shapes import Moment, Said, WhyKept

Name = Annotated[str, msgspec.Meta(max_length=100)]
Why = Annotated[str, msgspec.Meta(max_length=500)]
Sha256 = Annotated[str, msgspec.Meta(pattern=r"^(?!.*\n)[0-9a-f]{64}$")]
Month = Annotated[str, msgspec.Meta(pattern=r"^(?!.*\n)([0-9]{4}-[0-9]{2})$")]
Limit = Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MOST)]
Ms = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
Span = tuple[Ms, Ms]
NAMES_MOST = 300
"""Ids in one wish: a body of 8 KB has room for no more."""


class ChosenWish(msgspec.Struct, kw_only=True):
    """Which recordings: all of what is said must hold."""

    ids: Annotated[list[Name], msgspec.Meta(max_length=NAMES_MOST)] = []
    agent: Name = ""
    campaign: Name = ""
    client: Name = ""
    queue: Name = ""
    call: Name = ""
    number: Name = ""
    class_: Name = msgspec.field(default="", name="class")
    since: Moment = 0
    until: Moment = 0


class DueQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`at`: as of then; 0: now. `only`: may_go, held, conflict, kept or busy. `after`: the `next` of the page before."""

    at: Moment = 0
    only: Literal["", "may_go", "held", "conflict", "kept", "busy"] = ""
    agent: Name = ""
    campaign: Name = ""
    client: Name = ""
    queue: Name = ""
    call: Name = ""
    class_: Name = msgspec.field(default="", name="class")
    after: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    limit: Limit = 100


class DueRow(msgspec.Struct, kw_only=True):
    """`keep_until` null: no end is known. `month`: in which it may go."""

    id: str
    began: float
    class_: str = msgspec.field(name="class")
    state: str
    verdict: str
    keep_until: float | None
    delete_by: float | None
    kept_by: str
    month: str
    holds: int
    why: list[WhyKept]


class DueList(msgspec.Struct, kw_only=True):
    at: float
    counts: dict[str, int]
    recordings: list[DueRow]
    next: int


# ---------------------------------------------------------------- holds


class HoldWish(ChosenWish, kw_only=True, forbid_unknown_fields=True):
    """`dry`: say only what it would be placed on."""

    matter: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    custodian: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    dry: bool = False


class HoldPlaced(msgspec.Struct, kw_only=True):
    """`id` empty: it was dry. `withdrawn`: so many were listed in a disposal, and are not any more."""

    id: str
    items: int
    sha256: str
    withdrawn: int = 0


class HoldQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    released: bool = False
    limit: Limit = 100


class HoldRow(msgspec.Struct, kw_only=True):
    id: str
    standing: str
    matter: str
    custodian: str
    items: int
    sha256: str
    placed_at: float
    placed_by: str
    review_at: float
    overdue: bool
    release_by: str
    release_why: str
    released_at: float | None
    released_by: str


class HoldList(msgspec.Struct, kw_only=True):
    holds: list[HoldRow]


class WhyWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    why: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Standing(msgspec.Struct, kw_only=True):
    id: str
    standing: str


# ---------------------------------------------------------------- disposals


class GroupQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    at: Moment = 0
    class_: Name = msgspec.field(default="", name="class")


class GroupRow(msgspec.Struct, kw_only=True):
    """What may go together. `more`: there are others, for the next list."""

    class_: str = msgspec.field(name="class")
    month: str
    items: int
    sha256: str
    more: bool
    first: list[DueRow]


class GroupList(msgspec.Struct, kw_only=True):
    at: float
    groups: list[GroupRow]


class DisposalWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`sha256`: of the list as the dry run showed it."""

    class_: Name = msgspec.field(name="class")
    month: Month
    sha256: Sha256
    why: Why = ""


class ApprovalWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`sha256`: of the list that was looked at."""

    sha256: Sha256


class DisposalQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    kind: Literal["", "disposal", "erasure", "redaction"] = ""
    limit: Limit = 100


class RedactionOf(msgspec.Struct, kw_only=True):
    """`spans`: milliseconds from and to. `into`: the id of what took its place; empty before."""

    recording: str
    spans: list[Span]
    into: str


class DisposalRow(msgspec.Struct, kw_only=True):
    """`trouble`: why it could not be finished the last time and is tried again, or why it waits for people once more; null: none.
    `decide_by`: of an erasure. `redaction`: null for all others."""

    id: str
    kind: str
    standing: str
    class_: str = msgspec.field(name="class")
    month: str
    reason: str
    items: int
    sha256: str
    by: str
    at: float
    approvers: list[str]
    needed: int
    decide_by: float | None
    decided_at: float | None
    done_at: float | None
    gone: int
    trouble: Said | None
    certificate: bool
    redaction: RedactionOf | None = None


class DisposalList(msgspec.Struct, kw_only=True):
    disposals: list[DisposalRow]


class ItemQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    after: Name = ""
    limit: Limit = 100


class ItemRow(msgspec.Struct, kw_only=True):
    """`standing`: listed, kept, waiting (a duty or a hold), going (its key is gone), gone, moved (to a later run)."""

    id: str
    standing: str
    until: float | None
    why: list[WhyKept]


class DisposalSaid(msgspec.Struct, kw_only=True):
    disposal: DisposalRow
    counts: dict[str, int]
    items: list[ItemRow]
    next: str


# ---------------------------------------------------------------- erasures and clocks


class ErasureWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`dry`: say only what would be answered."""

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    why: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    dry: bool = False


class ErasureSaid(msgspec.Struct, kw_only=True):
    """`id` empty: it was dry. `answers`: by recording."""

    id: str
    sha256: str
    decide_by: float | None
    answers: list[ItemRow]


class RedactionWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`spans`: milliseconds of the recording, each from and to. `dry`: say only what would be proposed."""

    spans: Annotated[list[Span], msgspec.Meta(min_length=1, max_length=SPANS_MOST)]
    why: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    dry: bool = False


class RedactionSaid(msgspec.Struct, kw_only=True):
    """`id` empty: it was dry. `sha256`: what is approved. `held`: a hold goes before it, so it waits."""

    id: str
    sha256: str
    spans: list[Span]
    held: bool


class ClockWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`subject`: a recording's id, a call as node/linkedid, a campaign; a number is said as `number`. `over`: a dispute is closed."""

    clock: Literal["contract_end", "product_end", "last_activity", "dispute"]
    scope: Literal["recording", "call", "number", "campaign"]
    moment: Annotated[float, msgspec.Meta(gt=0, le=1e11)]
    subject: Name = ""
    number: Name = ""
    reference: Name = ""
    over: bool = False
    why: Why = ""


class ClockSaidAnswer(msgspec.Struct, kw_only=True):
    """`reckoned`: recordings whose term changed by it; null: those of a campaign are reckoned in the night."""

    entry: list[int]
    reckoned: int | None
