"""Tests of the hub: facts, log, fold, what follows from them."""
