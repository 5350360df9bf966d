"""May this number be dialled now? The gate's decision, pure: number, plan, floor and counters in, verdict with every finding out.

Not the asking (`agi/dial/`), not the counters (`realtime/ledger/`), not the lists' files (`realtime/lists/`): what they know comes in as
arguments (`model.Seen`, `model.Counts`), so the same code decides live, in a trial of a plan, on the page that asks, and in simulation.

Reading order: `model.py` (what goes in and comes out), `numbers.py` (a string as dialled becomes a number), `zones.py`, `calendars.py`,
`windows.py` and `hours.py` (time), `applies.py` (which rules hold), `rules/` (one subject a file), `judge.py` (all of them together),
`pace.py` (how fast a dialler may go).
"""
