"""A case as whoever disposed of recordings gives it."""

from __future__ import annotations

from typing import Any

import msgspec

from recordings.retention.certificate import Case, Check, CopiesGone, DiscLeft, KeyGone, StoreResult
from tests.recordings.proof.desk import NOON, ONE, OTHER

GONE = KeyGone("insurance/2031-11/1", (StoreResult("a", "destroyed"), StoreResult("b", "absent")), exchanged=3)
CASE = Case(
    id="d1",
    floor="main",
    at=NOON,
    items=(OTHER, ONE),
    class_="insurance-long",
    month="2031-11",
    tool="Andon 0.1.0",
    keys=(GONE,),
    copies=(CopiesGone(0, 6), CopiesGone(1, 6)),
    discs=(DiscLeft("D-7", "A", 2, "2031-12"),),
    checks=(Check("key", True, {"key": "insurance/2031-11/1", "store": "a"}),),
    operator="user:wang",
    proposer="user:li",
    approvers=("user:li", "user:zhao"),
    place="上海",
    basis=("保险销售行为可回溯管理暂行办法: 10 年",),
    holds_sha256="ab" * 32,
    holds=4,
    checkpoint="andon/main/recordings\n9\nAAAA\n\n— andon/main/recordings AAAA\n",
)


def case(**more: Any) -> Case:
    return msgspec.structs.replace(CASE, **more)
