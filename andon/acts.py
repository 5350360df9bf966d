"""What somebody does with the command line, in the audit trail: before it is done, as the board's acts are.

Not the trail (`wallboard/audit_log.py`). Who it was is the user of this machine; behind sudo and su the one who logged in.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from andon.roles.work import now_us
from andon.say import Exit, complain
from wallboard.audit import Act, Outcome
from wallboard.audit_log import AuditFailed, AuditLog

LOGIN: Final = Path("/proc/self/loginuid")
"""Who logged in, as the kernel keeps it from PAM (pam_loginuid): sudo and su leave it, and none but root can change it."""
NOBODY: Final = 2**32 - 1
"""No login: a service, cron, a container."""


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
    """local:li, or local:li (andon) where li has become another account: one person is no second one as Andon's user. Where no login is
    known, only root can say who sudo was called by, and root can do anything."""
    name = _name(os.geteuid())
    behind = _logged_in() or (environment.get("SUDO_USER", "") if os.geteuid() == 0 else "")
    return f"local:{behind} ({name})" if behind and behind != name else f"local:{name}"


def _logged_in() -> str:
    """Empty: nobody, or a kernel that does not say."""
    try:
        login = int(LOGIN.read_text())
    except (OSError, ValueError):
        return ""
    return "" if login == NOBODY else _name(login)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a container's user without an entry
        return str(uid)


def _act(action: str, target: str, outcome: Outcome) -> Act:
    return Act(now_us(), this_person(), "", "", action, target, outcome)
