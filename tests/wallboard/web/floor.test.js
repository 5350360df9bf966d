/* The pure modules of the floor page, run by `node --test` (test_models.py calls it). */

import assert from "node:assert/strict";
import test from "node:test";

import { HEIGHT, WIDTH, hourMarks, segmentAt, segments, spanOf, spent } from "../../../wallboard/web/floor/day.js";
import {
  START, agentOrder, agentsBut, callOrder, callsBut, countStates, isFiltered, maskFits, ofState, readFragment, teamsOf, writeFragment,
} from "../../../wallboard/web/floor/filters.js";
import { CHORD_S, NO_CHORD, asked } from "../../../wallboard/web/floor/keys.js";
import { agentNumbers, queueNumbers, targetText } from "../../../wallboard/web/floor/numbers.js";
import { BEGIN, REST_S, anchored, settle } from "../../../wallboard/web/floor/places.js";
import { breachesOf, digestOf, newOnes } from "../../../wallboard/web/floor/said.js";
import { NOTHING, extend, kept, toggle } from "../../../wallboard/web/floor/selection.js";
import { DASH } from "../../../wallboard/web/format.js";

const agent = (id, more = {}) => ({
  id, name: `name ${id}`, node: "h", interface: `PJSIP/${id}`, team: "A", state: "ready", since: 100, queues: ["sales"], call: null,
  answered: 0, talk_s: 0, rings_missed: 0, ...more,
});
const talking = { node: "h", state: "talking", since: 50, queue: "sales", agent: null, caller: null, callee: null };
const call = (id, more = {}) => ({ id, ...talking, ...more });
const table = (rows) => new Map(rows.map((row) => [row.id, row]));

const FLOOR = {
  agents: table([
    agent("1"), agent("2", { name: "王芳", team: "B", queues: ["sales", "vip"], state: "talking", call: "c1" }),
    agent("3", { node: "i" }), agent("4", { over: "act", state: "on_break", queues: [] }),
  ]),
  queues: table([{ id: "h/sales", node: "h", name: "sales", waiting: 0, answered: 0, abandoned: 0 }]),
  calls: table([
    call("c1", { agent: "2", caller: "139•••0148", callee: "•••8000" }), call("c2", { state: "waiting", since: 70 }),
    call("c3", { node: "i", state: "waiting", since: 60 }), call("c4", { state: "ringing", queue: null, agent: "1" }),
  ]),
  totals: { waiting: 3 },
};
const ids = (rows) => rows.map((row) => row.id);
const filters = (wish) => ({ ...START, ...wish });
const collate = (one, other) => (one < other ? -1 : Number(one > other));

/* ---------------------------------------------------------------- filters */

test("filters narrow agents down, and the state is left for the counts", () => {
  const shown = (wish) => ids(agentsBut(FLOOR, filters(wish)));
  assert.deepEqual(shown({}), ["1", "2", "3", "4"]);
  assert.deepEqual(shown({ queue: "h/sales" }), ["1", "2"], "a queue of another server with the same name is another queue");
  assert.deepEqual(shown({ queue: "gone/queue" }), ["1", "2", "3", "4"], "a queue that is gone filters nothing");
  assert.deepEqual(shown({ team: "B" }), ["2"]);
  assert.deepEqual(shown({ level: "act" }), ["4"]);
  assert.deepEqual(shown({ state: "ready" }), ["1", "2", "3", "4"]);
  assert.deepEqual(ids(ofState([...FLOOR.agents.values()], "ready")), ["1", "3"]);
});

test("a search looks at name, number, extension, queue and the shown digits", () => {
  const found = (find) => ids(agentsBut(FLOOR, filters({ find })));
  assert.deepEqual([found(" 王 "), found("vip"), found("pjsip/3"), found("0148"), found("9999")], [["2"], ["2"], ["3"], ["2"], []]);
  assert.deepEqual(ids(callsBut(FLOOR, filters({ find: "王芳" }))), ["c1"]);
  assert.deepEqual(ids(callsBut(FLOOR, filters({ queue: "h/sales" }))), ["c1", "c2"]);
  assert.deepEqual(ids(callsBut(FLOOR, filters({ team: "A" }))), ["c4"]);
});

test("digits fit a masked number by its ends, or as a whole", () => {
  const fits = (typed) => maskFits("139•••0148", typed);
  assert.deepEqual(["139", "0148", "148", "13912340148", "139 1234 0148", "+13912340148"].map(fits), [true, true, true, true, true, true]);
  assert.deepEqual(["14", "13", "1390", "13912340149", "abc", ""].map(fits), [false, false, false, false, false, false]);
  assert.ok(maskFits("•••0148", "0148"));
  assert.ok(maskFits("1001", "100"));
});

test("counts by state come in the order of urgency, and a chosen one stays at nought", () => {
  assert.deepEqual(countStates([...FLOOR.agents.values()], "", "agents"), [["on_break", 1], ["talking", 1], ["ready", 2]]);
  assert.deepEqual(countStates([], "hold", "agents"), [["hold", 0]]);
  assert.deepEqual(countStates([...FLOOR.calls.values()], "", "calls"), [["waiting", 2], ["ringing", 1], ["talking", 1]]);
});

test("orders, and equals keep their places", () => {
  const sorted = (by) => ids([...FLOOR.agents.values()].sort(agentOrder(by, collate)));
  assert.deepEqual(sorted("urgency"), ["4", "2", "1", "3"]);
  assert.deepEqual(sorted("name"), ["1", "3", "4", "2"]);
  assert.deepEqual(sorted("time"), ["1", "2", "3", "4"]);
  const calls = (by) => ids([...FLOOR.calls.values()].sort(callOrder(by, collate, FLOOR.agents)));
  assert.deepEqual(calls("urgency"), ["c3", "c2", "c4", "c1"]);
  assert.deepEqual(calls("time"), ["c1", "c4", "c3", "c2"]);
  assert.deepEqual(teamsOf(FLOOR.agents, collate), ["A", "B"]);
});

test("the address keeps filters and what is inspected, and never what is searched for", () => {
  const wish = filters({ tab: "calls", queue: "h/销售", state: "waiting", find: "13912340148" });
  const said = writeFragment(wish, { kind: "call", id: "hall7-1700.1" });
  assert.ok(!said.includes("139"));
  const back = readFragment(`#${said}`);
  assert.deepEqual(back, { filters: { ...wish, find: "" }, at: { kind: "call", id: "hall7-1700.1" } });
  assert.equal(writeFragment(START, null), "");
  assert.deepEqual(readFragment("#tab=nonsense&by=luck&at=thing:1"), { filters: { ...START }, at: null });
  assert.ok(isFiltered(filters({ find: "x" })) && !isFiltered(filters({ tab: "calls", by: "name" })));
});

/* ---------------------------------------------------------------- places */

const at = (now, more) => ({ sorted: ["a", "b", "c"], anchors: new Set(), key: "k", now, touched: -Infinity, ...more });

test("rows stand still while somebody is among them, and are sorted three seconds after", () => {
  const begun = settle(BEGIN, at(0));
  assert.deepEqual(begun.ids, ["a", "b", "c"]);
  const touched = settle(begun, at(10, { sorted: ["c", "d", "b"], touched: 9 }));
  assert.deepEqual([touched.ids, touched.held], [["a", "b", "c", "d"], true], "who left the filter stays, who is new comes last");
  const rested = settle(touched, at(9 + REST_S, { sorted: ["c", "d", "b"], touched: 9 }));
  assert.deepEqual([rested.ids, rested.held], [["c", "d", "b"], false]);
  const soon = settle(rested, at(10 + REST_S, { sorted: ["b", "c", "d"] }));
  assert.deepEqual(soon.ids, ["c", "d", "b"], "and not again at once");
  assert.equal(settle(soon, at(40, { sorted: ["c", "d", "b"] })).ids, soon.ids, "the same order is the same object");
});

test("who asks for another order gets it at once", () => {
  const begun = settle(BEGIN, at(0));
  assert.deepEqual(settle(begun, at(1, { sorted: ["c", "a"], touched: 1, key: "other" })).ids, ["c", "a"]);
});

test("what a pointer rests on keeps its place even then", () => {
  assert.deepEqual(anchored(["c", "b", "a", "d"], ["a", "b", "c", "d"], new Set(["b"])), ["c", "b", "a", "d"]);
  assert.deepEqual(anchored(["d", "c", "b", "a"], ["a", "b", "c", "d"], new Set(["a", "c"])), ["a", "d", "c", "b"]);
  assert.deepEqual(anchored(["b"], ["a", "b", "c"], new Set(["c", "b"])), ["b"], "what has left has no place");
  const begun = settle(BEGIN, at(0));
  assert.deepEqual(settle(begun, at(10, { sorted: ["c", "b", "a"], anchors: new Set(["a"]) })).ids, ["a", "c", "b"]);
});

/* ---------------------------------------------------------------- selection */

test("selecting one by one, a range, and those who leave", () => {
  const one = toggle(NOTHING, "b");
  const range = extend(one, ["a", "b", "c", "d"], "d");
  assert.deepEqual([...range.ids], ["b", "c", "d"]);
  assert.deepEqual([...extend(range, ["a", "b", "c", "d"], "a").ids].sort(), ["a", "b", "c", "d"]);
  assert.deepEqual([...toggle(range, "c").ids], ["b", "d"]);
  assert.deepEqual([...extend(NOTHING, ["a"], "a").ids], ["a"]);
  assert.deepEqual([...extend({ ids: new Set(["x"]), from: "gone" }, ["a", "b"], "b").ids].sort(), ["b", "x"]);
  assert.equal(kept(range, new Map([["b"], ["c"], ["d"]])), range);
  assert.deepEqual([...kept(range, new Map([["c"]])).ids], ["c"]);
});

/* ---------------------------------------------------------------- keys */

test("keys, and chords in time", () => {
  const press = (key, shift = false, chord = NO_CHORD, now = 10) => asked(chord, { key, shift }, now).act;
  assert.deepEqual([press("j"), press("ArrowUp"), press("?", true), press("/"), press("q")], ["down", "up", "explain", "search", null]);
  assert.deepEqual([press("ArrowDown", true), press("J", true), press("x")], ["extend_down", "extend_down", "select"]);
  const { chord } = asked(NO_CHORD, { key: "g" }, 10);
  const pressed = [press("q", false, chord, 10.5), press("c", false, chord, 11), press("j", false, chord, 11)];
  assert.deepEqual(pressed, ["go_queues", "go_calls", null]);
  assert.equal(press("c", false, chord, 10 + CHORD_S + 0.1), null);
});

/* ---------------------------------------------------------------- the day */

const DAY = {
  begins: 0, ends: null,
  turns: [
    { state: "logged_out", since: 0, until: 3600 }, { state: "ready", since: 3600, until: 7200 },
    { state: "talking", since: 7200, until: 7201 }, { state: "on_break", since: 7201, until: null },
  ],
};

test("the strip begins with the first presence and ends now", () => {
  assert.deepEqual(spanOf(DAY, 10800), { begins: 3600, ends: 10800 });
  const all = segments(DAY, 10800);
  assert.deepEqual([all[1].x, all[1].width, all[2].width], [0, WIDTH / 2, 1], "what is short can still be pointed at");
  assert.ok(all[0].height === 0 && all[2].height === HEIGHT && all[3].y === 0, "talking is high, a break hangs from the top");
  assert.deepEqual([segmentAt(all, 10), segmentAt(all, 900), segmentAt(all, 1200)], [1, 3, -1]);
});

test("hours, and how long each state lasted", () => {
  assert.deepEqual(hourMarks({ begins: 1800, ends: 9000 }, 6).map(({ at: moment }) => moment), [3600, 7200]);
  assert.deepEqual(hourMarks({ begins: 0, ends: 36000 }, 6).length <= 6, true);
  assert.deepEqual(spent(DAY, 10800), [["ready", 3600], ["on_break", 3599], ["talking", 1]]);
});

/* ---------------------------------------------------------------- numbers, and what is said */

test("numbers with their levels, targets and curves; unknown is a dash", () => {
  const row = {
    waiting: 3, longest_wait_since: 10, answered: 20, abandoned: 2, service_level: 0.7, abandon_rate: null, asa_s: null, aht_s: 61,
    offered: 25, connecting: 0, left_otherwise: 0, unknown: 0,
    targets: { longest_wait_s: 20, service_level: 0.8 }, series: { waiting: [1] },
  };
  const numbers = Object.fromEntries(queueNumbers(row, 100).map((number) => [number.name, number]));
  assert.deepEqual([numbers.longest_wait_s.since, numbers.longest_wait_s.level, numbers.service_level.level], [10, "act", "warn"]);
  assert.deepEqual([numbers.abandon_rate.text, numbers.asa_s.text, numbers.aht_s.text], [DASH, DASH, "1:01"]);
  assert.deepEqual([numbers.waiting.values, numbers.service_level.values], [[1], null]);
  assert.deepEqual([targetText("longest_wait_s", 20), targetText("service_level", 0.8), targetText("waiting", 5)], ["0:20", "80%", "5"]);
  assert.deepEqual(agentNumbers(agent("1")).map(({ text }) => text), ["0", "0:00", DASH, "0"]);
});

test("a breach is said once, when it is new", () => {
  const first = breachesOf(FLOOR, 100);
  assert.deepEqual([...first.values()], [{ what: "agent", name: "name 4", state: "on_break" }]);
  assert.deepEqual(newOnes(first, new Map()).length, 1);
  assert.deepEqual(newOnes(first, first), []);
  assert.deepEqual(digestOf(FLOOR, 100), { waiting: 3, act: 1, warn: 0 });
});
