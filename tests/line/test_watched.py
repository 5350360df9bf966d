"""Everything that watches a floor, held against one `andon up` with a simulated PBX and a real broker: metrics, alerts, logs, MQTT.

Documented is what is exposed, and what dashboard and alerts name is there; a broker has the same floor as the API; the logs of it all
hold no caller and no secret.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiomqtt
import pytest
import pytest_asyncio

from agi.simulator.server import Server
from tests.house.sources import ROOT
from tests.house.test_watching import of_dashboard, rules
from tests.line.floor import READY_S, Andon, free_port, live
from tests.line.simulated import SECRET, USERNAME, simulated
from tests.wallboard.house import until
from tests.wallboard.mqtt.mosquitto import PROGRAM, Mosquitto, subscribed

pytestmark = pytest.mark.asyncio(loop_scope="module")

NODE = "hall7"
BROKER_PASSWORD = "broker-hunter2"
SETTINGS = """\
[floor]
name = "watched"
[[pbx]]
node = "{node}"
ami = "127.0.0.1:{ami}"
username = "{username}"
secret = "{secret}"
queue_log = "queue_log"
spool = "spool"
[board]
listen = "127.0.0.1:{board}"
[data]
dir = "data"
[mqtt]
url = "mqtt://andon:{password}@127.0.0.1:{broker}"
stop = true
"""
METRIC = re.compile(r"\bandon_[a-z0-9_]+")
DOCUMENTED = re.compile(r"^\| `(andon_[a-z0-9_]+)` \|", re.MULTILINE)


@dataclass
class Stack:
    pbx: Server
    andon: Andon
    broker: Mosquitto
    callers: set[str]

    async def metrics(self) -> str:
        answer = await self.andon.get("/metrics")
        assert answer is not None
        assert answer.status_code == 200
        return answer.text

    async def until_all_speak(self) -> str:
        """Each process has left its vitals at least once."""
        end = time.monotonic() + READY_S
        while True:
            text = await self.metrics()
            roles = set(re.findall(r'^andon_vitals_age_seconds\{node="\w*",role="(\w+)"\}', text, re.MULTILINE))
            if roles >= {"adapter", "archivist", "engine", "mqtt"} and "andon_mqtt_online{" in text and "andon_log_batches" in text:
                return text
            assert time.monotonic() < end, (roles, self.andon.log()[-2000:])
            await asyncio.sleep(0.2)


@asynccontextmanager
async def queue_log(pbx: Server, file: Path) -> AsyncIterator[set[str]]:
    """As Asterisk writes it; and the numbers that callers called from, as they come."""
    callers: set[str] = set()

    async def write() -> None:
        while True:
            lines = list(pbx.pbx.queue_log)
            pbx.pbx.queue_log.clear()
            callers.update(fields[6] for line in lines if len(fields := line.split("|")) > 6 and fields[4] == "ENTERQUEUE")
            with file.open("a") as log:
                log.writelines(f"{line}\n" for line in lines)
            await asyncio.sleep(0.2)

    task = asyncio.create_task(write())
    try:
        yield callers
    finally:
        task.cancel()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    if PROGRAM is None:
        pytest.skip("no mosquitto here: it is the broker")
    folder, board = tmp_path_factory.mktemp("watched"), free_port()
    (folder / "spool").mkdir()
    broker = Mosquitto(tmp_path_factory.mktemp("broker"), ("andon", BROKER_PASSWORD))
    broker.start()
    try:
        async with simulated(NODE) as pbx, queue_log(pbx, folder / "queue_log") as callers:
            where = {"node": NODE, "ami": pbx.port, "username": USERNAME, "secret": SECRET, "board": board}
            settings = SETTINGS.format(**where, password=BROKER_PASSWORD, broker=broker.port)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("ANDON_LOG", "json")
                patch.setenv("ANDON_LOG_LEVEL", "debug")
                async with Andon.started(folder, settings, board) as andon:
                    await andon.until(lambda floor: live(floor, NODE), READY_S)
                    yield Stack(pbx, andon, broker, callers)
    finally:
        broker.kill()


# ------------------------------------------------------------------ metrics, dashboard, alerts


def exposed(text: str) -> set[str]:
    return {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE andon_")}


def samples(text: str) -> set[str]:
    """Names as an expression may use them, also of families that have no sample yet."""
    kinds = dict(line.split()[2:4] for line in text.splitlines() if line.startswith("# TYPE andon_"))
    parts = ("_bucket", "_sum", "_count")
    return kinds.keys() | {name + part for name, kind in kinds.items() if kind == "histogram" for part in parts}


async def test_what_is_documented_is_exposed_and_what_is_exposed_documented(stack: Stack) -> None:
    names = exposed(await stack.until_all_speak())
    documented = set(DOCUMENTED.findall((ROOT / "docs/metrics.md").read_text()))
    assert (sorted(names - documented), sorted(documented - names)) == ([], [])


async def test_what_dashboard_and_alerts_name_is_there(stack: Stack) -> None:
    known = samples(await stack.until_all_speak())
    expressions = [*of_dashboard(), *(rule["expr"] for rule in rules())]
    assert len(expressions) > 60
    assert sorted({name for each in expressions for name in METRIC.findall(each)} - known) == []


async def test_series_are_few_and_name_nobody(stack: Stack) -> None:
    text = await stack.until_all_speak()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    queues = len(stack.pbx.pbx.truth().queues)
    assert len(lines) < 800 + 9 * queues
    labels = {label for line in lines for label in re.findall(r'[{,]([a-z_]+)="', line)}
    known = {"role", "node", "queue", "state", "outcome", "view", "code", "cause", "kind", "level", "le", "status"}
    assert labels <= known


# ------------------------------------------------------------------ the broker


async def test_a_broker_has_the_floor_of_the_api(stack: Stack) -> None:
    async with subscribed(stack.broker, "andon/watched/#", username="andon", password=BROKER_PASSWORD) as late:
        await late.until(lambda retained: retained.get("andon/watched/online") is True)
        floor = await stack.andon.floor()
        agents = {f"andon/watched/agent/{agent['id']}" for agent in floor["agents"]}
        queues = {f"andon/watched/queue/{queue['name']}" for queue in floor["queues"]}
        whole = {"andon/watched/online", "andon/watched/state", "andon/watched/breaks"}
        retained = await late.until(lambda retained: retained.keys() == agents | queues | whole)
        assert all(retained[topic]["live"] for topic in agents | queues)

        async def agrees() -> bool:
            await asyncio.sleep(0.2)  # the board answers so many requests a second
            shown = {queue["name"]: queue for queue in (await stack.andon.floor())["queues"]}
            told = {name: late.retained[f"andon/watched/queue/{name}"] for name in shown}
            return all(told[name][key] == shown[name][key] for name in shown for key in ("offered", "answered", "abandoned"))

        await until(agrees, READY_S)  # a body is up to a second old, so at a busy moment they differ


async def test_the_last_will_of_a_killed_process_and_its_return(stack: Stack) -> None:
    async with subscribed(stack.broker, "andon/watched/online", username="andon", password=BROKER_PASSWORD) as lamp:
        await lamp.until(lambda retained: retained.get("andon/watched/online") is True, READY_S)
        lamp.heard.clear()
        await stack.andon.kill("mqtt")
        await lamp.until(lambda _: len(lamp.heard) >= 2, READY_S)
        assert [said for _, _, said in lamp.heard[:2]] == [False, True]


async def test_one_message_stops_all_dialling(stack: Stack) -> None:
    """From a broker's client to the engine's answer, through the processes that run."""
    who = {"username": "andon", "password": BROKER_PASSWORD}
    async with subscribed(stack.broker, "andon/watched/online", **who) as lamp:
        await lamp.until(lambda retained: retained.get("andon/watched/online") is True, READY_S)
        async with aiomqtt.Client("127.0.0.1", stack.broker.port, **who) as button:
            await button.publish("andon/watched/stop", b"button at desk 3", qos=1)
            await until_said(stack, "MQTT asked to stop all dialling: allow")

    async def counted() -> bool:
        await asyncio.sleep(0.3)  # the board answers so many requests a second
        return re.search(r"^andon_mqtt_stops_done_total\{.*\} 1", await stack.metrics(), re.MULTILINE) is not None

    await until(counted, READY_S)


# ------------------------------------------------------------------ logs


async def test_no_caller_and_no_secret_is_in_the_logs(stack: Stack) -> None:
    """At the debug level, and after a fault of each process."""
    await stack.andon.kill("adapter")
    await stack.andon.kill("engine")
    before = len(stack.callers)
    await stack.andon.until(lambda floor: live(floor, NODE) and len(stack.callers) > before, READY_S)
    stack.broker.kill()
    text = await until_said(stack, "MQTT broker")
    stack.broker.start()
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert len(lines) >= 3
    assert [line for line in lines if not {"event", "role", "level", "timestamp"} <= line.keys()] == []
    assert {line["node"] for line in lines if line["role"] == "adapter"} <= {NODE}
    assert not [line for line in text.splitlines() if not line.startswith("{") and "The wall is at" not in line]
    assert len(stack.callers) > 10
    assert [number for number in stack.callers if number in text] == []
    assert re.findall(r"(?<![\d.-])1[3589]\d{9}(?![\d.-])|Cust\d+", text) == []
    secrets = [SECRET, BROKER_PASSWORD, stack.andon.secret()]
    assert [secret for secret in secrets if secret in text] == []


async def until_said(stack: Stack, words: str) -> str:
    end = time.monotonic() + READY_S
    while words not in (text := stack.andon.log()):
        assert time.monotonic() < end, text[-2000:]
        await asyncio.sleep(0.1)
    return text


async def test_metrics_are_there_while_the_log_is_not(stack: Stack) -> None:
    """The others are then seen as they were, growing older, and the board says that it cannot hear them."""
    await stack.until_all_speak()
    pid = stack.andon.child("valkey-server")
    os.kill(pid, signal.SIGSTOP)
    try:
        text = ""

        async def deaf() -> bool:
            nonlocal text
            await asyncio.sleep(0.3)  # the board answers so many requests a second
            text = await stack.metrics()
            return "andon_vitals_readable 0.0" in text

        await until(deaf, READY_S)
        assert 'andon_vitals_age_seconds{node="hall7",role="adapter"}' in text
        assert "andon_log_batches" not in text
    finally:
        os.kill(pid, signal.SIGCONT)
    await stack.until_all_speak()
