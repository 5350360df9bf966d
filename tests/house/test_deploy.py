"""deploy/: the unit, the proxies and the container files are what their own programs take, and a wall works through nginx with TLS."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from websockets.asyncio.client import connect
from websockets.typing import Origin

from agi.phone.dialogues import DIALOGUES
from andon.deployed import names
from realtime.plan.dialling import DialRules
from tests.house.sources import ROOT
from tests.line.floor import READY_S, Andon, free_port, live
from tests.line.simulated import SECRET, USERNAME, simulated

DEPLOY = ROOT / "deploy"


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(f"{name} is missing; tools/prepare-tests.sh installs it")
    if found is None:
        pytest.skip(f"{name} is not on this machine; tools/prepare-tests.sh installs it")
    return found


def unit_in(folder: Path, *dropped: str) -> Path:
    unit = folder / "andon.service"
    unit.write_text((DEPLOY / "systemd/andon.service").read_text().replace("/opt/andon/bin/andon", "/bin/true"))
    for name in dropped:
        (folder / "andon.service.d").mkdir(exist_ok=True)
        shutil.copy(DEPLOY / "systemd" / name, folder / "andon.service.d")
    return unit


def judged(unit: Path) -> str:
    """What systemd says of its safety, once it has taken it without a word."""
    analyze = program("systemd-analyze")
    said = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, timeout=30, check=False)
    assert (said.returncode, said.stderr) == (0, "")
    told = subprocess.run([analyze, "security", "--offline=true", str(unit)], capture_output=True, text=True, timeout=30, check=False)
    exposure = re.search(r"exposure level for andon.service: ([\d.]+)", told.stdout)
    assert exposure is not None, told.stderr
    assert float(exposure[1]) < 3.0
    return told.stdout


def test_systemd_takes_the_unit_and_calls_it_safe(tmp_path: Path) -> None:
    assert re.search(r"✓ PrivateDevices=", judged(unit_in(tmp_path)))


def test_whoever_burns_gives_the_service_its_drive_and_no_other_device(tmp_path: Path) -> None:
    said = judged(unit_in(tmp_path, "burner.conf"))
    assert re.search(r"✗ PrivateDevices=", said), "a drive is not in a /dev of one's own"
    allowed = re.search(r"DeviceAllow=.*special devices: (.*)", said)
    assert allowed is not None
    assert set(re.findall(r"\S+:\w+", allowed[1])) == {"char-rtc:r", "/dev/sr0:rw"}, "the first is what ProtectClock lets read"
    assert re.search(r"✓ CapabilityBoundingSet=~CAP_SYS_RAWIO", said)
    assert "DevicePolicy=closed" in (DEPLOY / "systemd/burner.conf").read_text().splitlines()


def test_the_container_is_nobody_and_keeps_its_data_outside() -> None:
    compose = yaml.safe_load((DEPLOY / "compose/compose.yaml").read_text())
    andon = compose["services"]["andon"]
    folder = (DEPLOY / "compose" / andon["build"]["context"]).resolve()
    image = (folder / andon["build"]["dockerfile"]).read_text()
    assert folder == ROOT
    assert "ports" not in andon, "only the proxy is reached from outside"
    assert (andon["read_only"], andon["cap_drop"]) == (True, ["ALL"])
    assert image.rpartition("USER ")[2].startswith("10001")
    assert "HEALTHCHECK" in image
    copied = [words.split()[1] for words in re.findall(r"^COPY (?!--)(.+)$", image, re.MULTILINE)]
    assert all((folder / name.split()[0]).exists() for name in re.findall(r"^COPY (?!--)(\S+)", image, re.MULTILINE)), copied
    mounted = [volume.partition(":")[0] for volume in compose["services"]["caddy"]["volumes"]]
    assert (DEPLOY / "compose" / mounted[0]).resolve() == DEPLOY / "caddy/Caddyfile"


def test_caddy_takes_its_file() -> None:
    command = [program("caddy"), "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "caddy/Caddyfile")]
    said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert said.returncode == 0, said.stderr


def test_every_file_is_listed() -> None:
    assert {
        "asterisk/manager.conf",
        "nginx/andon.conf",
        "systemd/andon.service",
        "systemd/burner.conf",
        "asterisk/extensions_andon.conf",
    } <= set(names())


def test_every_code_of_the_dialplan_is_one_that_the_gate_and_the_page_know() -> None:
    dialplan = (DEPLOY / "asterisk/extensions_andon.conf").read_text()
    codes = dict(re.findall(r"^exten => (\*\d+),1,Gosub\(andon-ask,s,1\((\w+),", dialplan, re.MULTILINE))
    assert sorted(codes.values()) == sorted(DIALOGUES)
    page = (ROOT / "docs/phone.md").read_text()
    assert set(re.findall(r"^\| `(\*\d+)`", page, re.MULTILINE)) == set(codes)


def test_the_trunk_is_dialled_behind_the_gate_and_by_emergency_calls_alone() -> None:
    dialplan = (DEPLOY / "asterisk/extensions_andon.conf").read_text()
    contexts = dict(re.findall(r"^\[([\w-]+)\]\n(.*?)(?=^\[|\Z)", dialplan, re.MULTILINE | re.DOTALL))
    assert {name for name, text in contexts.items() if "Dial(" in text} == {"andon-trunk", "andon-emergency"}
    lines = [line for line in contexts["andon-trunk"].splitlines() if not line.startswith(";")]
    asks, checks = (
        next(at for at, line in enumerate(lines) if word in line) for word in ("Gosub(andon-gate", "allow:${UNIQUEID}:${EXTEN}")
    )
    dials = next(at for at, line in enumerate(lines) if "Dial(" in line)
    assert asks < checks < dials
    emergency = set(re.findall(r"^exten => (\d+),1,Goto\(andon-emergency", contexts["andon-dial"], re.MULTILINE))
    assert emergency == set(DialRules().emergency), "those that a plan knows without being told"
    ours = re.findall(r"\$\{(ANDON_(?:GATE|NODE|TRUNK)\w*)", "\n".join(line for line in dialplan.splitlines() if not line.startswith(";")))
    assert ours == [], "a variable of the channel goes before a global, and may name another gate"
    patterns = re.findall(r"^exten => ([^,]+),", contexts["andon-emergency"], re.MULTILINE)
    assert patterns == ["_XXX"], "an originate into this context must reach nobody's own number"


def test_every_variable_of_a_dial_is_on_its_page() -> None:
    dialplan = (DEPLOY / "asterisk/extensions_andon.conf").read_text()
    page = (ROOT / "docs/outbound.md").read_text()
    inner = {"ANDON_DECISION", "ANDON_SAYS", "ANDON_ASKS", "ANDON_LEFT", "ANDON_RING", "ANDON_DIAL"}
    named = {name.rstrip("_") for name in re.findall(r"ANDON_[A-Z_0-9]+", dialplan)} - inner
    assert sorted(name for name in named if name not in page) == []


async def test_a_wall_works_through_nginx_with_tls(tmp_path: Path) -> None:
    nginx, openssl, board, port = program("nginx"), program("openssl"), free_port(), free_port()
    certificate(openssl, tmp_path)
    proxied(tmp_path, board, port)
    with running([nginx, "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path), "-g", "daemon off;"]):
        async with simulated("hall7") as pbx:
            text = (
                f'[[pbx]]\nnode = "hall7"\nami = "127.0.0.1:{pbx.port}"\nusername = "{USERNAME}"\nsecret = "{SECRET}"\n'
                f'[board]\nlisten = "127.0.0.1:{board}"\nhosts = ["wall.example.com"]\ntrusted_proxies = ["127.0.0.1"]\n'
            )
            async with Andon.started(tmp_path, text, board) as andon:
                await andon.until(lambda floor: live(floor, "hall7"), READY_S)
                await look_at_the_wall(tmp_path, port, andon.secret())


@contextmanager
def running(command: list[str]) -> Iterator[None]:
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def certificate(openssl: str, folder: Path) -> None:
    name = ["-subj", "/CN=wall.example.com", "-addext", "subjectAltName=DNS:wall.example.com"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *name, *files], check=True, capture_output=True, timeout=30
    )


def proxied(folder: Path, board: int, port: int) -> None:
    """The shipped file with this test's ports and certificate; nothing else of it is changed."""
    shipped = (DEPLOY / "nginx/andon.conf").read_text()
    shipped = shipped.replace("/etc/ssl/andon/", f"{folder}/").replace("127.0.0.1:8800", f"127.0.0.1:{board}")
    shipped = shipped.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl").replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    head = f"user root;pid {folder}/nginx.pid;error_log stderr;" if os.geteuid() == 0 else f"pid {folder}/nginx.pid;error_log stderr;"
    (folder / "nginx.conf").write_text(f"{head}events {{}}http {{access_log off;{paths}\n{shipped}\n}}")


async def look_at_the_wall(folder: Path, port: int, token: str) -> None:
    trust = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust, server_hostname="wall.example.com")
    writer.write(b"GET /wall HTTP/1.1\r\nHost: wall.example.com\r\nConnection: close\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    head = answer.partition(b"\r\n\r\n")[0].decode().lower()
    assert " 200 " in head.splitlines()[0], head
    assert "strict-transport-security" in head
    headers = {"Authorization": f"Bearer {token}"}
    live_url = "wss://wall.example.com/api/live?view=wall"
    async with connect(
        live_url, host="127.0.0.1", port=port, ssl=trust, origin=Origin("https://wall.example.com"), additional_headers=headers, proxy=None
    ) as socket:
        first = json.loads(await asyncio.wait_for(socket.recv(), 10))
        assert first["type"] == "snapshot", first
        await asyncio.wait_for(socket.recv(), 5)
