"""What a store of keys may say instead of a key: each in words, with what to do."""

from __future__ import annotations

from recordings.refusals import Worded


class StoreAway(Worded):
    """An outside fault: the store cannot be asked just now."""


class KeyDestroyed(Worded):
    """The name was destroyed; a new key needs a new name."""


class KeysDisagree(Worded):
    """Two stores hold different keys of one name: a person must look, for one of them opens nothing."""
