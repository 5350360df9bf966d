"""`andon recordings redact`: card data was found in an archived recording, and these stretches of it are to be silenced for good.

Not the deciding (`recordings/retention/redaction.py`). Approved, refused and carried out as a disposal (`disposing.py`), by another person.
"""

from __future__ import annotations

from typing import Final

from andon.acts import this_person
from andon.archive.keeping import YES, asked, done_as
from andon.command_form import Said
from andon.roles.work import now_us
from andon.say import Exit, complain, say
from andon.settings import Settings
from recordings.catalogue.catalogue import Catalogue
from recordings.retention import redaction
from recordings.retention.ids import new_id
from recordings.retention.redaction import Spans, Wish, checked, may_be_redacted

HOW: Final = (
    "Say which recording, which stretches of it and why: andon recordings redact ID --spans 1:02-1:15.5,80-95 --reason TEXT; "
    "seconds, or minutes and seconds, from its beginning."
)


class NoSpans(Exception):
    """What was typed is no list of stretches."""


def redact(said: Said, settings: Settings) -> Exit:
    if len(said.what) != 1 or not said.spans or (said.yes and not said.reason):
        complain(HOW)
        return Exit.WRONG
    try:
        spans = spans_of(said.spans)
    except NoSpans:
        complain(f"{said.spans[:80]!r} is no list of stretches. {HOW}")
        return Exit.WRONG
    if not said.yes:
        return asked(settings, lambda catalogue: _would(catalogue, said.what[0], spans))
    return done_as(settings, "propose a redaction", said.what[0], lambda catalogue: _propose(catalogue, said, settings, spans))


def spans_of(text: str) -> Spans:
    """In milliseconds. Raises NoSpans."""
    found = []
    for each in text.split(","):
        since, dash, until = each.strip().partition("-")
        if not dash:
            raise NoSpans(each)
        found.append((_ms(since), _ms(until)))
    return tuple(found)


def _ms(text: str) -> int:
    minutes, colon, seconds = text.strip().rpartition(":")
    if not all(part.isascii() and part.isdigit() for part in (*seconds.split(".", 1), *([minutes] if colon else []))):
        raise NoSpans(text)
    return round((int(minutes or 0) * 60 + float(seconds)) * 1_000)


async def _would(catalogue: Catalogue, id_: str, spans: Spans) -> Exit:
    async with catalogue.reading() as connection:
        row = await redaction.line(connection, id_)
    may_be_redacted(row)
    _told(checked(spans, row["length_ms"]), bool(row["holds"]))
    say(YES)
    return Exit.DONE


async def _propose(catalogue: Catalogue, said: Said, settings: Settings, spans: Spans) -> Exit:
    wish = Wish(said.what[0], spans, said.reason)
    made = await redaction.propose(catalogue, new_id("r"), wish, this_person(), settings.floor.timezone, now_us())
    _told(made.spans, made.held)
    say(f"{made.id} is proposed, and only managers hear the recording from now on. Another person approves it:")
    say(f"andon recordings dispose approve {made.id} --yes")
    return Exit.DONE


def _told(spans: Spans, held: bool) -> None:
    said = ", ".join(f"{since / 1_000:g} to {until / 1_000:g} s" for since, until in spans)
    say(f"Silenced for good on both sides: {said}. What is before and behind stays as it is.")
    if held:
        say("A legal hold is on it, which goes before this: it waits until two people release the hold, or somebody refuses the redaction.")
