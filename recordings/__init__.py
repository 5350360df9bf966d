"""The archive: recordings from a PBX's spool to the day they must be gone, with proof of each step.

In reading order:
    words, states, recording   the nouns; the one table of states and steps
    calls/        the ledger of calls that should be recorded (a fold over facts), and which file belongs to which call
    spool/        a PBX's folder of recordings: what is there, complete, harmless
    sound/        headers, energy, peaks, Opus; joining two legs
    crypt/        keys of keys, keys of recordings, the container that can seek
    vault/        where containers lie, once or twice; fixity
    sealing       one file through all of it, step by step, each idempotent; archivist.py runs it
    catalogue/    the tables, one transaction a step; search
    proof/        the Merkle log, checkpoints, bundles, the verifier that we ship
    retention/    classes and clocks, due, holds, disposals, certificates, erasures
    discs/        sets, bags, images, burning, the register
    quality/      forms, scores, samples, calibration, appeals, results
    web/          the routes it offers; `andon` mounts them with the board's door

Imports `realtime` and nothing else of ours.
"""
