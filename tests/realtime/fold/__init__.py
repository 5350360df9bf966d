"""Tests of the fold: one file a module of it, as little stories, and the laws that hold whatever happens."""
