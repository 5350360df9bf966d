"""The operations plan as the floor knows it: who works here, when, and what the rules are. Pure data and questions to it.

Not the files (`andon/plan/` reads and checks them) and not the deciding (`rules/`). Reading order: `model.py` (what a plan
can say), `roster.py` (who works when), `reach.py` (who belongs to whom), `difference.py` (what a new plan changes), `say.py`
(the rules in plain words).
"""
