"""Why something of quality is not done: a code, a sentence, and what would change it. Pure."""

from __future__ import annotations


class NotDone(Exception):
    """`code` for programs; the text is the sentence. `zh`: the same in Chinese, where it was written."""

    def __init__(self, code: str, sentence: str, zh: str = "") -> None:
        super().__init__(sentence)
        self.code, self.zh = code, zh

    def said(self, language: str) -> str:
        return self.zh if language == "zh" and self.zh else str(self)
