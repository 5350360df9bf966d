"""Random text that nobody can guess, and what is kept of it. Not passwords (`passwords.py`): those can be guessed.

Tokens, sessions and tickets are 256 random bits in letters and digits; only their hash is kept, so a copied file lets
nobody in.
"""

from __future__ import annotations

import hashlib
import secrets
import string

_BASE62 = string.digits + string.ascii_letters
SECRET_SHAPE = "[0-9A-Za-z]{43}"  # noqa: S105 - a pattern; 32 bytes are at most 43 digits in base 62


def new_secret() -> str:
    return _base62(secrets.token_bytes(32))


def new_id() -> str:
    """Names a token or a session in lists and logs; gives no right."""
    return _base62(secrets.token_bytes(6))


def hashed(secret: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()


def _base62(raw: bytes) -> str:
    number, digits = int.from_bytes(raw), ""
    width = -(-len(raw) * 8 * 1000 // 5954)  # log2(62) is 5.954
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits += _BASE62[digit]
    return digits
