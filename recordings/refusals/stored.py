"""A sentence as the catalogue keeps it: the rule and the values it saw, so that whoever reads it later reads their own language. Pure.

Not the words (the catalogues beside this). For columns of text (`discs.said`, `disc_wishes.said`, `disposals.trouble`), for private parts
of the log, and for what a key store answered. What was written otherwise, or by a version with other rules, is shown as it stands.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from recordings.refusals import Remark, sentence
from recordings.refusals.named import LANGUAGES

VALUE_MOST: Final = 600
"""Characters of one value: what xorriso says of a failure is three lines, and a page has no room for more."""


class _Kept(msgspec.Struct, forbid_unknown_fields=True):
    rule: str
    values: dict[str, Any]


def coded(remark: Remark) -> dict[str, Any]:
    """As an object of JSON. What is no number, no list and no remark is kept as the text that it is."""
    return {"rule": remark.rule, "values": {name: _coded(value) for name, value in remark.values.items()}}


def written(remark: Remark | None) -> str:
    """Canonical: the same sentence is the same text. None: empty."""
    return "" if remark is None else msgspec.json.encode(coded(remark), order="sorted").decode()


def read(text: str) -> Remark | None:
    """None: empty, or not written here, or with a rule that this version does not know."""
    try:
        kept = msgspec.json.decode(text, type=_Kept)
        found = _remark(kept)
        for language in LANGUAGES:
            sentence(found.rule, found.values, language)
    except (msgspec.MsgspecError, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return found


def both(text: str) -> dict[str, str]:
    """By language; what cannot be read, as it stands in both."""
    found = read(text)
    return dict.fromkeys(LANGUAGES, text) if found is None else found.text()


def english(text: str) -> str:
    return both(text)["en"]


def _coded(value: object) -> Any:
    if isinstance(value, Remark):
        return coded(value)
    if isinstance(value, tuple | list):
        return [_coded(each) for each in value]
    return value if isinstance(value, int | float) else str(value)[:VALUE_MOST]


def _remark(kept: _Kept) -> Remark:
    return Remark(kept.rule, **{name: _value(value) for name, value in kept.values.items()})


def _value(value: Any) -> object:
    if isinstance(value, dict):
        return _remark(msgspec.convert(value, type=_Kept))
    return [_value(each) for each in value] if isinstance(value, list) else value
