"""The ledger: how often whom, who wants no calls, which campaign may dial; counted, checked and taken as one.

Not the truth: that is the log, and the ledger is a cache of it that can be rebuilt (`changes.py` says what each fact is worth here).
Not the deciding (`dial/`). `port.py` says what a ledger must do; `ledger_memory.py` and `ledger_redis.py` do it, and one suite of tests
holds both to it. After a loss it answers `not ready`, and nothing is dialled, until it is whole again (`opening.py`).
"""
