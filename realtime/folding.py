"""The floor's folding, as the follower wants it: new, loaded, dumped, and a batch at a time.

Not the fold itself (`fold/`) and not the reading (`follower.py`). A checkpoint is the floor as MessagePack.
"""

from __future__ import annotations

import msgspec

from realtime.changes import Changes
from realtime.factcodec import decode
from realtime.floor import Floor
from realtime.fold import FOLD_VERSION, apply

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Floor)


class FloorFolding:
    """One way to fold, for every process that follows the log."""

    version = FOLD_VERSION

    def new(self) -> Floor:
        return Floor()

    def load(self, blob: bytes) -> Floor:
        """Raises msgspec.DecodeError for what another version wrote."""
        return _decoder.decode(blob)

    def dump(self, floor: Floor) -> bytes:
        return _encoder.encode(floor)

    def new_changes(self) -> Changes:
        return Changes()

    def apply_batch(self, floor: Floor, batch: bytes, changes: Changes) -> None:
        for fact in decode(batch):
            apply(floor, fact, changes)
