"""The ledger's simulated server answers as a real one does: the contract of all ledgers, over the real client. Left out is what races
against the clock of a server that is as fast as it can be.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest

from realtime.factcodec import decode
from realtime.facts import Fact
from realtime.ledger.ledger_redis import RedisLedger
from tests.realtime.ledger.desk import opened
from tests.realtime.ledger.test_contract import (  # noqa: F401
    test_a_bug_of_who_builds_the_fact_is_its_own,
    test_a_cap_of_nothing_lets_nothing_pass,
    test_a_consent_that_is_gone_since_the_look_refuses_the_take,
    test_a_great_many_changes_are_made_in_order,
    test_a_request_that_came_after_the_look_refuses_the_take,
    test_a_shut_ledger_answers_nothing,
    test_after_a_stop_nothing_is_taken,
    test_all_or_nothing_is_taken,
    test_calls_under_way_are_told_by_age,
    test_changes_may_be_made_twice,
    test_forty_callers_at_once_get_exactly_three,
    test_nothing_was_counted_yet,
    test_opening_forgets_campaigns_that_are_no_more,
    test_room_comes_when_the_event_that_has_to_go_first_leaves,
    test_the_facts_of_one_ledger_are_numbered_in_the_order_of_the_log,
    test_the_position_moves_on_only_while_it_is_open,
    test_the_window_begins_at_its_first_microsecond,
    test_what_is_taken_is_counted_and_written_down,
    test_what_people_write_is_no_trouble,
    test_who_gives_up_waiting_harms_nobody,
)
from tests.simulation.dialling_server import LedgerServer, Link
from tests.simulation.server import Server


class SimulatedDesk:
    def __init__(self) -> None:
        self.server = Server(asyncio.get_running_loop().time)
        self.log = self.server.facts.log
        self._ledger = LedgerServer(self.server, Random(1))
        self._ledgers: list[RedisLedger] = []

    async def ledger(self) -> RedisLedger:
        ledger = RedisLedger("redis://", "floor", Link(self._ledger, "{floor}:epoch"))  # type: ignore[arg-type]
        if not self._ledgers:
            await opened(ledger)
        self._ledgers.append(ledger)
        return ledger

    async def facts(self) -> list[Fact]:
        return [fact for record in await self.log.read(None, 10_000) for fact in decode(record.batch)]

    async def close(self) -> None:
        for ledger in self._ledgers:
            await ledger.close()


@pytest.fixture
async def desk() -> AsyncIterator[SimulatedDesk]:
    desk = SimulatedDesk()
    yield desk
    await desk.close()
