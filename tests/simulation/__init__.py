"""Whole bad days in virtual time: a simulated PBX, the real session, reporter, codec and fold, and no I/O between them.

    plan        what goes wrong on a day, drawn from its seed
    road        the link between PBX and adapter: cuts, stalls, half messages, lateness, back-off
    log         the outbox and the log, with a server that is away, restarts, and says things twice
    day         one day, step by step
    checks      what must hold at every fact, at quiet moments and when the day is over
    screen      a screen in twenty lines: a snapshot, then deltas

A failure names its seed and its faults; `python -m tests.simulation SEED` runs that day again, `--days N` many from there.
"""
