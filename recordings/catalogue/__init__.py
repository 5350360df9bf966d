"""What the archive knows, in SQL: lines of recordings, calls, files, keys, and the log that proves it; one transaction a step.

schema       the tables of recordings, calls, captures, copies, keys, accesses, and of the log
catalogue    a connection to them: `reading()`, `change()`; a change appends to the log in its own transaction
search       finding recordings
migrate      the tables of this version
"""
