"""Boards that are no browsers: what is published, when, and what a real broker makes of it."""
