"""Structured logs: key=value on a terminal, one JSON object a line elsewhere; no secrets, no personal data.

Not what commands say to a person (`say.py`), and not how much is said (`log_limit.py`). Each line has an event, a role and, where
there is one, a node. What is logged is named by keys; keys under which a person's data or a secret could travel are struck out
here, and so is whatever looks like a telephone number (an exception quotes what it could not read), so that one careless line in a
handler does not end in a log store for years. Logging of libraries (uvicorn, redis) comes out in the same form.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, TextIO

import structlog

from andon.log_limit import Counts, Limit

STRUCK_OUT: Final = frozenset(
    {
        "secret", "password", "token", "authorization", "cookie", "key", "url",
        "number", "caller", "callee", "connected", "caller_id", "calleridnum", "calleridname", "exten", "extension", "dialled",
    }
)  # fmt: skip
"""Numbers and names of customers, and whatever opens a door. Agents appear by staff number, which is what `agent` holds."""
MARK: Final = "•••"
TELEPHONE: Final = re.compile(
    r"(?P<ours>\b\d{1,6}-\d{13}-\d{1,6}\b|\b\d{10}\.\d{1,6}\b|\b\d{4}-\d\d-\d\dT[\d:.]+)|(?<![0-9A-Za-z])\+?\d{7,}"
)
"""Seven digits and more are somebody's number; `ours` are a position of the log, a uniqueid of Asterisk and a time."""
ABOUT_US: Final = frozenset({"timestamp", "level", "role", "node"})
LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

counts = Counts()
"""Of this process, for its metrics."""
_limits: list[Limit] = []

Event = MutableMapping[str, Any]


def set_up(role: str, as_json: bool, stream: TextIO | None = None, level: int = logging.INFO, node: str = "") -> None:
    """Once a process. `role` and `node` name the process in each line."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,  # never with the values of variables: they hold whatever was being handled
        strike_out,
        mask_telephones,
    ]
    last = structlog.processors.JSONRenderer(ensure_ascii=False, default=str) if as_json else plain
    handler = logging.StreamHandler(stream or sys.stderr)
    _limits[:] = [Limit(counts)]
    handler.addFilter(_limits[0])
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # At their debug level libraries print whatever they carry (aiosqlite each row, websockets each frame): never that.
    root.setLevel(max(level, logging.INFO))
    logging.getLogger("andon").setLevel(level)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells at each start which parts of itself it has
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(role=role, **({"node": node} if node else {}))


def settle(*, everything: bool = False) -> None:
    """Says what was withheld lately, a line for each fault. Now and then, and at the end of a process."""
    for limit in _limits:
        for level, event, withheld in limit.over(everything=everything):
            structlog.get_logger("andon").log(level, event, withheld=withheld)


def strike_out(_logger: object, _method: str, event: Event) -> Event:
    """Values under the keys of STRUCK_OUT, also inside mappings."""
    for key, value in event.items():
        if key.lower() in STRUCK_OUT:
            event[key] = MARK
        elif isinstance(value, Mapping):
            event[key] = strike_out(_logger, _method, dict(value))
    return event


def mask_telephones(_logger: object, _method: str, event: Event) -> Event:
    """In whatever is text, and in what only becomes text when it is written."""
    for key, value in event.items():
        if key not in ABOUT_US and not isinstance(value, bool | int | float | None):
            event[key] = _masked(value)
    return event


def _masked(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _masked(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(each) for each in value]
    return masked(str(value))


def masked(text: str) -> str:
    """Without what looks like a telephone number."""
    return TELEPHONE.sub(lambda found: found["ours"] or MARK, text)


def plain(_logger: object, _method: str, event: Event) -> str:
    """For eyes: `12:00:00 warning  link lost  node=hall7`. Control characters of hostile names do not reach the terminal."""
    time, level, what = (str(event.pop(key, "")) for key in ("timestamp", "level", "event"))
    for said in ("role", "node"):  # the supervisor writes them in front of each line
        event.pop(said, None)
    trace = event.pop("exception", "")
    pairs = " ".join(f"{key}={_shown(value)}" for key, value in event.items())
    lines = [f"{time[11:19]} {level:<8} {_printable(what)}  {pairs}".rstrip(), *str(trace).splitlines()]
    return "\n".join(lines)


def _shown(value: object) -> str:
    text = _printable(str(value))
    return f'"{text}"' if " " in text or not text else text


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def wants_json(environment: Mapping[str, str], stream: TextIO) -> bool:
    """As ANDON_LOG says (`json` or `plain`), else JSON where nobody is looking. A supervisor tells its children so."""
    said = environment.get("ANDON_LOG", "")
    return said == "json" if said in ("json", "plain") else not stream.isatty()


def level_of(environment: Mapping[str, str]) -> int:
    """As ANDON_LOG_LEVEL says; `info` by itself, and for a word that is none."""
    return LEVELS.get(environment.get("ANDON_LOG_LEVEL", "").lower(), logging.INFO)
