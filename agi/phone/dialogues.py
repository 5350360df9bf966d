"""The dialogues, as generators: what is played, what is asked of whom, what the dialplan is told. Pure.

Not the sounds (`sounds.py`) and not the deciding (the engine's rules). Each begins with a sign of life, SET AUTOHANGUP: the
dialplan gives a gate five seconds, and only one that answers gets the time that its dialogue takes. The decision goes into the
channel before it is spoken, so that a person who hangs up at the first tone has it all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from typing import Final

from agi.fastagi.commands import Command, answer, get_data, hang_up_after, play, set_variable
from agi.phone import sounds
from agi.phone.codes import GATE_AWAY, GATE_CODE, GATE_NOBODY, GATE_PIN, GATE_STOPPED, GATE_UNSURE, SENTENCES
from agi.phone.script import Proof, Scene, Script, Step, do, look, prove, put
from realtime.asks_outbound import NumberBlock, ResultKeep
from realtime.decision import Decision, Finding
from realtime.requests import AnyAsk, BreakAsk, BreakBack, BreakTake, BreakWithdraw, CardPause, CardResume, Here, LogIn, LogOut
from realtime.sentences import sentence
from realtime.words import SECOND, AgentId

TRIES: Final = 3
NUMBER_MAX: Final = 12
"""Digits of a staff number."""
PIN_MAX: Final = 12
PATIENCE_S: Final = 6
"""For the next key; a number of six digits takes a person three seconds."""
LOGIN_S: Final = 90
"""Three tries of two questions: each is read out in four seconds and answered in ten."""
CODE_S: Final = 30
"""Of the others: the longest that is spoken takes eight seconds."""
LENGTH_MAX: Final = 600
"""Minutes that a dialplan may ask for; what is allowed is the plan's business."""

KIND_MAX: Final = 64
"""Of the name of a kind: what is longer is refused all the same, and need not be in the log whole."""

CODE_MAX: Final = 32
"""Of a result code, as `realtime/rules/results.py` has it."""
CODING_S: Final = 45
"""Three tries of one short question: each is read out in a second and answered in ten."""

_RULE: Final = re.compile(r"[^a-z0-9_.]")
_LANGUAGE: Final = re.compile(r"[a-zA-Z]{2,3}(?:[_-][a-zA-Z0-9]{2,8}){0,2}")


def login(scene: Scene) -> Script:
    yield from begin(scene, LOGIN_S)
    fixed = scene.query.get("agent", "")
    for attempt in range(TRIES):
        typed = fixed or (yield from keys(sounds.ASK_AGAIN if attempt else sounds.ASK_NUMBER, NUMBER_MAX))
        agent = scene.named(typed) if typed else scene.resident or scene.agent
        yield from speak_as(scene, agent)
        pin = yield from keys(sounds.ASK_PIN_AGAIN if attempt and fixed else sounds.ASK_PIN, PIN_MAX)
        proof = (yield from prove(agent, pin)) if agent and pin else Proof.WRONG
        if proof is Proof.RIGHT:
            yield from enter(scene, agent)
            return
        if proof is not Proof.WRONG:
            yield from (refuse(scene, GATE_STOPPED) if proof is Proof.STOPPED else fail(scene))
            return
    yield from refuse(scene, GATE_PIN)


def enter(scene: Scene, agent: AgentId) -> Script:
    decision = yield from put(agent, LogIn(agent, scene.node, scene.device))
    yield from told(scene, decision, lambda: say(play(sounds.LOGGED_IN)))


def logout(scene: Scene) -> Script:
    """Done at once, or after the call in hand."""
    agent = yield from greet(scene)
    if not agent:
        return
    decision = yield from put(agent, LogOut(agent))

    def spoken() -> Script:
        there = (yield from look(agent, lambda now: not now.on_duty)).on_duty
        yield from say(*([play(sounds.DONE), play(sounds.MOMENT)] if there else [play(sounds.LOGGED_OUT)]))

    yield from told(scene, decision, spoken)


def take_break(scene: Scene) -> Script:
    """Asks for one, or takes the one that is held for this agent."""
    agent = yield from greet(scene)
    if not agent:
        return
    before = yield from look(agent)
    held = before.granted and before.takes_until > 0
    decision = yield from put(agent, BreakTake(agent) if held else asked_for(scene, agent))

    def spoken() -> Script:
        now = yield from look(agent, lambda now: bool(now.place) if now.waits else now.paused)
        if now.on:
            yield from say(*sounds.begun(max(0, now.until - scene.now), now.paused))
        elif now.waits:
            yield from say(*sounds.waits(now.place, now.eta, scene.now, scene.zone))
        else:
            yield from say(*sounds.after_the_call(now.length_s * SECOND))

    yield from told(scene, decision, spoken)


def asked_for(scene: Scene, agent: AgentId) -> BreakAsk:
    minutes = scene.query.get("minutes", "")
    asked = int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) <= 3 else 0
    return BreakAsk(agent, scene.query.get("kind", "")[:KIND_MAX] or "short", min(asked, LENGTH_MAX))


def back(scene: Scene) -> Script:
    """Back at work; who only waits for a break, or holds one, gives it back."""
    agent = yield from greet(scene)
    if not agent:
        return
    now = yield from look(agent)
    ask: AnyAsk = BreakBack(agent) if now.on or not (now.waits or now.granted) else BreakWithdraw(agent)
    decision = yield from put(agent, ask)

    def spoken() -> Script:
        after = yield from look(agent, lambda now: not now.held)
        words = sounds.MOMENT if after.held else sounds.THANKS if isinstance(ask, BreakBack) else sounds.CANCELLED
        yield from say(play(sounds.DONE), play(words))

    yield from told(scene, decision, spoken)


def here(scene: Scene) -> Script:
    agent = yield from greet(scene)
    if agent:
        decision = yield from put(agent, Here(agent))
        yield from told(scene, decision, lambda: say(play(sounds.DONE), play(sounds.THANKS)))


def result(scene: Scene) -> Script:
    """What came of the agent's last outbound call: the code that was dialled, else typed. A callback's moment is said on the page."""
    agent = yield from greet(scene, CODING_S)
    if not agent:
        return
    code = scene.coded(scene.query.get("code", "")[:CODE_MAX])
    for _ in range(TRIES):
        code = code or scene.coded((yield from keys(sounds.NUMBER, CODE_MAX)))
    if not code:
        yield from refuse(scene, GATE_CODE)
        return
    decision = yield from put(agent, ResultKeep(agent, code, scene.last(agent)))
    yield from told(scene, decision, lambda: say(play(sounds.DONE), play(sounds.THANKS)))


def block(scene: Scene) -> Script:
    """The customer of the last outbound call wants no more calls. It cannot be taken back here, so it asks once: press one."""
    agent = yield from greet(scene)
    if not agent:
        return
    dial = scene.last(agent)  # as it is when the code is dialled, not after the key
    yield play(sounds.PRESS)
    if (yield from keys(sounds.ONE, 1)) != "1":
        yield from explain(GATE_UNSURE)
        yield from say(play(sounds.REFUSED), play(sounds.CANCELLED))
        return
    decision = yield from put(agent, NumberBlock(source="phone", agent=agent, dial=dial))
    yield from told(scene, decision, lambda: say(play(sounds.DONE), play(sounds.THANKS)))


def card(scene: Scene) -> Script:
    """A customer is about to say card data. The number must wait until the PBX says that its recording is silent."""
    agent = yield from greet(scene)
    if not agent:
        return
    decision = yield from put(agent, CardPause(agent))

    def spoken() -> Script:
        now = yield from look(agent, lambda now: now.silent)
        yield from say(*sounds.silenced(max(0, now.silent_until - scene.now), now.silent))

    yield from told(scene, decision, spoken)


def card_over(scene: Scene) -> Script:
    """It has been said: the recording has sound again."""
    agent = yield from greet(scene)
    if agent:
        decision = yield from put(agent, CardResume(agent))
        yield from told(scene, decision, lambda: say(play(sounds.DONE), play(sounds.THANKS)))


def stranger(scene: Scene, reason: Finding) -> Script:
    """For a call that is refused before anybody is asked."""
    yield from begin(scene, CODE_S)
    yield from (fail(scene, reason) if reason.verdict == "defer" else refuse(scene, reason))
    yield hang_up_after(0)


# ------------------------------------------------------------------ parts


def begin(scene: Scene, seconds: int) -> Script:
    yield hang_up_after(seconds)
    yield answer()


def greet(scene: Scene, seconds: int = CODE_S) -> Generator[Step, object, AgentId]:
    """Who is there; where it is nobody, that is said, and the dialogue is over."""
    yield from begin(scene, seconds)
    if scene.agent:
        yield from speak_as(scene, scene.agent)
    else:
        yield from refuse(scene, GATE_NOBODY)
    return scene.agent


def speak_as(scene: Scene, agent: AgentId) -> Script:
    """In the language that the plan knows of this person; the channel's own where it knows none."""
    language = scene.language_of(agent)
    if _LANGUAGE.fullmatch(language):
        yield set_variable("CHANNEL(language)", language)


def keys(sound: str, most: int) -> Generator[Step, object, str]:
    """What was typed, digits only; empty for nothing."""
    reply = yield from do(get_data(sound, most, PATIENCE_S))
    return reply.result if reply.done and reply.result.isascii() and reply.result.isdigit() else ""


def told(scene: Scene, decision: Decision | None, spoken: Callable[[], Script]) -> Script:
    """The decision into the channel, then aloud: `spoken` for a yes and for a place on the list."""
    if decision is None:
        yield from fail(scene)
        return
    reason = decision.reason or Finding(decision.verdict, decision.verdict)
    if decision.verdict in ("defer", "deny"):
        yield from refuse(scene, reason)
        return
    if decision.verdict == "allow":
        yield set_variable("ANDON_DECISION", f"allow:{scene.uniqueid}:{scene.word}")
    yield from explain(reason)
    yield from spoken()


def refuse(scene: Scene, reason: Finding) -> Script:
    yield from explain(reason)
    yield from say(*sounds.refused(reason, scene.now, scene.zone), play(sounds.GOODBYE))


def fail(scene: Scene, reason: Finding = GATE_AWAY) -> Script:
    yield from explain(reason)
    yield from say(*sounds.fault())


def explain(reason: Finding) -> Script:
    """A short code that a dialplan can compare with, and the sentence for who reads the PBX's log."""
    code = _RULE.sub("", reason.rule)[:64] or "none"
    yield set_variable("ANDON_REASON", code)
    yield set_variable("ANDON_SENTENCE", spelt(SENTENCES.get(reason.rule) or sentence(reason, "en")))


def spelt(text: str) -> str:
    """Without what ends a line or a quoted text of the dialplan."""
    return "".join(each for each in text if each.isprintable() and each not in '"\\${}')[:200]


def say(*commands: Command) -> Script:
    for command in commands:  # noqa: UP028 - a tuple has no use for the replies that are sent back
        yield command


def whole(dialogue: Callable[[Scene], Script]) -> Callable[[Scene], Script]:
    """And at its end no limit of ours is left on a channel whose dialplan goes on."""

    def script(scene: Scene) -> Script:
        yield from dialogue(scene)
        yield hang_up_after(0)

    return script


DIALOGUES: Final[dict[str, Callable[[Scene], Script]]] = {
    "login": whole(login),
    "logout": whole(logout),
    "break": whole(take_break),
    "back": whole(back),
    "here": whole(here),
    "result": whole(result),
    "block": whole(block),
    "card": whole(card),
    "card_over": whole(card_over),
}
"""By their path."""
SECONDS: Final[dict[str, int]] = {word: {"login": LOGIN_S, "result": CODING_S}.get(word, CODE_S) for word in DIALOGUES}
