"""Why a link is lost: said once on the floor and once in the log, again only for another reason, and gone when it is back."""

from __future__ import annotations

from agi.adapter import News
from agi.client import STEADY_S
from agi.errors import AmiError, Closed, LoginRefused, Unreachable
from agi.reporter import REASON_MAX, Reporter
from realtime.changes import Changes
from realtime.factcodec import decode, join
from realtime.facts import Fact, NodeLinked, NodeLost, SyncBegan, SyncEnded
from realtime.floor import Floor, NodeState
from realtime.fold import apply
from realtime.words import SECOND, Node
from tests.agi.replay import START, sealer

HALL7 = Node("hall7")
AWAY = Unreachable("No connection to 127.0.0.1:5038 (Connection refused): check that Asterisk runs, and bindaddr.")


class Kept:
    """An outbox with room for everything."""

    def __init__(self) -> None:
        self.encoded: list[bytes] = []

    def put(self, encoded: bytes) -> bool:
        self.encoded.append(encoded)
        return True

    def reasons(self) -> list[str]:
        return [fact.reason for fact in decode(join(self.encoded)) if isinstance(fact, NodeLost)]


def reporter(floor: Floor, kept: Kept) -> Reporter:
    return Reporter(HALL7, "s2", sealer().seal, kept, floor)


def losing(*errors: AmiError, floor: Floor | None = None) -> list[str]:
    kept = Kept()
    reports = reporter(floor or Floor(), kept)
    for number, error in enumerate(errors):
        reports.lost(error, START + number * SECOND)
    return kept.reasons()


def test_each_reason_is_said_when_it_is_new() -> None:
    refused = LoginRefused("The PBX refused the login.")
    assert losing(AWAY, AWAY, refused, refused, AWAY) == [str(AWAY), str(refused), str(AWAY)]


def test_an_adapter_that_is_started_again_without_its_pbx_says_so() -> None:
    """The one before was killed while the link was live: nobody else can say that it is lost now."""
    floor = Floor(nodes={HALL7: NodeState(name=HALL7, link="live", heard=START)})
    assert losing(AWAY, floor=floor) == [str(AWAY)]


def test_one_that_is_started_again_says_nothing_twice() -> None:
    floor = Floor(nodes={HALL7: NodeState(name=HALL7, link="lost", reason=str(AWAY))})
    assert losing(AWAY, floor=floor) == []


def test_what_a_pbx_said_is_cut_and_readable() -> None:
    (reason,) = losing(LoginRefused("\udcd5\udcc5" + "x" * 100_000))
    assert reason.startswith(r"\xd5\xc5xxx")
    assert len(reason) < REASON_MAX + 10


def test_the_reason_is_there_while_the_link_is_lost() -> None:
    floor = Floor()

    def told(kind: type[Fact], number: int, *fields: object) -> NodeState:
        apply(floor, kind(START + number, START + number, HALL7, "s", number, *fields), Changes())
        return floor.nodes[HALL7]

    assert told(NodeLost, 1, "first").since == START + 1
    assert (told(NodeLost, 2, "second").reason, floor.nodes[HALL7].since) == ("second", START + 1)
    assert told(NodeLinked, 3).reason == ""
    assert told(NodeLost, 4, "third").reason == "third"
    assert told(SyncBegan, 5).reason == ""
    assert told(NodeLost, 6, "fourth").reason == "fourth"
    assert told(SyncEnded, 7).reason == ""


class TestNews:
    def test_a_pbx_that_is_away_all_night_is_one_line(self) -> None:
        told: list[str] = []
        news = News(told.append, "control: ")
        for _ in range(1_000):
            news.away(AWAY)
        assert told == [f"control: {AWAY}"]

    def test_a_link_that_breaks_again_and_again_is_not_back(self) -> None:
        told: list[str] = []
        news = News(told.append)
        for number in range(3):
            news.linked(START + number * SECOND)
            news.ponged(START + number * SECOND)
            news.away(AWAY)
        news.linked(START)
        news.ponged(START + int(STEADY_S) * SECOND)
        assert told == [str(AWAY), "the PBX answers again"]

    def test_our_own_end_is_no_news(self) -> None:
        told: list[str] = []
        News(told.append).away(Closed("The link was closed by Andon."))
        assert told == []
