"""`andon recordings`: each verb has a help of its own, takes what that says, and refuses every other option by name."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from andon import command
from andon.archive.command import OPTIONS
from andon.archive.verbs import VERBS
from andon.say import Exit
from tests.andon.archive.test_keeping import folder
from tests.house.sources import ROOT

Said = pytest.CaptureFixture[str]
__all__ = ["folder"]
NAMES = [names[0] for names, _ in OPTIONS]
OF = re.compile(r"^ +(?:-h, )?(--[a-z-]+)", re.MULTILINE)


def helped(capsys: Said, *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        command.main(["recordings", *words])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_the_help_of_all_names_each_verb_and_where_its_own_is(capsys: Said) -> None:
    said = helped(capsys, "--help")
    for name, verb in VERBS.items():
        assert re.search(rf"^  {name} +{re.escape(verb.what)}$", said, re.MULTILINE)
    assert "andon recordings VERB --help" in said
    assert OF.findall(said) == ["--help", "--config"]


@pytest.mark.parametrize("name", VERBS)
def test_each_verb_has_a_sentence_its_own_options_and_an_example(name: str, capsys: Said) -> None:
    verb = VERBS[name]
    said = helped(capsys, name, "--help")
    assert said.startswith(f"usage: andon recordings {name} ")
    assert f"\n{verb.what[0].upper()}{verb.what[1:]}.\n" in said
    assert sorted(OF.findall(said)) == sorted(["--help", "--config", *verb.takes])
    assert f"example:\n  {verb.example}\n" in said
    for words, does in verb.steps:
        assert re.search(rf"^  {re.escape(words)} +{re.escape(does)}$", said, re.MULTILINE)
    assert helped(capsys, name, "ID", *(["--yes"] if "--yes" in verb.takes else []), "-h") == said, "wherever it is asked for"


@pytest.mark.parametrize("name", VERBS)
def test_each_example_is_of_its_verb_and_has_only_what_that_takes(name: str) -> None:
    words = shlex.split(VERBS[name].example)
    assert command.parser().parse_args(words[1:]).verb == name
    assert {word for word in words if word.startswith("--")} <= set(VERBS[name].takes)


def test_every_option_is_some_verbs_and_every_verb_takes_options_that_there_are() -> None:
    taken = {name for verb in VERBS.values() for name in verb.takes}
    assert taken == set(NAMES)
    assert all(more.get("help") for _, more in OPTIONS)


def value_of(more: dict[str, object]) -> list[str]:
    if more.get("action"):
        return []
    choices = more.get("choices")
    return [str(next(iter(choices)))] if isinstance(choices, tuple) and choices != ("en", "zh") else ["zh"] if choices else ["7"]


@pytest.mark.parametrize("name", VERBS)
def test_what_a_verb_takes_no_notice_of_is_refused_by_name(name: str, folder: Path, capsys: Said) -> None:
    for names, more in OPTIONS:
        if names[0] in VERBS[name].takes:
            continue
        assert command.main(["recordings", name, names[0], *value_of(more)]) == Exit.WRONG
        said = capsys.readouterr().err
        assert said.startswith(f"{names[0]} is for andon recordings ")
        assert f" alone; {name} takes no notice of it, so leave it out." in said


def test_what_the_pages_of_docs_say_to_type_is_taken() -> None:
    """Code blocks and inline code alike, as far as they are a whole command."""
    found = 0
    for path in (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"):
        for name, rest in re.findall(r"andon recordings ([a-z]+)([^`\n]*)", path.read_text()):
            options = set(re.findall(r"--[a-z-]+", rest.split("   ")[0])) - {"--help", "--config"}
            if name in VERBS:
                found += 1
                assert options <= set(VERBS[name].takes), f"{path.name}: {name} {rest}"
    assert found > 40
