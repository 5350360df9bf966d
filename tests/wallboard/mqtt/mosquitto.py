"""A real mosquitto in a folder of its own, which may be killed and forgets everything; and a subscriber that comes from outside."""

from __future__ import annotations

import asyncio
import datetime
import json
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import aiomqtt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PROGRAM = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
DEADLINE_S = 20.0


class Mosquitto:
    """`user`: name and password; without, everybody may do everything. `tls`: with a certificate that `folder/ca.pem` signed."""

    def __init__(self, folder: Path, user: tuple[str, str] | None = None, tls: bool = False) -> None:
        self.folder = folder
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        conf = ["persistence false", f"listener {self.port} 127.0.0.1", "user root", f"allow_anonymous {str(user is None).lower()}"]
        if user is not None:
            subprocess.run(["mosquitto_passwd", "-b", "-c", str(folder / "users"), *user], check=True, capture_output=True)
            conf.append(f"password_file {folder / 'users'}")
        if tls:
            _certificate(folder)
            conf += [f"certfile {folder / 'ca.pem'}", f"keyfile {folder / 'key.pem'}"]
        (folder / "mosquitto.conf").write_text("\n".join(conf) + "\n")

    def start(self) -> None:
        assert PROGRAM is not None, "install mosquitto: make test does"
        with (self.folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen([PROGRAM, "-c", str(self.folder / "mosquitto.conf")], stdout=log, stderr=log)
        end = time.monotonic() + DEADLINE_S
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "mosquitto.log").read_text()
            assert time.monotonic() < end, "mosquitto does not answer"
            time.sleep(0.02)

    def kill(self) -> None:
        """It keeps nothing on disk, so a new one knows nothing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Subscriber:
    """What somebody who subscribes to `andon/#` has been told: retained first, then whatever comes."""

    def __init__(self) -> None:
        self.retained: dict[str, Any] = {}
        self.heard: list[tuple[float, str, Any]] = []

    def take(self, message: aiomqtt.Message) -> None:
        topic, payload = message.topic.value, bytes(message.payload)  # type: ignore[arg-type]
        said = json.loads(payload) if payload else None
        self.heard.append((time.monotonic(), topic, said))
        if payload:
            self.retained[topic] = said
        else:
            self.retained.pop(topic, None)

    async def until(self, holds: Callable[[dict[str, Any]], bool], seconds: float = DEADLINE_S) -> dict[str, Any]:
        """A deadline, not a sleep."""
        end = time.monotonic() + seconds
        while not holds(self.retained):
            assert time.monotonic() < end, f"it did not come to it: {json.dumps(self.retained, ensure_ascii=False)[:3000]}"
            await asyncio.sleep(0.02)
        return self.retained


@asynccontextmanager
async def subscribed(broker: Mosquitto, topics: str = "andon/#", **more: Any) -> AsyncIterator[Subscriber]:
    """Comes back by itself when the broker does."""
    subscriber = Subscriber()

    async def listen() -> None:
        while True:
            try:
                async with aiomqtt.Client("127.0.0.1", broker.port, **more) as client:
                    await client.subscribe(topics, qos=1)
                    async for message in client.messages:
                        subscriber.take(message)
            except aiomqtt.MqttError:
                await asyncio.sleep(0.05)

    task = asyncio.create_task(listen())
    try:
        yield subscriber
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _certificate(folder: Path) -> None:
    """Its own authority, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*private))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
