"""Refusals of the archive in plain words, English and Chinese: a rule, the values it saw, one sentence with what would change it. Pure.

Not the deciding: whoever refuses raises a `Refusal` with its rule. Not reasons to keep or to let go (`retention/sentences.py`). Each
module is the catalogue of one subject. A rule is `subject.code` or `subject.code.case`: `code` is what programs read and does not change,
a case is told apart by its words alone. The counterpart of `realtime/sentences`, for what no engine decides.
"""

from __future__ import annotations

from typing import Final

from recordings.refusals import discs, hearing, keeping, quality
from recordings.refusals.named import LANGUAGES, NAMED, Words

WORDS: Final[Words] = {**hearing.WORDS, **keeping.WORDS, **discs.WORDS, **quality.WORDS}


class Refusal(Exception):
    """As an exception its text is the English sentence: that is what a command says."""

    def __init__(self, rule: str, /, **values: object) -> None:
        super().__init__(sentence(rule, values, "en"))
        self.rule, self.values = rule, values

    @property
    def code(self) -> str:
        return self.rule.split(".")[1]

    def text(self) -> dict[str, str]:
        """By language: a page changes its language without asking again."""
        return {language: sentence(self.rule, self.values, language) for language in LANGUAGES}


def sentence(rule: str, values: dict[str, object], language: str) -> str:
    """In `en` or `zh`."""
    number = LANGUAGES.index(language)
    said = {name: _named(name, value, number) for name, value in values.items()}
    return WORDS[rule][number].format_map(said)


def _named(name: str, value: object, number: int) -> object:
    """A value that is a code, in its words; several of them, as one text."""
    if isinstance(value, tuple | list):
        return (" or ", "或")[number].join(str(_named(name, each, number)) for each in value)
    known = NAMED.get(name, {}).get(str(value))
    return value if known is None else known[number]
