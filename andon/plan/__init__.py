"""The operations plan's files: people, teams, shifts, meetings, breaks, alerts, to one `Plan` or to everything that is wrong.

    tables, sheet           what the files can say; how a value is taken, with its line when it is wrong
    people, shifts, roster, ics, breaks, events     one subject each
    window, repeating                               which months of a calendar; its rules, expanded
    crossing                what no file knows alone: a leader who is nobody, two people at one phone
    campaigns, dialling     campaigns, and what holds for every call out
    dial_tables, dial_rules, dial_presets           the rules of calling out, and presets/dial
    dial_crossing           as crossing, about calling out
    presets                 law and practice that a plan extends
    reading, folder         all of them together (pure); the same from a folder (shell)
    show, try_, demo        what a person asks of a plan; the plan of the demo

What a plan is, and what follows from it, is in `realtime/plan/`; `boards.toml` has its own reader (`andon/boards.py`).
"""
