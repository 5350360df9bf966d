"""Where keys of keys lie: one or two folders, or an external program; made once, mirrored, destroyed everywhere, never brought back.

Not what they wrap (`ring.py`, `keeping.py`). Everything here blocks: callers on a loop use a thread. A destroyed name leaves a tombstone
in each store, so that a folder restored from a backup does not bring back what somebody was promised is gone: the tombstone of either
store counts for both. Names are never used again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple, Protocol

from recordings.crypt.command_store import CommandStore
from recordings.crypt.folder_store import FolderStore
from recordings.crypt.moves import Moved, Moves, joined
from recordings.crypt.ring import is_kek_name, new_key
from recordings.crypt.store_faults import KeyDestroyed, KeysDisagree, StoreAway
from recordings.refusals import Remark
from recordings.refusals.stored import written
from recordings.settings import ArchiveSettings

__all__ = ["CommandStore", "FolderStore", "Gone", "KeyDestroyed", "KeyStore", "KeyStores", "KeysDisagree", "StoreAway", "stores_of"]


class KeyStore(Protocol):
    """Each method raises StoreAway."""

    name: str

    def there(self) -> bool: ...

    def prepare(self) -> None:
        """Made ready, where nothing was."""

    def get(self, name: str) -> bytes | None:
        """32 bytes, or None: never made, damaged, or destroyed."""

    def make(self, name: str, proposed: bytes) -> bytes:
        """The key that is there afterwards: the proposed one, or what was there or the store made. Raises KeyDestroyed."""

    def destroy(self, name: str) -> None:
        """Gone for ever, when this returns. May be done again."""

    def destroyed(self, name: str) -> bool: ...

    def note(self, name: str, moves: Moves) -> None:
        """Keeps where keys went that this one wrapped."""

    def notes(self, name: str) -> Moves:
        """Everything that was noted of it."""

    def names(self) -> set[str]:
        """Of the keys that are there."""

    def tombstones(self) -> set[str]:
        """Names that were destroyed."""


class Gone(NamedTuple):
    """What destroying a key came to in one store. `reason`: where it is not gone, a sentence as it is stored."""

    store: str
    gone: bool
    reason: str = ""


class Left(NamedTuple):
    """What stores have: keys with their names, and where keys went that they wrapped."""

    keys: tuple[tuple[str, bytes], ...]
    moved: tuple[Moved, ...]


class KeyStores:
    """One or two stores as one. Reading needs one of them; making a key needs all, or a lost folder might be a lost archive."""

    def __init__(self, stores: Sequence[KeyStore]) -> None:
        if not stores:
            raise ValueError("There is no store for keys: name a folder in the settings.")
        self._stores = tuple(stores)

    @property
    def names_of_stores(self) -> tuple[str, ...]:
        return tuple(store.name for store in self._stores)

    def get(self, name: str) -> bytes | None:
        """From whichever has it; a store that lost it is given it again. None: never made, or destroyed in any of them.

        Raises StoreAway when none that answers has it and one does not answer, KeysDisagree."""
        found, away = self._ask(name)
        keys = {key for _, key in found if key is not None}
        if len(keys) > 1:
            raise KeysDisagree("keys.differ", name=name)
        if not keys:
            if away is not None and not self.destroyed(name):
                raise away
            return None
        if self.destroyed(name):
            return None
        key = keys.pop()
        for store, own in found:
            if own is None:
                _heal(store, name, key)
        return key

    def make(self, name: str) -> bytes:
        """The key of this name, made where there is none. Raises StoreAway, KeyDestroyed, KeysDisagree, ValueError."""
        if not is_kek_name(name):
            raise ValueError(f"{name[:80]!r} is no name of a key.")
        if self._unused():
            for store in self._stores:
                store.prepare()
        if self.destroyed(name):
            raise KeyDestroyed("keys.destroyed", name=name)
        key = self.get(name) or new_key()
        for store in self._stores:
            made = store.make(name, key)
            if store is self._stores[0]:
                key = made  # another process was first, or the store makes its own
            elif made != key:
                raise KeysDisagree("keys.differ.stores", store=store.name, name=name, other=self._stores[0].name)
        return key

    def destroy(self, name: str) -> list[Gone]:
        """In every store, whatever the others say; gone only where all of them say so. May be done again."""
        return [_destroy(store, name) for store in self._stores]

    def note(self, name: str, moves: Moves) -> None:
        """In each that answers; raises StoreAway when none does."""
        away = None
        done = 0
        for store in self._stores:
            try:
                store.note(name, moves)
                done += 1
            except StoreAway as fault:
                away = fault
        if not done and away is not None:
            raise away

    def notes(self, name: str) -> dict[str, Moved]:
        """What each that answers knows."""
        found: list[Moves] = []
        for store in self._stores:
            with suppress(StoreAway):
                found.append(store.notes(name))
        return joined(found)

    def names(self) -> set[str]:
        """Of keys that can be used: in a store that answers, and in none destroyed."""
        return self._union(lambda store: store.names()) - self.tombstones()

    def tombstones(self) -> set[str]:
        return self._union(lambda store: store.tombstones())

    def left(self) -> Left:
        """What any of them still gives, also where another says that it was destroyed. Raises StoreAway where one does not answer, or has
        nothing at all, not even the mark of a key that was destroyed: a folder where a disk should be mounted."""
        keys, moved = set[tuple[str, bytes]](), set[Moved]()
        for store in self._stores:
            alive, dead = store.names(), store.tombstones()
            if not alive and not dead:
                raise StoreAway("keys.empty", store=store.name)
            keys |= {(name, key) for name in alive if (key := store.get(name)) is not None}
            moved |= {each for name in alive | dead for each in store.notes(name).values()}
        return Left(tuple(sorted(keys)), tuple(sorted(moved)))

    def sweep(self) -> list[str]:
        """Destroys everywhere what is destroyed in one: a store was away, or restored from a backup. Says what it still found."""
        back = []
        for name in sorted(self.tombstones()):
            for store in self._stores:
                with suppress(StoreAway):  # the next sweep finds it
                    if not store.destroyed(name) or name in store.names():
                        store.destroy(name)
                        back.append(name)
        return sorted(set(back))

    def _union(self, of: Callable[[KeyStore], set[str]]) -> set[str]:
        found = set[str]()
        for store in self._stores:
            with suppress(StoreAway):
                found |= of(store)
        return found

    def _ask(self, name: str) -> tuple[list[tuple[KeyStore, bytes | None]], StoreAway | None]:
        """What each that answers holds, and why one did not."""
        found: list[tuple[KeyStore, bytes | None]] = []
        away: StoreAway | None = None
        for store in self._stores:
            try:
                found.append((store, store.get(name)))
            except StoreAway as fault:
                away = fault
        if away is not None and not found:
            raise away
        return found, away

    def _unused(self) -> bool:
        """Nothing was ever kept in any of them: the archive is new."""
        return not any(store.there() and (store.names() or store.tombstones()) for store in self._stores)

    def destroyed(self, name: str) -> bool:
        """In any of them that answers: then none gives it."""
        return any(_says_destroyed(store, name) for store in self._stores)


def _says_destroyed(store: KeyStore, name: str) -> bool:
    try:
        return store.destroyed(name)
    except StoreAway:
        return False


def _heal(store: KeyStore, name: str, key: bytes) -> None:
    """Reading goes on if it cannot be: the key is at hand, and the next reader tries again."""
    try:
        store.make(name, key)
    except (StoreAway, KeyDestroyed):
        return


def _destroy(store: KeyStore, name: str) -> Gone:
    try:
        store.destroy(name)
        if store.get(name) is not None:
            return Gone(store.name, False, written(Remark("keys.still_there", store=store.name, name=name)))
    except StoreAway as fault:
        return Gone(store.name, False, written(fault))
    return Gone(store.name, True)


def all_gone(results: Iterable[Gone]) -> bool:
    return all(each.gone for each in results)


def stores_of(settings: ArchiveSettings) -> KeyStores:
    """The program in the settings, else the folders. Raises ValueError when there is neither."""
    if settings.key_command:
        return KeyStores((CommandStore(settings.key_command),))
    return KeyStores([FolderStore(folder) for folder in settings.keys])
