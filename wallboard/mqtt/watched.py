"""What the MQTT role counts of itself, and by which names (`docs/metrics.md`). Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from realtime.vitals import SLOW, Family, Histogram, counter, gauge, histogram
from wallboard.mqtt.outbox import Outbox


@dataclass
class MqttCounts:
    connected: bool = False
    online: bool = False
    connections: int = 0
    failures: int = 0
    published: int = 0
    cleared: int = 0
    publish: Histogram = field(default_factory=lambda: Histogram(SLOW))


@dataclass
class StopCounts:
    heard: int = 0
    ignored: int = 0
    done: int = 0


def families_of_stops(counts: StopCounts) -> list[Family]:
    return [
        counter("andon_mqtt_stops", "Stops of dialling that a message asked for.", counts.heard),
        counter("andon_mqtt_stops_done", "Of these, those that the engine has answered with yes.", counts.done),
        counter("andon_mqtt_stops_ignored", "Messages to topics of stops that were not obeyed.", counts.ignored),
    ]


def families_of_mqtt(counts: MqttCounts, outbox: Outbox) -> list[Family]:
    return [
        gauge("andon_mqtt_connected", "1 while the broker is connected.", counts.connected),
        gauge("andon_mqtt_online", "1 while the broker was told that the floor is the present.", counts.online),
        counter("andon_mqtt_connections", "Connections that the broker accepted.", counts.connections),
        counter("andon_mqtt_failures", "Attempts and connections that ended.", counts.failures),
        counter("andon_mqtt_published", "Messages that the broker has acknowledged.", counts.published),
        counter("andon_mqtt_cleared", "Of these, topics that were cleared because what they tell of is gone.", counts.cleared),
        counter("andon_mqtt_refused_topics", "Messages for more topics than may be.", outbox.refused),
        gauge("andon_mqtt_topics", "Topics that are kept up to date.", outbox.topics),
        gauge("andon_mqtt_waiting_topics", "Topics whose newest word has not gone out yet.", outbox.waiting),
        histogram("andon_mqtt_publish_seconds", "From sending a message to the broker's acknowledgement.", counts.publish),
    ]
