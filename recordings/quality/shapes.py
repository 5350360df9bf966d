"""What is said and answered about quality: rows for pages, wishes of people. Shapes only; `asked.py` fills them, routes give them."""

from __future__ import annotations

from typing import Annotated

import msgspec

from realtime.plan.quality import ScoreForm
from recordings.quality.scoring import Answer

Number = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""As many as JSON and every database can say."""


class FormList(msgspec.Struct, frozen=True):
    forms: list[ScoreForm]


class ScoreWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`calibration`: which one it is for; 0: none. `target`: chosen for a complaint or the like, so in no estimate, rank or KPI."""

    recording: str
    form: str = ""
    calibration: Number = 0
    target: bool = False


class ScoreBegun(msgspec.Struct, frozen=True):
    score: int


class AnswersWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    answers: dict[str, Answer] = {}
    comment: str | None = None


class DoneWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`unheard`: what the score rests on, of a recording that cannot be heard; refused of one that can."""

    unheard: str = ""


class Lack(msgspec.Struct, frozen=True):
    item: str
    lack: str


class ScoreNow(msgspec.Struct, frozen=True):
    """`points` and those of sections in hundredths of a point."""

    points: int | None
    sections: dict[str, int | None]
    failed: list[str]
    missing: list[Lack]
    complete: bool


class ScoreSaid(msgspec.Struct, frozen=True):
    """One score whole."""

    id: int
    recording: str
    form: ScoreForm
    rater: str
    kind: str
    standing: str
    counts: bool
    agent: str
    answers: dict[str, Answer]
    comment: str
    now: ScoreNow
    passed: bool | None
    done: float | None
    seen: float | None
    heard_s: float = 0.0
    """Of the call, by its rater: to its own rater also while it is open."""
    needed_s: float = 0.0
    """So much of it is to be heard before it is done; 0: nothing more is."""
    unheard: str = ""
    audible: bool = True
    """Whether there is anything to hear: if not, finishing it needs `unheard`."""


class ScoreRow(msgspec.Struct, frozen=True):
    id: int
    recording: str
    form: str
    rater: str
    kind: str
    standing: str
    counts: bool
    agent: str
    points: int | None
    passed: bool | None
    failed: list[str]
    done: float | None
    seen: float | None
    appeal: str
    """Standing of the appeal against it; empty: none."""


class ScoreList(msgspec.Struct, frozen=True):
    """`timezone`: the floor's, for who cannot ask how the archive is."""

    scores: list[ScoreRow]
    timezone: str = ""


class ScoresQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    recording: str = ""
    agent: str = ""
    mine: bool = False


class SampleWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    period: str
    campaign: str = ""


class SampleRow(msgspec.Struct, frozen=True):
    """`size` as it was drawn; so many of them were left out since, and so many of the others are scored. To who reaches some agents only
    these are of their calls, and `candidates` is null."""

    id: int
    kind: str
    period: str
    campaign: str
    size: int
    candidates: int | None
    left_out: int
    scored: int
    checkpoint: int
    root: str
    by: str
    at: float


class SampleList(msgspec.Struct, frozen=True):
    samples: list[SampleRow]


class SampleItem(msgspec.Struct, frozen=True):
    recording: str
    agent: str
    began: float
    length_s: float
    stratum: str
    left_out: str
    score: int | None


class SampleStratum(msgspec.Struct, frozen=True):
    name: str
    whole: int
    drawn: int


class SampleBasis(msgspec.Struct, frozen=True):
    """How it was drawn, as its entry of the log has it. `signed`: its checkpoint; `rules`: `[sampling]`, as the log's `rules_entry` has
    it, or, -1, as the plan had it at the draw; `undone`: calls that something followed since, taken as they were before; `drawn_from`,
    `drawn`: SHA-256 of what was drawn from and of the ids that were. `strata`: of all calls, so none for who reaches some agents only."""

    entry: int
    signed: float | None
    plan: str
    rules: dict[str, float]
    rules_entry: int
    undone: int
    drawn_from: str
    drawn: str
    strata: list[SampleStratum]


class SampleSaid(msgspec.Struct, frozen=True):
    """`left_out` of an item is "gone" where nothing was left of it at the draw, and "-" where the reason was forgotten with it."""

    sample: SampleRow
    items: list[SampleItem]
    basis: SampleBasis | None = None


class LeaveOutWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    recording: str
    why: str


class CalibrationWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    form: str
    recordings: list[str]
    raters: list[str]


class CalibrationRow(msgspec.Struct, frozen=True):
    """`open_items`: recordings that the asker has still to score in it."""

    id: int
    name: str
    by: str
    at: float
    closed: float | None
    recordings: list[str]
    raters: list[str]
    open_items: list[str]


class CalibrationList(msgspec.Struct, frozen=True):
    calibrations: list[CalibrationRow]


class ItemAgreement(msgspec.Struct, frozen=True):
    """Of one item over all pairs of raters. `alpha`: over all raters at once. `weighted`: of scales. `text`: as the form asks it."""

    item: str
    p_o: float | None
    kappa: float | None
    ac1: float | None
    positive: float | None
    alpha: float | None
    weighted: float | None
    band: str
    passes: bool
    text: str = ""
    text_zh: str = ""


class Compared(msgspec.Struct, frozen=True):
    """`spread`: points between the highest and the lowest rater of each call, hundredths, by place of the recording."""

    calls: int
    raters: list[str]
    missing: list[str]
    items: list[ItemAgreement]
    agreement: float | None
    kappa: float | None
    spread: dict[str, int]
    passes: bool | None


class CalibrationSaid(msgspec.Struct, frozen=True):
    """`compared` None while it is open: it is blind."""

    calibration: CalibrationRow
    compared: Compared | None


class AppealWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: str
    item: str = ""


class AppealRow(msgspec.Struct, frozen=True):
    id: int
    score: int
    recording: str
    agent: str
    item: str
    reason: str
    at: float
    standing: str
    rater: str
    decided: float | None


class AppealList(msgspec.Struct, frozen=True):
    appeals: list[AppealRow]


class AppealTaken(msgspec.Struct, frozen=True):
    """The second score, to be given blind."""

    recording: str
    score: int


class AppealDecided(msgspec.Struct, frozen=True):
    overturned: bool


class TrainingWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`months`: all that this KPI sends the agent for; `day`: ISO date; `trainer`: who held it."""

    agent: str
    kpi: str
    months: list[str]
    day: str
    trainer: str
    note: str = ""


class TrainingWithdrawWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    why: str


class TrainingDueRow(msgspec.Struct, frozen=True):
    agent: str
    kpi: str
    months: list[str]


class TrainedRow(msgspec.Struct, frozen=True):
    """`withdrawn` None: it stands."""

    id: int
    agent: str
    kpi: str
    months: list[str]
    day: str
    trainer: str
    note: str
    by: str
    at: float
    withdrawn: float | None
    withdrawn_by: str
    withdrawn_why: str


class TrainingList(msgspec.Struct, frozen=True):
    """Who is to be trained now, and who was."""

    due: list[TrainingDueRow]
    trained: list[TrainedRow]


class ResultsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    period: str = ""
    campaign: str = ""


class RaterRow(msgspec.Struct, frozen=True):
    """`calibrate`: more of the own scores were overturned than the plan bears."""

    rater: str
    decided: int
    overturned: int
    calibrate: bool


class Share(msgspec.Struct, frozen=True):
    """Of contacts, with the 95 % interval; None where none was scored."""

    share: float
    low: float
    high: float


class AgentResult(msgspec.Struct, frozen=True):
    """`rank` None: too few contacts to be ranked. `points` in hundredths. `drawn`: so many of the contacts a sample drew; the others their
    raters chose."""

    agent: str
    contacts: int
    drawn: int
    points: int | None
    passed: Share | None
    rank: int | None
    training: dict[str, list[str]]
    """By KPI, the months that send to training."""


class OperationResult(msgspec.Struct, frozen=True):
    """By the estimate's sample. `accuracy`: share of contacts without a critical error, by family. `covered`: the part of the operation's
    contacts that the shares are of; of strata without a scored contact nothing is known."""

    period: str
    drawn: int
    scored: int
    covered: float | None
    passed: Share | None
    accuracy: dict[str, Share | None]


class Results(msgspec.Struct, frozen=True):
    """`limited`: whoever asks reaches some agents only, so `operation` is null, and raters are told by appeals of those agents."""

    period: str
    operation: OperationResult | None
    agents: list[AgentResult]
    raters: list[RaterRow]
    rank_least: int
    limited: bool = False
