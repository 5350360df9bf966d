"""Encryption: a key for each recording, wrapped with a key of keys of its class and month of disposal.

container      how a file lies encrypted, so that any stretch of it opens alone (pure; docs/recordings-format.md)
ring           keys made, wrapped, named (pure)
stores         where keys of keys lie: folder_store, command_store, and two of them as one
keeping        wrapped keys in the catalogue: kept, read, moved, forgotten
"""
