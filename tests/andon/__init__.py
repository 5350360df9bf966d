"""Tests of the front door: settings, command line, supervisor, demo."""
