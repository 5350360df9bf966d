"""Tests of the house itself: who may import whom, how big things may grow, and what the built package carries."""
