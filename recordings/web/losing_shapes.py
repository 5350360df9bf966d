"""What the addresses of giving up read and say. Not the handlers (`losing.py`). Moments are seconds since 1970."""

from __future__ import annotations

from typing import Annotated

import msgspec

from recordings.web.keeping_shapes import NAMES_MOST, Limit, Name, Sha256

Said = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class LossQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    limit: Limit = 100


class CopyBad(msgspec.Struct, kw_only=True):
    vault: int
    checked_at: float


class QuarantinedRow(msgspec.Struct, kw_only=True):
    """`where`: under which name a good copy is put into a vault. `discs`: which bear it. `proposal`: it is listed in; empty: in none."""

    id: str
    began: float
    length_ms: int
    agent: str
    class_: str = msgspec.field(name="class")
    holds: int
    where: str
    copies: list[CopyBad]
    discs: list[str]
    proposal: str


class HoldNamed(msgspec.Struct, kw_only=True):
    """A hold in force on `items` of a list."""

    id: str
    matter: str
    custodian: str
    items: int


class DiscNamed(msgspec.Struct, kw_only=True):
    id: str
    items: int


class LossSaid(msgspec.Struct, kw_only=True):
    """`id` empty: it was dry. What is proposed: its list, and what is to be looked at before somebody confirms it."""

    id: str
    items: list[str]
    sha256: str
    holds: list[HoldNamed]
    discs: list[DiscNamed]


class LossRow(LossSaid, kw_only=True):
    """`items`: of one that waits, those that are in quarantine still; of one that is decided, none. `listed`: so many were proposed."""

    standing: str
    reason: str
    by: str
    at: float
    decided_at: float | None
    listed: int
    lost: int


class LossList(msgspec.Struct, kw_only=True):
    """`quarantined`: how many there are, up to `counted_most`; `recordings`: the oldest of them."""

    quarantined: int
    counted_most: int
    recordings: list[QuarantinedRow]
    proposals: list[LossRow]


class LossWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Without ids: the oldest in quarantine that are on no disc and in no proposal. `dry`: say only which they would be."""

    why: Said
    ids: Annotated[list[Name], msgspec.Meta(max_length=NAMES_MOST)] = []
    dry: bool = False


class LossConfirm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`sha256`: of the list that was looked at."""

    sha256: Sha256


class LossDone(msgspec.Struct, kw_only=True):
    """`kept`: a good copy of them was found in between."""

    id: str
    standing: str
    lost: int
    kept: int
    holds: list[HoldNamed]
