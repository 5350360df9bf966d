"""deploy/asterisk/manager.conf: least rights, loopback alone, and one list of events in both forms of its filters.

That a real Asterisk takes the file is test_manager_conf_live.py's to say.
"""

from __future__ import annotations

import re

import pytest

from agi.translate import VARIABLES, WANTED
from tests.house.sources import ROOT

TEXT = (ROOT / "deploy/asterisk/manager.conf").read_text()
BY_NAME = re.compile(r"^eventfilter\(action\(include\),name\((\w+)\)\) =$", re.MULTILINE)
BY_VARIABLE = re.compile(r"^eventfilter\(action\(include\),name\(VarSet\),header\(Variable\),method\(exact\)\) = (\w+)$", re.MULTILINE)
OLD_NAMES = re.compile(r"^;eventfilter=\^Event: \(([\w|]+)\)\[\[:cntrl:\]\]$", re.MULTILINE)
OLD_VARIABLES = re.compile(r"^;eventfilter=\^Event: VarSet\.\*Variable: \(([\w|]+)\)\[\[:cntrl:\]\]$", re.MULTILINE)


def account(name: str) -> dict[str, list[str]]:
    """The settings of one section; each may be given more than once."""
    section = TEXT.partition(f"[{name}]\n")[2].partition("\n[")[0]
    settings: dict[str, list[str]] = {}
    for line in section.splitlines():
        if line and not line.startswith(";"):
            key, _, value = line.partition("=")
            settings.setdefault(key.strip(), []).append(value.strip())
    return settings


def alternatives(pattern: re.Pattern[str]) -> set[str]:
    return {name for found in pattern.findall(TEXT) for name in found.split("|")}


def test_both_forms_of_the_filters_let_the_same_events_through() -> None:
    assert set(BY_NAME.findall(TEXT)) == alternatives(OLD_NAMES)
    assert set(BY_VARIABLE.findall(TEXT)) == alternatives(OLD_VARIABLES)


def test_exactly_what_the_translation_reads_travels() -> None:
    assert {*BY_NAME.findall(TEXT), "VarSet"} == WANTED
    assert set(BY_VARIABLE.findall(TEXT)) == VARIABLES


def test_every_filter_is_of_a_form_we_know() -> None:
    filters = [line for line in TEXT.splitlines() if line.lstrip(";").startswith("eventfilter")]
    known = [pattern.fullmatch(line) for line in filters for pattern in (BY_NAME, BY_VARIABLE, OLD_NAMES, OLD_VARIABLES)]
    assert sum(map(bool, known)) == len(filters)


@pytest.mark.parametrize("name", ["andon", "andon-control"])
def test_an_account_is_for_this_machine_alone(name: str) -> None:
    assert account(name)["deny"] == ["0.0.0.0/0.0.0.0", "::/0"]
    assert account(name)["permit"] == ["127.0.0.1/255.255.255.255", "::1/128"]
    assert 1000 <= int(account(name)["writetimeout"][0]) <= 2000


def test_rights_are_the_least() -> None:
    assert account("andon")["read"] == ["system,call,agent,dialplan"]
    assert account("andon")["write"] == ["call,reporting"]
    assert account("andon-control")["read"] == [""]
    assert account("andon-control")["write"] == ["call,agent,originate"]
