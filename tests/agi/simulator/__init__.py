"""Tests of the simulated PBX, from outside: its bytes, its truth, its door."""
