"""The description of the API: it says what is served, and what is served keeps to it, whatever is asked.

schemathesis makes requests from the description, right ones and wrong ones, as nobody, as a supervisor and as an admin. Its
requests come faster and with more wrong tokens than the board lets anybody ask, so the limits are lifted here: they have tests
of their own, and a fuzzer that only hears 429 finds nothing.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import msgspec
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from tests.wallboard.house import House
from wallboard.authorise import MAY, Role
from wallboard.openapi import describe, is_api, refusals, who_may
from wallboard.rates import Bucket, Cost
from wallboard.routes import API_VERSION, ROUTES
from wallboard.row import Row
from wallboard.throttle import Throttle

DOCUMENT = msgspec.json.decode(msgspec.json.encode(describe(ROUTES, API_VERSION)))
DESCRIBED = [row for row in ROUTES if is_api(row)]


def test_it_keeps_to_the_specification() -> None:
    OPENAPI_31_VALIDATOR.validate(DOCUMENT)


@pytest.mark.parametrize("row", DESCRIBED, ids=lambda row: f"{row.method} {row.path}")
def test_every_route_of_the_api_is_described(row: Row) -> None:
    said = DOCUMENT["paths"][row.path][row.method.lower()]
    assert said["summary"] == row.summary
    assert {int(status) for status in said["responses"] if status.isdecimal() and int(status) >= 400} == set(refusals(row))
    if row.asked.action is not None:
        assert all(role in said["description"] for role in MAY[row.asked.action])
    else:
        assert said["description"] == who_may(row.asked)


def test_nothing_else_is_described() -> None:
    assert {(path, method.upper()) for path, operations in DOCUMENT["paths"].items() for method in operations} == {
        (row.path, row.method) for row in DESCRIBED
    }


def test_operations_are_told_apart_and_every_reference_leads_somewhere() -> None:
    names = [operation["operationId"] for operations in DOCUMENT["paths"].values() for operation in operations.values()]
    assert len(names) == len(set(names))
    referred = set(re.findall(r"#/components/schemas/([^'\"]+)", str(DOCUMENT)))
    assert referred == set(DOCUMENT["components"]["schemas"])


async def test_the_board_gives_it(house: House) -> None:
    assert (await house.http.get("/api/openapi.json")).json() == DOCUMENT


@pytest.mark.parametrize("role", [None, Role.SUPERVISOR, Role.ADMIN])
async def test_nothing_that_is_asked_finds_a_fault(
    house: House, role: Role | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = 10**9
    monkeypatch.setattr(house.board.rates, "_buckets", dict.fromkeys(Cost, Bucket(endless, endless)))
    monkeypatch.setattr(house.board.door, "_throttle", Throttle(endless))
    headers = house.bearer(role) if role else {"Origin": house.url}  # without a bearer only a page of ours may change something
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "schemathesis.cli", "run", f"{house.url}/api/openapi.json", "--seed=1", "--max-examples=12", "--no-color"),
        *(f"--header={name}: {value}" for name, value in headers.items()),
        cwd=tmp_path,  # it keeps what it found
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 240)
    assert process.returncode == 0, said.decode()[-6000:]
