"""What the archive says in plain words, English and Chinese: a rule, the values it saw, one sentence with what would change it. Pure.

Refusals, faults of what is outside, and what is kept of a step that was tried (`stored.py`). Not the deciding: whoever refuses raises a
`Refusal` with its rule. Not reasons to keep or to let go (`retention/sentences.py`). Each module is the catalogue of one subject. A rule is
`subject.code` or `subject.code.case`: `code` is what programs read and does not change, a case is told apart by its words alone. The
counterpart of `realtime/sentences`, for what no engine decides.
"""

from __future__ import annotations

from typing import Final

from recordings.refusals import carrying, discs, evidence, faults, hearing, keeping, quality, works
from recordings.refusals.named import LANGUAGES, NAMED, Words

WORDS: Final[Words] = {
    **hearing.WORDS, **keeping.WORDS, **discs.WORDS, **works.WORDS, **carrying.WORDS, **faults.WORDS, **evidence.WORDS, **quality.WORDS,
}  # fmt: skip


class Remark:
    """One sentence. As a text it is English: that is what a command and a log say. A value may be another remark."""

    def __init__(self, rule: str, /, **values: object) -> None:
        self.rule, self.values = rule, values

    @property
    def code(self) -> str:
        return self.rule.split(".")[1]

    def __str__(self) -> str:
        return sentence(self.rule, self.values, "en")

    def text(self) -> dict[str, str]:
        """By language: a page changes its language without asking again."""
        return {language: sentence(self.rule, self.values, language) for language in LANGUAGES}


class Worded(Remark, Exception):
    """A remark that is raised."""

    def __init__(self, rule: str, /, **values: object) -> None:
        Remark.__init__(self, rule, **values)
        Exception.__init__(self, str(self))


class Refusal(Worded):
    """What may not be done, or not now."""


def sentence(rule: str, values: dict[str, object], language: str) -> str:
    """In `en` or `zh`."""
    number = LANGUAGES.index(language)
    said = {name: _named(name, value, number) for name, value in values.items()}
    return WORDS[rule][number].format_map(said)


def _named(name: str, value: object, number: int) -> object:
    """A value that is a code, in its words; several of them, as one text."""
    if isinstance(value, Remark):
        return sentence(value.rule, value.values, LANGUAGES[number])
    if isinstance(value, tuple | list):
        return (" or ", "或")[number].join(str(_named(name, each, number)) for each in value)
    known = NAMED.get(name, {}).get(str(value))
    return value if known is None else known[number]
