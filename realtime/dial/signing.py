"""The seal on a decision: HMAC-SHA256 over everything that it says, so that nobody changes a word of it later. Pure.

Not the keeping of keys (`realtime/keys.py`). What is signed are the bytes of the fact as the log has it, its keys in order and without the
signature, behind a word that says what they are: a signature of something else is none of a decision. A field that a later version
adds is not in an older fact, and its signature stays right.
"""

from __future__ import annotations

import hashlib
import hmac

import msgspec

from realtime.outbound import DialDecided

PURPOSE = b"andon dial decision 1\n"
LEAST_KEY = 16
"""Bytes. A shorter key is a mistake: an empty one would sign anything for anybody."""

_encoder = msgspec.json.Encoder(order="deterministic")


def canonical(decided: DialDecided) -> bytes:
    """What is signed. `key`, the name of the key, is part of it."""
    return PURPOSE + _encoder.encode(msgspec.structs.replace(decided, signature=""))


def sign(decided: DialDecided, key: bytes, name: str) -> DialDecided:
    """The same decision with its signature, by the key of that name."""
    named = msgspec.structs.replace(decided, key=name)
    return msgspec.structs.replace(named, signature=_seal(named, key))


def written(decided: DialDecided, key: bytes, name: str) -> bytes:
    """`sign`, as the log will have it: written down once, since that is the dearest part of a decision. The signature is the last field,
    and what is signed is all before it."""
    plain = canonical(msgspec.structs.replace(decided, key=name))
    return b'%b,"signature":"%b"}' % (plain[len(PURPOSE) : -1], _seal_of(plain, key).encode())


def verify(decided: DialDecided, key: bytes) -> bool:
    """Is it as it was signed with this key? Which one that must be, `decided.key` says."""
    return bool(decided.signature) and hmac.compare_digest(decided.signature.encode(), _seal(decided, key).encode())


def good(decided: DialDecided, name: str, key: bytes) -> bool | None:
    """By the key of that name. None: it was signed by another one, and who has that can say it. No signature at all is a bad one."""
    if decided.key and decided.key != name:
        return None
    return decided.key == name and verify(decided, key)


def _seal(decided: DialDecided, key: bytes) -> str:
    return _seal_of(canonical(decided), key)


def _seal_of(plain: bytes, key: bytes) -> str:
    if len(key) < LEAST_KEY:
        raise ValueError(f"a key of {len(key)} bytes signs nothing")
    return hmac.new(key, plain, hashlib.sha256).hexdigest()
