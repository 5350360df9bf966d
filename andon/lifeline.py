"""A child's watch over its supervisor: when standard input ends, the supervisor is gone and the child must not stay.

Works wherever pipes do, and however the supervisor died: the system closes the pipe's other end. A thread waits for it, so
that a child whose event loop hangs ends all the same, after `GRACE_S`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

GRACE_S: Final = 5.0
"""For a clean end; then the process leaves without ceremony. The log's server is given longer."""
ORPHANED: Final = 70
"""The exit code nobody is there to read, except in a trace."""


def watch(stop: Callable[[], None], environment: Mapping[str, str] = os.environ, grace_s: float = GRACE_S) -> bool:
    """Calls `stop` from another thread when the supervisor is gone. False when there is none to watch."""
    if environment.get("ANDON_LIFELINE") != "stdin":
        return False
    threading.Thread(target=_wait, args=(stop, grace_s), name="lifeline", daemon=True).start()
    return True


def _wait(stop: Callable[[], None], grace_s: float) -> None:
    while _still_there():
        pass  # nobody writes to a lifeline, but a byte is no end
    stop()
    time.sleep(grace_s)
    os._exit(ORPHANED)


def _still_there() -> bool:
    try:
        return bool(os.read(0, 1))
    except OSError:
        return False
