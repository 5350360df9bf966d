"""For all tests: nothing is skipped in continuous integration, and what takes longest starts first.

Fixtures belong beside the tests that use them, not here.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import postgres
from tests.skips import pytest_make_collect_report, pytest_runtest_makereport
from tests.valkeys import valkey

__all__ = ["postgres", "pytest_make_collect_report", "pytest_runtest_makereport", "valkey"]

# How long an example takes is the machine's doing: with tests side by side it says nothing of what is tested.
settings.register_profile("side by side", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("side by side")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real Asterisks, then the browser, then the rest: with few workers the long files must not come last."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    if item.get_closest_marker("asterisk"):
        return 0
    return 1 if item.get_closest_marker("browser") else 2
