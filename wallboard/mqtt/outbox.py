"""What waits to be published: of each topic the newest body only, and each topic at most once a second. Pure; time is an argument.

So a broker that is slow gets fewer messages and never old ones, and the memory is bounded by the number of topics. What a topic
says already is not said again, but for `renew`: a broker that was started anew may have forgotten everything.
"""

from __future__ import annotations

EVERY_S = 1.0
"""Between two messages of one topic: a board of LEDs need not show more, and a lamp on a radio network cannot."""
TOPICS_MAX = 20_000
"""Queues, agents and what is left over of earlier ones; ten times the largest floor. Beyond that nothing new is taken."""
GONE = b""
"""The body of a topic that is to be forgotten: a retained message of nothing."""


class Outbox:
    def __init__(self) -> None:
        self.refused = 0
        """Topics beyond the bound."""
        self._said: dict[str, bytes] = {}
        self._sent_at: dict[str, float] = {}
        self._waiting: dict[str, bytes] = {}
        self._topics: set[str] = set()  # said or waiting

    @property
    def topics(self) -> int:
        return len(self._topics)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def put(self, topic: str, body: bytes, *, anyway: bool = False) -> None:
        """The newest word of that topic. `anyway`: also when it says the same as before, because its time is news."""
        if self._said.get(topic) == body and not anyway:
            self._waiting.pop(topic, None)
        elif topic in self._topics or self.topics < TOPICS_MAX:
            self._waiting[topic] = body
            self._topics.add(topic)
        else:
            self.refused += 1

    def forget(self, topic: str) -> None:
        """Nobody is to find it any more."""
        self._waiting.pop(topic, None)
        self.put(topic, GONE, anyway=True)

    def due(self, now: float, at_most: int) -> list[tuple[str, bytes]]:
        """Those that may go now, as said; the longest waiting first."""
        found = [topic for topic in self._waiting if now - self._sent_at.get(topic, -EVERY_S) >= EVERY_S][:at_most]
        return [(topic, self._take(topic, now)) for topic in found]

    def renew(self) -> None:
        """The broker may know nothing: all is said again. Topics that were to be forgotten are found by the sweep."""
        again = {topic: body for topic, body in {**self._said, **self._waiting}.items() if body != GONE}
        self._said.clear()
        self._sent_at.clear()
        self._waiting = again
        self._topics = set(again)

    def _take(self, topic: str, now: float) -> bytes:
        body = self._waiting.pop(topic)
        if body == GONE:
            self._said.pop(topic, None)
            self._sent_at.pop(topic, None)
            self._topics.discard(topic)
        else:
            self._said[topic], self._sent_at[topic] = body, now
        return body
