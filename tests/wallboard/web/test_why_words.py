"""Every key that an explanation or a report may bring has a word in both languages."""

from __future__ import annotations

import re

from realtime.factcodec import FACTS
from realtime.reports import AGENT_COLUMNS, QUEUE_COLUMNS
from realtime.why.evidence import DETAILS
from realtime.why.live import FORMULAS
from realtime.words import AgentState
from tests.house.sources import ROOT, say
from tests.realtime.why.test_live import COMPUTED

WORDS = (ROOT / "wallboard/web/words/why.js").read_text("utf-8")


def test_no_key_is_without_a_word() -> None:
    formulas = {*COMPUTED, "agents_in_state", "agent_state", "call_state", *(column.key for column in (*QUEUE_COLUMNS, *AGENT_COLUMNS))}
    inputs = {name for formula in FORMULAS.values() for name in formula.inputs} | {state.value for state in AgentState} | set(DETAILS)
    keys = {f"why.formula.{key}" for key in formulas if not key.startswith("spent_")} | {f"why.input.{key}" for key in inputs}
    keys |= {f"fact.{kind.__name__}" for kind in FACTS.values()} | {"fact.state", "why.formula.spent"}
    lacking = {key for key in keys if len(re.findall(rf'^  "{re.escape(key)}":', WORDS, re.MULTILINE)) < 2}
    say([f"words/why.js lacks {key}" for key in sorted(lacking)])
