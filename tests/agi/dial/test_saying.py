"""What the channel is told: one command for all variables, the word last of them, and what a phone hears."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agi.dial import saying
from agi.fastagi.commands import Command
from agi.phone import sounds
from realtime.decision import Finding, saw
from realtime.outbound import Constraints
from realtime.sentences import WORDS
from realtime.words import SECOND, Micros

NOW: Micros = int(datetime(2026, 11, 27, 21, 0, tzinfo=UTC).timestamp()) * SECOND


def heard(commands: list[Command]) -> list[str]:
    """The sounds and numbers."""
    return [each.words[1] if each.words[0] == "STREAM FILE" else " ".join(each.words) for each in commands][2:]


def test_an_allow_is_one_command_and_the_word() -> None:
    said = saying.allowed("013800000001", "d1", Constraints(ring_s=15, record=True, amd=False), "95112345", "allow:n-1.1:*67#+1")
    assert said.bytes() == (
        b'EXEC "MSet" "ANDON_DIAL=013800000001,ANDON_RING_MIN=15,ANDON_DIAL_ID=d1,ANDON_SHOW=95112345,'
        b'ANDON_RECORD=yes,ANDON_AMD=no,ANDON_DECISION=allow:n-1.1:*67#+1"\n'
    )


@pytest.mark.parametrize("value", ["1,ANDON_DECISION=x", 'a"b', "a b", "a\\,b", "a\nb", "${X}"])
def test_a_value_never_becomes_another_variable(value: str) -> None:
    assert saying.variables(("A", value), ("B", "1")).words[2] == "A=,B=1"


def test_a_refusal_says_its_code_first() -> None:
    first, then = saying.refused(saw("gate.slow", "defer", NOW, seconds="1"), NOW + 1)
    assert first.words[2] == f"ANDON_REASON=gate.slow,ANDON_UNTIL={NOW // SECOND + 1}", "not a moment too early"
    assert then.words[:2] == ("SET VARIABLE", "ANDON_SENTENCE")
    assert "longer than 1 s" in then.words[2]
    assert saying.refused(Finding('x",A=1', "deny"), 0)[0].words[2] == "ANDON_REASON=x1"


def test_a_phone_hears_why_and_when() -> None:
    commands = saying.spoken(saw("of.no.rule", "deny"), 0, NOW, "UTC")
    assert [each.words[0] for each in commands[:2]] == ["SET AUTOHANGUP", "EXEC"]
    assert heard(commands) == [sounds.REFUSED, sounds.SORRY, sounds.NUMBER, "SAY NUMBER 9 "]
    assert heard(saying.spoken(saw("gate.slow", "defer"), 0, NOW, "UTC")) == [sounds.FAULT, sounds.TRY_AGAIN]
    tomorrow = NOW + 11 * 3600 * SECOND
    assert heard(saying.spoken(saw("x", "defer"), tomorrow, NOW, "UTC"))[4:] == [sounds.AT, f"SAY DATETIME {tomorrow // SECOND}  IMp UTC"]
    later = NOW + 60 * 3600 * SECOND
    assert heard(saying.spoken(saw("x", "defer"), later, NOW, ""))[5] == f"SAY DATETIME {later // SECOND}  AIMp"
    last = NOW + 20 * 24 * 3600 * SECOND
    assert heard(saying.spoken(saw("x", "defer"), last, NOW, ""))[5] == f"SAY DATETIME {last // SECOND}  BdIMp"
    assert heard(saying.spoken(saw("x", "defer"), NOW, NOW, ""))[4:] == [], "it is over already"


def test_every_rule_that_can_refuse_has_a_number() -> None:
    """9 is for what an older page does not know."""
    codes = [code for code in WORDS if code.partition(".")[0] in ("dial", "pace", "gate")]
    assert len(codes) > 50
    assert [code for code in codes if saying.number_of(Finding(code, "deny")) == saying.OTHER] == ["dial.lifted"], "and that one never does"
