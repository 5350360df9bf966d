"""Structured logs: key=value on a terminal, one JSON object a line elsewhere; no secrets, no personal data.

Not what commands say to a person (`say.py`). What is logged is named by keys; keys under which a person's data or a secret
could travel are struck out here, so that one careless line in a handler does not end in a log store for years. Logging of
libraries (uvicorn, redis) comes out in the same form.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, TextIO

import structlog

STRUCK_OUT: Final = frozenset(
    {
        "secret", "password", "token", "authorization", "cookie", "key", "url",
        "number", "caller", "callee", "connected", "caller_id", "calleridnum", "calleridname", "exten", "extension", "dialled",
    }
)  # fmt: skip
"""Numbers and names of customers, and whatever opens a door. Agents appear by staff number, which is what `agent` holds."""
MARK: Final = "•••"

Event = MutableMapping[str, Any]


def set_up(role: str, as_json: bool, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Once a process. `role` names the process in each line."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,  # never with the values of variables: they hold whatever was being handled
        strike_out,
    ]
    last = structlog.processors.JSONRenderer(ensure_ascii=False, default=str) if as_json else plain
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(role=role)


def strike_out(_logger: object, _method: str, event: Event) -> Event:
    """Values under the keys of STRUCK_OUT, also inside mappings."""
    for key, value in event.items():
        if key.lower() in STRUCK_OUT:
            event[key] = MARK
        elif isinstance(value, Mapping):
            event[key] = strike_out(_logger, _method, dict(value))
    return event


def plain(_logger: object, _method: str, event: Event) -> str:
    """For eyes: `12:00:00 warning  link lost  node=hall7`. Control characters of hostile names do not reach the terminal."""
    time, level, what = (str(event.pop(key, "")) for key in ("timestamp", "level", "event"))
    event.pop("role", None)  # the supervisor writes it in front of each line
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
