"""Where the broker is and who we are there, read from one address. Pure; it repeats nothing of an address that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

PORTS = {"mqtt": 1883, "mqtts": 8883}


class BadBroker(Exception):
    """The address is none; the message says what is expected, never what was found: a password may be anywhere in it."""


@dataclass(frozen=True)
class Broker:
    host: str
    port: int
    tls: bool
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def broker_of(url: str) -> Broker:
    """`mqtt://USER:PASSWORD@HOST:PORT`, or mqtts; user, password and port may be missing, signs in them percent-encoded."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadBroker("its host or port is written wrongly") from None
    if parts.scheme not in PORTS:
        raise BadBroker("an address with one of mqtt, mqtts is needed")
    if not host:
        raise BadBroker("it names no host")
    if port == 0:
        raise BadBroker("there is no port 0")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise BadBroker("something stands behind the port; signs like / ? # in a password are written %2F %3F %23")
    if parts.password is not None and not parts.username:
        raise BadBroker("there is a password and no user")
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Broker(host, port or PORTS[parts.scheme], parts.scheme == "mqtts", username, password)
