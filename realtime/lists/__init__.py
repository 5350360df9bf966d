"""Lists of numbers, do-not-call and consents by the million, as immutable mapped files.

A list is a name; each version of it is a file that is never changed, known by its SHA-256, announced by a fact (`ListAnnounced`), dated
(`as_of`) and kept beside the ones before. `packing.py` is the form of the bytes (pure), `rows.py` reads what people import (pure),
`writing.py` makes a file of it, `files.py` maps one and finds a number in microseconds, `shelf.py` holds those that are announced and
exchanges them while calls go on. Single requests of people are not here: they take effect in the ledger.
"""
