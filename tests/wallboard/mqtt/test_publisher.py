"""What is published of a floor, without a broker: topics, bodies, the pace, what is gone and what is old."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.changes import Changes
from realtime.decision import allow
from realtime.facts import Fact, Sealed
from realtime.outbound import CampaignMoved, DialDecided, DiallingStopped
from realtime.owned_outbound import Meter
from realtime.plan.dialling import Campaign, DialRules
from realtime.plan.model import BreakRules, KindRules, Plan
from realtime.rules.alerts import alert_id
from realtime.rulings import AlertCleared, AlertRaised, AlertTaken, BreakBegan, PlanAdopted
from realtime.words import SECOND
from tests.realtime.story import Story, Telling, heard, joined, linked, on, queue_seen, removed, resynced, sync_began, sync_ended, works
from wallboard.mqtt import payloads
from wallboard.mqtt.broker import BadBroker, broker_of
from wallboard.mqtt.outbox import EVERY_S, TOPICS_MAX, Outbox
from wallboard.mqtt.payloads import stamped
from wallboard.mqtt.publisher import AWAY_S, LIVE_S, STATE_EVERY_S, Publisher
from wallboard.mqtt.topics import Topics, level

ALL = 100_000


class Told:
    """A story that is published: what a subscriber would have, topic by topic."""

    def __init__(self, agents: bool = True, *nodes: str) -> None:
        self.story = Story()
        self.publisher = Publisher("main", agents)
        self.retained: dict[str, Any] = {}
        self.sent: list[str] = []
        for node in nodes or ("pbx",):
            self.tell(*on(node, linked(), sync_began(), queue_seen(), sync_ended(), heard()))

    @property
    def now(self) -> float:
        return self.story.now / SECOND

    def tell(self, *happenings: Any, rebuilt: bool = False, behind: bool = False) -> Told:
        self.story.after(*happenings)
        changes, self.story.changes = self.story.changes, Changes()
        self.publisher.take(self.story.floor, changes, rebuilt=rebuilt, behind=behind)
        return self

    def look(self) -> dict[str, Any]:
        self.publisher.look(self.now, self.story.now)
        for topic, body in self.publisher.outbox.due(self.now, ALL):
            self.sent.append(topic)
            if body:
                self.retained[topic] = json.loads(stamped(body, self.story.now))
            else:
                self.retained.pop(topic, None)
        return self.retained


def said(kind: type[Fact], **fields: Any) -> Telling:
    return Telling(kind, fields, node="")


def campaigns(*names: str) -> Telling:
    """A plan with these."""
    known = tuple(Campaign(id=name, client="acme") for name in names)
    return said(PlanAdopted, plan=Plan(dialling=DialRules(campaigns=known)), version="v", who="test")


def test_a_campaign_is_told_without_anybodys_number_and_goes_with_the_plan() -> None:
    told = Told().tell(works("1001", "sales"), campaigns("renewals", "a/b"), heard())
    told.tell(said(CampaignMoved, campaign="renewals", before="draft", to="formal", who="user:chen"))
    number = Sealed("ab" * 16, b"sealed", "2026-11")
    dial = {"campaign": "renewals", "client": "acme", "method": "preview", "agent": "1001", "reserved": True, "number": number}
    told.tell(said(DialDecided, dial="d1", shown="138•••0148", decision=allow("dial.ok"), **dial))
    retained = told.look()
    body = retained["andon/main/campaign/renewals"]
    assert (body["live"], body["state"], body["stopped"], body["dials"], body["in_flight"]) == (True, "formal", False, 1, 1)
    assert (body["method"], body["lines"], body["ready"], body["abandon_rate"], body["limit"]) == ("progressive", 0, 1, None, None)
    assert body.keys() == {
        *("time", "live", "state", "stopped", "dials", "connected", "live_answers", "abandoned", "abandon_rate", "limit"),
        *("refused", "deferred", "in_flight", "method", "lines", "ready"),
    }
    assert retained["andon/main/campaign/a%2Fb"]["state"] == "draft"
    assert not re.search("0148|acme|1001|sealed", json.dumps(body))
    told.story.floor.owned.outbound.campaigns["renewals"].day = Meter(dials=4000, connected=2000, live=2000)
    body = told.tell(5, works("1002", "sales"), heard()).look()["andon/main/campaign/renewals"]
    assert (body["method"], body["abandon_rate"]) == ("predictive", 0.0)
    assert body["lines"] > 0, "who has left nobody waiting may be faster"
    told.tell(5, said(DiallingStopped, on=True, who="user:chen"), heard())
    body = told.look()["andon/main/campaign/renewals"]
    assert (body["state"], body["stopped"], body["lines"]) == ("formal", True, 0)
    told.tell(5, campaigns("a/b"), heard())
    assert [topic for topic in told.look() if "/campaign/" in topic] == ["andon/main/campaign/a%2Fb"]


def test_campaigns_are_reckoned_once_a_second_and_also_when_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told().tell(campaigns("renewals"), heard())
    told.look()
    reckoned: list[float] = []
    monkeypatch.setattr(payloads, "campaign_body", lambda *_: reckoned.append(told.now) or {"live": True})
    began = told.now
    for _ in range(10):
        told.tell(0.3, works("1001", "sales"), heard())
        told.look()
    assert len(reckoned) == 2
    told.tell(STATE_EVERY_S)
    told.look()
    assert reckoned[-1] - began > STATE_EVERY_S


def test_a_topic_of_a_stop_is_no_leftover() -> None:
    told = Told().tell(campaigns("renewals"))
    told.look()
    for topic in ("andon/main/campaign/renewals/stop", "andon/main/stop", "andon/main/campaign/old"):
        told.publisher.found(topic)
    assert [topic for topic, body in told.publisher.outbox.due(told.now + 10, ALL) if not body] == ["andon/main/campaign/old"]


# ------------------------------------------------------------------ topics


@given(st.text(min_size=1).filter(lambda name: name.isprintable()))
def test_a_stop_names_its_campaign(name: str) -> None:
    topics = Topics("main")
    assert topics.stopped_by(f"{topics.campaign(name)}/stop") == name
    assert topics.stopped_by(topics.campaign(name)) is None
    assert topics.stopped_by(f"andon/other/campaign/{level(name)}/stop") is None


def test_the_stop_of_all_and_what_is_none() -> None:
    topics = Topics("main")
    assert topics.stopped_by("andon/main/stop") == ""
    none = ("andon/main/campaign/stop", "andon/main/campaign//stop", "andon/main/campaign/a/b/stop", "andon/main/queue/a/stop")
    assert [topics.stopped_by(topic) for topic in none] == [None] * 4


@given(st.text(), st.text())
def test_two_names_never_share_a_topic_and_none_leaves_its_level(one: str, other: str) -> None:
    assert not set(level(one)) & set("/+#\0")
    assert level(one)
    if one != other and "\0" not in (one, other):
        assert level(one) != level(other)


def test_names_are_readable_where_they_can_be() -> None:
    topics = Topics("main")
    assert topics.queue("销售 1") == "andon/main/queue/销售 1"
    assert topics.queue("a/b+c#100%") == "andon/main/queue/a%2Fb%2Bc%23100%25"
    assert topics.queue_at("sales", "hall7") == "andon/main/queue/sales/hall7"
    assert topics.agent("\ud800\x07") == "andon/main/agent/%3F%07"


# ------------------------------------------------------------------ bodies


def test_a_floor_is_told() -> None:
    told = Told()
    told.tell(works("1001", "sales"), joined("a"), 30, heard())
    retained = told.look()
    assert retained.keys() == {"andon/main/queue/sales", "andon/main/agent/1001", "andon/main/breaks", "andon/main/state"}
    assert not re.search(r"\d{9,}\.", json.dumps(retained)), "moments are whole: single floats have seven digits"
    queue = retained["andon/main/queue/sales"]
    assert queue["time"] == told.now
    assert (queue["name"], queue["nodes"], queue["live"]) == ("sales", ["pbx"], True)
    assert (queue["waiting"], queue["offered"], queue["target_s"], queue["service_level"]) == (1, 1, 20, None)
    assert queue["longest_wait_since"] == told.now - 30
    assert queue["agents"] == {"ready": 1}
    assert retained["andon/main/agent/1001"].keys() == {"time", "state", "since", "live"}
    state = retained["andon/main/state"]
    assert (state["floor"], state["away"], state["waiting"], state["agents"]) == ("main", False, 1, {"ready": 1})
    assert state["nodes"] == [{"node": "pbx", "link": "live", "live": True, "since": told.now - 30, "heard": told.now}]


def test_a_queue_of_two_servers_is_one_and_each() -> None:
    told = Told(True, "north", "south")
    told.tell(on("north", joined("a")), on("south", joined("b"), joined("c")))
    retained = told.look()
    assert [retained[f"andon/main/queue/sales{node}"]["waiting"] for node in ("", "/north", "/south")] == [3, 1, 2]
    assert retained["andon/main/queue/sales"]["nodes"] == ["north", "south"]


def test_agents_can_be_kept_out() -> None:
    told = Told(agents=False)
    told.tell(works("1001", "sales"))
    assert not [topic for topic in told.look() if "/agent/" in topic]
    told.publisher.found("andon/main/agent/1001")  # of a day when they were not
    told.look()
    assert told.sent[-1] == "andon/main/agent/1001"
    assert "andon/main/agent/1001" not in told.retained


def test_a_body_is_small_enough_for_a_microcontroller() -> None:
    told = Told()
    told.tell(*(works(str(1000 + number), "sales") for number in range(20)), joined("a"))
    told.look()
    assert len(json.dumps(told.retained["andon/main/queue/sales"])) < 512
    assert len(json.dumps(told.retained["andon/main/agent/1001"])) < 128


# ------------------------------------------------------------------ pace


def test_a_topic_speaks_once_a_second_and_says_the_newest() -> None:
    told = Told()
    told.look()
    told.sent.clear()
    for number in range(30):
        told.tell(0.1, heard(), joined(f"c{number}"))
        told.look()
    assert told.sent.count("andon/main/queue/sales") == 3
    told.tell(1.0)
    assert told.look()["andon/main/queue/sales"]["waiting"] == 30


def test_what_says_the_same_is_not_said_again_but_the_state_is() -> None:
    told = Told()
    told.look()
    told.sent.clear()
    for _ in range(40):
        told.tell(0.5, heard())
        told.look()
    assert set(told.sent) == {"andon/main/state"}
    assert len(told.sent) == 20 / STATE_EVERY_S


def test_a_new_connection_says_everything_again() -> None:
    told = Told()
    told.tell(works("1001", "sales"))
    before = dict(told.look())
    told.retained.clear()
    told.publisher.renew()
    assert told.look().keys() == before.keys()


def test_the_outbox_is_bounded_and_fair() -> None:
    outbox = Outbox()
    for number in range(TOPICS_MAX + 5):
        outbox.put(str(number), b"{}")
    assert (outbox.topics, outbox.refused) == (TOPICS_MAX, 5)
    assert [topic for topic, _ in outbox.due(0.0, 3)] == ["0", "1", "2"]
    outbox.put("0", b"[]")
    assert len(outbox.due(EVERY_S / 2, ALL)) == TOPICS_MAX - 3
    assert outbox.due(EVERY_S, ALL) == [("0", b"[]")]


# ------------------------------------------------------------------ gone, and old


def test_what_is_gone_is_cleared() -> None:
    told = Told()
    told.tell(works("1001", "sales"), queue_seen("old"), works("1002", "old"))
    assert "andon/main/queue/old" in told.look()
    told.tell(2.0, resynced(queue_seen(), works("1001", "sales")), heard())
    retained = told.look()
    assert "andon/main/queue/old" not in retained
    assert "andon/main/queue/sales" in retained


def test_a_leftover_of_an_earlier_life_is_cleared_and_what_stands_stays() -> None:
    told = Told()
    told.look()
    for topic in ("andon/main/queue/sales", "andon/main/queue/gone", "andon/main/queue/sales/gone"):
        told.retained.setdefault(topic, {})
        told.publisher.found(topic)
    told.tell(2.0, heard())
    assert told.look().keys() == {"andon/main/queue/sales", "andon/main/breaks", "andon/main/state"}


def test_a_silent_server_makes_its_queues_old_and_then_nobody_is_online() -> None:
    told = Told()
    assert told.look()["andon/main/queue/sales"]["live"]
    assert told.publisher.online(told.now)
    told.tell(LIVE_S + 0.1)  # its adapter died: nobody says NodeLost
    retained = told.look()
    assert not retained["andon/main/queue/sales"]["live"]
    assert not retained["andon/main/state"]["nodes"][0]["live"]
    assert told.publisher.online(told.now), "a restart of the adapter is no reason to go dark"
    told.tell(AWAY_S)
    told.look()
    assert not told.publisher.online(told.now)
    told.tell(heard())
    assert told.look()["andon/main/queue/sales"]["live"]
    assert told.publisher.online(told.now)


def test_one_of_two_servers_is_enough_to_be_online() -> None:
    told = Told(True, "north", "south")
    told.tell(LIVE_S + 0.1, on("north", heard()))
    retained = told.look()
    assert [retained[f"andon/main/queue/sales{node}"]["live"] for node in ("", "/north", "/south")] == [False, True, False]
    assert told.publisher.online(told.now)


def test_a_log_that_is_away_is_said() -> None:
    told = Told()
    told.look()
    told.publisher.away()
    told.tell()  # not a word of the follower's: only the clock
    told.publisher.away()
    told.story.after(1.5)
    state = told.look()["andon/main/state"]
    assert state["away"] is True
    assert not told.retained["andon/main/queue/sales"]["live"]
    told.story.after(AWAY_S)
    told.publisher.look(told.now, told.story.now)
    assert not told.publisher.online(told.now)


def test_half_a_floor_clears_nothing_and_a_whole_one_says_all() -> None:
    told = Told()
    told.tell(works("1001", "sales"))
    told.look()
    whole, told.story = told.story, Story(now=told.story.now)
    told.tell(linked(), rebuilt=True, behind=True)
    assert told.publisher.has_floor
    told.tell(1.5, behind=True)
    assert "andon/main/agent/1001" in told.look()
    whole.now, told.story = told.story.now, whole
    told.sent.clear()
    told.tell(1.5, heard(), removed("1001"))
    told.look()
    assert {"andon/main/queue/sales", "andon/main/agent/1001", "andon/main/breaks", "andon/main/state"} <= set(told.sent)


# ------------------------------------------------------------------ the address


def test_an_address() -> None:
    broker = broker_of("mqtts://an%2Fdon:p%40ss@[::1]")
    assert (broker.host, broker.port, broker.tls, broker.username, broker.password) == ("::1", 8883, True, "an/don", "p@ss")
    assert str(broker) == "[::1]:8883"
    assert "p@ss" not in repr(broker)


@pytest.mark.parametrize(
    "url", ["", "http://h", "mqtt://", "mqtt://h:x", "mqtt://h/p", "mqtt://u:hunter2/x@h", "mqtt://:hunter2@h", "mqtt://h:0"]
)
def test_no_address_and_nothing_of_it_is_repeated(url: str) -> None:
    with pytest.raises(BadBroker) as refused:
        broker_of(url)
    assert "hunter2" not in str(refused.value)


# ------------------------------------------------------------------ alerts and breaks


def alert(told: Told, rule: str, subject: str, text: str = "x") -> str:
    fields = {"rule": rule, "severity": "act", "subject": subject, "value": 3.0, "text": {"en": text}}
    told.tell(Telling(AlertRaised, {"alert": alert_id(rule, subject), **fields}, node=""))
    return f"andon/main/alert/{alert_id(rule, subject)}"


def test_an_alert_is_retained_while_it_is_one() -> None:
    told = Told()
    topic = alert(told, "many", "queue:pbx/sales", "Many wait")
    said = told.look()[topic]
    assert (said["severity"], said["subject"], said["text"], said["acknowledged"]) == ("act", "queue:pbx/sales", {"en": "Many wait"}, False)
    told.tell(2.0, heard(), Telling(AlertTaken, {"alert": "many:queue:pbx:sales", "who": "li"}, node=""))
    assert told.look()[topic]["acknowledged"] is True
    told.tell(2.0, heard(), Telling(AlertCleared, {"alert": "many:queue:pbx:sales"}, node=""))
    assert topic not in told.look(), "a lamp that comes later finds nothing"


def test_where_nothing_is_said_of_agents_no_alert_names_one() -> None:
    told = Told(False)
    agent, team = alert(told, "idle", "agent:1001", "Wang is idle"), alert(told, "meeting.missing", "team:a", "Wang is missing")
    assert agent not in told.look()
    assert told.retained[team]["text"] == {}


def test_places_are_told_by_the_rules() -> None:
    told = Told().tell(works("1001", "sales"))
    assert told.look()["andon/main/breaks"] | {"time": 0} == {
        "time": 0,
        "live": True,
        "out": 0,
        "cap": None,
        "next_place_at": None,
        "waiting": 0,
    }
    plan = Plan(breaks=BreakRules(kinds={"short": KindRules()}, site_most=1))
    told.tell(2.0, heard(), Telling(PlanAdopted, {"plan": plan, "version": "v1"}, node=""))
    until = told.story.now + 600 * SECOND
    told.tell(2.0, heard(), Telling(BreakBegan, {"agent": "1001", "kind": "short", "until": until}, node=""))
    said = told.look()["andon/main/breaks"]
    assert (said["out"], said["cap"], said["next_place_at"]) == (1, 1, until // SECOND)
