"""Holds, disposals and what is due as the addresses of keeping say them. Not the handlers (`keeping.py`) and not the shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import RowMapping

from realtime.words import SECOND, Micros
from recordings.retention.clocks import Reason, disposal_month
from recordings.retention.disposal import NEEDED, PROPOSED, why_of
from recordings.retention.erasure import Answer
from recordings.retention.judging import Judged
from recordings.retention.redaction import Told
from recordings.retention.sentences import sentence
from recordings.web import keeping_shapes as shapes
from recordings.web.finding_shapes import WhyKept
from recordings.web.rows import moment


def whys(reasons: Iterable[Reason], zone: str) -> list[WhyKept]:
    return [
        WhyKept(code=each.code, values=dict(each.values), en=sentence(each, "en", zone), zh=sentence(each, "zh", zone)) for each in reasons
    ]


def due_row(each: Judged, at: Micros, zone: str) -> shapes.DueRow:
    row, kept = each.row, each.keeping
    return shapes.DueRow(
        id=row["id"],
        began=row["began"] / SECOND,
        class_=each.class_,
        state=row["state"],
        verdict=each.verdict(at),
        keep_until=moment(kept.keep_until),
        delete_by=moment(kept.delete_by),
        kept_by=kept.kept_by,
        month=disposal_month(kept.keep_until, zone),
        holds=row["holds"],
        why=whys(kept.why, zone),
    )


def hold_row(row: RowMapping, now: Micros) -> shapes.HoldRow:
    return shapes.HoldRow(
        id=row["id"],
        standing=row["standing"],
        matter=row["matter"],
        custodian=row["custodian"],
        items=row["items"],
        sha256=row["sha256"].hex(),
        placed_at=row["placed_at"] / SECOND,
        placed_by=row["placed_by"],
        review_at=row["review_at"] / SECOND,
        overdue=row["review_at"] <= now and row["standing"] != "released",
        release_by=row["release_by"],
        release_why=row["release_why"],
        released_at=moment(row["released_at"]),
        released_by=row["released_by"],
    )


def disposal_row(row: RowMapping, approvers: Mapping[str, str], told: Told | None = None) -> shapes.DisposalRow:
    return shapes.DisposalRow(
        id=row["id"],
        kind=row["kind"],
        standing=row["standing"],
        class_=row["class_"],
        month=row["month"],
        reason=row["reason"],
        items=row["items"],
        sha256=row["sha256"].hex(),
        by=row["by"],
        at=row["at"] / SECOND,
        approvers=[*approvers.values()],
        needed=NEEDED if row["kind"] == "disposal" else 1,
        decide_by=moment(row["decide_by"]),
        decided_at=moment(row["decided_at"]),
        done_at=moment(row["done_at"]),
        gone=row["gone"],
        trouble=row["trouble"],
        again=row["standing"] == PROPOSED and bool(row["trouble"]),
        certificate=bool(row["done_at"] and row["gone"]),
        redaction=None if told is None else shapes.RedactionOf(recording=told.recording, spans=[*told.spans], into=told.into),
    )


def item_row(row: RowMapping, zone: str) -> shapes.ItemRow:
    return shapes.ItemRow(id=row["id"], standing=row["standing"], until=moment(row["until"]), why=whys(why_of(row["why"]), zone))


def answer_row(each: Answer, zone: str) -> shapes.ItemRow:
    decided = each.decided
    return shapes.ItemRow(id=each.judged.row["id"], standing=decided.standing, until=moment(decided.until), why=whys(decided.why, zone))
