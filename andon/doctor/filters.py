"""Which events an account's old filters let through, by the words of manager.conf. Pure.

Only the old form can be read back from an Asterisk (its value is the pattern). Asterisk asks a POSIX regular expression of
the whole event; what we need of it Python's says alike, and a pattern that Python does not take is left unjudged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

VARSET = "VarSet"


def missing(patterns: Sequence[str], events: Iterable[str], variables: Iterable[str]) -> set[str] | None:
    """Events (and VarSets by the name of their variable) that do not pass; None when it cannot be told.

    As manager.c: without an including pattern everything is let in, then each excluding one takes away.
    """
    try:
        including = [re.compile(_python(each)) for each in patterns if not each.startswith("!")]
        excluding = [re.compile(_python(each[1:])) for each in patterns if each.startswith("!")]
    except re.error:
        return None
    shapes = {name: _event(name) for name in events if name != VARSET}
    shapes |= {f"{VARSET} of {name}": _event(VARSET, f"Channel: none\r\nVariable: {name}\r\nValue: 1\r\n") for name in variables}
    return {
        name
        for name, text in shapes.items()
        if (including and not any(each.search(text) for each in including)) or any(each.search(text) for each in excluding)
    }


def _event(name: str, more: str = "") -> str:
    return f"Event: {name}\r\nPrivilege: call,all\r\nTimestamp: 1.0\r\n{more}"


def _python(pattern: str) -> str:
    """POSIX classes are the only thing that people write in filters and Python lacks; a dot matches line ends in POSIX."""
    return "(?s)" + pattern.replace("[[:cntrl:]]", r"[\x00-\x1f]").replace("[[:space:]]", r"\s").replace("[[:alnum:]]", "[A-Za-z0-9]")
