"""`andon floor`: asks the board of this machine for the floor, and prints it.

Not the drawing (`table.py`). It shows the token that `andon up` left for it in the data folder; where there is none it asks
without, which a demo's board answers.
"""

from __future__ import annotations

import http.client
import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from andon.say import Exit, complain, say
from andon.settings import Settings, address_of
from andon.table import floor_lines
from realtime.words import Micros
from wallboard.authorise import Role
from wallboard.tokens import TokenStore

TOKEN_FILE = "cli.token"  # noqa: S105 - the name of a file
LABEL = "andon floor on this machine"
TOKEN_DAYS = 400
"""Longer than any machine goes without a restart of Andon, which makes a new one."""
PATIENCE_S = 10.0
ANSWER_MAX = 64_000_000
"""Bytes: a floor of 10,000 agents is under 10 MB."""


class Answer(NamedTuple):
    status: int
    body: bytes


def leave_token(data_dir: Path, now: Micros) -> None:
    """At each start a new one; the old ones end. Only the owner of the data folder can read it."""
    store = TokenStore(data_dir)
    for old in store.list():
        if old.label == LABEL:
            store.revoke(old.id)
    secret, _ = store.create(Role.SUPERVISOR, LABEL, now, TOKEN_DAYS)
    fresh = data_dir / f"{TOKEN_FILE}.new"
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w") as file:
        file.write(secret + "\n")
    fresh.replace(data_dir / TOKEN_FILE)


def show_floor(settings: Settings, as_json: bool) -> Exit:
    address = address_of(settings.board.listen)
    assert address is not None, "settings were checked"
    host, port = _reachable(address[0]), address[1]
    try:
        answer = _get(host, port, _token(Path(settings.data.dir)))
    except (OSError, http.client.HTTPException):
        complain(f"No board answers on {settings.board.listen}; start it with andon up, or name its settings with --config.")
        return Exit.FAILED
    if answer.status != 200:
        complain(_refusal(answer, settings))
        return Exit.FAILED
    if as_json:
        say(answer.body.decode())
        return Exit.DONE
    for line in floor_lines(json.loads(answer.body)):
        say(line)
    return Exit.DONE


def _reachable(host: str) -> str:
    """An address to listen on may stand for all of them; one asks the machine itself then."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - a comparison, nothing is bound


def _token(data_dir: Path) -> str:
    try:
        return (data_dir / TOKEN_FILE).read_text().strip()
    except OSError:
        return ""


def _get(host: str, port: int, token: str) -> Answer:
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/api/floor", headers={"Authorization": f"Bearer {token}"} if token else {})
        response = connection.getresponse()
        return Answer(response.status, response.read(ANSWER_MAX))
    finally:
        connection.close()


def _refusal(answer: Answer, settings: Settings) -> str:
    if answer.status == 401:
        path = Path(settings.data.dir) / TOKEN_FILE
        return f"The board did not accept the token in {path}; run this as the user of andon up, or restart it for a new one."
    try:
        said: Any = json.loads(answer.body)
        message = said["message"]
        reasons = " ".join(str(reason) for reason in said.get("reasons", []) if str(reason) != message)
        return f"{message} {reasons}".strip()
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"What answers on {settings.board.listen} is no board of Andon (status {answer.status}); see who listens there."
