"""The floor's control, pure: a floor and a request in, or a floor and a moment, and what is to be said out.

`answer.py` answers requests, `due.py` says what time and facts make necessary. Both only ask the rules (`rules/`) and put
together what these say. One code for live, replay, what-if and simulation; `engine.py` is its shell.
"""
