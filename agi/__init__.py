"""Asterisk in and out: AMI and FastAGI, translated to the facts of the floor and back to actions.

`codec.py` and `session.py` speak the protocol and know no call-centre word; `translate/` turns events into facts;
`sync.py` turns a snapshot into the same facts; `gap.py` reads what was missed from queue_log. All of that is pure.
`client.py` and `adapter.py` are the shell. The other direction, where a dialplan asks us: `fastagi/` (protocol and server) and
`phone/` (what an agent who dials a code is told). `simulator/` is a PBX of our own that speaks the same protocols.
"""
