"""What tests of the archive share."""

from tests.recordings.catalogue.conftest import url
from tests.recordings.migrated import migrated

__all__ = ["migrated", "url"]
