"""Trying a plan on what was recorded."""
