"""What the addresses of finding read and say. Moments are seconds since 1970, lengths within a recording milliseconds. Not the handlers."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from recordings.catalogue.asked import LIMIT_MOST
from recordings.web.names import Names

TEXT = r"^[^\x00]*$"
"""PostgreSQL holds no NUL in a text."""
Name = Annotated[str, msgspec.Meta(max_length=128, pattern=TEXT)]
Moment = Annotated[float, msgspec.Meta(ge=0, le=1e11)]
Length = Annotated[float, msgspec.Meta(ge=0, le=1e6)]
Points = Annotated[float, msgspec.Meta(ge=0, le=100)]
After = Annotated[str, msgspec.Meta(pattern=r"^(?!.*\n)([0-9]{1,17}-[0-9]{1,17})?$")]


class FindQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Newest first. `trouble`: a word, or any. `after`: the `next` of the page before. `counts`: how many there are of each kind, too."""

    agent: Name = ""
    campaign: Name = ""
    client: Name = ""
    queue: Name = ""
    call: Name = ""
    since: Moment = 0
    until: Moment = 0
    shortest_s: Length = 0
    longest_s: Length = 0
    outcome: Name = ""
    direction: Name = ""
    class_: Name = msgspec.field(default="", name="class")
    tag: Name = ""
    score_from: Points | None = None
    score_to: Points | None = None
    trouble: Name = ""
    state: Name = ""
    held: bool = False
    after: After = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MOST)] = 50
    counts: bool = False


class FindWish(FindQuery, kw_only=True, forbid_unknown_fields=True):
    """With a number, which stands in no address. `why`: a case, a complaint; it is kept in the log."""

    number: Annotated[str, msgspec.Meta(max_length=64, pattern=TEXT)] = ""
    why: Annotated[str, msgspec.Meta(max_length=200, pattern=TEXT)] = ""


class OwnQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    since: Moment = 0
    until: Moment = 0
    after: After = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MOST)] = 50


class RecordingRow(msgspec.Struct, kw_only=True):
    """One line of a list. `number` is masked; empty where its key is gone, or nobody may see it. `keep_until`, `delete_by`: null where
    no end is known."""

    id: str
    state: str
    began: float
    length_ms: int
    node: str
    call: str
    direction: str
    agent: str
    agents: list[str]
    queue: str
    campaign: str
    client: str
    outcome: str
    number: str
    class_: str = msgspec.field(name="class")
    keep_until: float | None
    delete_by: float | None
    kept_by: str
    conflict: bool
    holds: int
    restricted: bool
    listens: int
    score: float | None
    sides: int
    trouble: list[str]
    tags: list[str]


class RecordingCounts(msgspec.Struct, kw_only=True):
    """Among the newest `counted` that fit; `all`: there are no more. `facets`: by column, the most frequent first."""

    counted: int
    all: bool
    facets: dict[str, list[tuple[str, int]]]


class RecordingList(msgspec.Struct, kw_only=True):
    """`next`: for `after` of the next page; empty: there is no more. A page may be short and have a next one: so far back was looked."""

    recordings: list[RecordingRow]
    next: str
    looked_back_to: float | None
    counts: RecordingCounts | None


# ------------------------------------------------------------------ one of them


class SpanRow(msgspec.Struct, kw_only=True):
    kind: str
    since_ms: int
    until_ms: int
    who: str = ""


class CommentRow(msgspec.Struct, kw_only=True):
    """`until_ms` the same as `since_ms`: a moment. `side`: 0 both, 1 left, 2 right."""

    id: int
    since_ms: int
    until_ms: int
    side: int
    text: str
    who: str
    at: float


class CopyRow(msgspec.Struct, kw_only=True):
    vault: int
    checked_at: float
    good: bool


class HoldOn(msgspec.Struct):
    """`matter` is told to who may hold; empty for all others."""

    id: str
    matter: str
    placed_at: float


class WhyKept(msgspec.Struct, kw_only=True):
    """A rule's sentence in both languages."""

    code: str
    values: dict[str, Any]
    en: str
    zh: str


class Said(msgspec.Struct, kw_only=True):
    """A sentence of the archivist in both languages. `rule`: what it is about, for programs; empty: one that this version does not know,
    as it was written."""

    rule: str
    en: str
    zh: str


class AccessRow(msgspec.Struct, kw_only=True):
    at: float
    who: str
    role: str
    what: str
    why: str
    since_ms: int
    until_ms: int


class RecordingSaid(msgspec.Struct, kw_only=True):
    """`why`: why it is kept until then, by the plan of now. `accesses`: all; `heard_by`: the newest of them.
    `derived_from`, `redacted_as`: ids of what it was redacted from, and of what took its place; empty: none. `card_data`: where the
    redaction stands that restricts it (proposed, approved, carrying); empty: none."""

    row: RecordingRow
    leg: str
    dial: str
    format: str
    rate: int
    bytes: int
    sha256: str
    container_sha256: str
    silent_share: float
    peak_db: int
    sealed_at: float
    sealed_entry: int
    stored_at: float | None
    disposed_at: float | None
    derived: list[str]
    scored_by: str
    spans: list[SpanRow]
    why: list[WhyKept]
    holds: list[HoldOn]
    copies: list[CopyRow]
    comments: list[CommentRow]
    accesses: int
    heard_by: list[AccessRow]
    derived_from: str
    redacted_as: str
    card_data: str


class OwnRecording(msgspec.Struct, kw_only=True):
    """What an agent sees of an own call."""

    row: RecordingRow
    spans: list[SpanRow]
    comments: list[CommentRow]


# ------------------------------------------------------------------ notes

Tag = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^(?!.*\n)[\w-]+( [\w-]+)*$")]
Place = Annotated[int, msgspec.Meta(ge=0, le=10**9)]


class CommentWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=TEXT)]
    since_ms: Place = 0
    until_ms: Place = 0
    side: Annotated[int, msgspec.Meta(ge=0, le=2)] = 0


class TagWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    add: Annotated[list[Tag], msgspec.Meta(max_length=20)] = []
    remove: Annotated[list[Tag], msgspec.Meta(max_length=20)] = []


class CommentList(msgspec.Struct, kw_only=True):
    comments: list[CommentRow]


class TagList(msgspec.Struct, kw_only=True):
    tags: list[str]


# ------------------------------------------------------------------ what is missing


class MissingQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    since: Moment = 0
    until: Moment = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_MOST)] = 100


class MissingCall(msgspec.Struct, kw_only=True):
    """A call that should have a recording. `expected`: by which rule; `reason`: why there is none, where somebody knows."""

    node: str
    call: str
    began: float
    ended: float
    agent: str
    queue: str
    campaign: str
    expected: str
    standing: str
    reason: str


class OddFile(msgspec.Struct, kw_only=True):
    """A file in a spool that is no recording: it waits, or was refused. Long runs of digits in its name are hidden."""

    node: str
    name: str
    size: int
    changed: float
    first_seen: float
    standing: str
    trouble: str


class NotKnown(msgspec.Struct, frozen=True):
    """A stretch of which neither the floor's log nor history had the calls: what should have a recording is not known."""

    since: float
    until: float


class MissingList(msgspec.Struct, kw_only=True):
    """`counts`: calls by standing, at most `counted_most` of each."""

    counts: dict[str, int]
    counted_most: int
    calls: list[MissingCall]
    files: list[OddFile]
    troubled: list[RecordingRow]
    not_known: list[NotKnown]
    """The newest of them."""


class HealthRow(msgspec.Struct, kw_only=True):
    """`said`: what is wrong, where the archivist has a sentence for it; `text`: names or moments that belong to it."""

    name: str
    value: float
    text: str
    said: Said | None
    at: float


class ArchiveHealth(msgspec.Struct, kw_only=True):
    """`log`: entries; `checkpoint`: how many of them the newest signed checkpoint covers, and when it was signed. `awaited`: what waits for
    another person, by kind (disposal, erasure, redaction, loss, release); told only to who may decide it. `names`: by the plan."""

    health: list[HealthRow]
    log: int
    checkpoint: int | None
    checkpoint_at: float | None
    database: str
    timezone: str
    names: Names
    awaited: dict[str, int] = {}
