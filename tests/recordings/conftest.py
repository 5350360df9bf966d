"""What tests of the archive share."""

from tests.postgres import postgres
from tests.recordings.catalogue.conftest import url

__all__ = ["postgres", "url"]
