"""The client against real sockets: servers that lie, dribble, hang, vanish, or cannot prove who they are."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from agi.client import AFTER_REFUSAL, RECONNECT, STEADY_S, TICK_S, AmiClient, Endpoint, Surroundings
from agi.codec import Action, Message
from agi.errors import (
    AmiError,
    BannerMissing,
    Closed,
    Dismissed,
    LinkLost,
    LoginRefused,
    NotAmi,
    NotLinked,
    PongMissing,
    ProtocolViolation,
    TlsRefused,
    Unreachable,
)
from agi.exchange import Credentials, Outcome, Reply, Timing
from agi.session import MAX_PENDING, State

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
CREDENTIALS = Credentials("andon", "s3cret", "plain")
PATIENCE_S = 10.0
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Notes:
    """A handler that writes down what it is told, and lets a test wait for it."""

    def __init__(self) -> None:
        self.items: list[Message | Reply] = []
        self.links: list[str] = []
        self.pongs: list[int] = []
        self.errors: list[AmiError] = []
        self.changed = asyncio.Event()
        self.bug: Exception | None = None

    def linked(self, banner: str, now: int) -> None:
        self.links.append(banner)
        self.changed.set()

    def received(self, items: list[Message | Reply], now: int) -> None:
        if self.bug:
            raise self.bug
        self.items += items
        self.changed.set()

    def ponged(self, now: int) -> None:
        self.pongs.append(now)
        self.changed.set()

    def lost(self, error: AmiError, now: int) -> None:
        self.errors.append(error)
        self.changed.set()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def pbx(serve: Serve, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on a free port; what it is still doing at the end is cancelled."""
    tasks: set[asyncio.Task[None]] = set()

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(guarded, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def linked(port: int, notes: Notes, **options: object) -> AsyncIterator[AmiClient]:
    """A running client; closed and awaited at the end, within a deadline."""
    endpoint = options.pop("endpoint", Endpoint("127.0.0.1", port))
    usual: dict[str, object] = {"wanted": None, "timing": Timing(leave_s=0.05)}
    client = AmiClient(endpoint, CREDENTIALS, notes, **(usual | options))  # type: ignore[arg-type]
    task = asyncio.create_task(client.run())
    try:
        yield client
    finally:
        client.close()
        async with asyncio.timeout(PATIENCE_S):
            await task


async def read_action(reader: asyncio.StreamReader) -> dict[str, str]:
    text = (await reader.readuntil(b"\r\n\r\n")).decode("utf-8", "surrogateescape")
    return dict(line.partition(": ")[::2] for line in text.strip().split("\r\n"))


async def respond(writer: asyncio.StreamWriter, action: dict[str, str], *headers: str, response: str = "Success") -> None:
    lines = [f"Response: {response}", f"ActionID: {action['ActionID']}", *headers]
    writer.write("".join(line + "\r\n" for line in lines).encode() + b"\r\n")
    await writer.drain()


async def let_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(BANNER)
    await respond(writer, await read_action(reader))


async def friendly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers everything, with one event before each answer."""
    await let_in(reader, writer)
    while True:
        action = await read_action(reader)
        if action["Action"] == "Logoff":
            return await respond(writer, action, response="Goodbye")
        writer.write(f"Event: UserEvent\r\nPrivilege: user,all\r\nBefore: {action['Action']}\r\n\r\n".encode())
        await respond(writer, action, "Ping: Pong", "Timestamp: 5.5")


def saying(data: bytes, wait: bool = True) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        while wait and await reader.read(65_536):
            pass

    return serve


class TestLive:
    async def test_send_ask_and_good_bye(self) -> None:
        notes = Notes()
        async with pbx(friendly) as port, linked(port, notes) as client:
            await notes.until(lambda: notes.links)
            assert client.live
            reply = await client.ask(Action("QueuePause", (("Reason", "小休"),)))
            assert (reply.outcome, reply.error) == (Outcome.ANSWERED, None)
            action_id = client.send(Action("QueueReset"))
            await notes.until(lambda: any(isinstance(item, Reply) and item.action_id == action_id for item in notes.items))
        told = [item.get("Before") if isinstance(item, Message) else item.action.name for item in notes.items]
        assert [word for word in told if word != "Ping"] == ["QueuePause", "QueueReset", "QueueReset"]
        assert [type(error) for error in notes.errors] == [Closed]

    async def test_pongs_tell_that_the_pbx_lives(self) -> None:
        notes = Notes()
        async with pbx(friendly) as port, linked(port, notes, timing=Timing(leave_s=0.05, ping_s=0.01)):
            await notes.until(lambda: len(notes.pongs) >= 2)

    async def test_actions_may_be_sent_from_within_linked(self) -> None:
        class Eager(Notes):
            client: AmiClient

            def linked(self, banner: str, now: int) -> None:
                self.client.send(Action("QueueReset"))

        notes = Eager()
        async with pbx(friendly) as port, linked(port, notes, wanted=frozenset()) as client:
            notes.client = client
            await notes.until(lambda: notes.items)
        assert isinstance(notes.items[0], Reply)
        assert notes.items[0].action.name == "QueueReset"

    async def test_one_byte_at_a_time(self) -> None:
        async def dribble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await let_in(reader, writer)
            for byte in b"Event: Hangup\r\nCallerIDName: \xe5\xbc\xa0<script>\xd0\xa1\xd0\xdd\r\n\r\n" * 3:
                writer.write(bytes([byte]))
                await writer.drain()
            await reader.read()

        notes = Notes()
        async with pbx(dribble) as port, linked(port, notes):
            await notes.until(lambda: len(notes.items) == 3)
        names = [item.get("CallerIDName") for item in notes.items if isinstance(item, Message)]
        assert names == ["张<script>С\udcd0\udcdd"] * 3

    async def test_without_a_link_nothing_is_kept_for_later(self) -> None:
        client = AmiClient(Endpoint("127.0.0.1", 1), CREDENTIALS, Notes(), wanted=None)
        with pytest.raises(NotLinked, match="Hangup was not sent"):
            client.send(Action("Hangup"))
        assert (await client.ask(Action("Hangup"))).outcome is Outcome.LINK_LOST

    async def test_a_bug_in_the_handler_comes_out_of_run(self) -> None:
        notes = Notes()
        notes.bug = ZeroDivisionError("a bug")
        async with pbx(friendly) as port:
            client = AmiClient(Endpoint("127.0.0.1", port), CREDENTIALS, notes, wanted=None, timing=Timing(leave_s=0.05, ping_s=0.01))
            with pytest.raises(ZeroDivisionError):
                await asyncio.wait_for(client.run(), PATIENCE_S)

    async def test_after_a_bug_nothing_more_of_the_same_read_is_handed_on(self) -> None:
        class Counting(Notes):
            calls = 0

            def received(self, items: list[Message | Reply], now: int) -> None:
                self.calls += 1
                raise ZeroDivisionError("a bug")

        notes = Counting()
        client = AmiClient(Endpoint("127.0.0.1", 1), CREDENTIALS, notes, wanted=None)
        wire = client._new_wire()
        wire.session.state = State.LIVE
        wire.data_received(BANNER + b"Event: Hold\r\n\r\n" * 20_000)
        assert notes.calls == 1
        assert isinstance(wire._end.exception(), ZeroDivisionError)

    async def test_cancelled_run_answers_whoever_waits(self) -> None:
        async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await let_in(reader, writer)
            await reader.read()

        notes = Notes()
        async with pbx(mute) as port:
            client = AmiClient(Endpoint("127.0.0.1", port), CREDENTIALS, notes, wanted=None)
            task = asyncio.create_task(client.run())
            await notes.until(lambda: notes.links)
            asked = asyncio.create_task(client.ask(Action("QueueStatus")))
            await asyncio.sleep(0)
            task.cancel()
            assert (await asked).outcome is Outcome.LINK_LOST
        assert [type(error) for error in notes.errors] == [Closed]


class TestBadServers:
    @pytest.mark.parametrize(
        ("serve", "error", "words"),
        [
            (saying(b"SSH-2.0-OpenSSH_9.6\r\n"), NotAmi, "SSH-2.0"),
            (saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), NotAmi, "host and port"),
            (saying(b""), BannerMissing, "the TLS one"),
            (saying(b"", wait=False), BannerMissing, "closed before a greeting"),
            (saying(BANNER), AmiError, "did not answer the login"),
            (saying(BANNER + b"Event: X\r\nA: " + b"x" * 2_000_000), ProtocolViolation, "1,048,576"),
        ],
        ids=["ssh", "http", "mute", "closing", "deaf", "endless line"],
    )
    async def test_each_has_its_error(self, serve: Serve, error: type[AmiError], words: str) -> None:
        notes = Notes()
        async with pbx(serve) as port, linked(port, notes, timing=Timing(leave_s=0.05, banner_s=0.3, login_s=0.3)):
            await notes.until(lambda: notes.errors)
        assert isinstance(notes.errors[0], error)
        assert words in str(notes.errors[0])

    async def test_wrong_password(self) -> None:
        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(BANNER)
            await respond(writer, await read_action(reader), "Message: Authentication failed", response="Error")

        notes = Notes()
        async with pbx(refuse) as port, linked(port, notes):
            await notes.until(lambda: notes.errors)
        assert isinstance(notes.errors[0], LoginRefused)
        assert "Authentication failed" in str(notes.errors[0])

    async def test_half_a_message_then_silence(self) -> None:
        async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await let_in(reader, writer)
            await saying(b"Event: Hangup\r\n\r\nEvent: Hangup\r\nUniq")(reader, writer)

        notes = Notes()
        async with pbx(half) as port, linked(port, notes, timing=Timing(leave_s=0.05, ping_s=0.05, silence_s=0.3)):
            await notes.until(lambda: notes.errors)
        assert len(notes.items) == 1
        assert isinstance(notes.errors[0], PongMissing)

    async def test_a_hundred_megabyte_line_ends_the_link_early(self) -> None:
        sent = 0

        async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal sent
            await let_in(reader, writer)
            writer.write(b"Event: Hangup\r\nCause: ")
            while sent < 100_000_000:
                writer.write(b"x" * 65_536)
                sent += 65_536
                await writer.drain()

        notes = Notes()
        async with pbx(flood) as port, linked(port, notes):
            await notes.until(lambda: notes.errors)
        assert isinstance(notes.errors[0], ProtocolViolation)
        assert sent < 50_000_000

    async def test_a_pbx_that_never_reads(self) -> None:
        async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await let_in(reader, writer)
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            await asyncio.sleep(PATIENCE_S)

        notes = Notes()
        async with pbx(deaf) as port, linked(port, notes) as client:
            await notes.until(lambda: notes.links)
            big = Action("UserEvent", (("Data", "x" * 1_000),) * 120)
            for _ in range(MAX_PENDING):
                if not notes.errors:
                    client.send(big)
        assert isinstance(notes.errors[0], LinkLost)
        assert "unread" in str(notes.errors[0])

    async def test_nobody_listens(self) -> None:
        async with pbx(friendly) as port:
            pass
        notes = Notes()
        async with linked(port, notes):
            await notes.until(lambda: notes.errors)
        assert isinstance(notes.errors[0], Unreachable)


class VirtualTime:
    """Waits take no time; long ones are written down. The clock moves with them."""

    def __init__(self) -> None:
        self.now = 0
        self.waits: list[float] = []
        self.bounds: list[tuple[float, float]] = []

    async def sleep(self, seconds: float) -> None:
        if seconds == TICK_S:
            await asyncio.sleep(0.01)
        else:
            self.waits.append(seconds)
            self.now += int(seconds * 1_000_000)

    def uniform(self, low: float, high: float) -> float:
        self.bounds.append((low, high))
        return high

    def around(self) -> Surroundings:
        return Surroundings(clock=lambda: self.now, monotonic=lambda: self.now, sleep=self.sleep, uniform=self.uniform)


class TestReconnect:
    async def test_waits_grow_to_a_bound(self) -> None:
        async with pbx(friendly) as port:
            pass
        notes, time = Notes(), VirtualTime()
        async with linked(port, notes, surroundings=time.around()):
            await notes.until(lambda: len(notes.errors) > 8)
        assert time.waits[:8] == [0.5, 1, 2, 4, 8, 15, 15, 15]
        assert all(low == 0 for low, _ in time.bounds)
        assert max(time.waits) == RECONNECT.most_s

    async def test_refusals_wait_longer(self) -> None:
        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(BANNER)
            await respond(writer, await read_action(reader), "Message: Authentication failed", response="Error")

        notes, time = Notes(), VirtualTime()
        async with pbx(refuse) as port, linked(port, notes, surroundings=time.around()):
            await notes.until(lambda: len(notes.errors) > 5)
        assert time.waits[:5] == [30, 60, 120, 240, 300]
        assert min(time.waits) >= AFTER_REFUSAL.least_s

    @pytest.mark.parametrize(("lived_s", "waits"), [(0.0, [0.5, 1, 2]), (STEADY_S + 1, [0.5, 0.5, 0.5])])
    async def test_only_a_steady_link_forgets_the_failures(self, lived_s: float, waits: list[float]) -> None:
        notes, time = Notes(), VirtualTime()

        async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            links = len(notes.links)
            await let_in(reader, writer)
            await notes.until(lambda: len(notes.links) > links)
            time.now += int(lived_s * 1_000_000)

        async with pbx(hang_up) as port, linked(port, notes, surroundings=time.around()):
            await notes.until(lambda: len(time.waits) >= 3)
        assert time.waits[:3] == waits
        assert isinstance(notes.errors[0], Dismissed)

    async def test_actions_are_never_sent_twice(self) -> None:
        actions: list[list[str]] = []

        async def hang_up_on_the_second(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen: list[str] = []
            actions.append(seen)
            await let_in(reader, writer)
            if len(actions) == 1:
                seen.append((await read_action(reader))["Action"])
            else:
                seen.append((await reader.read(65_536)).decode())

        notes, time = Notes(), VirtualTime()
        async with pbx(hang_up_on_the_second) as port, linked(port, notes, surroundings=time.around()) as client:
            await notes.until(lambda: notes.links)
            reply = await client.ask(Action("Originate"))
            assert reply.outcome is Outcome.LINK_LOST
            assert "not known" in str(reply.error)
            await notes.until(lambda: len(notes.links) == 2)
        assert actions[0] == ["Originate"]
        assert "Originate" not in "".join(actions[1])

    async def test_close_ends_a_long_wait(self) -> None:
        async with pbx(friendly) as port:
            pass
        notes = Notes()
        slow = Surroundings(uniform=lambda low, high: 3_600.0)
        async with linked(port, notes, surroundings=slow):
            await notes.until(lambda: notes.errors)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A CA, and a server's certificate with its key, for 127.0.0.1 only."""
    folder = tmp_path_factory.mktemp("ca")
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Floor CA")])
    now = datetime.datetime.now(datetime.UTC)

    def begin(name: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(ca_name).public_key(public)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        return builder.not_valid_after(now + datetime.timedelta(days=1))

    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    ca = begin(ca_name, ca_key.public_key()).add_extension(x509.BasicConstraints(True, None), critical=True)
    ca = ca.add_extension(usage, critical=True)
    ca = ca.add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
    server = begin(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hall7")]), key.public_key())
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    server = server.add_extension(address, critical=False)
    server = server.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
    paths = folder / "ca.pem", folder / "server.pem", folder / "server.key"
    paths[0].write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(server.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    paths[2].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return paths


class TestTls:
    def context(self, authority: tuple[Path, Path, Path]) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(authority[1], authority[2])
        return context

    async def test_verified(self, authority: tuple[Path, Path, Path]) -> None:
        notes = Notes()
        async with pbx(friendly, self.context(authority)) as port:
            endpoint = Endpoint("127.0.0.1", port, tls=True, ca=authority[0])
            async with linked(port, notes, endpoint=endpoint) as client:
                await notes.until(lambda: notes.links)
                assert (await client.ask(Action("Events"))).outcome is Outcome.ANSWERED

    @pytest.mark.parametrize("how", ["unknown authority", "other name", "no such file", "no TLS there"])
    async def test_refused(self, authority: tuple[Path, Path, Path], how: str, tmp_path: Path) -> None:
        notes = Notes()
        context = None if how == "no TLS there" else self.context(authority)
        host = "localhost" if how == "other name" else "127.0.0.1"
        ca = {"unknown authority": None, "no such file": tmp_path / "none.pem"}.get(how, authority[0])
        async with pbx(saying(BANNER) if context is None else friendly, context) as port:
            endpoint = Endpoint(host, port, tls=True, ca=ca)
            async with linked(port, notes, endpoint=endpoint):
                await notes.until(lambda: notes.errors)
        assert isinstance(notes.errors[0], TlsRefused)
        assert not notes.links

    async def test_clear_client_at_a_tls_port(self, authority: tuple[Path, Path, Path]) -> None:
        notes = Notes()
        async with pbx(friendly, self.context(authority)) as port, linked(port, notes, timing=Timing(leave_s=0.05, banner_s=0.2)):
            await notes.until(lambda: notes.errors)
        assert isinstance(notes.errors[0], BannerMissing)
        assert "TLS" in str(notes.errors[0])
