"""`andon screen`: lets in the screen that shows a code, lists screens, sends one away.

Not the codes (`wallboard/screens.py`) and not the routes that do the same for the floor page. The board reads the same files, so
it need not run for this; the screen shows its board within seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from andon import boards
from andon.acts import recorded, this_person
from andon.findings import quoted, suggestion
from andon.load import tell
from andon.say import Exit, complain, say
from andon.settings import Settings
from andon.table import clean
from andon.tokens import failed
from realtime.words import SECOND, Micros
from wallboard.boards import WHOLE
from wallboard.private_file import Unreadable
from wallboard.screens import LABEL_MAX, Screens, Waiting, is_paired, plain, spaced
from wallboard.tokens import Token, TokenStore

NOBODY: Final = "No screen waits and none is in; open /wall or /b/BOARD on one, and it shows its code."


def approve(settings: Settings, code: str, board: str, label: str, now: Micros) -> Exit:
    reading = boards.load(Path(settings.floor.plan))
    known = [WHOLE, *(plan.id for plan in reading.plans or ())]
    if reading.plans is None:
        tell(reading.findings)
        complain(f"{boards.FILE} has errors, so nobody can tell which boards there are; correct it and approve again.")
        return Exit.WRONG
    if board not in known:
        complain(f"There is no board {quoted(board)}; {suggestion(board, known)}")
        return Exit.WRONG
    if len(label) > LABEL_MAX:
        complain(f"The label is longer than {LABEL_MAX} characters; write a shorter one.")
        return Exit.WRONG
    folder, target = Path(settings.data.dir), f"code={clean(plain(code))} board={board} {label}".rstrip()
    return recorded(folder, "let a screen in", target, lambda: _told(lambda: _approve(folder, code, board, label, now)))


def _approve(folder: Path, code: str, board: str, label: str, now: Micros) -> Exit:
    found = Screens(folder).approve(code, board, label, this_person(), now)
    if found is None:
        complain(f"No screen shows {quoted(code)} now; read it from the screen again, it changes every 10 minutes.")
        return Exit.FAILED
    say(f"Approved: the screen that shows {spaced(found.code)} is on board {board} within some seconds.")
    return Exit.DONE


def show(settings: Settings, now: Micros) -> Exit:
    return _told(lambda: _show(Path(settings.data.dir), now))


def _show(folder: Path, now: Micros) -> Exit:
    waiting, paired = Screens(folder).waiting(now), [token for token in TokenStore(folder).list() if is_paired(token)]
    for row in waiting:
        say(_waiting(row))
    for token in paired:
        say(_paired(token, now))
    if not waiting and not paired:
        say(NOBODY)
    return Exit.DONE


def revoke(settings: Settings, name: str, now: Micros) -> Exit:
    folder = Path(settings.data.dir)
    return recorded(folder, "send a screen away", clean(name), lambda: _told(lambda: _revoke(folder, name, now)))


def _revoke(folder: Path, name: str, now: Micros) -> Exit:
    tokens = TokenStore(folder)
    token = tokens.get(name)
    ended = tokens.revoke(name) if token is not None and is_paired(token) else Screens(folder).dismiss(name, now)
    if not ended:
        complain("There is no screen with this id and no code like it; andon screen list shows both.")
        return Exit.FAILED
    say("Sent away: it shows a new code within some seconds.")
    return Exit.DONE


def _waiting(row: Waiting) -> str:
    return f"waits    {spaced(row.code)}   from {row.address or 'this machine'}, until {_time(row.expires)}"


def _paired(token: Token, now: Micros) -> str:
    seen = "has expired" if token.expires <= now else f"seen {_time(token.used)}" if token.used else "not seen yet"
    return (
        f"is in    {token.id}  board {token.board}, {seen}, let in by {clean(token.user) or 'nobody known'}  {clean(token.label)}".rstrip()
    )


def _time(moment: Micros) -> str:
    return f"{datetime.fromtimestamp(moment / SECOND, UTC):%Y-%m-%d %H:%M} UTC"


def _told(do: Callable[[], Exit]) -> Exit:
    try:
        return do()
    except (Unreadable, OSError) as error:
        return failed(error)
