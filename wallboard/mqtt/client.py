"""The shell of the MQTT boards: one connection to one broker, kept up for ever, fed from the publisher.

Not what is said (`publisher.py`) and when (`outbox.py`). Messages are retained and acknowledged (QoS 1). A word of the broker changes
nothing here, but where the settings let it stop dialling (`stopping.py`); it is asked, after each connection, what it still has of topics
that are gone. `online` is said last when it is
true, so who sees it finds the rest in place, and is the last will when it is not.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import aiomqtt

from realtime.backoff import Backoff
from realtime.vitals import Family
from realtime.words import Micros
from wallboard.mqtt.broker import Broker
from wallboard.mqtt.outbox import GONE
from wallboard.mqtt.payloads import stamped
from wallboard.mqtt.publisher import Publisher
from wallboard.mqtt.stopping import Stopping
from wallboard.mqtt.watched import MqttCounts, families_of_mqtt

LOOK_S = 0.2
"""How late a change may be noticed; each topic waits for its second anyway."""
AT_ONCE = 20
"""Messages that wait for their acknowledgement: a broker that is 50 ms away still gets 400 a second."""
PATIENCE_S = 10.0
"""For a connection and for an acknowledgement; a broker that takes longer is taken for gone."""
KEEPALIVE_S = 15
"""A broker says our last will when it has not heard of us for one and a half of these, which is when the machine went."""
SWEEP_S = 5.0
"""How long after a connection we listen to what is retained: it comes at once, in the order of the topics."""
LAST_WORD_S = 1.0
NOT_GRANTED = 0x80
"""From here on what a broker answers to a subscription is a no."""
MESSAGES_MAX = 20_000
"""Retained messages taken in at a time; more than that is not of this floor."""
FIRST_S, MOST_S = 0.5, 30.0
STEADY_S = 10.0
"""A connection that lived this long was a good one: the next attempt comes soon."""


class MqttBoards:
    """`run()` it in a task. `told` hears why the broker is away, a sentence each time it is another one, and when it is back."""

    def __init__(
        self,
        broker: Broker,
        ca: Path | None,
        identifier: str,
        publisher: Publisher,
        clock: Callable[[], Micros],
        chance: Callable[[], float],
        told: Callable[[str], None] = lambda _: None,
        stopping: Stopping | None = None,
    ) -> None:
        self.counts = MqttCounts()
        self._stopping = stopping
        self._broker = broker
        self._ca = ca
        self._identifier = identifier
        self._publisher = publisher
        self._clock = clock
        self._told = told
        self._away = ""
        self._backoff = Backoff(chance, FIRST_S, MOST_S)

    def families(self) -> list[Family]:
        return families_of_mqtt(self.counts, self._publisher.outbox)

    async def run(self) -> NoReturn:
        """Until cancelled; then the broker is told that we are gone."""
        # Without a floor there is nothing to say, and no ground to judge by what is retained.
        while not self._publisher.has_floor:  # noqa: ASYNC110 - the publisher knows of no loop
            await asyncio.sleep(LOOK_S)
        while True:
            began = time.monotonic()
            try:
                await self._one_connection()
            except* (aiomqtt.MqttError, OSError) as errors:
                self._fell(_sentence(self._broker, errors), time.monotonic() - began)
            await asyncio.sleep(self._backoff.next())

    def _fell(self, why: str, lived_s: float) -> None:
        self.counts.connected = self.counts.online = False
        self.counts.failures += 1
        if lived_s >= STEADY_S:
            self._backoff.reset()
        if why != self._away:
            self._away = why
            self._told(why)

    # ------------------------------------------------------------------ one connection

    async def _one_connection(self) -> None:
        async with self._client() as client:
            self.counts.connected = True
            self.counts.connections += 1
            if self._away:
                self._away = ""
                self._told(f"The MQTT broker at {self._broker} answers again.")
            self._publisher.renew()
            await self._hear_stops(client)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(client))
                tasks.create_task(self._sweep(client))
                tasks.create_task(self._speak(client))

    def _client(self) -> aiomqtt.Client:
        broker, topics = self._broker, self._publisher.topics
        return aiomqtt.Client(
            broker.host,
            broker.port,
            username=broker.username or None,
            password=broker.password or None,
            identifier=self._identifier,
            will=aiomqtt.Will(topics.online, b"false", qos=1, retain=True),
            clean_session=True,
            timeout=PATIENCE_S,
            keepalive=KEEPALIVE_S,
            max_queued_incoming_messages=MESSAGES_MAX,
            max_inflight_messages=AT_ONCE,
            tls_context=ssl.create_default_context(cafile=str(self._ca) if self._ca else None) if broker.tls else None,
        )

    async def _hear_stops(self, client: aiomqtt.Client) -> None:
        """Before anything is said: who sees us online can stop us. One that comes meanwhile waits in the client's queue."""
        if self._stopping is None:
            return
        granted = await client.subscribe([(topic, 1) for topic in self._stopping.topics])
        if any((each if isinstance(each, int) else each.value) >= NOT_GRANTED for each in granted):
            self._told(
                f"The MQTT broker at {self._broker} does not let us hear stops: it must let us read {', '.join(self._stopping.topics)}."
            )

    async def _listen(self, client: aiomqtt.Client) -> None:
        """For as long as it is connected: the end of the connection comes out here."""
        async for message in client.messages:
            if self._stopping is not None:
                body = message.payload if isinstance(message.payload, bytes) else b""
                self._stopping.heard(message.topic.value, body, retained=bool(message.retain), now=time.monotonic())
            if message.retain and message.payload:
                self._publisher.found(message.topic.value)

    async def _sweep(self, client: aiomqtt.Client) -> None:
        """What we publish meanwhile comes back, too, but not as retained. A broker that does not let us ask keeps its leftovers."""
        await client.subscribe([(topic, 1) for topic in self._publisher.topics.everything_named])
        await asyncio.sleep(SWEEP_S)
        await client.unsubscribe(list(self._publisher.topics.everything_named))

    async def _speak(self, client: aiomqtt.Client) -> None:
        said: bool | None = None
        try:
            while True:
                now = time.monotonic()
                self._publisher.look(now, self._clock())
                online = self._publisher.online(now)
                if said and not online:
                    said = await self._say_online(client, online)
                while due := self._publisher.outbox.due(time.monotonic(), AT_ONCE):
                    await asyncio.gather(*(self._publish(client, topic, body) for topic, body in due))
                if said != online:
                    said = await self._say_online(client, online)
                await asyncio.sleep(LOOK_S)
        except asyncio.CancelledError:
            await self._say_goodbye(client)
            raise

    async def _say_online(self, client: aiomqtt.Client, online: bool) -> bool:
        await client.publish(self._publisher.topics.online, b"true" if online else b"false", qos=1, retain=True)
        self.counts.online = online
        return online

    async def _publish(self, client: aiomqtt.Client, topic: str, body: bytes) -> None:
        began = time.monotonic()
        await client.publish(topic, body if body == GONE else stamped(body, self._clock()), qos=1, retain=True)
        self.counts.publish.observe(time.monotonic() - began)
        self.counts.published += 1
        self.counts.cleared += body == GONE

    async def _say_goodbye(self, client: aiomqtt.Client) -> None:
        """A broker says no last will for who takes his leave."""
        try:
            async with asyncio.timeout(LAST_WORD_S):
                await self._say_online(client, False)
        except (aiomqtt.MqttError, TimeoutError):
            return


REFUSED = "refuses the login ({said}): check user and password in mqtt.url, and the broker's list of who may do what."
UNTRUSTED = "could not prove who it is ({said}): check mqtt.ca, and the name in the broker's certificate."
GONE_AWAY = "cannot be reached ({said}): is it running, and is mqtt.url right?"
_SENTENCES = (("Not authori", REFUSED), ("Bad user", REFUSED), ("CERTIFICATE_VERIFY", UNTRUSTED), ("SSL", UNTRUSTED))


def _sentence(broker: Broker, errors: BaseException) -> str:
    """By the words of the library, which has no classes for them. None of them holds a password; the address is ours."""
    while isinstance(errors, BaseExceptionGroup):
        errors = errors.exceptions[0]
    said = str(errors).rstrip(".") or type(errors).__name__
    sentence = next((sentence for word, sentence in _SENTENCES if word in said), GONE_AWAY)
    return f"The MQTT broker at {broker} {sentence.format(said=said[:200])}"
