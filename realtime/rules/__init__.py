"""The rules of the floor, pure: what each of them sees, says and makes necessary. Not the fold and not the orders' doing.

    erlang, load            how many a queue can spare
    breaks                  what follows from asking, taking, coming back; overruns
    asking, quota           may this person have this break: standing, what a shift may have
    places, holding         who is out and must stay, and what holds a break back for a while
    line, waiting           the waiting list: order, estimates, whose turn it is
    pauses                  leases kept on the PBX; pauses that nobody granted
    duty, membership        who may log in where; which queues they must be in
    meetings, adherence     teams away together; the right state at the right time
    supervise               what supervisors order, and its undoing
    alerts, messages        thresholds on numbers; words to people
    fairness, loopholes     who got what, and who goes round it, each with evidence

A handler has the form `(floor, request, ask, moment) -> Ruling`, what time makes necessary `due(floor, now, ...) -> [Saying]`.
"""
