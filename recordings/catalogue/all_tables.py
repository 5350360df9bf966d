"""Every table of the archive: importing this makes the metadata whole. A subject with tables of its own is named here."""

from __future__ import annotations

from recordings.catalogue.schema import metadata
from recordings.crypt import tables as crypt
from recordings.discs import tables as discs
from recordings.quality import tables as quality
from recordings.retention import tables as retention
from recordings.vault import tables as vault

__all__ = ["crypt", "discs", "metadata", "quality", "retention", "vault"]
