"""Tests of history, on SQLite and on a real PostgreSQL alike."""
