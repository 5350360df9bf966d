"""The ledger of expected recordings, one call at a time: its card and the recordings known of it give its standing. Pure.

Not whether one is expected (`expected.py`) and not the table (`catalogue/schema.calls`). Exactly one recording or a reason: what is not
settled stays `open` until `missing_after_s` after the call, and is settled anew whenever a recording or a word of the call comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from realtime.plan.archive import ArchiveRules
from realtime.words import SECOND, Micros
from recordings.calls.expected import expected
from recordings.recording import CallCard
from recordings.words import WORTHLESS, State, Trouble

Word = Literal["open", "matched", "missing", "excused"]
ODD: Final = (Trouble.SILENT, Trouble.SHORT, Trouble.ONE_SIDED)
"""There is a recording, and somebody should look at it; the worst first."""
BRIEF: Final[Micros] = SECOND
"""An answered call that ends sooner may leave a file without a sample: MixMonitor writes what the first frames bring."""


class Known(NamedTuple):
    """One recording that is linked to the call."""

    leg: str
    trouble: frozenset[Trouble] = frozenset()
    state: State = State.KEPT
    given_up: bool = False  # lost after it was stored, as two people said


class Standing(NamedTuple):
    """`rule`: who expects it; empty: nobody. `reason`: a word; pages and the command line have its sentence."""

    word: Word
    reason: str = ""
    rule: str = ""


def standing(card: CallCard, known: Sequence[Known], rules: ArchiveRules, now: Micros) -> Standing:
    rule = expected(card, rules)
    good = [each for each in known if each.state is not State.LOST and not each.given_up and not each.trouble & WORTHLESS]
    if good:
        return Standing("matched", of_good(good), rule)
    if not card.ended:
        return Standing("open", "talking", rule)
    if not rule:
        return Standing("excused", "not_answered" if not card.answered else "not_expected", rule)
    excuse = excuse_of(card, known)
    if excuse:
        return Standing("excused", excuse, rule)
    if now < card.ended + rules.missing_after_s * SECOND:
        return Standing("open", "waiting", rule)
    return Standing("missing", of_missing(card, known), rule)


def of_good(good: Sequence[Known]) -> str:
    """What is odd about it, the first of these; empty: nothing."""
    legs = [each.leg for each in good]
    if len(set(legs)) < len(legs):
        return "doubled"
    return next((trouble.value for trouble in ODD if all(trouble in each.trouble for each in good)), "")


def excuse_of(card: CallCard, known: Sequence[Known]) -> str:
    """What was recorded and given up has that for a reason: it was decided. A gap excuses only what was not seen to be recorded: of what
    was, a file must be there."""
    if any(each.given_up for each in known):
        return "given_up"
    if card.ended - card.answered < BRIEF:
        return "brief"
    return "gap" if card.gap and not card.recorded and not card.files else ""


def of_missing(card: CallCard, known: Sequence[Known]) -> str:
    if any(each.state is State.LOST for each in known):
        return "lost"
    if known:
        return "empty"
    return "never_came" if card.recorded or card.files else "never_began"
