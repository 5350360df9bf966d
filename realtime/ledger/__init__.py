"""The ledger: how often whom, who wants no calls, which campaign may dial; counted, checked and taken as one.

Not the truth: that is the log, and the ledger is a cache of it that can be rebuilt (`changes.py` says what each fact is worth here).
Not the deciding (`dial/`). `port.py` says what a ledger must do; `ledger_memory.py` and `ledger_redis.py` do it, and one suite of tests
holds both to it. After a loss it answers `not ready`, and nothing is dialled, until it is whole again (`opening.py`).

**Why takes are said again after a loss, and do not wait for the disk.** With `appendfsync everysec` a server that loses its machine
forgets up to 2 s. Either an allow waits until it is on the disk (`WAITAOF`, or `appendfsync always` for all), or who took it keeps it for
5 s, and nobody takes again before it was said again. Measured on a small machine with two busy cores, Valkey 9.1, 12 checks and 10
counters a dial:

| | one at a time | 500 callers at once |
|---|---|---|
| bare PING | p50 0.05 ms, p99 0.1 | |
| look | p50 0.17 ms, p99 0.4 | 2,300 to 3,100 a second |
| take | p50 0.41 ms, p99 12 (the machine was full) | 4,600 a second; 900 with the cores full |
| take, WAITAOF behind it in one message | p50 101 ms, p99 208: the server's own tick | bounded by that tick |
| take with `appendfsync always` | p50 2.1 ms, p99 56 | 1,200 a second, with the cores full |

`always` makes every append of every process wait for the disk, those of a PBX's events too; `WAITAOF` costs a caller a tenth of a second,
is missing from servers before Redis 7.2, and neither helps against a FLUSHALL or a replica that takes over and lags behind. Saying again
costs nothing until something is lost, and then 2 s in which nobody dials. What it does not cover: a server that loses its *machine* and,
in the same two seconds, a gate that dies for good: what that gate allowed in its last second is then forgotten by both. Who runs both
on one machine and cannot have that sets `appendfsync always` in a server of their own.
"""
