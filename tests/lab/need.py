"""Says what a test that drives a real Asterisk needs: a tree, or a reason to skip it (a failure where CI=true)."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

from tests.lab.trees import Impossible, Tree, ensure_tree


def tree(release: str) -> Tree:
    """The tree of a release, built if need be; skips the test, naming what is missing, where it cannot be had."""
    result = ensure_tree(release)
    if isinstance(result, Tree):
        return result
    refuse(result)


def refuse(reason: Impossible) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(str(reason))
    pytest.skip(str(reason))
