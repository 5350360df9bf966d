"""The session's cookie and the token that goes beside it against forged requests. Pure.

Not the session (`sessions.py`). Over https the cookie is `__Host-` and Secure: no other host and no plain http can set or see
it. Cookies know no ports, so the boards of one machine share them; a foreign one is only a session that nobody knows.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from starlette.requests import HTTPConnection
from starlette.responses import Response

CSRF_HEADER = "x-andon-csrf"
_PLAIN = "andon_session"
_SECURE = "__Host-andon_session"


def is_secure(connection: HTTPConnection) -> bool:
    """By https: our own, or that of a proxy we trust (`proxies.py`)."""
    return connection.url.scheme in ("https", "wss")


def cookie_name(secure: bool) -> str:
    return _SECURE if secure else _PLAIN


def session_cookie(connection: HTTPConnection) -> str:
    """The secret that the browser sent; empty when there is none."""
    return connection.cookies.get(cookie_name(is_secure(connection)), "")


def give_cookie(response: Response, connection: HTTPConnection, secret: str, lives_s: int) -> None:
    secure = is_secure(connection)
    response.set_cookie(cookie_name(secure), secret, max_age=lives_s, path="/", httponly=True, samesite="strict", secure=secure)


def take_cookie(response: Response, connection: HTTPConnection) -> None:
    secure = is_secure(connection)
    response.delete_cookie(cookie_name(secure), path="/", httponly=True, samesite="strict", secure=secure)


def csrf_token(session_secret: str) -> str:
    """Only who knows the session can say it; it tells nothing of the session, so a page may hold it."""
    digest = hmac.digest(session_secret.encode(), b"andon csrf", hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def csrf_fits(connection: HTTPConnection, session_secret: str) -> bool:
    said = connection.headers.get(CSRF_HEADER, "")
    return hmac.compare_digest(said.encode(), csrf_token(session_secret).encode())
