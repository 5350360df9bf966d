"""With CI=true a skipped test is a failed one: a machine that should run everything must not quietly run less.

A hook for pytest, taken in by conftest.py. It leaves expected failures (xfail) alone, and keeps the reason of the skip.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest

Hook = Generator[None, Any, Any]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Hook:
    """For skips while a test runs: a marker, pytest.skip, a fixture that found something missing."""
    report = yield
    if not hasattr(report, "wasxfail"):
        _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Hook:
    """For whole files: importorskip, pytest.skip at module level."""
    report = yield
    _fail_if_skipped(report)
    return report


def _fail_if_skipped(report: Any) -> None:
    if report.skipped and os.environ.get("CI") == "true":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"With CI=true nothing may be skipped. {reason}"
