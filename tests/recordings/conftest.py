"""What tests of the archive share."""

from tests.postgres import postgres

__all__ = ["postgres"]
