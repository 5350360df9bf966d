/* One agent's own row as it changes, as signals: the connection, the clock and the row put together.

Not what is drawn of it. Knows window and the address; its parts (socket.js, clock.js) do not. The counterpart is
wallboard/me_live.py. */

import { signal } from "../vendor/signals-core.mjs";
import { observe, serverNow, untilNextSecond, UNSET } from "../clock.js";
import { makeSocket } from "../socket.js";

export function local() {
  return performance.now() / 1000;
}

/* {me, link, build: signals; now, untilNextSecond, open, wake}. link: {phase, since, failures, code, away}. */
export function follow() {
  const me = signal(null);
  const link = signal({ phase: "connecting", since: Date.now() / 1000, failures: 0, code: null, away: false });
  const build = signal(null);
  let clock = UNSET;

  const now = () => serverNow(clock, local()) ?? Date.now() / 1000;

  const takers = {
    me(message) {
      me.value = message.me;
      build.value = message.build;
      setAway(false);
    },
    heartbeat: (message) => setAway(Boolean(message.away)),
  };

  /* A row stands for itself, so none can be missing; a kind that a newer board knows is passed over. */
  function take(message) {
    if (!(message.type in takers)) return true;
    clock = observe(clock, message.time, local());
    takers[message.type](message);
    return true;
  }

  function setAway(away) {
    if (away !== link.value.away) link.value = { ...link.value, away, since: now() };
  }

  /* `since` is when the way to the board was lost; trying again is no news. */
  function took({ phase, code }) {
    const before = link.value;
    if (phase === "open" && before.phase === "open") return;
    const since = (before.phase === "open") === (phase === "open") ? before.since : now();
    const failures = phase === "open" ? 0 : before.failures + Number(phase === "waiting");
    link.value = { phase, since, failures, code: code ?? null, away: false };
  }

  const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/me/live`;
  const tools = {
    WebSocket,
    setTimeout: (work, ms) => setTimeout(work, ms),
    clearTimeout: (timer) => clearTimeout(timer),
    random: Math.random,
  };
  const socket = makeSocket(address, tools, { message: take, phase: took });

  return {
    me, link, build, now,
    untilNextSecond: () => untilNextSecond(clock, local()),
    open: socket.open,
    wake: () => void (link.value.phase === "waiting" && socket.open()),
  };
}
