/* How long it takes from a PBX's answer being read to this screen having drawn it, measured once a second, and told to the board.

Each PBX is asked each second, and its answer is a fact like any other: it takes the way that calls take, so it dies where they
would (a canary, as miners had). Pure; frames, the time and the socket come from the page. The board measures the same by its own
clock (wallboard/drawn.py): ours misses the shortest way of a message to us, the board's has the way back in it. */

export const TELL_S = 5;

/* Of the nodes that a floor brings newer word of, the one heard longest ago: the worst of what was just drawn. null for none. */
export function newestWord(before, floor) {
  const newer = [...floor.nodes.values()].filter((node) => node.link === "live" && node.heard > (before.get(node.node) ?? 0));
  return newer.length ? Math.min(...newer.map((node) => node.heard)) : null;
}

/* tools: {requestFrame(work), now() by the board's clock, local() by one that nobody sets, tell(message)}. */
export function makeCanary({ requestFrame, now, local, tell }) {
  let known = new Map();
  let waiting = null;
  let lag = null;
  let toldAt = -Infinity;

  /* A floor has come; it is drawn in the next frame, and stands on the screen when the one after that begins. */
  function brought(floor) {
    const heard = newestWord(known, floor);
    known = new Map([...floor.nodes.values()].map((node) => [node.node, node.heard]));
    if (heard === null || waiting !== null) return;
    waiting = heard;
    requestFrame(() => requestFrame(drawn));
  }

  function drawn() {
    const heard = waiting;
    waiting = null;
    lag = Math.max(0, now() - heard);
    if (local() - toldAt < TELL_S) return;
    toldAt = local();
    tell({ type: "drawn", heard });
  }

  return { brought, lag: () => lag };
}
