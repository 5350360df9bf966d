"""What a store of keys may say instead of a key. Each message is a sentence that says what to do."""

from __future__ import annotations


class StoreAway(Exception):
    """An outside fault: the store cannot be asked just now."""


class KeyDestroyed(Exception):
    """The name was destroyed; a new key needs a new name."""


class KeysDisagree(Exception):
    """Two stores hold different keys of one name: a person must look, for one of them opens nothing."""
