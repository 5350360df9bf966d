"""The budgets: how long a file, a function and a line may be, and words that must not be in the source.

They are here so that nobody has to argue about them. Ruff and mypy (make check) look after style and types.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, our_text, say

FILE_LINES = 450
"""Hard; about 300 is what one subject needs."""

FUNCTION_LINES = 40
"""One screen, its docstring not counted."""

LINE_LENGTH = 140

LONG_FUNCTIONS: dict[str, str] = {}
"""Functions that may be longer, as `path::name`, each with its reason. Short, and getting shorter."""

BUDGETED = (*PACKAGES, "tools", "bench")
"""Tests may be long lists of cases; what runs may not."""

WEB = (".js", ".html", ".css")
SOURCE = (".py", ".sh", ".toml", ".conf", *WEB)

BANNED_MARKUP = ("inner" + "HTML", "outer" + "HTML", "insertAdjacent" + "HTML", "document." + "write")
"""Ways for a caller's name to become markup: textContent instead."""

BANNED_NOTES = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
"""A note to oneself belongs into an issue."""

NOT_FOR_COMMITS = {
    "a registry's host": r"p[y]pi\.org|pythonh[o]sted|npm[j]s\.|deb\.d[e]bian\.",
    "a path of one machine": r"(?<![\w.-])/(r[o]ot|wor[k]|home/\w+)/",
}


def budgeted() -> Iterator[tuple[Path, str]]:
    return ((path, text) for path, text in our_text(".py", ".js") if path.parts[0] in BUDGETED)


def python() -> Iterator[tuple[Path, ast.Module]]:
    return ((path, ast.parse(text)) for path, text in our_text(".py"))


def test_files_are_about_one_thing() -> None:
    lengths = ((path, text.count("\n")) for path, text in budgeted())
    say([f"{path} has {length} lines; at most {FILE_LINES}: split it by subject" for path, length in lengths if length > FILE_LINES])


def test_functions_fit_on_a_screen() -> None:
    say(
        [
            f"{place} has {length} lines; at most {FUNCTION_LINES}: name its parts"
            for place, length in long_functions()
            if place not in LONG_FUNCTIONS
        ]
    )


def test_the_list_of_long_functions_is_up_to_date() -> None:
    long = {place for place, _ in long_functions()}
    say([f"{place} is not too long any more: take it off LONG_FUNCTIONS" for place in LONG_FUNCTIONS if place not in long])


def long_functions() -> Iterator[tuple[str, int]]:
    for path, text in budgeted():
        if path.suffix == ".py":
            measured = ((f"{path}::{name}", function_lines(node)) for name, node in functions(ast.parse(text)))
            yield from ((place, length) for place, length in measured if length > FUNCTION_LINES)


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        name = f"{prefix}{child.name}" if isinstance(child, Function | ast.ClassDef) else ""
        if isinstance(child, Function):
            yield name, child
        yield from functions(child, f"{name}." if name else prefix)


def function_lines(function: Function) -> int:
    """Its lines without the docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_lines_are_short() -> None:
    say(
        [
            f"{path}:{number} is {len(line)} characters wide; at most {LINE_LENGTH}"
            for path, text in our_text(*SOURCE)
            for number, line in enumerate(text.splitlines(), 1)
            if len(line) > LINE_LENGTH
        ]
    )


def test_every_module_says_what_it_is() -> None:
    say([f"{path} opens without a docstring" for path, tree in python() if tree.body and not ast.get_docstring(tree)])


def test_no_print_no_bare_except_no_global() -> None:
    say([f"{path}:{line} {what}" for path, tree in python() for line, what in forbidden_code(tree) if path.parts[0] != "bench"])


def forbidden_code(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="print")):
                yield node.lineno, "prints: write to what the caller gave, or log"
            case ast.ExceptHandler(type=None):
                yield node.lineno, "catches everything: name what may go wrong"
            case ast.Global():
                yield node.lineno, "changes a global: give state an owner"


@pytest.mark.parametrize("word", BANNED_MARKUP)
def test_text_never_becomes_markup(word: str) -> None:
    say([f"{path} uses {word}" for path, text in our_text(*WEB) if word in text])


def test_notes_to_oneself_are_issues() -> None:
    say([f"{path} says {found.group()}" for path, text in our_text(*SOURCE) if (found := BANNED_NOTES.search(text))])


@pytest.mark.parametrize("what", NOT_FOR_COMMITS)
def test_nothing_names(what: str) -> None:
    pattern = re.compile(NOT_FOR_COMMITS[what], re.IGNORECASE)
    say([f"{path} names {what}: {found.group()}" for path, text in our_text() if (found := pattern.search(text))])


@pytest.mark.parametrize(
    "source",
    ["print('x')", "try:\n    pass\nexcept:\n    pass", "def f():\n    global x\n    x = 1"],
)
def test_forbidden_code_is_found(source: str) -> None:
    assert list(forbidden_code(ast.parse(source)))


def test_a_docstring_costs_nothing() -> None:
    short = ast.parse('def f():\n    """One.\n\n    Two.\n    """\n    return 1').body[0]
    assert isinstance(short, Function)
    assert function_lines(short) == 2
