"""Why a number is what it is: its formula, the inputs that give it, and the facts behind it. Pure.

Not the number itself (`view.py` shows it, `metrics.py` has the formulas): an explanation takes the value from there, so it
can only explain what a screen shows. Reading order: `answer.py` (what is answered), `live.py` (formula and inputs, from the
floor as it is), `ledger.py` (which visits a count is made of, from facts), `evidence.py` (which facts to ask history for,
and how they are told).
"""
