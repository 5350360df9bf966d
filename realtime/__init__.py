"""What is happening on the floor, and what may happen. The hub: it imports nothing of the other packages.

The nouns: a *fact* happened (`facts.py`, in the words of `words.py`); the *log* keeps facts in order (`log.py`); the
*floor* (`floor.py`) is a fold over them (`fold/`); *changes* are what a fact touched; *rows* (`rows.py`) are what a screen
gets of the floor (`view.py`). Read them in this order. Everything that has a socket, a clock or a file is a shell around
these: the log's backends, the follower, the engine.
"""
