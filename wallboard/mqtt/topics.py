"""The topics of one floor, and how a name becomes one level of them. Pure.

    andon/FLOOR/online           true or false; false also as the last will
    andon/FLOOR/state            the whole floor: totals, PBXs, whether it is the present
    andon/FLOOR/queue/NAME       a queue; where several PBXs have one of that name, all of them together
    andon/FLOOR/queue/NAME/NODE  ... and then also each by itself
    andon/FLOOR/agent/ID         an agent by staff number
    andon/FLOOR/alert/ID         an alert, while it is one
    andon/FLOOR/campaign/ID      a campaign of outbound calls: its state, its day, how fast it may be dialled
    andon/FLOOR/breaks           how many are on a break, how many may be, and when the next place comes free

Where the settings say so, these are listened to:

    andon/FLOOR/stop             stop all dialling
    andon/FLOOR/campaign/ID/stop stop this campaign

`/`, `+`, `#` and `%` in a name, and control characters (which brokers refuse), are percent-encoded, so two names never share a topic.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

ROOT = "andon"
CARRIES_MEANING = frozenset("/+#%")


class Topics:
    def __init__(self, floor: str) -> None:
        self._base = f"{ROOT}/{level(floor)}"
        self.online = f"{self._base}/online"
        self.state = f"{self._base}/state"
        self.breaks = f"{self._base}/breaks"
        self.everything_named = (f"{self._base}/queue/#", f"{self._base}/agent/#", f"{self._base}/alert/#", f"{self._base}/campaign/#")
        """What comes and goes: at each connection what is retained there is compared with what there is."""

        self.stop = f"{self._base}/stop"
        self.stops = (self.stop, f"{self._base}/campaign/+/stop")

    def queue(self, name: str) -> str:
        return f"{self._base}/queue/{level(name)}"

    def queue_at(self, name: str, node: str) -> str:
        return f"{self._base}/queue/{level(name)}/{level(node)}"

    def agent(self, id_: str) -> str:
        return f"{self._base}/agent/{level(id_)}"

    def alert(self, id_: str) -> str:
        return f"{self._base}/alert/{level(id_)}"

    def campaign(self, id_: str) -> str:
        return f"{self._base}/campaign/{level(id_)}"

    def stopped_by(self, topic: str) -> str | None:
        """Which campaign a message there stops; empty: all of them; None: it is no such topic."""
        if topic == self.stop:
            return ""
        head, _, name = topic.removesuffix("/stop").rpartition("/")
        return unquote(name) if topic.endswith("/stop") and head == f"{self._base}/campaign" and name else None


def level(name: str) -> str:
    """One level of a topic. A name that is empty would be a level of its own kind, so it becomes an encoded nothing."""
    return "".join(map(_encoded, name)) or "%00"


def _encoded(character: str) -> str:
    """What is no character at all (half a surrogate, kept from a PBX's bytes) is the same to everybody: a question mark."""
    if character in CARRIES_MEANING or not character.isprintable():
        return quote(character, safe="", errors="replace")
    return character
