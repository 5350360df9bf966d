"""How the board asks the engine: who asks, by which key, and what is said when it answers, refuses, or does not answer.

Not the stream of requests (`realtime/asker.py`), not what can be wished for (`wishes.py`), not the words (`answers.py`). The board
decides nothing: it passes on who asks, and the engine looks at the plan.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from realtime.asker import NotAnswered
from realtime.control.answer import rule
from realtime.control.ruling import Moment
from realtime.floor import Floor
from realtime.me import agent_of_login
from realtime.plan.model import Person
from realtime.requests import Actor, AnyAsk, Via, agent_of
from realtime.requests import Request as EngineRequest
from realtime.words import AgentId
from wallboard.answers import Answered, of_answer, of_decision, status_of
from wallboard.board import Board
from wallboard.door import Visitor
from wallboard.reading import body_of
from wallboard.recorder import who_is
from wallboard.records import floor_of
from wallboard.refusals import Refusal

W = TypeVar("W", bound=msgspec.Struct)
KEY_HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,64}")
"""A UUID has 36 characters; what is longer is no key but a body in the wrong place."""
LANGUAGES: Final = ("en", "zh")
AT_ONCE: Final = 20
"""Requests of one press that are under way: more would hold up those of others in the engine's one line."""

BAD_KEY = Refusal(400, "key_invalid", f"{KEY_HEADER} has 1 to 64 characters that print, and no space; send a new one for each deed.")
NO_ENGINE = Refusal(
    503, "engine_away", "This board asks no engine, so nothing can be changed here; look at the board of the floor's engine."
)
AGAIN: Final = f"It may still be done: ask again with the same {KEY_HEADER}, and you get the one answer."


async def ask(board: Board, request: Request, visitor: Visitor, wish: AnyAsk, via: Via | None = None) -> Response:
    """One wish, answered: 200 when it is done or queued, 409 when the rules refuse it, 503 when nobody answered."""
    floor, key = floor_of(board), key_of(request, visitor)
    if isinstance(floor, Refusal):
        return floor.response()
    if isinstance(key, Refusal):
        return key.response()
    answered = await answer_of(board, actor_of(floor, visitor, via), wish, key, language_of(request, floor, visitor))
    return answered.response() if isinstance(answered, Refusal) else answer(answered)


async def wished(board: Board, request: Request, visitor: Visitor, kind: type[W], ask_of: Callable[[W], AnyAsk]) -> Response:
    """The body as that wish, and what it asks the engine for."""
    wish = await body_of(request, kind)
    return wish.response() if isinstance(wish, Refusal) else await ask(board, request, visitor, ask_of(wish))


async def ask_many(board: Board, request: Request, visitor: Visitor, wishes: Sequence[AnyAsk]) -> list[Answered] | Refusal:
    """Each by itself: that one is refused keeps no other from being done. A key stands for all of them, with the agent behind it."""
    floor, key = floor_of(board), key_of(request, visitor)
    if isinstance(floor, Refusal):
        return floor
    if isinstance(key, Refusal):
        return key
    actor, language, room = actor_of(floor, visitor), language_of(request, floor, visitor), asyncio.Semaphore(AT_ONCE)

    async def one(wish: AnyAsk) -> Answered | Refusal:
        async with room:
            return await answer_of(board, actor, wish, f"{key}#{agent_of(wish)}" if key else "", language)

    found = await asyncio.gather(*map(one, wishes))
    refusals = [each for each in found if isinstance(each, Refusal)]
    if len(refusals) == len(found):
        return refusals[0]
    return [each if isinstance(each, Answered) else lost(agent_of(wish), each) for wish, each in zip(wishes, found, strict=True)]


def look_at(board: Board, floor: Floor, request: Request, visitor: Visitor, wishes: Sequence[AnyAsk]) -> list[Answered]:
    """What the engine would say, by the floor at hand. Nothing is sent, and each is looked at as if it came alone."""
    actor, language, now = actor_of(floor, visitor), language_of(request, floor, visitor), board.clock()
    moment = Moment(now, lambda: "preview")
    rulings = [rule(floor, EngineRequest("preview", now, actor, wish), moment) for wish in wishes]
    return [
        of_decision(ruling.decision, language, agent=agent_of(wish), preview=True) for wish, ruling in zip(wishes, rulings, strict=True)
    ]


async def answer_of(board: Board, actor: Actor, wish: AnyAsk, key: str, language: str) -> Answered | Refusal:
    if board.asker is None:
        return NO_ENGINE
    try:
        return of_answer(await board.asker.ask(actor, wish, key), language)
    except NotAnswered as why:
        return Refusal(503, "not_answered", f"{why} {AGAIN}", retry_after_s=1)


def lost(agent: str, refusal: Refusal) -> Answered:
    """Of one among many: nobody knows whether it was done."""
    return Answered(agent=agent, verdict="defer", message=refusal.message, error=refusal.error)


def answer(answered: Answered) -> Response:
    return Response(msgspec.json.encode(answered), status_of(answered), media_type="application/json")


# ------------------------------------------------------------------ who asks


def actor_of(floor: Floor, visitor: Visitor, via: Via | None = None) -> Actor:
    """A person of the plan by the name they sign in with; a program is nobody of it."""
    agent = agent_of_login(floor, visitor.user) if visitor.user else None
    return Actor(who_is(visitor), str(visitor.role or ""), agent or AgentId(""), via or ("console" if visitor.session else "api"))


def language_of(request: Request, floor: Floor, visitor: Visitor) -> str:
    """What the person reads, by the list of people or by the plan; else the first language of the browser that there are words in."""
    agent = agent_of_login(floor, visitor.user) if visitor.user and not visitor.language else None
    person: Person | None = floor.owned.people.get(agent) if agent is not None else None
    accepted = (part.partition(";")[0].strip() for part in request.headers.get("accept-language", "")[:200].split(","))
    for language in (visitor.language, person.language if person is not None else "", *accepted):
        if (short := language[:2].lower()) in LANGUAGES:
            return short
    return LANGUAGES[0]


def key_of(request: Request, visitor: Visitor) -> str | Refusal:
    """Of this asker only: nobody gets the answer to somebody else's request by guessing a key."""
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return ""
    return f"{who_is(visitor)}:{key}" if _KEY.fullmatch(key) else BAD_KEY
