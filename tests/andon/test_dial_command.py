"""`andon dial` from outside: a plan asked before it is adopted, a floor in a real Valkey, decisions in a real database, and one changed."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from andon import command, list_floor
from andon.plan.folder import load
from andon.say import Exit
from realtime.dial import signing
from realtime.dial.model import Blocked
from realtime.factcodec import encode, join
from realtime.facts import Fact, FloorConfigured
from realtime.history.database import FILE, sqlite_url
from realtime.history.dials import PAGE
from realtime.keys import Keys
from realtime.ledger.port import SetBlock
from realtime.outbound import CampaignMoved, DialDecided, DialEnded, ListAnnounced, ResultCoded
from realtime.plan.difference import version_of
from realtime.rulings import PlanAdopted
from realtime.store import open_store
from realtime.words import SECOND, Micros, Node
from tests.agi.dial.test_gate import Gate, floor_of
from tests.house.sources import ROOT
from tests.realtime.history.desk import Desk
from tests.valkeys import Server
from wallboard.audit import Entry
from wallboard.audit_log import AuditLog

Said = pytest.CaptureFixture[str]
GOOD = '[floor]\ntimezone = "Asia/Shanghai"\n[[pbx]]\nnode = "hall7"\nusername = "andon"\nsecret = "s3cret"\n'
NUMBER = "13912345678"
ARREARS = ("ask", NUMBER, "--campaign", "arrears", "--method", "preview")
MORNING, NIGHT = ("--at", "2026-11-29 10:15"), ("--at", "2026-11-29 23:15")
NOW: Micros = 1_795_690_800 * SECOND


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("ANDON_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "andon.toml").write_text(GOOD)
    (tmp_path / "data").mkdir()
    shutil.copytree(ROOT / "examples" / "plan", tmp_path / "new")
    return tmp_path


def run(*words: str) -> int:
    try:
        return command.main(("dial", *words))
    except SystemExit as end:  # argparse leaves by itself
        return int(end.code or 0)


# ------------------------------------------------------------------ a plan alone


@pytest.mark.usefixtures("folder")
def test_a_plan_is_asked_before_it_is_adopted(capsys: Said) -> None:
    assert run(*ARREARS, *MORNING, "--plan", "new") == Exit.DONE
    said = capsys.readouterr().out
    assert said.startswith("YES")
    assert "an agent must be there" in said
    assert NUMBER not in said
    assert "•••5678" in said

    assert run(*ARREARS, *NIGHT, "--plan", "new") == Exit.DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "NOT NOW: from 2026-11-30 08:00 Asia/Shanghai on, if nothing new happens."
    assert "2026-11-29 23:15 Asia/Shanghai" in lines[2]
    first = lines[lines.index("") + 1]
    assert first.startswith("later")
    assert "[dial.hours.closed]" in first

    assert run(*ARREARS, *NIGHT, "--plan", "new", "--language", "zh") == Exit.DONE
    assert capsys.readouterr().out.startswith("现在不可拨打；如无新情况，2026-11-30 08:00")


@pytest.mark.usefixtures("folder")
def test_a_rule_that_is_written_into_the_plan_is_found_at_once(folder: Path, capsys: Said) -> None:
    dialling = folder / "new" / "dialling.toml"
    dialling.write_text(dialling.read_text().replace("blocked = [", 'blocked = ["+86139", '))
    assert run(*ARREARS, *MORNING, "--plan", "new", "--json") == Exit.DONE
    said = json.loads(capsys.readouterr().out)
    assert (said["verdict"], said["reasons"][0]["rule"], said["until"]) == ("deny", "dial.number.blocked", None)
    assert NUMBER not in json.dumps(said)
    verdicts = [each["verdict"] for each in said["reasons"]]
    assert verdicts == sorted(verdicts, key=["deny", "defer", "queue", "allow"].index), "the worst first"


def test_lists_are_absent_unless_they_are_named(folder: Path, capsys: Said) -> None:
    renewals = ("ask", NUMBER, "--campaign", "renewals", *MORNING, "--plan", "new", "--json")
    assert run(*renewals) == Exit.DONE
    assert "dial.list.missing" in rules(capsys)
    (folder / "numbers.csv").write_text(f"{NUMBER}\n")
    assert command.main(("lists", "import", "carrier-no-calls", "numbers.csv", "--as-of", "2026-11-27")) == Exit.FAILED, "no floor runs"
    capsys.readouterr()
    assert run(*renewals, "--lists", "data/lists") == Exit.DONE
    found = rules(capsys)
    assert "dial.list.listed" in found
    assert "dial.list.missing" not in found


def rules(capsys: Said) -> dict[str, str]:
    return {each["rule"]: each["verdict"] for each in json.loads(capsys.readouterr().out)["reasons"]}


def test_a_trial_has_its_own_caps(folder: Path, capsys: Said) -> None:
    assert run(*ARREARS, *MORNING, "--plan", "new", "--trial", "--json") == Exit.DONE
    assert any(each.startswith("dial.trial.") for each in rules(capsys))
    assert not (folder / "data" / "keys").exists(), "nothing is made for a plan that is tried"


@pytest.mark.usefixtures("folder")
def test_a_number_may_come_by_standard_input(capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NUMBER}\n"))
    assert run("ask", "-", *ARREARS[2:], *MORNING, "--plan", "new") == Exit.DONE
    assert "•••5678" in capsys.readouterr().out


WRONG = {
    "no number": ("ask", "--campaign", "arrears"),
    "no campaign": ("ask", NUMBER),
    "a date alone": (*ARREARS, "--at", "2026-11-29", "--plan", "new"),
    "a moment that is none": (*ARREARS, "--at", "tomorrow at noon", "--plan", "new"),
    "far away": (*ARREARS, "--at", "9999-12-31 23:59", "--plan", "new"),
    "letters": ("ask", "CALL-ME", *ARREARS[2:], *MORNING, "--plan", "new"),
    "far too long": ("ask", "1" * 41, *ARREARS[2:], *MORNING, "--plan", "new"),
    "lists without a plan": (*ARREARS, "--lists", "data/lists"),
    "a method that nobody knows": (*ARREARS[:-1], "shouting"),
    "no dial": ("show",),
    "a dial to verify": ("verify", "5f-1"),
    "a date that is none": ("verify", "--since", "yesterday"),
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("case", WRONG)
def test_what_is_said_wrong_is_said_to_be(case: str, capsys: Said) -> None:
    assert run(*WRONG[case]) == Exit.WRONG
    said = capsys.readouterr()
    assert said.err
    assert not said.out


FAILS = {
    "nothing runs": (ARREARS, "The floor does not run."),
    "no plan": ((*ARREARS, "--plan", "nowhere"), "There is no plan in nowhere."),
    "no history": (("show", "5f-1"), "There is no history in"),
    "no key": (("verify",), "The key of the gate is not in"),
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("case", FAILS)
def test_what_cannot_be_done_is_one_sentence(case: str, capsys: Said) -> None:
    words, why = FAILS[case]
    assert run(*words) == Exit.FAILED
    said = capsys.readouterr()
    assert why in said.err
    assert not said.out


# ------------------------------------------------------------------ a running floor


@pytest.fixture
def server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(list_floor, "PATIENCE_S", 20.0)
    running = Server(folder / "data")
    running.start()
    yield running
    running.kill()


async def set_up(server: Server, folder: Path, blocked: str = "") -> None:
    """A floor that has adopted the plan, an open ledger, and the keys that a gate makes."""
    reading = load(folder / "new", "Asia/Shanghai", date(2026, 11, 28))
    assert reading.plan is not None
    keys, store = Keys(folder / "data" / "keys", make=True), open_store(server.url, "main")
    sealer = keys.sealer()
    told = [
        FloorConfigured(NOW, NOW, Node(""), "e", 1, timezone="Asia/Shanghai"),
        PlanAdopted(NOW, NOW, Node(""), "e", 2, plan=reading.plan, version=version_of(reading.plan)),
        CampaignMoved(NOW, NOW, Node(""), "e", 3, campaign="arrears", before="draft", to="formal"),
        ListAnnounced(NOW, NOW, Node(""), "e", 4, list="carrier-no-calls", version="ab" * 32),
    ]
    try:
        await store.log.append([join([encode(each) for each in told])])
        await store.ledger.begin(f"{(await store.ledger.standing()).run}test")
        await store.ledger.open({"arrears": "formal"}, "")
        if blocked and (sealed := sealer.seal(blocked, NOW)) is not None:
            await store.ledger.apply([SetBlock(sealed.digest, Blocked("global", "", NOW, "complaint"))])
    finally:
        await store.close()


def test_the_running_floor_is_asked_with_its_ledger(server: Server, folder: Path, capsys: Said) -> None:
    asyncio.run(set_up(server, folder, blocked=f"+86{NUMBER}"))
    agent = ("--agent", "1001", "--method", "manual")
    assert run(*ARREARS, *MORNING, *agent, "--json") == Exit.DONE
    found = rules(capsys)
    assert next(iter(found)).startswith("dial.")
    assert found["dial.blocked.global"] == "deny", "by the ledger"
    assert found["dial.campaign"] == "allow", "its state is the floor's"
    assert found["dial.agent.logged_out"] == "deny", "where nobody is at work"

    assert run("ask", "13912345670", *ARREARS[2:], *MORNING) == Exit.DONE
    said = capsys.readouterr()
    assert "[dial.blocked.free]" in said.out
    assert "The newest version of the list carrier-no-calls cannot be used" in said.err, "its file is not on this machine"
    assert run("ask", NUMBER, "--campaign", "renewals", *MORNING) == Exit.DONE
    assert "[dial.campaign.state]" in capsys.readouterr().out, "a draft does not dial"

    acts = [entry for entry in AuditLog(folder / "data").entries() if isinstance(entry, Entry)]
    assert [each.action for each in acts] == ["ask the gate"] * 3
    assert NUMBER not in str(acts)


def test_a_ledger_that_is_shut_is_said(server: Server, folder: Path, capsys: Said) -> None:
    asyncio.run(set_up(server, folder))

    async def shut() -> None:
        store = open_store(server.url, "main")
        await store.ledger.shut()
        await store.close()

    asyncio.run(shut())
    assert run(*ARREARS, *MORNING) == Exit.DONE
    said = capsys.readouterr()
    assert "The ledger cannot be asked now" in said.err
    assert said.out.startswith("NO.")


# ------------------------------------------------------------------ what was decided


async def made(folder: Path, *, foreign: bool = False) -> list[DialDecided]:
    """One allowed and one refused, by the real gate, signed with this machine's key."""
    keys = Keys(folder / "data" / "keys", make=True)
    name, key = keys.signing()
    facts: list[DialDecided] = []
    for blocked in ((), ("+86138",)):
        one = Gate(floor_of(blocked=blocked))
        await one.asks("campaign=sales&method=progressive&agent=1008")
        plain = (one.allowed() or one.refusals())[0]
        plain = msgspec.structs.replace(plain, session="gate", seq=len(facts) + 1)
        facts.append(signing.sign(plain, b"x" * 32, "gate-other") if foreign else signing.sign(plain, key, name))
    return facts


async def kept(folder: Path, told: list[Fact]) -> None:
    desk = Desk(sqlite_url(folder / "data"))
    try:
        await desk.append(told)
        async with desk.writing():
            await desk.written(len(told))
    finally:
        await desk.close()


def renamed(fact: DialDecided, dial: str, key: tuple[str, bytes], **fields: object) -> DialDecided:
    return signing.sign(msgspec.structs.replace(fact, dial=dial, **fields), key[1], key[0])


async def one_day(folder: Path) -> list[DialDecided]:
    allowed, refused = await made(folder)
    key = Keys(folder / "data" / "keys", make=False).signing()
    refused = renamed(refused, f"{refused.dial}r", key)
    over, coded = NOW + 75 * SECOND, NOW + 100 * SECOND
    ended = DialEnded(over, over, Node(""), "e", 1, dial=allowed.dial, campaign="sales", outcome="connected", talk_s=61)
    code = ResultCoded(coded, coded, Node(""), "e", 2, dial=allowed.dial, campaign="sales", code="C1", callback=NOW + 86_400 * SECOND)
    await kept(folder, [allowed, refused, ended, code])
    return [allowed, refused]


def test_one_decision_is_shown_with_what_came_of_it(folder: Path, capsys: Said) -> None:
    allowed, refused = asyncio.run(one_day(folder))
    assert run("show", allowed.dial) == Exit.DONE
    said = capsys.readouterr().out
    assert said.startswith("YES")
    assert "2026-11-26 19:00 Asia/Shanghai" in said
    assert "ended: connected, 61 s of talk" in said
    assert "result code C1, to be called back 2026-11-27 19:00 Asia/Shanghai" in said
    assert f"Signature: good, by {allowed.key}" in said
    assert "[dial.number]" in said
    assert "13812345670" not in said

    assert run("show", refused.dial, "--json") == Exit.DONE
    one = json.loads(capsys.readouterr().out)
    assert (one["verdict"], one["signature_good"], one["followed"]) == ("deny", True, [])
    assert run("show", refused.dial, "--language", "zh") == Exit.DONE
    assert "签名有效" in capsys.readouterr().out
    assert run("show", f"{allowed.dial}x") == Exit.FAILED


def changed_in_the_database(folder: Path, dial: str, before: str, after: str) -> None:
    with sqlite3.connect(folder / "data" / FILE) as database:
        changed = database.execute(
            "update facts set body = replace(body, ?, ?) where kind = 'DialDecided' and instr(body, ?)", (before, after, dial)
        )
        assert changed.rowcount == 1
    database.close()


def test_who_changes_a_decision_in_the_database_is_found_out(folder: Path, capsys: Said) -> None:
    allowed, refused = asyncio.run(one_day(folder))
    assert run("verify") == Exit.DONE
    assert capsys.readouterr().out.startswith("2 decisions: 2 good, 0 bad, 0 signed by a key")

    changed_in_the_database(folder, refused.dial, '"verdict":"deny"', '"verdict":"defer"')
    assert run("verify", "--since", "2026-11-26") == Exit.FAILED
    said = capsys.readouterr()
    assert said.out.startswith("2 decisions: 1 good, 1 bad")
    assert f"{refused.dial} is not what the gate wrote down" in said.err
    assert run("show", refused.dial) == Exit.DONE
    assert "Signature: BAD" in capsys.readouterr().out
    assert run("verify", "--since", "2026-11-27") == Exit.DONE, "none of that day"
    assert capsys.readouterr().out.startswith("0 decisions")
    assert run("verify", "--campaign", "renewals") == Exit.DONE, "none of that campaign"
    assert allowed.campaign == "sales"


def test_a_signature_of_another_key_is_neither(folder: Path, capsys: Said) -> None:
    asyncio.run(foreign_day(folder))
    assert run("verify", "--json") == Exit.DONE
    tally = json.loads(capsys.readouterr().out)
    assert (tally["decisions"], tally["unknown"], tally["unknown_keys"]) == (2, 2, {"gate-other": 2})


async def foreign_day(folder: Path) -> None:
    await kept(folder, list(await made(folder, foreign=True)))


def test_more_than_a_page_in_one_second_are_all_verified(folder: Path, capsys: Said) -> None:
    """And one among them that was changed."""
    count = PAGE * 2 + 7

    async def many() -> str:
        allowed, _ = await made(folder)
        key = Keys(folder / "data" / "keys", make=False).signing()
        short = msgspec.structs.replace(allowed.decision, findings=allowed.decision.findings[:1])
        told: Iterable[Fact] = [
            renamed(allowed, f"{NOW + at:x}-n", key, at=NOW + at, seq=at + 1, decision=short, entries=()) for at in range(count)
        ]
        await kept(folder, list(told))
        return f"{NOW + PAGE:x}-n"

    changed_in_the_database(folder, asyncio.run(many()), '"agent":"1008"', '"agent":"1009"')
    assert run("verify") == Exit.FAILED
    said = capsys.readouterr().out
    assert said.startswith(f"{count:,} decisions: {count - 1:,} good, 1 bad")
