"""History: every fact, kept in a database; what follows from them, kept beside them; floors of any moment.

Not the log (`realtime/log.py`): that is how processes learn of a fact within milliseconds, this is where facts are
months later. Reading order: `port.py` (what may be asked), `schema.py` (tables), `store.py` (SQLite and PostgreSQL),
`historian.py` (writes it, from the log).
"""
