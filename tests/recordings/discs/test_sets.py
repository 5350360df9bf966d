"""Which recordings go together, and what fits: pure."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from realtime.plan.archive import ArchiveRules, DiscRules, RetentionClass
from recordings.discs.media import MEDIA, SECTOR, medium_of, room, weight
from recordings.discs.sets import MOST_DISCS, Item, plan_sets, set_id

RULES = ArchiveRules(classes=(RetentionClass(id="half", burn=True),), discs=DiscRules(media="cd", fill=0.8))


def item(place: int, size: int, client: str = "", month: str = "2027-05") -> Item:
    return Item(
        place=place, id=f"{place:020}", state="kept", began=place % 7, length_ms=1, class_="half", month=month, client=client,
        container=bytes(32), container_bytes=size, entry=place,
    )  # fmt: skip


@given(st.lists(st.tuples(st.integers(1, 700_000_000), st.sampled_from(["", "lin"])), max_size=40), st.randoms())
def test_everything_is_on_one_disc_once_and_no_disc_is_over_full(told: list[tuple[int, str]], dice: object) -> None:
    items = [item(place, size, client) for place, (size, client) in enumerate(told, 1)]
    planned = plan_sets(items, RULES)
    shuffled = list(items)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert plan_sets(shuffled, RULES) == planned
    most = room(medium_of("cd"), 0.8)
    placed = [each.id for one in planned for disc in one.discs for each in disc]
    large = [each.id for one in planned for each in one.too_large]
    assert sorted(placed + large) == sorted(each.id for each in items)
    for one in planned:
        for disc in one.discs:
            assert sum(weight(each.container_bytes) for each in disc) <= most
            assert {each.client for each in disc} == {one.group.client}
            assert list(disc) == sorted(disc, key=lambda each: (each.began, each.id))


def test_a_short_call_closes_an_earlier_discs_gap() -> None:
    most = room(medium_of("cd"), 0.8)
    sizes = {1: most * 6 // 10, 2: most * 7 // 10, 3: most * 3 // 10}
    (planned,) = plan_sets([item(place, size) for place, size in sizes.items()], RULES)
    assert [[each.place for each in disc] for disc in planned.discs] == [[1, 3], [2]]


def test_a_set_has_no_more_discs_than_its_label_can_count() -> None:
    most = room(medium_of("cd"), 0.8)
    (planned,) = plan_sets([item(place, most * 9 // 10) for place in range(1, 103)], RULES)
    assert (len(planned.discs), planned.left) == (MOST_DISCS, 3)


def test_the_id_of_a_set_says_nothing_and_is_another_one_each_time() -> None:
    (planned,) = plan_sets([item(1, 10)], RULES)
    one, other = set_id(planned, 1), set_id(planned, 2)
    assert one != other
    assert all(len(each) == 8 and each.isalnum() and each == each.upper() for each in (one, other))


def test_media_are_whole_blocks_and_never_filled_to_the_rim() -> None:
    for medium in MEDIA.values():
        assert medium.size % SECTOR == 0
        assert medium.source
        assert room(medium, 7.0) < medium.size
        assert room(medium, -1.0) == 0
