"""The tests. `tests.lab` and `tests.skips` are imported from here; nothing here is part of the built package."""
