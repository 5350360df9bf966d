/* How far the page may be believed: the age of the oldest thing behind it, and what is wrong on the way. Pure.

The age is that of the node heard longest ago, not of the websocket: a link that is up and silent is worth nothing. */

export const STALE_S = 3;
export const BANNER_S = 30;

/* A resynchronisation takes a moment after every reload of a PBX; a shorter one is not worth a banner. */
const SYNCING_S = 3;

/* A connection that comes back within this was a hiccup. */
const CUT_OFF_S = 3;

/* link: {phase, since, retryAt, away} as main.js keeps it. Gives {level, age, stale, troubles}:
level is "live", "stale" (figures are grey) or "banner"; age in seconds or null; stale the names of nodes whose rows are
old; troubles what the banner says, the worst first: [{what, node, since, reason}]; reason is the server's own sentence. */
export function health(floor, link, now) {
  const nodes = [...floor.nodes.values()];
  const ages = new Map(nodes.map((node) => [node.node, ageOf(node, now)]));
  const stale = new Set(nodes.filter((node) => node.link === "lost" || isOld(ages.get(node.node))).map((node) => node.node));
  const troubles = [...pathTroubles(link, now), ...nodes.flatMap((node) => nodeTroubles(node, ages.get(node.node), now))];
  return { level: levelOf(troubles, stale), age: oldest([...ages.values()]), stale, troubles };
}

/* The moment that figures of a node stand for: they count on while it is heard, and stop when it is not. */
export function asOf(floor, node, now) {
  const row = floor.nodes.get(node);
  return row ? Math.min(now, row.heard + STALE_S) : now;
}

/* For figures of the whole floor, the same of its oldest node. */
export function asOfAll(floor, now) {
  return Math.min(now, ...[...floor.nodes.values()].map((node) => node.heard + STALE_S));
}

function levelOf(troubles, stale) {
  if (troubles.length) return "banner";
  return stale.size ? "stale" : "live";
}

function pathTroubles(link, now) {
  if (link.phase !== "open") return now - link.since > CUT_OFF_S ? [{ what: "cut_off", since: link.since }] : [];
  return link.away ? [{ what: "away", since: link.since }] : [];
}

function nodeTroubles(node, age, now) {
  if (age === null) return [{ what: "never_heard", node: node.node }];
  if (node.link === "lost") return [{ what: "lost", node: node.node, since: node.since, reason: node.reason }];
  if (node.link === "syncing" && now - node.since > SYNCING_S) return [{ what: "syncing", node: node.node, since: node.since }];
  return age > BANNER_S ? [{ what: "silent", node: node.node, since: node.heard }] : [];
}

function isOld(age) {
  return age === null || age > STALE_S;
}

/* null for a node that was never heard. */
function ageOf(node, now) {
  return node.heard > 0 ? Math.max(0, now - node.heard) : null;
}

/* null when nothing has an age: no node yet, or one that was never heard. */
function oldest(ages) {
  return ages.length && !ages.includes(null) ? Math.max(...ages) : null;
}
