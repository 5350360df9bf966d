"""What Asterisk releases differ in, as far as it matters to who sets one up. Pure."""

from __future__ import annotations

import re


def version_of(said: str) -> tuple[int, int] | None:
    """`22.10.1`, `certified/20.7-cert3`, `16.28.0~dfsg`."""
    found = re.search(r"(?<!\d)(\d{1,2})\.(\d{1,3})", said)
    return (int(found[1]), int(found[2])) if found else None


def knows_new_filters(version: tuple[int, int] | None) -> bool:
    """Asterisk pull request 874."""
    if version is None:
        return True
    return version >= {18: (18, 26), 19: (20, 0), 20: (20, 11), 21: (21, 6), 22: (22, 1)}.get(version[0], (18, 26))


def hangs_on_mute(version: tuple[int, int] | None) -> bool:
    """Asterisk issue 233: MixMonitorMute of a channel that has no recording any more locks it for ever."""
    return version is not None and ((18, 18) <= version < (18, 20) or (20, 3) <= version < (20, 5))
