/* The pure modules of the pages, run by `node --test` (test_models.py calls it). */

import assert from "node:assert/strict";
import test from "node:test";

import { runningRates, segmentsOf } from "../../../wallboard/web/campaigns/chart.js";
import { momentOf, readPlace, writePlace } from "../../../wallboard/web/campaigns/places.js";
import { byFamily } from "../../../wallboard/web/campaigns/said.js";
import { observe, serverNow, untilNextSecond, UNSET, WINDOW_S } from "../../../wallboard/web/clock.js";
import { STEP_S, drift } from "../../../wallboard/web/drift.js";
import { age, count, duration, knownZone, shareDown, shareUp, target, timeOfDay, DASH } from "../../../wallboard/web/format.js";
import { asOf, asOfAll, health } from "../../../wallboard/web/health.js";
import { BEGIN, advance, arrange, leaf, pageOf, pages } from "../../../wallboard/web/paging.js";
import { FULL, LIT, lightAt, minuteOf, readDim } from "../../../wallboard/web/night.js";
import { partOf } from "../../../wallboard/web/part.js";
import { LEAST_AGE_S, reasonToReload } from "../../../wallboard/web/reloads.js";
import { START, leafSeconds, step, turn } from "../../../wallboard/web/rounds.js";
import { LANGUAGES, nextOf, readSettings, stepDistance } from "../../../wallboard/web/settings.js";
import { FIRST_RETRY_S, LAST_RETRY_S, SILENCE_S, backOff, makeSocket } from "../../../wallboard/web/socket.js";
import { GAP, applyDelta, applySnapshot, beatFits } from "../../../wallboard/web/store.js";
import { agentLevel, byUrgency, levels, longestWait, onTheWall } from "../../../wallboard/web/urgency.js";
import { WORDS, speaker, stateWord } from "../../../wallboard/web/words.js";
import { AGENT } from "../../../wallboard/web/words/agent.js";
import { CONTROL } from "../../../wallboard/web/words/control.js";
import { FLOOR } from "../../../wallboard/web/words/floor.js";
import { LEDGER } from "../../../wallboard/web/words/ledger.js";
import { ORDERS } from "../../../wallboard/web/words/orders.js";
import { WHY } from "../../../wallboard/web/words/why.js";

/* ---------------------------------------------------------------- campaigns */

test("a moment is told by the floor's clock, on both sides of a change of the clock", () => {
  assert.equal(momentOf("2026-11-28T20:15", "Asia/Shanghai"), Date.UTC(2026, 10, 28, 12, 15) / 1000);
  assert.equal(momentOf("2026-07-01T09:00", "America/New_York"), Date.UTC(2026, 6, 1, 13, 0) / 1000);
  assert.equal(momentOf("2026-12-01T09:00", "America/New_York"), Date.UTC(2026, 11, 1, 14, 0) / 1000);
});

test("refusals are added up by what they are about", () => {
  const denied = { "dial.hours.closed": 2, "dial.number.short": 1, "dial.hours.holiday": 3, "gate.slow": 1 };
  assert.deepEqual(byFamily(denied), [["hours", 5], ["number", 1], ["gate", 1]]);
});

test("a line has a gap where nothing is known, and the running share knows all before it", () => {
  const minutes = [{ live: 2, abandoned: 0, rate: 0 }, { live: 0, abandoned: 0, rate: null }, { live: 2, abandoned: 1, rate: 0.5 }];
  assert.deepEqual(segmentsOf(minutes), [[[0, 0]], [[2, 0.5]]]);
  assert.deepEqual(runningRates(minutes).map(({ rate }) => rate), [0, 0, 0.25]);
});

test("what the page shows stands in its address", () => {
  for (const place of [{ tab: "board", id: "" }, { tab: "one", id: "B-112" }, { tab: "statement", id: "甲/1" }, { tab: "gate", id: "" }])
    assert.deepEqual(readPlace(`#${writePlace(place)}`), place);
});

/* ---------------------------------------------------------------- store */

const SNAPSHOT = {
  type: "snapshot", position: "1-5", build: "b",
  floor: {
    floor: "main", time: 100, position: "1-5", day: "2026-11-24", totals: { waiting: 1, series: { waiting: [1] } },
    queues: [{ id: "h/sales", waiting: 1, series: { waiting: [1, 2] } }, { id: "h/vip", waiting: 0, series: null }],
    agents: [{ id: "1" }, { id: "2" }], calls: [], nodes: [{ node: "h", heard: 100 }],
    breaks: { out: 0 }, campaigns: [], meetings: [], messages: [], alerts: [],
  },
};

test("a delta changes what it names and shares the rest", () => {
  const before = applySnapshot(SNAPSHOT);
  const after = applyDelta(before, { from: "1-5", to: "1-6", time: 101, agents: [{ id: "2", state: "ready" }, { id: "3" }] });
  assert.deepEqual([...after.agents.keys()], ["1", "2", "3"]);
  assert.equal(after.agents.get("2").state, "ready");
  assert.equal(after.queues, before.queues);
  assert.equal(before.agents.get("2").state, undefined, "the floor before stays as it was");
  assert.deepEqual([after.position, after.time, after.floor], ["1-6", 101, "main"]);
});

test("what is gone leaves, and curves that are not sent still hold", () => {
  const delta = {
    from: "1-5", to: "1-6", time: 101, gone: { agents: ["1"], queues: ["h/vip"] },
    queues: [{ id: "h/sales", waiting: 9, series: null }], totals: { waiting: 9, series: null },
  };
  const after = applyDelta(applySnapshot(SNAPSHOT), delta);
  assert.deepEqual([...after.agents.keys()], ["2"]);
  assert.deepEqual([...after.queues.values()], [{ id: "h/sales", waiting: 9, series: { waiting: [1, 2] } }]);
  assert.deepEqual(after.totals, { waiting: 9, series: { waiting: [1] } });
});

test("a delta that does not lead on is a gap, and so is a heartbeat from elsewhere", () => {
  const floor = applySnapshot(SNAPSHOT);
  assert.equal(applyDelta(floor, { from: "1-4", to: "1-6", time: 101 }), GAP);
  assert.ok(beatFits(floor, { position: "1-5" }));
  assert.ok(!beatFits(floor, { position: "1-6" }));
});

/* ---------------------------------------------------------------- clock */

test("the least delayed sample sets the clock, and an older one does not set it back", () => {
  let clock = observe(UNSET, 1000, 10);
  clock = observe(clock, 1001.5, 12);
  assert.equal(serverNow(clock, 12), 1002);
  clock = observe(clock, 1003.2, 13);
  assert.equal(serverNow(clock, 13), 1003.2);
});

test("a server clock that was set back is believed after two windows", () => {
  let clock = observe(UNSET, 1000, 0);
  for (let second = 1; second <= 2 * WINDOW_S + 1; second += 1) clock = observe(clock, 900 + second, second);
  assert.equal(serverNow(clock, 0), 900);
});

test("before the first message there is no time, and ticks come on the server's second", () => {
  assert.equal(serverNow(UNSET, 5), null);
  assert.ok(Math.abs(untilNextSecond(observe(UNSET, 1000.25, 7), 7) - 0.75) < 1e-6);
});

/* ---------------------------------------------------------------- format */

test("durations", () => {
  const said = [0, 9.9, 62, 3599, 3600, 3900, 90000, -5, null, undefined, NaN].map(duration);
  assert.deepEqual(said, ["0:00", "0:09", "1:02", "59:59", "1h00", "1h05", "25h00", "0:00", DASH, DASH, DASH]);
});

test("a share is never rounded to the better side", () => {
  assert.deepEqual([0.799, 0.8, 0.07, 0.999, 1, 0, null].map(shareDown), ["79%", "80%", "7.0%", "99%", "100%", "0%", DASH]);
  assert.deepEqual([0.0301, 0.03, 0.1001, 0, null].map(shareUp), ["3.1%", "3.0%", "11%", "0%", DASH]);
  assert.deepEqual([0.8, 0.05, 0.035].map(target), ["80%", "5%", "3.5%"]);
});

test("ages, counts, times of day", () => {
  assert.deepEqual([age(0.24), age(12.9), age(-1), age(null), count(0), count(null)], ["0.2", "12", "0.0", DASH, "0", DASH]);
  assert.equal(timeOfDay(1764000000, "Asia/Shanghai"), "00:00:00");
  assert.equal(timeOfDay(1764000000, "UTC", false), "16:00");
  assert.deepEqual([knownZone("Asia/Shanghai"), knownZone("Mars/Olympus")], [true, false]);
});

/* ---------------------------------------------------------------- urgency */

const agent = (id, state, since, over = null) => ({ id, state, since, over });

test("who needs somebody comes first, then who could work and does not, the longest first", () => {
  const agents = [
    agent("a", "ready", 10), agent("b", "talking", 5), agent("c", "not_ready", 90), agent("d", "not_ready", 50), agent("e", "wrapup", 1),
    agent("f", "ready", 80, "warn"), agent("g", "on_break", 99, "act"), agent("h", "ready", 10), agent("i", "strange", 0),
  ];
  assert.equal(agents.sort(byUrgency).map((each) => each.id).join(""), "gfdcebahi");
});

test("nothing is raised for being off, old or zero", () => {
  assert.equal(agentLevel(agent("a", "unreachable", 0)), null);
  assert.equal(agentLevel(agent("a", "ready", 0, "strange")), null);
  assert.equal(onTheWall(agent("a", "logged_out", 0)), false);
  const silent = { waiting: 0, answered: 0, abandoned: 0, longest_wait_since: null, service_level: null, abandon_rate: null, targets: {} };
  assert.deepEqual(levels(silent, 1000), { waiting: null, longest: null, service: null, abandoned: null });
});

test("levels against targets", () => {
  const targets = { waiting: 5, longest_wait_s: 20, service_level: 0.8, abandon_rate: 0.05 };
  const good = { waiting: 5, answered: 95, abandoned: 5, longest_wait_since: 980, service_level: 0.8, abandon_rate: 0.05, targets };
  const row = (over) => ({ ...good, ...over });
  const none = { waiting: null, longest: null, service: null, abandoned: null };
  assert.deepEqual(levels(row({}), 1000), none, "reaching a target is no exception");
  assert.deepEqual(levels(row({ waiting: 6, service_level: 0.79, abandon_rate: 0.051 }), 1001), {
    waiting: "warn", longest: "warn", service: "warn", abandoned: "warn",
  });
  assert.deepEqual(levels(row({ waiting: 11, service_level: 0 }), 1021), { ...none, waiting: "act", longest: "act", service: "warn" });
  assert.equal(levels(row({ service_level: 0, answered: 5, abandoned: 4 }), 1000).service, null, "nine calls say nothing");
  assert.deepEqual([longestWait(row({}), 979), longestWait(row({ longest_wait_since: null }), 1)], [0, null]);
});

/* ---------------------------------------------------------------- health */

const OPEN = { phase: "open", since: 0, away: false };
const node = (name, heard, link = "live", since = 0) => ({ node: name, heard, link, since });
const floorOf = (...nodes) => ({ nodes: new Map(nodes.map((each) => [each.node, each])) });

test("the page is as old as the node heard longest ago", () => {
  assert.deepEqual(health(floorOf(node("a", 99), node("b", 98)), OPEN, 100), { level: "live", age: 2, stale: new Set(), troubles: [] });
  const stale = health(floorOf(node("a", 99), node("b", 96.9)), OPEN, 100);
  assert.deepEqual([stale.level, [...stale.stale], stale.troubles], ["stale", ["b"], []]);
  assert.equal(health(floorOf(node("a", 97)), OPEN, 100).level, "live", "three seconds are still live");
});

test("what is wrong is named", () => {
  const troubles = (found) => found.troubles.map((trouble) => [trouble.what, trouble.node, trouble.since]);
  assert.deepEqual(troubles(health(floorOf(node("a", 69.9)), OPEN, 100)), [["silent", "a", 69.9]]);
  assert.deepEqual(troubles(health(floorOf(node("a", 99, "lost", 97), node("b", 99)), OPEN, 100)), [["lost", "a", 97]]);
  assert.deepEqual(troubles(health(floorOf(node("a", 99, "syncing", 98)), OPEN, 100)), []);
  assert.deepEqual(troubles(health(floorOf(node("a", 99, "syncing", 96)), OPEN, 100)), [["syncing", "a", 96]]);
  const unheard = health(floorOf(node("a", 0), node("b", 100)), OPEN, 100);
  assert.deepEqual([troubles(unheard), unheard.age], [[["never_heard", "a", undefined]], null]);
  assert.deepEqual(troubles(health(floorOf(), { ...OPEN, away: true, since: 90 }, 100)), [["away", undefined, 90]]);
});

test("a short hiccup is no cut, a longer one is", () => {
  const cut = { phase: "waiting", since: 97, away: false };
  assert.equal(health(floorOf(node("a", 99)), cut, 100).level, "live");
  assert.deepEqual(health(floorOf(node("a", 99)), cut, 100.1).troubles, [{ what: "cut_off", since: 97 }]);
});

test("figures stop counting when their node is not heard any more", () => {
  const floor = floorOf(node("a", 90), node("b", 99));
  assert.deepEqual([asOf(floor, "a", 100), asOf(floor, "b", 100), asOf(floor, "new", 100), asOfAll(floor, 100)], [93, 100, 100, 93]);
  assert.equal(asOfAll(floorOf(), 100), 100);
});

/* ---------------------------------------------------------------- paging */

const ids = (number) => Array.from({ length: number }, (_, place) => `a${place}`);
const asked = (over) => ({ sorted: ids(10), pinned: [], capacity: 4, others: 1, now: 0, every: 20, held: false, ...over });

test("pages turn, and a new round is sorted anew", () => {
  let state = advance(BEGIN, asked({}));
  assert.deepEqual([state.shown, state.count, state.page], [["a0", "a1", "a2", "a3"], 3, 0]);
  const turned = ids(10).reverse();
  state = advance(state, asked({ now: 19, sorted: turned }));
  assert.deepEqual(state.shown, ["a0", "a1", "a2", "a3"], "nobody moves within a round");
  state = advance(state, asked({ now: 20, sorted: turned }));
  state = advance(state, asked({ now: 40, sorted: turned }));
  assert.deepEqual([state.shown, state.page], [["a8", "a9"], 2]);
  state = advance(state, asked({ now: 60, sorted: turned }));
  assert.deepEqual([state.shown, state.page], [["a9", "a8", "a7", "a6"], 0]);
});

test("who needs somebody is on every page, on at most half of it", () => {
  assert.deepEqual(pages(ids(6), ["a5"], 4), [["a5", "a0", "a1", "a2"], ["a5", "a3", "a4"]]);
  assert.deepEqual(pages(ids(4), ids(4), 4), [["a0", "a1", "a2", "a3"]]);
  assert.deepEqual(pages([], [], 4), [[]]);
  assert.deepEqual(pages(ids(2), ids(2), 1), [["a0", "a1"]]);
});

test("one who leaves leaves a place, one who comes takes the last", () => {
  assert.deepEqual(arrange(["x", "y"], ["z", "y"]), ["x", "y", "z"]);
  const state = advance(advance(BEGIN, asked({ sorted: ["x", "y"] })), asked({ sorted: ["y"], now: 1 }));
  assert.deepEqual(state.shown, ["x", "y"]);
});

test("a held page stays, arrows leaf, and a shrunken floor has no page beyond its last", () => {
  const state = advance(BEGIN, asked({}));
  assert.equal(advance(state, asked({ now: 100, held: true })).page, 0);
  assert.deepEqual([leaf(state, 5, -1).page, leaf(state, 5, 1).page, leaf(state, 5, 1).turned], [2, 1, 5]);
  const last = { ...state, page: 2 };
  const shrunk = advance(last, asked({ sorted: [], capacity: 40, now: 1 }));
  assert.deepEqual([shrunk.page, shrunk.count], [0, 1]);
  assert.deepEqual(pageOf(ids(5), 2, 4), ["a2", "a3"]);
  assert.equal(advance(BEGIN, asked({ others: 9 })).count, 9);
});

/* ---------------------------------------------------------------- settings */

test("the address, then what was kept, then the browser", () => {
  const usual = { turn: 20, zone: undefined, dim: null, sound: false, kiosk: false };
  assert.deepEqual(readSettings("", {}, ["zh-CN"]), { lang: "zh", theme: "dark", distance: 3, ...usual });
  const kept = { lang: "en", theme: "light", distance: 5 };
  const found = readSettings("?lang=zh&distance=99&turn=1", kept, []);
  assert.deepEqual(found, { ...usual, lang: "zh", theme: "light", distance: 10, turn: 10 });
  assert.deepEqual(readSettings("?lang=xx&theme=pink&distance=far", {}, ["fr"]).lang, "en");
  assert.deepEqual([nextOf(LANGUAGES, "zh"), stepDistance(10, 0.5), stepDistance(3, -0.5)], ["en", 10, 2.5]);
});

/* ---------------------------------------------------------------- socket */

function rig(fits = () => true) {
  const made = [], phases = [], timers = new Map();
  let next = 1;
  class FakeSocket {
    constructor() { made.push(this); }
    close() { this.closed = true; }
    says(message) { this.onmessage({ data: JSON.stringify(message) }); }
  }
  const tools = {
    WebSocket: FakeSocket, random: () => 1, clearTimeout: (timer) => timers.delete(timer),
    setTimeout: (work, ms) => { timers.set(next, { work, ms }); return next++; },
  };
  const socket = makeSocket("ws://x", tools, { message: fits, phase: (phase) => phases.push(phase) });
  const fire = (ms) => {
    const found = [...timers].find(([, each]) => each.ms === ms);
    if (!found) return false;
    timers.delete(found[0]);
    found[1].work();
    return true;
  };
  return { made, phases, timers, socket, fire, last: () => made[made.length - 1] };
}

test("it tries again, ever more slowly, and from the start once all is well", () => {
  const { made, phases, socket, fire, last } = rig();
  socket.open();
  for (const wait of [0.5, 1, 2, 4, 8, 15, 15]) {
    last().onclose({ code: 1006 });
    assert.equal(phases[phases.length - 1].retryIn, wait);
    assert.ok(fire(wait * 1000));
  }
  last().says({ type: "snapshot" });
  last().says({ type: "heartbeat" });
  last().onclose({ code: 1012 });
  assert.equal(phases[phases.length - 1].retryIn, 0.5);
  assert.equal(made.length, 8);
  assert.deepEqual([backOff(0, 0), backOff(50, 0.5)], [FIRST_RETRY_S / 2, LAST_RETRY_S * 0.75]);
});

test("a refusal is final, and other codes are not", () => {
  const codes = { 4400: "refused", 4401: "refused", 4409: "refused", 4410: "waiting", 4429: "waiting", 1013: "waiting" };
  for (const [code, phase] of Object.entries(codes)) {
    const { phases, socket, timers, last } = rig();
    socket.open();
    last().onclose({ code: Number(code) });
    assert.equal(phases[phases.length - 1].phase, phase, String(code));
    assert.equal(timers.size, phase === "waiting" ? 1 : 0);
  }
});

test("silence ends it, and an old socket is not heard any more", () => {
  const { made, phases, socket, fire, timers } = rig();
  socket.open();
  assert.ok(fire(SILENCE_S * 1000));
  assert.ok(made[0].closed);
  assert.ok(fire(500));
  const heard = phases.length;
  made[0].onclose({ code: 1006 });
  made[0].says({ type: "snapshot" });
  assert.equal(phases.length, heard);
  socket.close();
  assert.equal(timers.size, 0);
});

test("a message that does not fit asks for a snapshot, and not without end", () => {
  const { phases, socket, fire, last } = rig((message) => message.type === "snapshot");
  socket.open();
  for (const wait of [0.5, 1, 2]) {
    last().says({ type: "snapshot" });
    last().says({ type: "delta" });
    assert.deepEqual(phases[phases.length - 1].retryIn, wait);
    assert.ok(fire(wait * 1000));
  }
});

/* ---------------------------------------------------------------- words */

test("both languages have the same words with the same blanks", () => {
  const blanks = (entry) => [...new Set(JSON.stringify(entry).match(/\{\w+\}/g))].sort();
  for (const words of [WORDS, AGENT, CONTROL, FLOOR, LEDGER, ORDERS, WHY]) {
    assert.deepEqual(Object.keys(words.en).sort(), Object.keys(words.zh).sort());
    for (const key of Object.keys(words.en)) assert.deepEqual(blanks(words.zh[key]), blanks(words.en[key]), key);
  }
});

test("plurals and unknown states", () => {
  const say = speaker("en");
  assert.deepEqual([1, 2].map((n) => say("hint.offered", { n })), ["1 call today", "2 calls today"]);
  assert.equal(speaker("zh")("hint.offered", { n: 1 }), "今日 1 通");
  assert.deepEqual([stateWord(say, "en", "wrapup"), stateWord(say, "en", "levitating")], ["wrap-up", "levitating"]);
});

/* ---------------------------------------------------------------- boards: pages, parts, nights, reloads */

test("a board's word counts where neither the address nor this screen says another", () => {
  const plan = { language: "zh", theme: "light", distance: 6, zone: "Asia/Shanghai", sound: true, dim: { since: 0, until: 60, to: 0.4 } };
  const found = readSettings("?theme=auto&dim=off", { distance: 4 }, ["en"], plan);
  assert.deepEqual([found.lang, found.theme, found.distance, found.zone, found.sound], ["zh", "auto", 4, "Asia/Shanghai", true]);
  assert.equal(lightAt(found.dim, 30, {}), FULL);
});

const PAGES = [{ seconds: 30, red: false }, { seconds: 20, red: false }, { seconds: 10, red: false }];

test("pages take turns, each for its time", () => {
  let state = turn(START, PAGES, 100, false);
  const seen = [];
  for (let now = 100; now < 221; now += 1) {
    state = turn(state, PAGES, now, false);
    if (seen.at(-1)?.[0] !== state.page) seen.push([state.page, now]);
  }
  assert.deepEqual(seen, [[0, 100], [1, 130], [2, 150], [0, 160], [1, 190], [2, 210], [0, 220]]);
  assert.equal(turn(state, PAGES, 999, true), state, "it stands still for somebody who points at it");
  assert.equal(turn({ page: 2, since: 1 }, PAGES.slice(0, 1), 5, false).page, 0, "a page that is gone is not shown");
});

test("what is red is not turned away from, and called for", () => {
  const red = (...numbers) => PAGES.map((page, number) => ({ ...page, red: numbers.includes(number) }));
  assert.deepEqual(turn({ page: 0, since: 0 }, red(0), 500, false), { page: 0, since: 500 });
  assert.equal(turn({ page: 0, since: 0 }, red(2), 4, false).page, 0, "whoever reads gets some seconds");
  assert.equal(turn({ page: 0, since: 0 }, red(2), 5, false).page, 2);
  assert.equal(turn({ page: 0, since: 0 }, red(0, 2), 31, false).page, 2, "two red pages share the time");
  assert.equal(turn({ page: 2, since: 31 }, red(0, 2), 42, false).page, 0);
});

test("by hand both ways, and rows fit into the time of their page", () => {
  assert.deepEqual([step({ page: 2, since: 0 }, PAGES, 9, 1).page, step({ page: 0, since: 0 }, PAGES, 9, -1).page], [0, 2]);
  assert.equal(leafSeconds(30, 20, true), 20);
  assert.deepEqual([40, 10, 45].map((seconds) => leafSeconds(seconds, 20, false)), [20, 10, 22.5]);
});

const PLAN = { queues: [], pages: [] };

function board() {
  const row = (node, name) => [`${node}/${name}`, { id: `${node}/${name}`, node, name }];
  const agent = (id, node, ...queues) => [id, { id, node, queues }];
  return {
    queues: new Map([row("h1", "sales"), row("h2", "sales"), row("h2", "help")]),
    agents: new Map([agent("1", "h1", "sales"), agent("2", "h2", "help"), agent("3", "h2", "sales", "help"), agent("4", "h1")]),
    nodes: new Map([["h1", { node: "h1" }], ["h2", { node: "h2" }]]),
    totals: { waiting: 9, agents: {} }, parts: { 1: { waiting: 2, agents: { on_break: 4 } } }, breaks: { out: 7 },
  };
}

test("a page shows its queues, who works in them, and the servers behind them", () => {
  const whole = board();
  assert.equal(partOf(whole, { queues: [] }, 0, PLAN), whole);
  const help = partOf(whole, { queues: ["help"] }, 1, PLAN);
  assert.deepEqual([[...help.queues.keys()], [...help.agents.keys()], [...help.nodes.keys()]], [["h2/help"], ["2", "3"], ["h2"]]);
  assert.deepEqual([help.totals.waiting, help.breaks.out], [2, 4]);
  const one = partOf(whole, { queues: ["h1/sales"] }, 1, PLAN);
  assert.deepEqual([[...one.queues.keys()], [...one.agents.keys()]], [["h1/sales"], ["1"]]);
  const nothing = partOf({ ...whole, queues: new Map(), agents: new Map() }, { queues: [] }, 0, { queues: ["x"], pages: [] });
  assert.equal(nothing.nodes.size, 2, "without a row every server may be the one");
});

test("totals of pages are patched like the others", () => {
  const start = { ...SNAPSHOT, floor: { ...SNAPSHOT.floor, parts: { 0: { waiting: 1, series: { waiting: [1] } }, 1: { waiting: 5 } } } };
  const after = applyDelta(applySnapshot(start), { from: "1-5", to: "1-6", time: 101, parts: { 0: { waiting: 2, series: null } } });
  assert.deepEqual(after.parts, { 0: { waiting: 2, series: { waiting: [1] } }, 1: { waiting: 5 } });
});

test("a night may go over midnight, and black lights up for what is red", () => {
  const night = { since: minuteOf("22:00"), until: minuteOf("07:00"), to: 0.3 };
  const at = (time, more = {}) => lightAt(night, minuteOf(time), more);
  assert.deepEqual([at("21:59"), at("22:00"), at("03:00"), at("06:59"), at("07:00")], [FULL, 0.3, 0.3, 0.3, FULL]);
  assert.deepEqual([at("23:00", { red: true }), at("23:00", { touched: true })], [LIT, LIT]);
  assert.equal(lightAt({ since: 60, until: 120, to: 0 }, 90, { red: true }), LIT);
  assert.equal(lightAt(null, 90, {}), FULL);
});

test("an address may say when it is night", () => {
  assert.deepEqual(readDim("22:00-07:30@0.3"), { since: 1320, until: 450, to: 0.3 });
  assert.deepEqual(readDim("22:00-07:30@blank").to, 0);
  assert.deepEqual([readDim("0.5").to, readDim("0.01").to, readDim("7").to], [0.5, 0.1, FULL]);
  assert.deepEqual([readDim(null), readDim("dark"), readDim("25-26")], [null, null, null]);
});

test("the layout walks a few pixels and comes home", () => {
  const places = Array.from({ length: 16 }, (_, number) => drift(1e9 + number * STEP_S));
  for (const [number, place] of places.slice(1).entries()) {
    const way = Math.hypot(place.x - places[number].x, place.y - places[number].y);
    assert.ok(way >= 2 && way <= 4, `${way} pixels`);
  }
  assert.ok(places.every(({ x, y }) => Math.max(Math.abs(x), Math.abs(y)) <= 4));
  assert.deepEqual(places[0], places[8]);
  assert.ok(STEP_S >= 60 && STEP_S <= 120);
});

test("no page younger than three minutes loads itself anew, whatever is wrong", () => {
  const quiet = { age: LEAST_AGE_S, stuck: false, failed: false, build: null, calm: true, minute: 600, dice: 0.5 };
  const reason = (more) => reasonToReload({ ...quiet, ...more });
  assert.equal(reason({}), "");
  assert.equal(reason({ age: LEAST_AGE_S - 1, stuck: true, failed: true, build: 9999 }), "");
  assert.deepEqual([reason({ stuck: true }), reason({ failed: true })], ["stuck", "error"]);
  assert.deepEqual([reason({ build: 1 }), reason({ build: 16 })], ["", "build"], "screens do not all come in one moment");
  assert.deepEqual([reason({ build: 60, calm: false }), reason({ build: 1801, calm: false })], ["", "build"]);
});

test("at night each screen has its own minute, and an hour of red does not put it off for ever", () => {
  const old = { age: 13 * 3600, stuck: false, failed: false, build: null, calm: true, dice: 0.5 };
  const at = (time, more = {}) => reasonToReload({ ...old, minute: minuteOf(time), ...more });
  assert.deepEqual(["04:24", "04:25", "05:00"].map((time) => at(time)), ["", "night", ""]);
  assert.deepEqual([at("04:30", { dice: 0.99 }), at("04:30", { age: 3600 })], ["", ""]);
  assert.deepEqual([at("04:45", { calm: false }), at("04:50", { calm: false })], ["", "night"]);
});
