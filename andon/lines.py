"""Bytes of a child's output, in any split, to lines of text: bounded, and readable whatever the bytes are."""

from __future__ import annotations

LINE_MAX = 16_384
"""Bytes: a long traceback line fits; a child that writes without line ends is cut, not collected."""


class Lines:
    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """The lines that are complete now."""
        *whole, rest = (self._rest + data).split(b"\n")
        while len(rest) > LINE_MAX:
            whole.append(rest[:LINE_MAX])
            rest = rest[LINE_MAX:]
        self._rest = rest
        return [_text(line) for line in whole]

    def end(self) -> list[str]:
        """What was left without a line end."""
        rest, self._rest = self._rest, b""
        return [_text(rest)] if rest else []


def _text(line: bytes) -> str:
    return line[:LINE_MAX].rstrip(b"\r").decode("utf-8", "replace")
