"""The front door: command line, settings, wiring, processes. The only package that knows all the others.

Reading order: `settings.py` (what can be said), `reading.py` (how it is read), `command.py` (what can be asked),
`supervise.py` (what runs), `roles.py` (what each process does).
"""
