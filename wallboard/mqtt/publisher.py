"""What of a floor must be published: follows its changes, knows what is the present and what is gone. Pure; time is an argument.

Not the following (`realtime/follower.py`) and not the sending (`client.py`). A board that cannot tell an old number from a new one is
worse than none: so every body says whether its PBX is `live`, `state` is said each few seconds whatever happens, and `online` turns
false when nothing behind it is the present any more.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec

from realtime.changes import Changes
from realtime.floor import Floor, Queue
from realtime.view_outbound import campaign_rows
from realtime.words import SECOND, Micros
from wallboard.mqtt import payloads
from wallboard.mqtt.outbox import Outbox
from wallboard.mqtt.topics import Topics

LIVE_S = 5.0
"""A PBX is heard each second; a page is grey after 3 s, a lamp need not flicker before it."""
STATE_EVERY_S = 5.0
"""The beat of `state`: a board that has not had one for three of them should say so itself."""
CAMPAIGNS_EVERY_S = 1.0
"""Between two reckonings of campaigns: a topic says no more than that, and each looks at every agent."""
AWAY_S = 10.0
"""How long the log, or every PBX, may be away before `online` is false: longer than a restart of one of our processes."""


class Publisher:
    def __init__(self, name: str, agents: bool) -> None:
        self.topics = Topics(name)
        self.outbox = Outbox()
        self._name = name
        self._agents = agents
        self._floor: Floor | None = None
        self._away = True
        self._building = True
        self._everything = False
        self._queues: set[str] = set()  # names
        self._changed_agents: set[str] = set()
        self._owned: set[str] = set()  # tables
        self._known: dict[str, set[str]] = {"queue": set(), "agent": set(), "alert": set(), "campaign": set()}  # topics
        self._live: frozenset[str] = frozenset()
        self._state_at = self._campaigns_at = -STATE_EVERY_S
        self._campaigns_changed = False
        self._present_at: float | None = None  # when it last was the present
        self._encoder = msgspec.json.Encoder()

    @property
    def has_floor(self) -> bool:
        return self._floor is not None

    # ------------------------------------------------------------------ what the follower brings

    def away(self) -> None:
        self._away = True

    def take(self, floor: Floor, changes: Changes, *, rebuilt: bool, behind: bool) -> None:
        """Half a floor is no floor: until a new one is whole, the one before stands."""
        self._building |= rebuilt
        self._everything |= rebuilt or changes.everything
        self._queues |= {name.partition("/")[2] for name in changes.queues | changes.gone_queues}
        self._changed_agents |= changes.agents | changes.gone_agents
        self._owned |= changes.owned
        if self._building and behind:
            self._away = True
            return
        self._everything |= self._building  # also when it took several steps
        self._building = self._away = False
        self._floor = floor

    # ------------------------------------------------------------------ what goes out

    def online(self, now: float) -> bool:
        return self._present_at is not None and now - self._present_at < AWAY_S

    def renew(self) -> None:
        """A new connection: the broker may have forgotten."""
        self.outbox.renew()
        self._state_at = -STATE_EVERY_S

    def found(self, topic: str) -> None:
        """What the broker has retained of an earlier life, and nobody says any more."""
        if self.topics.stopped_by(topic) is None and not any(topic in known for known in self._known.values()):
            self.outbox.forget(topic)

    def look(self, now: float, wall: Micros) -> None:
        """A few times a second. `now` by a clock that nobody sets, `wall` since 1970."""
        floor = self._floor
        if floor is None:
            return
        self._see_who_lives(floor, wall)
        if not self._away and self._live:
            self._present_at = now
        self._say_queues(floor)
        self._say_agents(floor)
        self._say_alerts(floor)
        self._say_campaigns(floor, now, wall)
        if self._everything or self._changed_agents or "breaks" in self._owned:
            self._put(self.topics.breaks, payloads.breaks_body(floor, wall, self._live >= floor.nodes.keys()))
        if now - self._state_at >= STATE_EVERY_S or self._everything:
            self._state_at = now
            self._put_state(floor, wall, anyway=True)
        elif self._queues or self._changed_agents:
            self._put_state(floor, wall)
        self._everything = False
        self._queues.clear()
        self._changed_agents.clear()
        self._owned.clear()

    def _see_who_lives(self, floor: Floor, wall: Micros) -> None:
        nodes = floor.nodes.values()
        live = frozenset[str](each.name for each in nodes if each.link == "live" and wall - each.heard < LIVE_S * SECOND and not self._away)
        if live != self._live:
            self._live, self._everything = live, True

    def _put_state(self, floor: Floor, wall: Micros, *, anyway: bool = False) -> None:
        self._put(self.topics.state, payloads.state_body(floor, self._name, wall, self._live, self._away), anyway=anyway)

    def _say_queues(self, floor: Floor) -> None:
        by_name: defaultdict[str, list[Queue]] = defaultdict(list)
        for queue in floor.queues.values():
            by_name[queue.name].append(queue)
        topics: set[str] = set()
        for name, queues in by_name.items():
            groups = {self.topics.queue(name): queues}
            if len(queues) > 1:
                groups |= {self.topics.queue_at(name, queue.node): [queue] for queue in queues}
            topics |= groups.keys()
            for topic, group in groups.items():
                if self._everything or name in self._queues or topic not in self._known["queue"]:
                    self._put(topic, payloads.queue_body(floor, group, all(queue.node in self._live for queue in group)))
        self._settle("queue", topics)

    def _say_agents(self, floor: Floor) -> None:
        if not self._agents:
            return
        topics = {self.topics.agent(id_): agent for id_, agent in floor.agents.items()}
        for topic, agent in topics.items():
            if self._everything or agent.id in self._changed_agents or topic not in self._known["agent"]:
                self._put(topic, payloads.agent_body(agent, agent.node in self._live))
        self._settle("agent", set(topics))

    def _say_alerts(self, floor: Floor) -> None:
        """Those that are on. What nobody is to hear of single agents, nobody hears by their alerts either."""
        if not self._everything and "alerts" not in self._owned:
            return
        open_now = [each for each in floor.owned.alerts.values() if not each.cleared]
        topics = {self.topics.alert(each.id): each for each in open_now if self._agents or not each.subject.startswith("agent:")}
        for topic, alert in topics.items():
            self._put(topic, payloads.alert_body(alert, agents=self._agents))
        self._settle("alert", set(topics))

    def _say_campaigns(self, floor: Floor, now: float, wall: Micros) -> None:
        """How fast it may be dialled is a question of time, too: so also when nothing happens."""
        self._campaigns_changed |= self._everything or bool(self._changed_agents) or "campaigns" in self._owned
        if now - self._campaigns_at < (CAMPAIGNS_EVERY_S if self._campaigns_changed else STATE_EVERY_S):
            return
        self._campaigns_at, self._campaigns_changed = now, False
        live = self._live >= floor.nodes.keys()
        topics: set[str] = set()
        for row, campaign in zip(campaign_rows(floor, wall), floor.owned.plan.dialling.campaigns, strict=True):
            topic = self.topics.campaign(campaign.id)
            topics.add(topic)
            self._put(topic, payloads.campaign_body(floor, row, campaign, wall, live))
        self._settle("campaign", topics)

    def _settle(self, table: str, topics: set[str]) -> None:
        for topic in self._known[table] - topics:
            self.outbox.forget(topic)
        self._known[table] = topics

    def _put(self, topic: str, body: payloads.Body, *, anyway: bool = False) -> None:
        self.outbox.put(topic, self._encoder.encode(body), anyway=anyway)
