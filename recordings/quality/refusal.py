"""Why something of quality is not done: a code, a sentence, and what would change it. Pure."""

from __future__ import annotations


class NotDone(Exception):
    """`code` for programs; the text is the sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
