"""Tests of the plan: the roster, what changes between two plans, and the sentences that say its rules."""
