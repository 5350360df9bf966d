"""Ways in which one number may have been written when it was sealed. Pure.

Not the sealing (`realtime/sealing.py`). A PBX seals what it heard, as a trunk sent it; the gate seals E.164: who looks for a customer means
either. What is no number that anybody could have is looked for as it stands, as an extension.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import phonenumbers

from realtime.dial.would import number_of
from realtime.plan.dialling import DialRules

NUMBERS_MOST: Final = 8
"""Each is looked for: a number of one country has five, and one that is read by two countries a few more."""
BETWEEN: Final = str.maketrans("", "", " -.()/\u00a0")


def countries_of(rules: DialRules) -> list[str]:
    """Whose way of writing is understood: of the campaigns; else China's."""
    return sorted({campaign.country for campaign in rules.campaigns} - {""}) or ["CN"]


def spellings(said: str, rules: DialRules) -> tuple[str, ...]:
    """The first is what was said. Empty: there is nothing in it to look for."""
    plain = said.translate(BETWEEN)
    if not any(mark.isdigit() for mark in plain):
        return ()
    found = [plain]
    for e164 in dict.fromkeys(number_of(said, country, rules) for country in countries_of(rules)):
        if e164:
            found += list(_of(e164))
    return tuple(dict.fromkeys(found))[:NUMBERS_MOST]


def _of(e164: str) -> Iterable[str]:
    national = phonenumbers.national_significant_number(phonenumbers.parse(e164))
    return (e164, e164[1:], national, f"0{national}", f"00{e164[1:]}")
