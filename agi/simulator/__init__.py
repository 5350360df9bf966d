"""A simulated Asterisk: a call centre at work, behind an AMI that outside clients cannot tell from the real one.

Not a part of what it is watched by: it knows neither translation, nor tracker, nor fold, so that a demo or a test on
it tests those and not itself. What it says is held against the bytes of a real server (tests/agi/simulator).

From the inside out, all of it pure but the last:

    agenda, chance        virtual time; streams of chance from one seed
    outlet, messages      events, stamped and rendered; the headers of each
    channels, queues      the switch with its bridges and devices; app_queue with its tally and queue_log
    legs, calls, talks    one attempt to ring a member; a caller in the dialplan; a conversation
    dials, features       Dial(); transfers, parking, spying, redirect
    originate             Originate, once a phone answers
    centre, people        who works there and how busy it is; what people do
    exchange, pbx         the parts together; the PBX: advance, restart, truth
    lists, session        list items; one AMI session without a socket
    actions, orders       the table of actions; those that change something
    faults                a bad day
    manager               all sessions of one PBX: what a test drives
    server                the TCP door
"""
