"""The doctor's judgements, from what was seen to the sentence; what real PBXs give is tests/line/test_newcomer.py's to say."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path

import msgspec
import pytest

from agi.fastagi.server import FastAgiServer
from agi.translate import VARIABLES, WANTED
from agi.watched import GateCounts
from andon.doctor import look_archive, look_machine
from andon.doctor.filters import missing
from andon.doctor.judge_log import judge_log
from andon.doctor.judge_pbx import CHECKS, judge
from andon.doctor.pbx_seen import ENABLED, AccountSeen, Line, Member, PbxSeen
from andon.doctor.releases import knows_new_filters, version_of
from andon.doctor.run import examine, lines
from andon.doctor.verdict import Finding, Level, Verdict
from andon.init import guessed_zone, settings_text
from andon.load import load
from andon.settings import AgiTable, BoardTable, DataTable, FloorTable, PbxTable, Secret, Settings
from realtime.words import SECOND
from tests.house.test_manager_conf import TEXT
from tests.line.floor import free_port

TABLE = PbxTable(node="hall7", username="andon", secret=Secret("x"))
CODES = {"andon-agent": True}
ASKS = frozenset({"Setvar", "CoreShowChannels", "QueueStatus", "DeviceStateList", "ParkedCalls", "Ping"})


def healthy() -> PbxSeen:
    return PbxSeen(
        account=AccountSeen("andon", actions=ASKS),
        second=AccountSeen("andon"),
        core={"AsteriskVersion": "22.10.1", "SystemName": "hall7"},
        skew=2_000,
        trip=1_000,
        booted=True,
        fence="came",
        fence_headers={"Timestamp": "1.0"},
        config={
            ENABLED: "yes",
            ("manager.conf", "USER", "read"): "system,call,agent,dialplan",
            ("manager.conf", "USER", "writetimeout"): "2000",
            ("queues.conf", "general", "autofill"): "yes",
        },
        fence_filters=["QUEUESTATUS", "MIXMONITOR_FILENAME", "ANDON_FENCE"],
        queues=["sales"],
        members=[Member("sales", "Wang", "PJSIP/1001", "PJSIP/1001")],
        contexts={"andon-dial": False},
    )


def test_a_healthy_pbx_has_nothing_to_mend() -> None:
    assert [verdict for verdict in judge(TABLE, healthy()) if verdict.level is not Level.OK] == []


def set_to(**values: object) -> Callable[[PbxSeen], None]:
    def change(seen: PbxSeen) -> None:
        for name, value in values.items():
            setattr(seen, name, value)

    return change


DIALS = {"andon-dial": True, "andon-trunk": True}
GLOBALS = {"ANDON_GATE": "127.0.0.1:4573", "ANDON_TRUNK_TECH": "PJSIP", "ANDON_TRUNK": "carrier"}
OWN = Line("andon-trunk", "Dial", "${ANDON_TRUNK_TECH}/${ANDON_DIAL}@${ANDON_TRUNK},60")
DESK = Line("from-phone", "Dial", "PJSIP/${EXTEN}@carrier-of-phones,20")
PAST = Line("from-phone", "Dial", "PJSIP/${EXTEN}@carrier,25,tT")
PAST_SIP = Line("old-out", "Dial", "PJSIP/carrier/${EXTEN}")
CASES: dict[str, tuple[Callable[[PbxSeen], None], str, Level, str]] = {
    "a clock ahead": (set_to(skew=7 * SECOND), "clock", Level.WARN, "7.0 s ahead of"),
    "a clock behind": (set_to(skew=-3 * SECOND), "clock", Level.WARN, "3.0 s behind"),
    "no clock": (set_to(skew=None), "clock", Level.UNKNOWN, "did not say its time"),
    "a skew that the network explains": (set_to(skew=SECOND + 1, trip=SECOND), "clock", Level.OK, "agree"),
    "no stamp": (set_to(fence_headers={}), "timestampevents", Level.WARN, "when they happened"),
    "no name": (set_to(core={"AsteriskVersion": "22.1.0", "SystemName": ""}), "systemname", Level.WARN, "has no name"),
    "another name": (set_to(core={"AsteriskVersion": "22.1.0", "SystemName": "x"}), "systemname", Level.BAD, "andon.toml calls it hall7"),
    "an old release": (set_to(core={"AsteriskVersion": "13.38.3", "SystemName": "hall7"}), "version", Level.BAD, "16 and newer"),
    "a new release": (set_to(core={"AsteriskVersion": "24.0.0", "SystemName": "hall7"}), "version", Level.WARN, "newer than those"),
    "only one log-in": (set_to(second=AccountSeen("andon", "in use", "LoginRefused")), "allowmultiplelogin", Level.WARN, "only once"),
    "the fence is lost": (set_to(fence="lost"), "fence", Level.BAD, "does not arrive"),
    "strays": (set_to(events={"Newexten": 4}), "filters", Level.WARN, "Newexten arrived"),
    "a joined caller unheard": (set_to(joined=["1.1"]), "seen", Level.BAD, "QueueCallerJoin"),
    "no modules": (set_to(account=AccountSeen("andon", actions=ASKS - {"DeviceStateList"})), "modules", Level.WARN, "busy or unplugged"),
    "no queues": (set_to(queues=[], members=[]), "queues", Level.WARN, "no queues"),
    "blind members": (set_to(members=[Member("s", "W", "Local/1@a/n", "Local/1@a/n")]), "members", Level.WARN, "idle always"),
    "campaigns without a gate": (set_to(campaigns=2), "dialplan", Level.WARN, "what they forbid"),
    "the gate is on": (set_to(contexts=DIALS, globals=GLOBALS), "dialplan", Level.OK, "127.0.0.1:4573"),
    "the gate of a version before": (set_to(contexts=DIALS | {"andon-trunk": False}, globals=GLOBALS), "dialplan", Level.BAD, "older"),
    "a gate without a trunk": (set_to(contexts=DIALS, globals=GLOBALS | {"ANDON_TRUNK": ""}), "dialplan", Level.BAD, "ANDON_TRUNK not"),
    "the gate of another PBX": (set_to(contexts=DIALS, globals=GLOBALS, named="hall8"), "dialplan", Level.BAD, "andon.toml hall7"),
    "nothing around the gate": (set_to(contexts=DIALS, globals=GLOBALS, dials=[OWN, DESK]), "trunk", Level.OK, "2 lines"),
    "a way around": (set_to(contexts=DIALS, globals=GLOBALS, dials=[OWN, DESK, PAST]), "trunk", Level.WARN, "from-phone dial the trunk"),
    "a way around by the name": (set_to(contexts=DIALS, globals=GLOBALS, dials=[PAST_SIP]), "trunk", Level.WARN, "old-out"),
    "who may originate": (set_to(contexts=DIALS, writers={"admin": "all", "cron": "agent"}), "originators", Level.WARN, "admin may"),
    "nobody may originate": (set_to(contexts=DIALS, writers={"cron": "agent"}), "originators", Level.OK, "None of"),
    "who may originate, unseen": (set_to(contexts=DIALS, config={}), "originators", Level.UNKNOWN, "which ones"),
    "no codes": (set_to(contexts={"andon-agent": False}), "codes", Level.OK, "no codes"),
    "codes": (set_to(contexts=CODES, gate="127.0.0.1:4573", named="hall7"), "codes", Level.OK, "127.0.0.1:4573"),
    "codes of the only PBX": (set_to(contexts=CODES, gate="127.0.0.1:4573"), "codes", Level.OK, "127.0.0.1:4573"),
    "codes that lead nowhere": (set_to(contexts=CODES, gate=""), "codes", Level.BAD, "ANDON_GATE"),
    "codes of another PBX": (set_to(contexts=CODES, gate="127.0.0.1:4573", named="hall8"), "codes", Level.BAD, "andon.toml hall7"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_trouble_has_its_sentence(case: str) -> None:
    change, check, level, words = CASES[case]
    seen = healthy()
    change(seen)
    (verdict,) = (each for each in judge(TABLE, seen) if each.check == check)
    assert verdict.level is level, verdict
    assert words in verdict.text


ACTING = ASKS | {"QueuePause", "Originate"}
CONTROL = msgspec.structs.replace(TABLE, control_username="andon-control", control_secret=Secret("y"))
WHO_ACTS: dict[str, tuple[PbxTable, bool, frozenset[str], frozenset[str], Level, str]] = {
    "nobody, and nothing orders": (TABLE, False, ASKS, ASKS, Level.OK, "only shows"),
    "the reader, who may not": (TABLE, True, ASKS, ASKS, Level.BAD, "goes by andon, which lacks agent, originate: nothing is done"),
    "the reader, who may": (TABLE, True, ACTING, ASKS, Level.WARN, "holds up events"),
    "the reader, of whom nobody knows": (TABLE, True, frozenset(), ASKS, Level.UNKNOWN, "did not list"),
    "its own account": (CONTROL, True, ASKS, ACTING, Level.OK, "may act"),
    "one that lacks what the reader has": (
        CONTROL,
        True,
        ACTING,
        ASKS,
        Level.BAD,
        "andon has agent, originate, but orders go by andon-control",
    ),
    "one that lacks what nobody has": (CONTROL, True, ASKS, ASKS, Level.BAD, "cannot act. Its section"),
}


@pytest.mark.parametrize("case", WHO_ACTS)
def test_who_carries_out_what_a_plan_orders(case: str) -> None:
    table, ruled, reader, control, level, words = WHO_ACTS[case]
    seen = healthy()
    seen.ruled, seen.account = ruled, AccountSeen("andon", actions=reader)
    seen.control = AccountSeen("andon-control", actions=control)
    (verdict,) = (each for each in judge(table, seen) if each.check == "control")
    assert verdict.level is level, verdict
    assert words in verdict.text


@pytest.mark.parametrize(
    ("files", "orders"),
    [({}, False), ({"people.toml": '[[person]]\nid = "1001"\n'}, False), ({"breaks.toml": "[kind.comfort]\n[kind.short]\n"}, True)],
)
async def test_whether_the_plan_orders_something_is_looked_up(
    tmp_path: Path, files: dict[str, str], orders: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr("andon.doctor.look_pbx.look", seen_healthy)
    settings = Settings(floor=FloorTable(plan=str(tmp_path)), pbx=(TABLE,), data=DataTable(dir=str(tmp_path)), agi=AgiTable(listen=""))
    (told,) = (each.verdict for each in await examine(settings) if each.about == "PBX hall7" and each.verdict.check == "control")
    assert (told.level is Level.BAD) is orders, told


async def seen_healthy(_table: PbxTable, _watch_s: float) -> PbxSeen:
    return healthy()


def test_one_cause_has_one_complaint() -> None:
    seen = PbxSeen(account=AccountSeen("andon", "No connection to 127.0.0.1:5038 (refused).", "Unreachable"))
    assert [verdict.level for verdict in judge(TABLE, seen)] == [Level.BAD]


def test_every_check_has_its_name_once() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_the_shipped_old_filters_hold_nothing_back_and_a_narrow_one_does() -> None:
    shipped = [line.removeprefix(";eventfilter=") for line in TEXT.splitlines() if line.startswith(";eventfilter=")]
    assert missing(shipped, WANTED, VARIABLES) == set()
    assert missing(shipped[1:], WANTED, VARIABLES) == {"FullyBooted", "Shutdown", "Reload"}
    assert missing(["!Event: Hangup"], WANTED, VARIABLES) == {"Hangup", "HangupRequest"}
    assert missing(["("], WANTED, VARIABLES) is None


@pytest.mark.parametrize(
    ("said", "new"),
    [
        ("22.10.1", True),
        ("22.0.0", False),
        ("16.28.0~dfsg-0+deb11u4", False),
        ("18.26.1", True),
        ("certified/20.7-cert3", False),
        ("23.1.0", True),
    ],
)
def test_which_filters_a_release_takes(said: str, new: bool) -> None:
    assert knows_new_filters(version_of(said)) is new


@pytest.mark.parametrize(
    ("info", "level", "words"),
    [
        ({"redis_version": "5.0.14"}, Level.BAD, "too old"),
        ({"redis_version": "7.2.4", "role": "slave"}, Level.BAD, "replica"),
        ({"redis_version": "7.2.4", "maxmemory": "100", "maxmemory_policy": "allkeys-lru"}, Level.BAD, "throws away"),
        ({"redis_version": "7.2.4"}, Level.WARN, "memory only"),
        ({"redis_version": "7.2.4", "valkey_version": "8.1.0", "aof_enabled": "1"}, Level.OK, "Valkey 8.1.0"),
    ],
)
def test_what_a_log_server_says_of_itself(info: dict[str, str], level: Level, words: str) -> None:
    verdict = judge_log(info, 0.0, False)
    assert (verdict.level, words in verdict.text) == (level, True)


async def test_this_machine(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o755)
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = Settings(pbx=(TABLE,), board=BoardTable(listen=f"127.0.0.1:{port}"), data=DataTable(dir=str(tmp_path)))
    found = {verdict.check: verdict for verdict in await look_machine.look(settings)}
    server.close()
    assert found["port"].level is Level.BAD
    assert found["keys"].level is Level.BAD
    assert found["keys"].todo == (f"chmod -R go= {keys}",)
    assert found["log"].level is Level.OK
    free = Settings(pbx=(TABLE,), board=BoardTable(listen=f"0.0.0.0:{free_port()}"), data=DataTable(dir=str(tmp_path)))
    found = {verdict.check: verdict for verdict in await look_machine.look(free)}
    assert (found["port"].level, found["board"].level) == (Level.OK, Level.WARN)


def test_a_pbx_cannot_steer_the_terminal() -> None:
    hostile = Finding("PBX x", Verdict(Level.BAD, "log-in", "\x1b[2Jgone\r\n"))
    assert not any("\x1b" in line or "\r" in line for line in lines([hostile], coloured=False))


def test_what_init_writes_is_read_as_it_was_said(tmp_path: Path) -> None:
    (tmp_path / "x.secret").write_text("s3cret")
    (tmp_path / "x.secret").chmod(0o600)
    answers = {"floor": "hall 7", "timezone": "Asia/Shanghai", "ami": "127.0.0.1:5038", "username": 'an"don\\'}
    (tmp_path / "andon.toml").write_text(settings_text(answers, "hall7", "x.secret", ""))
    settings = load(tmp_path / "andon.toml", {}).settings
    assert settings is not None
    assert (settings.floor.name, settings.pbx[0].username, settings.pbx[0].secret.reveal()) == ("hall 7", 'an"don\\', "s3cret")


def test_the_zone_is_guessed(tmp_path: Path) -> None:
    zone = tmp_path / "timezone"
    zone.write_text("Asia/Shanghai\n")
    nowhere = tmp_path / "nothing"
    assert guessed_zone({"TZ": "Europe/Berlin"}, nowhere, zone) == "Europe/Berlin"
    assert guessed_zone({}, nowhere, zone) == "Asia/Shanghai"
    nowhere.symlink_to("/usr/share/zoneinfo/America/Lima")
    assert guessed_zone({}, nowhere, tmp_path / "none") == "America/Lima"
    assert guessed_zone({}, tmp_path / "none", tmp_path / "none") == "UTC"


def test_findings_are_json_for_programs() -> None:
    from andon.doctor.run import row

    assert json.loads(json.dumps(row(Finding("a", Verdict(Level.OK, "b", "c")))))["level"] == "ok"


@pytest.mark.parametrize(
    ("ami", "there", "level"), [("127.0.0.1:5038", True, "ok"), ("127.0.0.1:5038", False, "warn"), ("10.0.0.9:5038", False, "")]
)
def test_the_folder_of_recordings(tmp_path: Path, ami: str, there: bool, level: str) -> None:
    spool = tmp_path if there else tmp_path / "gone"
    settings = Settings(pbx=(PbxTable(node="hall7", ami=ami, spool=str(spool)),), data=DataTable(dir=str(tmp_path)))
    verdict = look_archive.spools(settings)
    assert (verdict.level.value if verdict else "") == level


async def gate_of(listen: str) -> Verdict | None:
    return await look_machine.gate_port(Settings(agi=AgiTable(listen=listen)))


async def test_a_gate_is_known_by_its_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look_machine, "PATIENCE_S", 0.5)
    server = FastAgiServer({}, [ip_network("127.0.0.1")], GateCounts())
    listening = await server.listen("127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    ours = await gate_of(f"127.0.0.1:{port}")
    assert ours is not None
    assert (ours.level, ours.text) == (Level.OK, f"A gate answers on 127.0.0.1:{port}.")
    listening.close()
    await server.end()
    free = await gate_of(f"127.0.0.1:{port}")
    assert free is not None
    assert "free" in free.text
    assert await gate_of("") is None


@pytest.mark.parametrize("greeting", [b"SSH-2.0-x\r\n", b""])
async def test_another_program_on_the_gates_port_is_told_of(greeting: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look_machine, "PATIENCE_S", 0.5)

    gone: list[asyncio.Event] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        gone.append(asyncio.Event())
        mine = gone[-1]
        writer.write(greeting)
        with suppress(ConnectionError):
            await reader.read()
        writer.close()
        mine.set()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        verdict = await gate_of(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
        for each in gone:
            await asyncio.wait_for(each.wait(), 5)
    assert verdict is not None
    assert verdict.level is Level.BAD


@pytest.mark.parametrize(
    ("said", "level", "words"), [(b'{"status":"alive"}', Level.OK, "Is it this one?"), (b"hello", Level.BAD, "Another program listens")]
)
async def test_a_board_that_answers_may_be_another_floors(said: bytes, level: Level, words: str) -> None:
    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.0 200 OK\r\n\r\n" + said)
        writer.close()

    async with await asyncio.start_server(answers, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        verdict = await look_machine.board_port(Settings(board=BoardTable(listen=f"127.0.0.1:{port}")))
    assert verdict.level is level
    assert words in verdict.text


def test_no_gate_for_outbound_calls_is_right_and_says_nothing_of_what_andon_may() -> None:
    (verdict,) = (each for each in judge(TABLE, healthy()) if each.check == "dialplan")
    assert verdict.level is Level.OK
    assert "only shows" not in verdict.text
