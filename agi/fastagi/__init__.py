"""FastAGI: a dialplan asks over a connection of its own, and is answered by commands to its channel.

`codec.py` (lines, the environment, commands, replies) and `session.py` (whose turn it is) are pure; `server.py` is the shell:
sockets, who may ask, deadlines, and a table of routes, path -> handler. What is said to a person is not here (`agi/phone/`), and
neither is AMI (`agi/codec.py`, `agi/session.py`): there we ask Asterisk, here it asks us.
"""
