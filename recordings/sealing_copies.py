"""A recording's containers in the vaults: written into all of them at once, confirmed, and what is heard of it made from them.

Not the states (`sealing.py`) and not repair (`vault/fixity.py`). Everything here blocks: use a thread. The original's container comes
out the same each time (its salt follows from the key and the sealed hash), so a process that was killed after it wrote, or whose
transaction was committed after all, and its successor write the same bytes under the same name. That the same nonces come twice is
harmless, since so do the same bytes: others are never put in place.
"""

from __future__ import annotations

import hashlib
import hmac
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Protocol, cast

from realtime.words import Micros
from recordings.crypt import container
from recordings.crypt.ring import Part, part_key
from recordings.sealing_files import AsCaptured, Changed
from recordings.sealing_sound import frames_in, frames_of_original
from recordings.sound.frames import Frames, UnreadableSound
from recordings.sound.opus import opus
from recordings.sound.peaks import TooLong, peaks
from recordings.vault.opening import opened
from recordings.vault.port import CopyUnreadable, NotInVault, Taking, Vault, name_of
from recordings.words import RecordingId

IN_MEMORY: Final = 64 * 1024**2
"""Of a derivative before it goes to a file without a name: four hours of Opus, so hardly ever."""


class Named(Protocol):
    """What of a recording's row is needed here."""

    @property
    def id(self) -> RecordingId: ...
    @property
    def began(self) -> Micros: ...
    @property
    def sha256(self) -> bytes: ...
    @property
    def format(self) -> str: ...


class Stored(NamedTuple):
    sha256: bytes
    size: int


class Copies:
    """`work`: a folder for what is too large for memory."""

    def __init__(self, vaults: Sequence[Vault], work: Path) -> None:
        self._vaults, self._work = tuple(vaults), work

    @property
    def numbers(self) -> list[int]:
        return [vault.number for vault in self._vaults]

    def store(self, line: Named, files: AsCaptured, key: bytes) -> Stored:
        """The original. Raises as `keep`."""
        return self.keep(line, files.reader(), key)

    def keep(self, line: Named, read: Callable[[int], bytes], key: bytes) -> Stored:
        """Raises Changed where its bytes are not those that were sealed: then nothing is put in place."""
        salt = hmac.digest(part_key(key, "sound"), b"andon salt" + line.sha256, hashlib.sha256)
        sealed = self._write(line, "sound", read, key, salt, line.sha256)
        return Stored(sealed.sha256_container, sealed.container_size)

    def has(self, line: Named, sha256: bytes) -> bool:
        """Whether every vault gives back what was written down of it."""
        name = name_of(line.id, line.began, "sound")
        try:
            return all(vault.digest(name) == sha256 for vault in self._vaults)
        except (NotInVault, CopyUnreadable):
            return False

    def _write(
        self, line: Named, part: Part, read: Callable[[int], bytes], key: bytes, salt: bytes | None, plain: bytes | None
    ) -> container.Sealed:
        """The file is read and encrypted one time. Each vault has read it back before it is in place there."""
        name, takings = name_of(line.id, line.began, part), list[Taking]()
        with ExitStack() as stack:
            for vault in self._vaults:
                takings.append(vault.take(name))
                stack.callback(takings[-1].give_up)

            def write(data: bytes) -> None:
                for taking in takings:
                    taking.write(data)

            sealed = container.seal(read, write, part_key(key, part), f"{line.id}.{part}".encode(), salt=salt)
            if plain is not None and sealed.sha256_plain != plain:
                raise Changed("file.not_sealed")
            for taking in takings:
                taking.finish(sealed.sha256_container)
        return sealed

    # ---------------------------------------------------------------- derivatives

    def derive(self, line: Named, files: AsCaptured | None, key: bytes) -> str:
        """Which were made, comma between. What cannot be heard has none; its bytes are kept all the same. `files` None: from the vaults."""
        try:
            with self._frames(line, files, key) as frames, tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(self._work)) as out:
                if not frames.frames:
                    return ""
                drawn = iter([peaks(frames)])
                opus(frames, cast(BinaryIO, out))
                out.seek(0)
                self._write(line, "opus", out.read, key, None, None)
                self._write(line, "peaks", lambda _length: next(drawn, b""), key, None, None)
        except (UnreadableSound, TooLong):
            return ""
        return "opus,peaks"

    @contextmanager
    def _frames(self, line: Named, files: AsCaptured | None, key: bytes) -> Iterator[Frames]:
        if files is not None:
            yield frames_in({side: (original, original.found.name) for side, original in files.originals.items()})
            return
        whole = opened(self._vaults, name_of(line.id, line.began, "sound"), part_key(key, "sound"))
        yield frames_of_original(whole, line.format)
