"""Reads our own source as data: which files there are, and who imports whom. The tests of the house ask it.

Not a linter: it judges nothing. It works on text alone and imports none of what it reads.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PACKAGES = ("andon", "agi", "realtime", "wallboard", "recordings")

UNTRACKED = {".git", ".venv", ".venv-lock", ".lab", "build", "dist", "node_modules", "vendor", "__pycache__"}
"""Folders that are not ours to judge, for a source tree that is no git checkout."""


@cache
def our_files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root: tracked ones, and new ones that git would take."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        answer = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        found = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
        return tuple(path for path in sorted(found) if not UNTRACKED.intersection(path.parts) and (ROOT / path).is_file())
    names = answer.stdout.decode().split("\0")
    return tuple(Path(name) for name in sorted(names) if name and (ROOT / name).is_file())


def our_text(*suffixes: str) -> Iterator[tuple[Path, str]]:
    """Path and text of our files with one of these suffixes; of all files that are text when none is named."""
    for path in our_files():
        if suffixes and path.suffix not in suffixes:
            continue
        try:
            yield path, (ROOT / path).read_text("utf-8")
        except UnicodeDecodeError:
            if suffixes:
                raise


@cache
def packages() -> Mapping[str, str]:
    """Module name -> source, of the five packages."""
    return {module_name(path): text for path, text in our_text(".py") if path.parts[0] in PACKAGES}


def say(complaints: list[str]) -> None:
    """Fails with all of them, a line each."""
    assert not complaints, "\n" + "\n".join(complaints)


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@dataclass(frozen=True)
class Import:
    """One imported name. `target` is as written, made absolute; `typing_only` when no running program does it."""

    importer: str
    target: str
    line: int
    typing_only: bool


def imports(module: str, source: str) -> list[Import]:
    """All of them, also those inside functions: a late import is an import."""
    found: list[Import] = []
    _collect(module, ast.parse(source), False, found)
    return found


def _collect(module: str, node: ast.AST, typing_only: bool, found: list[Import]) -> None:
    match node:
        case ast.Import():
            found.extend(Import(module, alias.name, node.lineno, typing_only) for alias in node.names)
        case ast.ImportFrom():
            base = _absolute(module, node)
            found.extend(Import(module, f"{base}.{alias.name}", node.lineno, typing_only) for alias in node.names)
        case ast.If() if _asks_for_type_checking(node.test):
            for statement in node.body:
                _collect(module, statement, True, found)
            for statement in node.orelse:
                _collect(module, statement, typing_only, found)
        case _:
            for child in ast.iter_child_nodes(node):
                _collect(module, child, typing_only, found)


def _absolute(module: str, node: ast.ImportFrom) -> str:
    """Relative imports are refused by the test of imports; here they are only made readable."""
    return "." * node.level + (node.module or "") if node.level else node.module or ""


def _asks_for_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING")


def within(name: str, prefix: str) -> bool:
    """Is `name` the module or package `prefix`, or inside it?"""
    return name == prefix or name.startswith(prefix + ".")


def edges(modules: Mapping[str, str]) -> dict[str, set[str]]:
    """Who imports whom when the program runs, among `modules`: `from a import b` is a.b where that is a module, else a."""
    graph: dict[str, set[str]] = {}
    for module, source in modules.items():
        found = (_resolve(each.target, modules) for each in imports(module, source) if not each.typing_only)
        graph[module] = {target for target in found if target and target != module}
    return graph


def _resolve(target: str, modules: Mapping[str, str]) -> str | None:
    while target not in modules:
        target, dot, _ = target.rpartition(".")
        if not dot:
            return None
    return target


def reachable(graph: Mapping[str, set[str]], start: str) -> set[str]:
    """Everything that importing `start` brings in, itself not counted."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for target in graph.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen
