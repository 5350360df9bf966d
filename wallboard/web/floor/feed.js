/* The floor as it changes, as signals: the connection, the clock and the snapshot put together.

Not what is drawn of it. Knows window and the address; its parts (socket.js, store.js, clock.js) do not. */

import { signal } from "../vendor/signals-core.mjs";
import { makeCanary } from "../canary.js";
import { observe, serverNow, untilNextSecond, UNSET } from "../clock.js";
import { makeSocket } from "../socket.js";
import { GAP, applyDelta, applySnapshot, beatFits } from "../store.js";

export function local() {
  return performance.now() / 1000;
}

/* {floor, link, build, role: signals; now, untilNextSecond, open, wake}. link: as health.js wants it, with `failures`. */
export function follow(view) {
  const floor = signal(null);
  const link = signal({ phase: "connecting", since: Date.now() / 1000, failures: 0, code: null, away: false });
  const build = signal(null);
  let clock = UNSET;

  const now = () => serverNow(clock, local()) ?? Date.now() / 1000;

  /* false when a message does not lead on from what we have. A kind that a newer board knows is passed over. */
  const takers = {
    snapshot(message) {
      floor.value = applySnapshot(message);
      canary.brought(floor.value);
      build.value = message.build;
      return true;
    },
    delta(message) {
      const next = floor.value === null ? GAP : applyDelta(floor.value, message);
      if (next === GAP) return false;
      floor.value = next;
      canary.brought(next);
      setAway(false);
      return true;
    },
    heartbeat(message) {
      setAway(Boolean(message.away));
      return floor.value === null || beatFits(floor.value, message);
    },
  };

  function take(message) {
    if (!(message.type in takers)) return true;
    clock = observe(clock, message.time, local());
    return takers[message.type](message);
  }

  function setAway(away) {
    if (away !== link.value.away) link.value = { ...link.value, away, since: now() };
  }

  /* `since` is when the way to the board was lost; trying again is no news. */
  function took({ phase, code }) {
    const before = link.value;
    const since = (before.phase === "open") === (phase === "open") ? before.since : now();
    const failures = phase === "open" ? 0 : before.failures + Number(phase === "waiting");
    link.value = { phase, since, failures, code: code ?? null, away: false };
  }

  const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/live?view=${view}`;
  const tools = {
    WebSocket,
    setTimeout: (work, ms) => setTimeout(work, ms),
    clearTimeout: (timer) => clearTimeout(timer),
    random: Math.random,
  };
  const socket = makeSocket(address, tools, { message: take, phase: took });
  const canary = makeCanary({ requestFrame: (work) => requestAnimationFrame(work), now, local, tell: (message) => socket.tell(message) });

  return {
    floor, link, build, now, lag: canary.lag,
    untilNextSecond: () => untilNextSecond(clock, local()),
    open: socket.open,
    wake: () => void (link.value.phase === "waiting" && socket.open()),
  };
}
