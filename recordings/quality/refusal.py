"""Why something of quality is not done: a code, a sentence, and what would change it. Pure."""

from __future__ import annotations

from recordings.refusals import Refusal


class NotDone(Refusal):
    """`code` for programs; the text is the sentence."""
