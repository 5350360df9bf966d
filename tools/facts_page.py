"""Writes docs/facts.md from the modules of facts in realtime: what the log holds, for whoever reads it with another tool.

    python tools/facts_page.py           write the page
    python tools/facts_page.py --check   exit 1 when the page is not what the source says

The source is the only place where facts are explained; a test holds the page to it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = tuple(ROOT / "realtime" / f"{name}.py" for name in ("facts", "rulings", "outbound", "recording_facts"))
PAGE = ROOT / "docs" / "facts.md"

INTRO = """\
# Facts

*Written by `tools/facts_page.py` from `facts.py`, `rulings.py`, `outbound.py` and `recording_facts.py` of `realtime`; change it there.*

The log holds nothing but facts: what happened, immutable, in order. One entry of the stream `{floor}:facts` is a JSON array of
facts, each an object whose `fact` is its type and version. A field that has its default is left out. Times are integer
microseconds UTC. Every fact carries

| field | meaning |
|---|---|
| `fact` | type and version, as `CallerJoined.1`; what another version or an unknown type says is for newer readers |
| `at` | when it happened, by the PBX's clock; of an engine's fact the deadline it is about |
| `seen` | when we read it, by our clock |
| `node` | the Asterisk server it is about; empty for the whole floor |
| `session`, `seq` | who said it, and its number there: a number that was there already is a repeat and means nothing |

A number is never here in clear: `Sealed` is an array of a keyed hash (the same in every month), a ciphertext in base64, and the
month whose key opens it.
"""

SECTION = re.compile(r"^# -{10,} (.+)$")
COMMENT = re.compile(r"#\s*(.+)$")


def page(sources: Iterable[str]) -> str:
    """The page, of the texts of the modules."""
    return INTRO + "".join(part for source in sources for part in rows(source))


def rows(source: str) -> Iterator[str]:
    """A table for each section of one module."""
    lines = source.splitlines()
    sections = {number: found[1] for number, line in enumerate(lines, 1) if (found := SECTION.match(line))}
    last = 0
    for fact in facts(ast.parse(source)):
        section = max((number for number in sections if number < fact.lineno), default=0)
        if section != last:
            title = sections[section]
            yield f"\n## {title[0].upper()}{title[1:]}\n\n| fact | what it says | fields |\n|---|---|---|\n"
            last = section
        yield f"| `{tag(fact)}` | {plain(ast.get_docstring(fact) or '')} | {'<br>'.join(fields(fact, lines))} |\n"


def facts(tree: ast.Module) -> Iterator[ast.ClassDef]:
    """In the order of the source."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Name) and base.id == "Fact" for base in node.bases):
            yield node


def tag(fact: ast.ClassDef) -> str:
    return next(ast.literal_eval(keyword.value) for keyword in fact.keywords if keyword.arg == "tag")


def fields(fact: ast.ClassDef, lines: list[str]) -> Iterator[str]:
    """Name, type, and the comment behind it, if there is one."""
    for node in fact.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            comment = COMMENT.search(lines[node.lineno - 1])
            kind = ast.unparse(node.annotation).replace(" | ", " or ")
            yield f"`{node.target.id}` {kind}" + (f": {plain(comment[1])}" if comment else "")


def plain(text: str) -> str:
    """On one line, and nothing that ends a table's cell."""
    return " ".join(text.split()).replace("|", "\\|")


def main(arguments: list[str]) -> int:
    text = page(source.read_text(encoding="utf-8") for source in SOURCES)
    if arguments == ["--check"]:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        if not current:
            sys.stderr.write(
                "docs/facts.md is not what realtime/facts.py, rulings.py and outbound.py say: run `python tools/facts_page.py`.\n"
            )
        return 0 if current else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
