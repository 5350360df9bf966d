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
        cut = len(rest) - len(rest) % LINE_MAX if len(rest) > LINE_MAX else 0
        self._rest = rest[cut:]
        return [_text(piece) for line in (*whole, *([rest[:cut]] if cut else [])) for piece in _pieces(line)]

    def end(self) -> list[str]:
        """What was left without a line end."""
        rest, self._rest = self._rest, b""
        return [_text(rest)] if rest else []


def _pieces(line: bytes) -> list[bytes]:
    return [line[begin : begin + LINE_MAX] for begin in range(0, max(len(line), 1), LINE_MAX)]


def _text(line: bytes) -> str:
    return line.rstrip(b"\r").decode("utf-8", "replace")
