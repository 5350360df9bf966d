"""Which copy a disc is, written behind its image: copies have the same image, byte for byte, and must still be told apart. Pure.

Not the image (`image.py`): no file system knows of these blocks, and whatever mounts or copies the image passes them over. A medium
written by anything else has none.
"""

from __future__ import annotations

import re
from typing import Final

from recordings.discs.media import SECTOR

BLOCKS: Final = 16
"""The same block so often, 32 KiB, what a DVD corrects together (ECMA-267): a scratch at the rim does not take all of them."""
_MARK: Final = re.compile(rb"ANDON DISC ([A-Z0-9-]{1,16})\n\0+")


def begins(image_bytes: int) -> int:
    """The first block behind the image."""
    return -(-image_bytes // SECTOR) * SECTOR


def behind(image_bytes: int, disc: str) -> bytes:
    """What follows an image of this size on that disc."""
    return bytes(begins(image_bytes) - image_bytes) + f"ANDON DISC {disc}\n".encode().ljust(SECTOR, b"\0") * BLOCKS


def read(block: bytes) -> str:
    """The id of the disc; empty: no mark."""
    found = _MARK.fullmatch(block)
    return found[1].decode() if found is not None else ""
