"""For clients that speak to servers of this machine without TLS: `httpx` reads all the authorities of the web for each client, 20 ms."""

from __future__ import annotations

import ssl

PLAIN_HTTP = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Knows no authority, so it trusts nobody."""
