"""Andon beside its peers, measured in one run on one machine: `python -m bench`. Not a test: numbers depend on the machine."""
