"""The pages of single agents as they change: one row for each agent whose page is open, made when a fact touched this agent.

Not the floor's feed (`feed.py`, which says once a beat what changed) and not the websocket (`me_live.py`). A thousand open pages cost
nothing while nothing happens to their people: a message or a meeting is only drawn for whom it is meant. Each page gets its row anew
within a minute in any case, spread over its seconds, because what comes within the hour is a question of time and no fact.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NoReturn

import msgspec

from realtime.changes import Changes
from realtime.floor import Floor
from realtime.me import addressed, agent_of_login, me_row
from realtime.words import SECOND, AgentId, Micros
from wallboard.clients import Client, Clients
from wallboard.feed import Feed
from wallboard.protocol import Audience, CloseCode, heartbeat_message, me_message, text_frame

LIFE_SIGN_S: Final = 1.0
"""A page calls itself stale after 3 s, as the wall does."""
ROUND: Final = 60
"""In so many seconds each open page is drawn anew."""


class MeFeed:
    def __init__(self, feed: Feed, clients: Clients, clock: Callable[[], Micros], build: str) -> None:
        self.clients = clients
        self._feed = feed
        self._clock = clock
        self._build = build
        self._encoder = msgspec.json.Encoder()
        self._messages: frozenset[str] = frozenset()
        self._meetings: frozenset[str] = frozenset()
        self._round = 0
        feed.beat = self.take

    async def run(self) -> NoReturn:
        """The signs of life, until cancelled."""
        while True:
            await asyncio.sleep(LIFE_SIGN_S)
            self.stay_alive()

    def welcome(self, client: Client) -> None:
        """Its first row, or a place in the first beat that has a floor."""
        if self._feed.floor is not None:
            client.begin(self.frame_for(client))

    def frame_for(self, client: Client) -> bytes:
        floor = self._feed.floor
        assert floor is not None, "asked for a row before there was a floor"
        return self._frame(floor, client.audience.agent)

    # ------------------------------------------------------------------ what the floor's feed says

    def take(self, floor: Floor, changes: Changes, everything: bool) -> None:
        """Called once a beat. `everything` may be a new plan, which has given a name to somebody else: who comes again is looked up."""
        if not len(self.clients):
            return
        whose = self._whose(floor, changes)
        if everything:
            for client in self.clients:
                if agent_of_login(floor, client.user) != client.audience.agent:
                    client.close(CloseCode.TRY_LATER, "the plan has changed whose page this is")
                else:
                    client.begin(self.frame_for(client))
            return
        for audience, clients in self.clients.by_audience().items():
            if whose(audience.agent):
                self._tell(floor, audience, clients)

    def _whose(self, floor: Floor, changes: Changes) -> Callable[[str], bool]:
        """Whom these changes are about. Of messages and meetings what is new or over counts; to have read one is the agent's change."""
        owned, touched, teams = floor.owned, changes.agents | changes.gone_agents, set[str]()
        new = []
        if "messages" in changes.owned:
            new = [owned.messages[name] for name in owned.messages.keys() - self._messages]
            self._messages = frozenset(owned.messages)
        if "meetings" in changes.owned:
            for name in self._meetings ^ owned.meetings.keys():
                found = owned.meetings.get(name) or owned.met.get(name)
                teams.update(found.teams if found is not None else ())
            self._meetings = frozenset(owned.meetings)

        def concerns(agent: str) -> bool:
            if agent in touched:
                return True
            if not teams and not new:
                return False
            person = owned.people.get(agent)
            own = person.team if person is not None else ""
            return own in teams or any(addressed(each, agent, own) for each in new)

        return concerns

    # ------------------------------------------------------------------ what goes out

    def stay_alive(self) -> None:
        """A sign of life for all, and a fresh row for some."""
        floor, now = self._feed.floor, self._clock()
        self._round = (self._round + 1) % ROUND
        groups = self.clients.by_audience()
        if floor is not None:
            for audience in self._turn(groups):
                self._tell(floor, audience, groups[audience])
        frame = text_frame(heartbeat_message(now / SECOND, self._feed.position, bool(self._feed.away)))
        for clients in groups.values():
            for client in clients:
                client.offer(frame)

    def _turn(self, groups: Mapping[Audience, object]) -> Iterable[Audience]:
        return [audience for number, audience in enumerate(groups) if number % ROUND == self._round]

    def _tell(self, floor: Floor, audience: Audience, clients: list[Client]) -> None:
        frame = self._frame(floor, audience.agent)
        for client in clients:
            client.offer(frame)

    def _frame(self, floor: Floor, agent: str) -> bytes:
        now = self._clock()
        row = self._encoder.encode(me_row(floor, AgentId(agent), now))
        return text_frame(me_message(row, self._feed.position, self._build, now / SECOND))
