"""A pair of real Asterisks for tests: trees, servers, people, load, oracle, transcripts."""
