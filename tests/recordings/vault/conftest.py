"""The fixtures of the catalogue."""

from __future__ import annotations

from tests.recordings.catalogue.conftest import catalogue, url

__all__ = ["catalogue", "url"]
