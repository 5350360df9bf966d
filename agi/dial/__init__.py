"""The dial gate: a dialplan asks before it dials, and is told yes, no, or when.

`asking.py` (pure) reads who asks for what, `saying.py` (pure) makes words and tones of what was decided, `gate.py` is the shell: floor,
lists, ledger, deadline, the fact. What decides is not here (`realtime/dial/`), nor what counts (`realtime/ledger/`), nor the wire
(`agi/fastagi/`). Its counterpart on the PBX is `deploy/asterisk/extensions_andon.conf`.
"""
