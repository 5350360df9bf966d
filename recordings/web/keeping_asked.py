"""What handlers of keeping share: refusals of keeping as the board's, the plan of now, digests of a number. Not the handlers."""

from __future__ import annotations

from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from recordings.numbers import spellings
from recordings.retention.disposal import DisposalRefused
from recordings.retention.erasure import ErasureRefused
from recordings.retention.events import BadEvent
from recordings.retention.holds import HoldRefused
from recordings.retention.judging import Policy, policy_of
from recordings.retention.losing import LossRefused
from recordings.retention.people import NotAPerson, SamePerson
from recordings.web.desk import Desk
from recordings.web.offer import Handler, Refused, Who


def said(handler: Handler) -> Handler:
    """Refusals of keeping, as the board's."""

    @wraps(handler)
    async def asked(desk: Desk, request: Request, who: Who) -> Response:
        try:
            return await handler(desk, request, who)
        except NotAPerson as error:
            raise Refused.of(403, error) from error
        except SamePerson as error:
            raise Refused.of(409, error) from error
        except (HoldRefused, DisposalRefused, ErasureRefused, LossRefused, BadEvent) as error:
            raise Refused.of(409, error, "refused") from error

    return asked


def policy(desk: Desk) -> Policy:
    return policy_of(desk.floor().owned.plan, desk.settings.timezone)


def digests(desk: Desk, number: str) -> tuple[str, ...]:
    """Of the ways to write it. Raises Refused."""
    found = tuple(desk.digest(each) for each in spellings(number, desk.floor().owned.plan.dialling))
    if not found:
        raise Refused(400, "erasure.number_invalid")
    return found
