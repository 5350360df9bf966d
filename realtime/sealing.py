"""How a number becomes something that a fact may hold: a keyed hash, and a ciphertext under the month's key.

Not the keeping of keys (`keys.py`). Destroying a month's key forgets its numbers in log, history, checkpoints and backups,
since none of them holds anything else of them. The hash matches a number over the months; it is keyed, so that nobody can
try all numbers against it. AES-SIV (RFC 5297) needs no random nonce, so the same bytes give the same fact in every replay;
that equal numbers of one month look equal is no more than the hash already says.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from realtime.facts import Sealed
from realtime.words import SECOND, Micros

DAY: Micros = 86_400 * SECOND
CACHE = 4096
"""Sealed numbers remembered per sealer: the calls of a busy hour, so that one number is not sealed for each of its events."""
LONGEST = 128
"""Characters kept of what a header calls a number: E.164 has 15 digits, a SIP address rarely 100 characters."""
MASK_KEEPS = 4
"""Digits shown at the end of a masked number; with the three in front it still cannot be dialled."""


class Sealer:
    """Seals numbers. `month_key` gives the 32 or 64 bytes of a month (`2026-11`), or None when it was destroyed."""

    def __init__(self, hash_key: bytes, month_key: Callable[[str], bytes | None]) -> None:
        self._hash = hmac.new(hash_key, digestmod=hashlib.sha256)
        self._month_key = month_key
        self._ciphers: dict[str, AESSIV] = {}
        self._cache: dict[tuple[str, str], Sealed] = {}

    def seal(self, number: str, at: Micros) -> Sealed | None:
        """None for what is no number: empty, or Asterisk's words for unknown."""
        if not number or number.startswith("<unknown") or number in ("unknown", "s", "anonymous"):
            return None
        number = number[:LONGEST]
        month = month_of(at // DAY)
        sealed = self._cache.get((month, number))
        if sealed is None:
            sealed = self._seal(number, month)
            if len(self._cache) >= CACHE:
                self._cache.pop(next(iter(self._cache)))
            self._cache[month, number] = sealed
        return sealed

    def digest(self, text: str) -> str:
        """As `seal` gives it, for what is never to be read again: whose person, which debt."""
        return self._digest(text[:LONGEST].encode("utf-8", "surrogatepass"))

    def _digest(self, plain: bytes) -> str:
        keyed = self._hash.copy()
        keyed.update(plain)
        return keyed.hexdigest()[:32]

    def _seal(self, number: str, month: str) -> Sealed:
        plain = number.encode("utf-8", "surrogatepass")  # whatever a header held, it becomes some bytes
        cipher = self._cipher(month)
        return Sealed(self._digest(plain), cipher.encrypt(plain, [month.encode()]) if cipher is not None else b"", month)

    def open(self, sealed: Sealed) -> str | None:
        """The number, or None when its key is gone (or is another floor's)."""
        cipher = self._cipher(sealed.month)
        if cipher is None or not sealed.cipher:
            return None
        try:
            return cipher.decrypt(sealed.cipher, [sealed.month.encode()]).decode("utf-8", "replace")
        except InvalidTag:
            return None

    def forget_keys(self) -> None:
        """Ask for every key anew: one may have been destroyed."""
        self._ciphers.clear()
        self._cache.clear()

    def _cipher(self, month: str) -> AESSIV | None:
        """A key that is not there is asked for again: a month's first number makes it."""
        cipher = self._ciphers.get(month)
        if cipher is None and (key := self._month_key(month)) is not None:
            cipher = self._ciphers[month] = AESSIV(key)
        return cipher


@lru_cache(maxsize=64)
def month_of(day: int) -> str:
    """The UTC month of a day since 1970. Asked for each number that is sealed: the days of two months are remembered."""
    return datetime.fromtimestamp(day * DAY // SECOND, UTC).strftime("%Y-%m")


def mask(number: str) -> str:
    """139•••0148: enough to tell two callers apart, too little to dial."""
    if len(number) <= MASK_KEEPS:
        return number  # an extension of the house
    front = number[:3] if len(number) > MASK_KEEPS + 5 else ""
    return f"{front}•••{number[-MASK_KEEPS:]}"
