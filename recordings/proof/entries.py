"""Entries of the log: a public leaf without personal data, and a private part that the leaf holds a salted digest of. Pure.

Not the tree (`merkle.py`) and not the tables. `public` has hashes, opaque ids, key names, classes; `private` who, why, whose call.
Forgetting the private part and its salt leaves the tree as it is; showing them proves them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import msgspec

from realtime.words import Micros
from recordings.words import Kind

VERSION = 1
SALT = 16
Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    kind: Kind
    at: Micros
    subject: str  # a recording, disc, hold, disposal: opaque
    public: Mapping[str, Json] = {}
    private: Mapping[str, Json] = {}


def canonical(value: Json) -> bytes:
    """One way to write it: sorted keys, no spaces, UTF-8, integers only (RFC 8785 for what we use)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def private_text(entry: Entry) -> str:
    return canonical(dict(entry.private)).decode()


def digest_of(salt: bytes, private: str) -> str:
    return hashlib.sha256(salt + private.encode()).hexdigest()


def leaf_of(entry: Entry, salt: bytes) -> str:
    """What is hashed into the tree, as text."""
    body: dict[str, Json] = {
        "v": VERSION,
        "kind": entry.kind.value,
        "at": entry.at,
        "subject": entry.subject,
        "public": dict(entry.public),
        "private": digest_of(salt, private_text(entry)),
    }
    return canonical(body).decode()
