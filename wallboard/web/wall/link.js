/* The floor and the board as they come from the server: one websocket, what it brings as signals, and when to ask anew.

Not what is drawn of them (main.js). Knows window and the address. */

import { signal } from "../vendor/signals-core.mjs";
import { makeCanary } from "../canary.js";
import { observe, serverNow, untilNextSecond, UNSET } from "../clock.js";
import { makeSocket } from "../socket.js";
import { GAP, applyDelta, applySnapshot, beatFits } from "../store.js";

/* The board at /wall, as wallboard/boards.py calls it. */
const WHOLE = "floor";

/* The code of a screen that is not let in; the others that the socket gives up at may be mended in the board's settings. */
export const NOT_LET_IN = 4401;

/* Somebody who mends boards.toml then looks up at the wall. */
const ASK_AGAIN_S = 45;

/* The board speaks each second, so after this much silence a page that wakes up asks for a fresh floor. */
const SILENT_S = 2.5;

/* Until the board has said what it is. */
const PAGE = Object.freeze({ layout: "wall", seconds: 30, queues: [], order: "urgency" });
export const PLAIN = Object.freeze({ id: "", name: "", name_zh: "", queues: [], pages: [PAGE] });

export function local() {
  return performance.now() / 1000;
}

/* Gives {floor, link, plan, build: signals; now, lag, untilNextSecond, open, wake}; lag() is seconds from wire to pixel, or null. */
export function follow() {
  const floor = signal(null);
  const link = signal({ phase: "connecting", since: Date.now() / 1000, failures: 0, code: null, away: false });
  const plan = signal(PLAIN);
  const build = signal(null);
  let clock = UNSET;
  let heardAt = -Infinity;
  let again = null;

  const now = () => serverNow(clock, local()) ?? Date.now() / 1000;

  /* Each gives false when the message does not lead on from what we have. A kind that a newer board knows is passed over. */
  const takers = {
    /* A snapshot begins the clock anew: a machine that slept would else count its sleep for half a minute. */
    snapshot(message) {
      clock = observe(UNSET, message.time ?? message.floor.time, local());
      floor.value = applySnapshot(message);
      canary.brought(floor.value);
      build.value = message.build;
      setPlan(message.board || PLAIN);
      return true;
    },
    delta(message) {
      clock = observe(clock, message.time, local());
      const next = floor.value === null ? GAP : applyDelta(floor.value, message);
      if (next === GAP) return false;
      floor.value = next;
      canary.brought(next);
      setAway(false);
      return true;
    },
    heartbeat(message) {
      clock = observe(clock, message.time, local());
      setAway(Boolean(message.away));
      return floor.value === null || beatFits(floor.value, message);
    },
  };

  function take(message) {
    heardAt = local();
    return message.type in takers ? takers[message.type](message) : true;
  }

  function setAway(away) {
    if (away !== link.value.away) link.value = { ...link.value, away, since: now() };
  }

  /* The same words again change nothing: pages keep their turns. */
  function setPlan(next) {
    if (JSON.stringify(next) !== JSON.stringify(plan.value)) plan.value = next;
  }

  /* `since` is when the way to the board was lost; trying again is no news, and neither is asking again after a refusal. */
  function took({ phase, code }) {
    const before = link.value;
    clearTimeout(again);
    if (phase === "refused" && code !== NOT_LET_IN) again = setTimeout(open, ASK_AGAIN_S * 1000 * (0.5 + Math.random()));
    if (phase === "connecting" && before.phase === "refused") return;
    const since = (before.phase === "open") === (phase === "open") ? before.since : now();
    const failures = phase === "open" ? 0 : before.failures + Number(phase === "waiting");
    link.value = { phase, since, failures, code: code ?? null, away: false };
  }

  const tools = {
    WebSocket,
    setTimeout: (work, ms) => setTimeout(work, ms),
    clearTimeout: (timer) => clearTimeout(timer),
    random: Math.random,
  };
  const socket = makeSocket(address(), tools, { message: take, phase: took });
  const canary = makeCanary({ requestFrame: (work) => requestAnimationFrame(work), now, local, tell: (message) => socket.tell(message) });

  function open() {
    socket.open();
  }

  /* A network, a screen or a page that comes back: what it shows may be from before. */
  function wake() {
    const { phase } = link.value;
    if (phase === "waiting" || (phase === "open" && local() - heardAt > SILENT_S)) open();
  }

  return { floor, link, plan, build, now, lag: canary.lag, open, wake, untilNextSecond: () => untilNextSecond(clock, local()) };
}

/* /b/ID shows the board ID, /wall the one called floor. */
export function boardAsked() {
  const [, board] = /^\/b\/([^/]+)/.exec(location.pathname) || [];
  return board ? decodeURIComponent(board) : WHOLE;
}

function address() {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/live?view=wall&board=${encodeURIComponent(boardAsked())}`;
}

/* A screen that was let in for another board shows that one; then its address says so, too. */
export function showAddress(board) {
  const path = board === WHOLE ? "/wall" : `/b/${encodeURIComponent(board)}`;
  if (board && location.pathname !== path) history.replaceState(null, "", path + location.search);
}
