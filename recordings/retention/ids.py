"""Ids of what people decide: holds, disposals, wishes, redactions, losses.

Not those of recordings, which are made of their bytes (`recordings/recording.py`).
"""

from __future__ import annotations

import base64
import secrets


def new_id(kind: str) -> str:
    """As h-k3x7... : nothing of it says whose it is."""
    return f"{kind}-{base64.b32encode(secrets.token_bytes(10)).decode().lower()}"
