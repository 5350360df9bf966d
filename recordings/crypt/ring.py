"""Keys: that of a recording, those of its parts, and how it is wrapped with a key of keys. Pure, but for the dice.

Not where keys of keys lie (`stores.py`) nor where wrapped keys do (`keeping.py`). Wrapping is RFC 3394, which notices a wrong key of keys
or a changed byte. A key of keys is named by class, month of disposal and version, so that one of them goes with what goes together.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple
from urllib.parse import quote, unquote

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from recordings.refusals import Worded

Part = Literal["sound", "opus", "peaks"]
PARTS: Final[tuple[Part, ...]] = ("sound", "opus", "peaks")
KEY: Final = 32
OPEN: Final = "open"
"""The month of what has no day of disposal yet."""
NAME: Final = re.compile(
    r"(?P<class>~|(?:[A-Za-z0-9_-]|%[0-9A-F]{2})+)\.(?P<month>[0-9]{4}-(?:0[1-9]|1[0-2])|open)\.(?P<version>[1-9][0-9]{0,8})"
)
NAME_MOST: Final = 180
"""Characters: it is a file's name with something before and behind it, which may have 255."""


class WrongKey(Worded):
    """A wrapped key does not open with this key of keys: one of them is damaged, or of another floor."""


class KekName(NamedTuple):
    class_: str
    month: str
    version: int


def new_key() -> bytes:
    """32 bytes from the system's generator."""
    return AESGCM.generate_key(KEY * 8)


def wrap(kek: bytes, key: bytes) -> bytes:
    return aes_key_wrap(kek, key)


def unwrap(kek: bytes, wrapped: bytes) -> bytes:
    """Raises WrongKey."""
    try:
        return aes_key_unwrap(kek, wrapped)
    except (InvalidUnwrap, ValueError):
        raise WrongKey("keys.wrong") from None


def part_key(key: bytes, part: Part) -> bytes:
    """Each file of a recording has a key of its own, so that none can be put in another's place."""
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=b"andon part " + part.encode()).derive(key)


def redacted_key(key: bytes, id_: str) -> bytes:
    """The key of a recording that is made of another one: whoever makes it, and however often, has the same, so that nobody overwrites what
    another has written. It says nothing of the original's, which is destroyed."""
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=b"andon redacted " + id_.encode()).derive(key)


def kek_name(class_: str, month: str, version: int) -> str:
    """`month`: YYYY-MM, or `open`. Safe as a file's name whatever the class is called. Raises ValueError."""
    written = "".join("%2E" if each == "." else "%7E" if each == "~" else quote(each, safe="") for each in class_) or "~"
    name = f"{written}.{month}.{version}"
    if not is_kek_name(name):
        raise ValueError(f"{name[:NAME_MOST]!r} cannot be the name of a key: is the class's id too long?")
    return name


def is_kek_name(name: str) -> bool:
    return len(name) <= NAME_MOST and NAME.fullmatch(name) is not None


def kek_parts(name: str) -> KekName:
    """Raises ValueError for what is no such name."""
    found = NAME.fullmatch(name) if len(name) <= NAME_MOST else None
    if found is None:
        raise ValueError(f"{name[:NAME_MOST]!r} is no name of a key.")
    return KekName("" if found["class"] == "~" else unquote(found["class"]), found["month"], int(found["version"]))
