"""Whole bad days in virtual time: a simulated PBX, the real session, reporter, codec and fold, and no I/O between them.

    plan        what goes wrong on a day, drawn from its seed
    road        the link between PBX and adapter: cuts, stalls, half messages, lateness, back-off
    log         the outbox and the log, with a server that is away, restarts, and says things twice
    day         one day, step by step
    checks      what must hold at every fact, at quiet moments and when the day is over
    screen      a screen in twenty lines: a snapshot, then deltas

And whole shifts under control, over the same road, with the real engine, doer and rules on a loop that never waits:

    shift_plan  who works by which rules, and what goes wrong, drawn from the seed
    virtual     a loop of asyncio whose clock jumps to what is due next
    server      the log's server: facts, requests and orders, away and restarted together, with its last second lost
    processes   what tests stand in for: an adapter's outbox and link, a board
    shift       one shift, step by step: a crowd who asks (andon/crowd.py), codes pressed without asking
    leaders     what supervisors do, now and then twice or taken back
    laws        what must hold at every fact, at every step and in the end
    entitled    what a granted break must not break, reckoned once more

And whole outbound days, with real gates, engine, ledger's client and rules:

    dialling_plan     campaigns with caps of every window, met at midnight, at a month's end and where clocks change; what goes wrong
    dialling_wishes   who wants to dial whom; `dialling_people` what managers, agents and those who want no more calls do
    dialling_pbx      a PBX that dials what it was allowed, and is the witness of it; its adapter, cut, late and saying things twice
    dialling_gate     one gate's process, with a clock of its own
    dialling_server   the ledger's scripts on tables that may lose their last second; held to the contract of all ledgers
    dialling_mishaps  what goes wrong, and when
    dialling          one day, step by step
    dialling_laws     what must hold with every fact, every call and in the end; `dialling_caps` caps, cool-downs and hours, reckoned again

A failure names its seed and its faults; `python -m tests.simulation SEED` runs that day again, `--days N` many from there, and with
`--shifts` that shift, with `--dialling` that outbound day.
"""
