"""The verbs of `andon recordings`: for each its sentence, what may stand behind it, its options, an example, and where its answer is.

Not the options' own form (`command.py`) and not the answers (`finding.py`, `proving.py`, ...). Data alone, for every command waits for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

Takes = Mapping[str, str]
"""Options of one verb: what each says there; empty: as everywhere."""
Steps = tuple[tuple[str, str], ...]
"""What may stand behind a verb, and what it does."""


class Verb(NamedTuple):
    """`where`: module of this package and function, loaded when it is asked for: libraries of sound and SQL are large. `words`: what stands
    behind the verb, in the usage."""

    what: str
    where: str
    words: str
    example: str
    takes: Takes
    steps: Steps = ()


CHOSEN: Final[Takes] = {"--agent": "", "--campaign": "", "--queue": "", "--call": "", "--class": "", "--since": ""}
"""Which recordings are meant: all that is said must fit."""
YES: Final[Takes] = {"--yes": ""}

VERBS: Final[dict[str, Verb]] = {
    "find": Verb(
        "list recordings by who, where, when, how long, what came of it",
        "finding.find",
        "",
        "andon recordings find --agent 1023 --since 2026-11-01 --shortest 60",
        {
            **CHOSEN,
            **dict.fromkeys(("--until", "--client", "--direction", "--outcome", "--shortest", "--longest", "--tag"), ""),
            **dict.fromkeys(("--score-from", "--score-to", "--trouble", "--state", "--held", "--limit", "--json"), ""),
        },
    ),
    "prove": Verb(
        "write a bundle that anybody can verify about one recording",
        "proving.prove",
        "ID [ID ...]",
        "andon recordings prove ID --older KEPT.note",
        {"--older": "", "--private": "", "--reason": "why, with --private", "--out": "the bundle (default: ID-proof.zip)"},
    ),
    "verify": Verb(
        "check the log and its checkpoints, or recordings with their copies; accept a cut",
        "proving.verify",
        "[ID ... | accept]",
        'andon recordings verify accept --reason "disk died, backup of the 24th" --yes',
        {"--reason": "of accept: what happened", "--json": "of the whole log", "--yes": "of accept"},
        (
            ("(nothing)", "look through the whole log"),
            ("ID ...", "compare these recordings with what the log has of them and with their copies"),
            ("accept", "say that a backup was put back: signing goes on, and what was approved before waits to be approved again"),
        ),
    ),
    "due": Verb(
        "say for each recording until when it is kept and by which rule, or that it may go",
        "keeping.due_",
        "[may_go | held | conflict | kept | busy]",
        "andon recordings due may_go --until 2027-01-31",
        {**CHOSEN, "--until": "as of the end of that day (default: now)", "--limit": "", "--language": "", "--json": ""},
    ),
    "hold": Verb(
        "place a legal hold on what a query finds",
        "keeping.hold",
        "[ID ... | list]",
        'andon recordings hold --agent 1023 --since 2026-03-01 --matter "Li v. Bank X" --custodian Legal --yes',
        {**CHOSEN, "--until": "", "--matter": "the case it is for", "--custodian": "who answers for it", **YES},
        (("list", "all holds, and when each has to be looked at again"),),
    ),
    "release": Verb(
        "release a hold: two people",
        "keeping.release",
        "HOLD",
        'andon recordings release h-7q2x --reason "settled on the 3rd" --yes',
        {"--reason": "why it ends", **YES},
    ),
    "dispose": Verb(
        "propose, approve and carry out a disposal",
        "disposing.dispose",
        "[STEP [WHICH]]",
        "andon recordings dispose propose 4f0c9a17d2e3 --reason monthly --yes",
        {
            "--class": "of the dry run",
            "--month": "of the dry run: in which they may go",
            "--until": "of the dry run: as of the end of that day",
            "--limit": "",
            "--reason": "of propose and refuse",
            "--out": "of certificate: where to write it",
            **YES,
        },
        (
            ("(nothing)", "the dry run: lists by class and month, each with the hash of its ids"),
            ("propose HASH", "a list as it was looked at"),
            ("list", "all disposals, wishes to be erased and redactions: how they stand, who approved"),
            ("show ID", "what is in one of them"),
            ("approve ID", "a disposal takes two people, the others one who did not write them down"),
            ("refuse ID", "one person is enough, until something of it is destroyed"),
            ("run [ID]", "carry out what is approved; the archivist does it each minute"),
            ("certificate ID", "of what was destroyed"),
        ),
    ),
    "lost": Verb(
        "list recordings in quarantine, or give them up: two people",
        "losing.lost",
        "[STEP WHICH ...]",
        'andon recordings lost propose ID --reason "both disks died, no copy on a disc" --yes',
        {"--limit": "of the list", "--reason": "of propose and refuse", **YES},
        (
            ("(nothing)", "what is in quarantine, and what waits for a second person"),
            ("propose ID ...", "or propose all: up to 1,000 at a time, those on discs left out"),
            ("show PROPOSAL", "its list, with the holds and discs that it touches"),
            ("confirm PROPOSAL", "by another person: they are lost"),
            ("refuse PROPOSAL", "one is enough; they stay in quarantine"),
        ),
    ),
    "erase": Verb(
        "decide a person's wish to be erased",
        "keeping.erase",
        "-",
        'andon recordings erase - --reason "letter of 2026-11-20" --yes',
        {"--reason": "whose letter it was, and when", "--language": "", **YES},
        (("-", "the number is read from standard input: here it would stay in the shell's history"),),
    ),
    "redact": Verb(
        "silence card data that was found in one recording, for good",
        "redacting.redact",
        "ID",
        'andon recordings redact ID --spans 1:02-1:15.5,80-95 --reason "ticket 7" --yes',
        {"--spans": "", "--reason": "where it was noticed", **YES},
    ),
    "clock": Verb(
        "say when a contract, product or activity ended, a dispute began or closed",
        "keeping.clock",
        "CLOCK SCOPE SUBJECT [closed]",
        'andon recordings clock dispute recording ID --since 2026-11-01 --matter "court 7" --yes',
        {"--since": "the day", "--matter": "which dispute, contract or product", "--reason": "", **YES},
        (
            ("CLOCK", "contract_end, product_end, last_activity or dispute"),
            ("SCOPE", "recording, call or campaign; a number's is said on the page"),
            ("SUBJECT", "its id; of a call NODE/LINKEDID"),
            ("closed", "of a dispute that is over"),
        ),
    ),
    "burn": Verb(
        "gather, image, burn, verify and sign discs",
        "burning.burn",
        "[STEP [SET | DISC]]",
        "andon recordings burn burn SET-1A --yes",
        {
            "--class": "of gather",
            "--month": "of gather: in which they may go",
            "--until": "of gather: recorded by then",
            "--out": "of label and register: where to write",
            "--limit": "of the list",
            "--language": "",
            "--json": "of the list and of gather",
            **YES,
        },
        (
            ("(nothing)", "how all discs stand, what is to be read again or destroyed"),
            ("gather", "sets by client, class and month of disposal"),
            ("image SET", "its images, every file of them compared"),
            ("burn DISC", "SET-1A is copy A of the first disc of a set"),
            ("verify DISC", "read back to the end of the image"),
            ("sign DISC", "two different people; then it counts as a copy"),
            ("label DISC", "to print: hub by hand, the rest for the case"),
            ("register", "the register of all discs, to print"),
            ("check DISC", "read again"),
            ("prove DISC", "that nobody can read it: every container with every key that a store still has"),
            ("destroy DISC", "two different people, who saw it broken"),
            ("withdraw ID", "a set of which nothing was burned, or a disc that was not"),
        ),
    ),
    "export": Verb(
        "write one recording to a file, with a watermark",
        "exporting.export",
        "ID",
        'andon recordings export ID --reason "court 17" --out call.wav',
        {"--reason": "why, which the file and the log keep", "--out": "the WAV file"},
    ),
    "trained": Verb(
        "say who is due for training by missed KPIs, record that it was given, or withdraw that",
        "training.trained_",
        "[keep AGENT KPI | withdraw NUMBER]",
        'andon recordings trained keep 1023 quality --on 2026-11-28 --trainer "Sun Li" --yes',
        {"--on": "", "--trainer": "", "--reason": "a note, or why it is withdrawn", "--language": "", **YES},
    ),
    "keys": Verb(
        "show the keys, or exchange one of keys or that of the log",
        "proving.keys",
        "[list | exchange NAME]",
        "andon recordings keys exchange log --yes",
        {"--json": "of the list", **YES},
        (("exchange NAME", "a new key in place of this one, which is destroyed; log: that of checkpoints and certificates"),),
    ),
}
