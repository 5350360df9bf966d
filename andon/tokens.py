"""`andon token`: makes, lists and revokes what screens and programs show to be let in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from andon.acts import recorded, this_person
from andon.say import Exit, complain, say
from realtime.words import SECOND, Micros
from wallboard.authorise import Role
from wallboard.private_file import Unreadable
from wallboard.tokens import Token, TokenStore


def make(data_dir: Path, role: Role, label: str, days: int, now: Micros) -> Exit:
    return recorded(data_dir, "token make", f"role={role} {label}".rstrip(), lambda: _make(data_dir, role, label, days, now))


def _make(data_dir: Path, role: Role, label: str, days: int, now: Micros) -> Exit:
    """The secret alone on standard output, so that a script can take it; the rest goes beside."""
    try:
        secret, token = TokenStore(data_dir).create(role, label, now, days, user=this_person())
    except (Unreadable, ValueError, OSError) as error:
        return failed(error)
    say(secret)
    complain(
        f"This token is shown only now. It acts as {role} until {date_of(token.expires)}; end it earlier: andon token revoke {token.id}"
    )
    return Exit.DONE


def show(data_dir: Path, now: Micros) -> Exit:
    try:
        tokens = TokenStore(data_dir).list()
    except (Unreadable, OSError) as error:
        return failed(error)
    if not tokens:
        say("There are no tokens yet; make one with andon token --role screen.")
    for token in tokens:
        say(_line(token, now))
    return Exit.DONE


def revoke(data_dir: Path, token_id: str) -> Exit:
    return recorded(data_dir, "token revoke", f"token:{token_id}", lambda: _revoke(data_dir, token_id))


def _revoke(data_dir: Path, token_id: str) -> Exit:
    try:
        found = TokenStore(data_dir).revoke(token_id)
    except (Unreadable, OSError) as error:
        return failed(error)
    if not found:
        complain("There is no token with this id; andon token list shows them.")
        return Exit.FAILED
    say("Revoked: the board lets it in no more.")
    return Exit.DONE


def _line(token: Token, now: Micros) -> str:
    used = f"last used {date_of(token.used)}" if token.used else "never used"
    ends = "expired" if token.expires <= now else "until"
    label = "".join(character if character.isprintable() else "?" for character in token.label)
    return f"{token.id}  {token.role:<10}  {ends} {date_of(token.expires)}  {used}  {label}".rstrip()


def date_of(moment: Micros) -> str:
    return f"{datetime.fromtimestamp(moment / SECOND, UTC):%Y-%m-%d}"


def failed(error: Exception) -> Exit:
    said = f"{error.filename}: {error.strerror}; see the rights of the data folder" if isinstance(error, OSError) else str(error)
    complain(said.rstrip(".") + ".")
    return Exit.FAILED
