"""What another plan would have made of recorded facts: who would have waited, what would have been refused, what it costs.

    recorded     the floor as it was: who wanted a break and for how long, who was there by half-hours, what callers got
    shadow       the same facts under the plan that is tried: the same wishes, asked of the same rules in virtual time
    cost         agents there as it was and as it would have been, put into the queueing model
    found, say   what came of it; the same in sentences

Pure: no clock and no database; `andon/plan/try_.py` brings the facts. The calls stay those of the record: somebody who would not
have been away took no calls then, and somebody who would have been is seen talking. So what callers get is the model's estimate
from who is there, held against the model's estimate of the record, not against luck.
"""
