"""What the board writes into the audit trail: every act before it happens, and in sum what strangers and the refused tried.

Not the trail (`audit_log.py`). An act that cannot be recorded is refused. What anybody may send without end (wrong passwords,
requests that are refused) is counted for a minute and written as one entry an address, so that nobody can fill the disk.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable

import structlog

from realtime.words import SECOND, Micros
from wallboard.audit import Act, Outcome
from wallboard.audit_log import AuditFailed, AuditLog
from wallboard.door import Visitor
from wallboard.refusals import Refusal

SUMMED_FOR: Micros = 60 * SECOND
KINDS_KEPT = 500
"""Different things counted within a minute; those that come after count as one."""

log = structlog.get_logger()
_AUDIT_FAILED = Refusal(
    503, "audit_failed", "This would not be recorded in the audit trail, so it was not done; the administrator finds why in /readyz."
)
_Kind = tuple[str, str, str, str, str, Outcome, tuple[str, ...]]
_THE_REST: _Kind = ("nobody", "", "many", "many", "", Outcome.REFUSED, ("more kinds of attempts than are told apart",))


class Recorder:
    def __init__(self, trail: AuditLog, clock: Callable[[], Micros]) -> None:
        self.trail = trail
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._began: Micros = 0
        self._counted: OrderedDict[_Kind, int] = OrderedDict()

    async def allow(self, visitor: Visitor, address: str, action: str, target: str) -> Refusal | None:
        """Writes that it is let happen; a refusal when that cannot be written."""
        try:
            await self._append(self._act(visitor, address, action, target, Outcome.ALLOWED, ()))
        except AuditFailed as failed:
            log.error("audit_failed", why=str(failed))
            return _AUDIT_FAILED
        return None

    async def failed(self, visitor: Visitor, address: str, action: str, target: str, reason: str) -> None:
        """What was let happen could not be done. That it was allowed stands there already, so nothing is lost without this."""
        try:
            await self._append(self._act(visitor, address, action, target, Outcome.FAILED, (reason,)))
        except AuditFailed as failed:
            log.error("audit_failed", why=str(failed))

    def count(self, visitor: Visitor, address: str, action: str, target: str, outcome: Outcome, reason: str) -> None:
        """For the sum of this minute."""
        kind: _Kind = (who_is(visitor), visitor.role or "", address, action, target, outcome, (reason,) if reason else ())
        if kind not in self._counted and len(self._counted) >= KINDS_KEPT:
            kind = _THE_REST
        if not self._counted:
            self._began = self._clock()
        self._counted[kind] = self._counted.get(kind, 0) + 1

    async def write_sums(self, *, at_once: bool = False) -> None:
        """The minute's sums, when it is over. They stay when they cannot be written: then nothing happens that adds to them."""
        if not self._counted or (not at_once and self._clock() - self._began < SUMMED_FOR):
            return
        while self._counted:
            kind, times = self._counted.popitem(last=False)
            who, role, address, action, target, outcome, reasons = kind
            said = (*reasons, f"{times} times within a minute") if times > 1 else reasons
            try:
                await self._append(Act(self._began, who, role, address, action, target, outcome, said))
            except AuditFailed as failed:
                log.error("audit_failed", why=str(failed))
                self._counted[kind] = times
                self._began = self._clock()
                return

    def _act(self, visitor: Visitor, address: str, action: str, target: str, outcome: Outcome, reasons: tuple[str, ...]) -> Act:
        return Act(self._clock(), who_is(visitor), visitor.role or "", address, action, target, outcome, reasons)

    async def _append(self, act: Act) -> None:
        async with self._one_at_a_time:
            await asyncio.to_thread(self.trail.append, act)


def who_is(visitor: Visitor) -> str:
    """As the trail names it: never a secret."""
    if visitor.user:
        return f"user:{visitor.user}"
    if visitor.token:
        return f"token:{visitor.token}"
    return "public" if visitor.role else "nobody"
