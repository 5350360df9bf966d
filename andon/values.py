"""The types of values that andon.toml knows, as one table: from TOML, from text, and in words.

Not which key has which type (`settings.py` says that by its annotations).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from andon.settings import Secret, Url

TEXT_MAX = 2000
"""Longer than any path or address; a whole certificate pasted into a key is a mistake."""


class WrongValue(Exception):
    """A value that its key cannot have; the message says what is expected, never what was found when that may be secret."""


class Kind(NamedTuple):
    words: str
    from_toml: Callable[[object], Any]
    from_text: Callable[[str], Any]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise WrongValue(f'expected text in quotes, found {_what(value)}; write it as "...".')
    if len(value) > TEXT_MAX or not value.isprintable():
        raise WrongValue(f"the text holds a line break or control character, or more than {TEXT_MAX} characters; write it on one line.")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongValue(f"expected a whole number, found {_what(value)}; write it as 20, without quotes.")
    return value


def _number_from_text(text: str) -> int:
    if not text.strip().lstrip("-").isdecimal() or len(text) > 18:
        raise WrongValue("expected a whole number; write it as 20.")
    return int(text)


def _measure(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
        raise WrongValue(f"expected a number, found {_what(value)}; write it as 3.5, without quotes.")
    return float(value)


def _measure_from_text(text: str) -> float:
    try:
        return _measure(float(text[:32]))
    except ValueError as error:
        raise WrongValue("expected a number; write it as 3.5.") from error


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise WrongValue(f"expected true or false, found {_what(value)}; write it without quotes.")
    return value


def _truth_from_text(text: str) -> bool:
    if text.strip().lower() not in ("true", "false"):
        raise WrongValue("expected true or false; write one of them.")
    return text.strip().lower() == "true"


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise WrongValue(f'expected a list, found {_what(value)}; write it as ["..."].')
    return tuple(_text(each) for each in value)


def _texts_from_text(text: str) -> tuple[str, ...]:
    return tuple(_text(each.strip()) for each in text.split(",") if each.strip())


KINDS: Final[dict[object, Kind]] = {
    str: Kind("text", _text, _text),
    int: Kind("whole number", _number, _number_from_text),
    float: Kind("number", _measure, _measure_from_text),
    bool: Kind("true or false", _truth, _truth_from_text),
    float | None: Kind("number", _measure, _measure_from_text),
    tuple[str, ...]: Kind("list of texts", _texts, _texts_from_text),
    Secret: Kind("text", lambda value: Secret(_text(value)), lambda text: Secret(_text(text))),
    Url: Kind("address", lambda value: Url(_text(value)), lambda text: Url(_text(text))),
}

_NAMES: Final[dict[type, str]] = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number with a point",
    list: "a list",
    dict: "a table",
}


def _what(value: object) -> str:
    return _NAMES.get(type(value), "a date or time")
