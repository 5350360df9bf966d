"""Tests of the decision about a dial: numbers, zones, calendars, windows, hours, rules and the pace."""
