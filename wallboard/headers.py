"""The headers that decide whom the board believes: Host and Origin in, security headers out. Pure.

Not credentials (`door.py`). A browser sends Host and Origin by itself and a page cannot forge them, so these two say
which site is asking: a foreign page that points its own name at our address (DNS rebinding) has the wrong Host, one that
posts to us or opens a websocket has the wrong Origin.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import urlsplit

WAVEFORM_STYLE = "sha256-GDz2FZP0i7VZaDhs1mgc43IRUXU2xajPIjvThHvZvbs="
"""The one style that a library puts into a page: wavesurfer's, of a lane of 56 px. A test computes it from the vendored file."""
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' '{WAVEFORM_STYLE}'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS: tuple[tuple[str, str], ...] = (
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Authority(NamedTuple):
    host: str
    port: int | None


def authority(text: str) -> Authority | None:
    """`HOST[:PORT]` as a Host header has it; None for anything else."""
    if not text or len(text) > 255 or any(mark in text for mark in "/@?#\\ ,"):
        return None
    try:
        split = urlsplit(f"//{text}")
        host, port = split.hostname, split.port
    except ValueError:
        return None
    return Authority(host.rstrip("."), port) if host else None


def host_allowed(host: str, allowed: Collection[str], own_address: str | None) -> bool:
    """Known by name, or the very address that the connection came in on (an address cannot be rebound)."""
    asked = authority(host)
    return asked is not None and (asked.host in allowed or asked.host == own_address)


def same_origin(origin: str, host: str, secure: bool) -> bool:
    """Whether a page of `origin` is a page of ours. Behind TLS of our own only https is; a proxy's TLS we cannot see."""
    scheme, mark, rest = origin.partition("://")
    here, there = authority(host), authority(rest)
    if not mark or here is None or there is None or scheme not in _DEFAULT_PORTS or (secure and scheme != "https"):
        return False
    default = _DEFAULT_PORTS[scheme]
    return (there.host, there.port or default) == (here.host, here.port or default)
