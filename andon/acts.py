"""What somebody does with the command line, in the audit trail: before it is done, as the board's acts are.

Not the trail (`wallboard/audit_log.py`). Who it was is the user of this machine; behind sudo the one who typed it.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Mapping
from pathlib import Path

from andon.roles.work import now_us
from andon.say import Exit, complain
from wallboard.audit import Act, Outcome
from wallboard.audit_log import AuditFailed, AuditLog


def recorded(data_dir: Path, action: str, target: str, do: Callable[[], Exit]) -> Exit:
    """Does it, if the trail takes it. Nothing secret may be in `target`."""
    trail = AuditLog(data_dir)
    try:
        trail.append(_act(action, target, Outcome.ALLOWED))
    except AuditFailed as failed:
        complain(f"{failed} Nothing was done, because it would not be recorded.")
        return Exit.FAILED
    done = do()
    if done is not Exit.DONE:
        try:
            trail.append(_act(action, target, Outcome.FAILED))
        except AuditFailed as failed:
            complain(str(failed))
    return done


def this_person(environment: Mapping[str, str] = os.environ) -> str:
    """local:li, or local:li (root) behind sudo. Only root can say who sudo was called by, and root can do anything."""
    try:
        name = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container's user without an entry
        name = str(os.geteuid())
    behind = environment.get("SUDO_USER", "") if os.geteuid() == 0 else ""
    return f"local:{behind} ({name})" if behind and behind != name else f"local:{name}"


def _act(action: str, target: str, outcome: Outcome) -> Act:
    return Act(now_us(), this_person(), "", "", action, target, outcome)
