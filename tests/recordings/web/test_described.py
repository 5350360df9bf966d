"""The description of what the archive offers: it says what is served, and what is served keeps to it, whatever is asked.

As `tests/wallboard/test_openapi.py` for the board's own addresses.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from tests.recordings.web.archive_house import archive_house
from wallboard.authorise import Role
from wallboard.rates import Bucket, Cost
from wallboard.throttle import Throttle


async def test_it_keeps_to_the_specification(tmp_path: Path) -> None:
    async with archive_house(tmp_path) as house:
        document = (await house.hall.house.http.get("/api/openapi.json")).json()
    OPENAPI_31_VALIDATOR.validate(document)
    names = [operation["operationId"] for operations in document["paths"].values() for operation in operations.values()]
    assert len(names) == len(set(names))
    assert set(re.findall(r"#/components/schemas/([^'\"]+)", str(document))) == set(document["components"]["schemas"])
    assert "/api/recordings" in document["paths"]


@pytest.mark.parametrize("role", [Role.MANAGER])
async def test_nothing_that_is_asked_finds_a_fault(role: Role, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = 10**9
    async with archive_house(tmp_path) as house:
        await house.put("a", number="13900000148")
        board = house.hall.house.board
        monkeypatch.setattr(board.rates, "_buckets", dict.fromkeys(Cost, Bucket(endless, endless)))
        monkeypatch.setattr(board.door, "_throttle", Throttle(endless))
        headers = house.hall.house.bearer(role)
        ours = r"^/api/(me/)?(recordings|archive)"
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "schemathesis.cli", "run", f"{house.hall.house.url}/api/openapi.json", "--seed=1", "--max-examples=4", "--no-color"),
            *(f"--include-path-regex={ours}", *(f"--header={name}: {value}" for name, value in headers.items())),
            cwd=tmp_path,  # it keeps what it found
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await asyncio.wait_for(process.communicate(), 240)
        assert process.returncode == 0, said.decode()[-6000:]
