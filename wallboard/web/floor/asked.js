/* What became of an order that was given here: asked, accepted by the PBX, seen in the facts; or refused. Pure.

An item is one agent's part of one press: {agent, request, orders, verdict, message, reasons, until}; verdict is "" while the
board has not answered. Success is painted by the fact (rows of the floor), never by the click. */

/* What can be undone offers it for so long; what is over stays to be read for so long, a failure until it is dismissed. */
export const UNDO_S = 8;
export const READ_S = 8;

/* Orders and the fact that shows them take less than a second; a phone rings for 20 s (agi/orders.py) and may be answered at the last
moment. What nothing has shown after so long will not be shown: a phone that was busy, a call that had ended. */
export const UNSEEN_S = 30;

/* More at once is a list nobody reads. */
export const SHOWN = 4;

export const STAGES = ["asked", "accepted", "seen"];

/* An answer of the board (ask.js; wallboard/answers.py) as items, one for each agent that was asked about. A refusal of the whole
request is everybody's; who is not named in an answer to many has none. The message is the rule's own, by language, where it has one. */
export function answersOf(answer, items) {
  const { ok, status, data } = answer;
  const each = new Map((data?.answers || []).map((row) => [row.agent, row]));
  const whole = each.size ? {} : data || {};
  return items.map((item) => {
    const row = each.get(item.agent) || whole;
    const verdict = row.verdict || (each.size || status === 0 ? "lost" : ok ? "allow" : "deny");
    const reasons = row.reasons || [];
    const reason = typeof reasons[0] === "object" ? reasons.find((one) => one.verdict === verdict) : null;
    const message = reason?.text || row.message || answer.message || "";
    const { request = "", orders = [], until = null } = row;
    return { agent: item.agent, request, orders, reasons: reason ? reasons : [], until, message, verdict };
  });
}

/* The rows of one item's orders. */
export function ordersOf(item, rows) {
  return rows.filter((row) => (item.orders || []).includes(row.id) || (item.request && row.request === item.request));
}

/* {stage, at, said}: stage is asked, accepted, seen, done (nothing on a PBX was needed), waiting, refused, failed or unseen; `at` the
moment of the fact, in seconds, where there is one. Late without a fact it is unseen, until one comes after all. */
export function stageOf(item, rows) {
  const found = foundOf(item, rows);
  return item.late && (found.stage === "asked" || found.stage === "accepted") ? { ...found, stage: "unseen", said: "" } : found;
}

function foundOf(item, rows) {
  if (item.verdict === "") return { stage: "asked", at: null, said: "" };
  if (item.verdict === "deny" || item.verdict === "defer") return { stage: "refused", at: null, said: item.message };
  if (item.verdict === "lost") return { stage: "failed", at: null, said: item.message };
  const mine = ordersOf(item, rows);
  if (!mine.length && !(item.orders || []).length)
    return { stage: item.verdict === "queue" ? "waiting" : "done", at: null, said: item.message };
  const wrong = mine.find((row) => row.done !== null && row.outcome !== "accepted");
  if (wrong) return { stage: "failed", at: wrong.done, said: wrong.said || wrong.outcome };
  if (mine.length && mine.every((row) => row.seen !== null)) return { stage: "seen", at: latest(mine, "seen"), said: item.message };
  if (mine.length && mine.every((row) => row.done !== null)) return { stage: "accepted", at: latest(mine, "done"), said: item.message };
  return { stage: "asked", at: null, said: item.message };
}

function latest(rows, field) {
  return Math.max(...rows.map((row) => row[field]));
}

const OVER = new Set(["seen", "done", "waiting", "refused", "failed"]);
const RANK = ["failed", "refused", "unseen", "asked", "accepted", "waiting", "seen", "done"];

/* Of a whole press, what most needs to be read: {stage, at, said, counts: {stage: number}}. */
export function pressOf(press, rows) {
  const all = press.items.map((item) => stageOf(item, rows));
  const counts = {};
  for (const { stage } of all) counts[stage] = (counts[stage] || 0) + 1;
  const worst = all.reduce((one, other) => (RANK.indexOf(other.stage) < RANK.indexOf(one.stage) ? other : one));
  const last = Math.max(...all.map(({ at }) => at ?? -Infinity));
  return { ...worst, at: Number.isFinite(last) ? last : null, counts };
}

export function isOver(stage) {
  return OVER.has(stage);
}

export function wentWrong(stage) {
  return stage === "refused" || stage === "failed" || stage === "unseen";
}

/* What has once been over is never late: the board forgets its orders before somebody closes what they read. */
function lateOf(press, now) {
  if (press.late || press.ended || now - press.asked < UNSEEN_S) return press;
  return { ...press, late: true, items: press.items.map((item) => ({ ...item, late: true })) };
}

/* The presses still to be shown, each with the moment from which it is over. The same list when nothing changed. */
export function kept(presses, rows, now) {
  const next = presses.map((each) => {
    const press = lateOf(each, now);
    const { stage } = pressOf(press, rows);
    const over = isOver(stage) ? press.over ?? now : null;
    return over === press.over ? press : { ...press, over, ended: press.ended || over !== null };
  }).filter((press) => press.pinned || press.over === null || wentWrong(pressOf(press, rows).stage) ||
    now - press.over < Math.max(READ_S, press.undo ? UNDO_S : 0));
  return next.length === presses.length && next.every((press, place) => press === presses[place]) ? presses : next;
}

/* Whole seconds in which it can still be undone; 0: no more. */
export function undoLeft(press, rows, now) {
  if (!press.undo || press.undone) return 0;
  const { stage } = pressOf(press, rows);
  if (stage === "refused" || stage === "failed" || (stage === "asked" && press.items.some((item) => item.verdict === ""))) return 0;
  return Math.max(0, Math.ceil((press.answered ?? now) + UNDO_S - now));
}

/* Agents whose part failed or was refused: for another try. */
export function failedOf(press, rows) {
  return press.items.filter((item) => wentWrong(stageOf(item, rows).stage)).map((item) => item.agent);
}

/* How long from the press until it was seen here, in seconds, as the one who pressed felt it; null before. */
export function tookOf(press, rows) {
  return pressOf(press, rows).stage === "seen" && press.over !== null ? Math.max(0, press.over - press.asked) : null;
}
