"""The life of a campaign (项目): its states, and the one table of steps from one to the next. Data only.

    draft -> trial (试呼) -> review (评审) -> formal (正式作业) <-> stopped (停呼) -> rectifying (整改) -> trial | formal
                                         all but draft -> settling (结算) -> closed

Everything that rules which state may follow which stands here, and nothing else does: who may (`campaigns.py`), what a need means
(`campaign_needs.py`) and what stops one by itself (`campaign_stops.py`) are looked up by the words of this table. A campaign that the
floor has no state of is a draft. Laws: formal is reached only over a review, with evidence and two different people; what was stopped
dials again only by two people, and only as it did before; closed is the end.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Who = Literal["manages", "stops"]
"""manages: the campaign's managers, or managers and admins where it names none. stops: whoever supervises, alone and at once."""
Need = Literal["reason", "evidence", "judged", "items", "mended", "was", "planned", "contract", "confirmed"]

STATES = ("draft", "trial", "review", "formal", "stopped", "rectifying", "settling", "closed")
DIALS = frozenset({"trial", "formal"})
"""In these the gate lets it dial, within the caps of each."""


class LifeStep(NamedTuple):
    """`two`: the first one's word is a proposal for a day, and somebody else's same word does it."""

    before: str
    to: str
    who: Who = "manages"
    two: bool = False
    needs: tuple[Need, ...] = ()


DIALLING: tuple[Need, ...] = ("planned", "contract")
"""Of every step into a state that dials: the plan knows the campaign, and its contract is not over."""

STEPS: tuple[LifeStep, ...] = (
    # the trial plan is approved: the reason says by what; caps of the trial are the gate's
    LifeStep("draft", "trial", needs=("reason", *DIALLING)),
    # enough dials to judge by, or a reason why fewer are enough; nobody dials meanwhile
    LifeStep("trial", "review", needs=("judged",)),
    # the client wants another trial
    LifeStep("review", "trial", needs=("reason", *DIALLING)),
    # evidence: the trial report that the client has signed
    LifeStep("review", "formal", two=True, needs=("evidence", *DIALLING)),
    # no dial starts after it, and what rings is hung up
    LifeStep("trial", "stopped", who="stops"),
    LifeStep("formal", "stopped", who="stops"),
    # resumed, back to what it was
    LifeStep("stopped", "trial", two=True, needs=("reason", "was", *DIALLING)),
    LifeStep("stopped", "formal", two=True, needs=("reason", "was", *DIALLING)),
    # the corrective plan: an item at least, each with who and until when
    LifeStep("stopped", "rectifying", needs=("items",)),
    # every item done, with its evidence; to formal only what was formal before, or the review would be gone round
    LifeStep("rectifying", "trial", two=True, needs=("mended", *DIALLING)),
    LifeStep("rectifying", "formal", two=True, needs=("mended", "was", *DIALLING)),
    # no dial starts after it; calls that are on go on, and the statement is confirmed once they are over
    *(LifeStep(before, "settling", needs=("reason",)) for before in ("trial", "review", "formal", "stopped", "rectifying")),
    # both sides have confirmed the same statement
    LifeStep("settling", "closed", needs=("confirmed",)),
)

_BY_ENDS = {(each.before, each.to): each for each in STEPS}


def step_between(before: str, to: str) -> LifeStep | None:
    return _BY_ENDS.get((before, to))


def steps_from(before: str) -> tuple[LifeStep, ...]:
    """What could be next, in the table's order."""
    return tuple(each for each in STEPS if each.before == before)
