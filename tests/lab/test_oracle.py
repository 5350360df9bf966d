"""The oracle reads what Asterisk writes: lines as 16 and 22 wrote them, and every kept transcript's queue_log."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab import oracle

LOG = """\
1795491720|NONE|NONE|NONE|QUEUESTART|
1795491721|NONE|billing|Li 1008|PAUSE|会议
1795491722|n-1.0|support|NONE|ENTERQUEUE||13800000001|1
1795491726|n-1.0|support|NONE|EXITWITHTIMEOUT|1|1|4
1795491726|n-1.0|support|NONE|ENTERQUEUE||13800000001|1
1795491727|n-1.0|support|Li 1007|CONNECT|1|n-1.1|0
1795491737|n-1.0|support|Li 1007|BLINDTRANSFER|3000|transfer|1|10|1
1795491737|n-1.0|billing|NONE|ENTERQUEUE||13800000001|1
1795491739|n-1.0|billing|Li 1010|CONNECT|2|n-1.4|1
1795491742|n-1.0|billing|Li 1010|ATTENDEDTRANSFER|BRIDGE|e9b6b0ec-0f4f|2|3|1
1795491740|n-2.0|keyed|NONE|ENTERQUEUE||13800000002|1
1795491745|n-2.0|keyed|NONE|EXITWITHKEY|1|1|1|5
1795491750|n-3.0|billing|NONE|ENTERQUEUE||13800000003|1
1795491750|n-3.0|billing|Li 1008|RINGCANCELED|400
1795491753|n-3.0|billing|NONE|ABANDON|1|1|3
1795491760|n-4.0|billing|NONE|ENTERQUEUE||13800000004|1
1795491761|n-4.0|billing|NONE|WITHDRAW|1|1|1|closed
1795491762|n-5.0|strict|NONE|ENTERQUEUE||13800000005|1
1795491770|n-5.0|strict|NONE|EXITEMPTY|1|1|8
1795491771|n-6.0|strict|NONE|ENTERQUEUE||13800000006|1
17954917"""

SHOW = """\
billing has 2 calls (max unlimited) in 'rrmemory' strategy (6s holdtime, 2s talktime), W:0, C:4, A:5, SL:100.0%, SL2:100.0% within 15s
   Members:\x20
      Li 1008 (PJSIP/1008) with penalty 1 (ringinuse disabled) (paused:辅导 (一对一) was 2 secs ago) (Not in use) has taken 1 calls
      Li 1007 (PJSIP/1007) with penalty 2 (ringinuse disabled) (dynamic) (in call) (In use) has taken 2 calls (last was 13 secs ago)
      Li 1010 (PJSIP/1010) (ringinuse disabled) (paused was 17 secs ago) (Unavailable) has taken no calls yet (login was 33 secs ago)
   Callers:\x20
      1. PJSIP/carrier-00000000 (wait: 0:03, prio: 0)

sales has 0 calls (max unlimited) in 'ringall' strategy (10s holdtime, 5s talktime), W:0, C:11, A:3, SL:81.8%, SL2:85.7% within 10s
   Members:\x20
      Wang 1004 (Local/1004@desk/n from PJSIP/1004) (ringinuse enabled) (Ringing) has taken 2 calls (last was 4 secs ago)
   No Callers
"""


def test_each_visit_is_told_by_how_it_ended() -> None:
    told = [(visit.queue, visit.ordinal, visit.outcome, visit.how, visit.wait, visit.talk) for visit in oracle.visits(LOG)]
    assert told == [
        ("support", 1, "left_otherwise", "EXITWITHTIMEOUT", 4, None),
        ("support", 2, "answered", "CONNECT", 1, 10),
        ("billing", 1, "answered", "CONNECT", 2, 3),
        ("keyed", 1, "left_otherwise", "EXITWITHKEY", 5, None),
        ("billing", 1, "abandoned", "ABANDON", 3, None),
        ("billing", 1, "left_otherwise", "WITHDRAW", 1, None),
        ("strict", 1, "left_otherwise", "EXITEMPTY", 8, None),
        ("strict", 1, "", "", None, None),
    ]


def test_totals_add_up() -> None:
    sums = oracle.totals(oracle.visits(LOG))
    assert sums["billing"] == oracle.Totals(offered=3, answered=1, abandoned=1, left_otherwise=1)
    assert sums["strict"] == oracle.Totals(offered=2, left_otherwise=1, open=1)
    assert all(each.offered == each.answered + each.abandoned + each.left_otherwise + each.open for each in sums.values())


def test_a_line_still_being_written_is_left_out() -> None:
    assert len(oracle.entries(LOG)) == LOG.count("\n")


def test_queue_show_tells_members() -> None:
    shown = oracle.members(SHOW)
    assert {name: (queue.strategy, queue.calls) for name, queue in shown.items()} == {"billing": ("rrmemory", 2), "sales": ("ringall", 0)}
    first, second, third = shown["billing"].members
    assert (first.paused, first.reason, first.state, first.penalty) == (True, "辅导 (一对一)", "Not in use", 1)
    assert (second.paused, second.in_call, second.dynamic, second.state, second.calls_taken) == (False, True, True, "In use", 2)
    assert (third.paused, third.reason, third.state, third.calls_taken) == (True, "", "Unavailable", 0)
    local = shown["sales"].members[0]
    assert (local.interface, local.state_interface, local.state) == ("Local/1004@desk/n", "PJSIP/1004", "Ringing")


TRANSCRIPTS = Path(__file__).parent.parent / "transcripts"
LOGS = sorted(TRANSCRIPTS.glob("asterisk-*/*.queue_log"))


@pytest.mark.parametrize("path", LOGS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_kept_logs_leave_nothing_open(path: Path) -> None:
    """Only a killed server may leave a visit open; every answered visit has its talk and its end."""
    found = oracle.visits(path.read_text())
    open_ones = [visit for visit in found if not visit.outcome or (visit.outcome == "answered" and visit.talk is None)]
    assert not open_ones or path.stem == "killed"
