/* The pure modules of the console and of the agent's page, run by `node --test` (test_models.py calls it). */

import assert from "node:assert/strict";
import test from "node:test";

import { countAlerts, openAlerts } from "../../../wallboard/web/alerting.js";
import {
  UNDO_S, UNSEEN_S, answersOf, failedOf, kept, ordersOf, pressOf, stageOf, tookOf, undoLeft,
} from "../../../wallboard/web/floor/asked.js";
import { DEEDS, NAMES, allowed, offered, requestOf, whomOf } from "../../../wallboard/web/floor/deeds.js";
import { NO_CHORD, asked } from "../../../wallboard/web/floor/keys.js";
import { entriesOf, matching } from "../../../wallboard/web/floor/palette.js";
import { textIn } from "../../../wallboard/web/floor/told.js";
import {
  HERE_EVERY_S, countdown, isTimeToTell, kindsOf, messagesOf, meetingsOf, ordinal, quotasOf, sceneOf, signOf,
} from "../../../wallboard/web/agent/model.js";
import { callOf, codesOf, momentOf, noMoreOf, sheetOf, suggested } from "../../../wallboard/web/agent/calling.js";
import { sayScene, waitText } from "../../../wallboard/web/agent/said.js";
import { speaker } from "../../../wallboard/web/words.js";
import { AGENT } from "../../../wallboard/web/words/agent.js";
import { ORDERS } from "../../../wallboard/web/words/orders.js";

const ALL = { actions: [...new Set(Object.values(DEEDS).flatMap(({ needs }) => needs))] };

/* ---------------------------------------------------------------- orders */

test("every key of the table is the key that keys.js knows, and every deed has its words", () => {
  for (const name of NAMES.filter((each) => DEEDS[each].key)) {
    assert.equal(asked(NO_CHORD, { key: DEEDS[name].key, shift: false }, 1).act, name);
  }
  for (const lang of ["en", "zh"]) {
    for (const name of NAMES) {
      for (const part of ["", "_whom", "_do", "_said", ...(DEEDS[name].sure ? ["_sure"] : [])]) {
        assert.ok(`deed.${name}${part}` in ORDERS[lang], `${lang} deed.${name}${part}`);
      }
    }
  }
  assert.equal(asked(NO_CHORD, { key: "L", shift: true }, 1).act, "language");
});

test("a chord that begins with g takes the next key for itself", () => {
  const { chord } = asked(NO_CHORD, { key: "g", shift: false }, 1);
  assert.equal(asked(chord, { key: "p", shift: false }, 1.5).act, null, "g p pauses nobody");
});

test("only what a session may do is offered", () => {
  assert.deepEqual(allowed(null), []);
  assert.deepEqual(allowed({ actions: ["floor.read", "calls.spy"] }), ["listen"]);
  assert.deepEqual(allowed(ALL), NAMES);
});

test("to let somebody log in is offered for who is not logged in", () => {
  assert.ok(offered(NAMES, { state: "logged_out" }).includes("allow"));
  assert.ok(!offered(NAMES, { state: "ready" }).includes("allow"));
  assert.deepEqual(requestOf("allow", ["1"], { why: "trained this morning" }),
    { path: "/api/duty", body: { deed: "allow", agent: "1", reason: "trained this morning" } });
});

test("to let somebody log in stands in the menu and not among the buttons", () => {
  assert.ok(DEEDS.allow.rare);
  assert.deepEqual(NAMES.filter((name) => DEEDS[name].rare), ["allow"]);
});

test("whom an act is about: the selected, else the row with the focus, else who is shown", () => {
  const at = { kind: "agent", id: "3" };
  assert.deepEqual(whomOf({ selection: { ids: new Set(["1", "2"]) }, focused: "9", at }), ["1", "2"]);
  assert.deepEqual(whomOf({ selection: { ids: new Set() }, focused: "9", at }), ["9"]);
  assert.deepEqual(whomOf({ selection: { ids: new Set() }, focused: undefined, at }), ["3"]);
  assert.deepEqual(whomOf({ selection: { ids: new Set() }, focused: undefined, at: { kind: "queue", id: "q" } }), []);
});

test("what goes to the board leaves out what nobody filled in", () => {
  assert.deepEqual(requestOf("pause", ["1"], { kind: "meal", minutes: "", reason: "" }),
    { path: "/api/orders", body: { deed: "pause", agent: "1", kind: "meal" } });
  assert.deepEqual(requestOf("pause", ["1", "2"], { kind: "short", minutes: "20" }).body,
    { deed: "pause", agents: ["1", "2"], kind: "short", minutes: 20 });
  assert.deepEqual(requestOf("move", ["1"], { into: ["vip"], out_of: [] }).body, { deed: "move", agent: "1", into: ["vip"] });
  assert.deepEqual(requestOf("grant", ["1"], { kind: "short", minutes: "", why: "bad call" }),
    { path: "/api/breaks", body: { deed: "grant", agent: "1", kind: "short", reason: "bad call" } });
  assert.deepEqual(requestOf("message", [], { to: "all", text: "hello", shown: "5" }),
    { path: "/api/messages", body: { to: "all", text: "hello", minutes: 5 } });
});

/* ---------------------------------------------------------------- what became of it */

const row = (id, more = {}) => ({ id, request: "r", agent: "1", given: 10, done: null, outcome: null, said: "", seen: null, ...more });
const item = (more = {}) => ({ agent: "1", request: "r", orders: ["o1"], verdict: "allow", message: "", reasons: [], ...more });

test("an order is asked, then accepted, then seen, by the rows alone", () => {
  const stage = (rows, more) => stageOf(item(more), rows).stage;
  assert.equal(stage([], { verdict: "" }), "asked");
  assert.equal(stage([]), "asked", "its row has not come yet");
  assert.equal(stage([row("o1")]), "asked");
  assert.equal(stage([row("o1", { done: 11, outcome: "accepted" })]), "accepted");
  assert.equal(stage([row("o1", { done: 11, outcome: "accepted", seen: 12 })]), "seen");
  const two = [row("o1", { done: 11, outcome: "accepted", seen: 12 }), row("o2", { done: 11, outcome: "accepted" })];
  assert.equal(stage(two, { orders: ["o1", "o2"] }), "accepted", "all of them have to be seen");
  assert.equal(stageOf(item(), [row("o1", { done: 11, outcome: "refused", said: "No such channel" })]).said, "No such channel");
  assert.equal(stage([row("o1", { done: 11, outcome: "timed_out" })]), "failed");
  assert.deepEqual(["deny", "defer", "lost", "queue", "allow"].map((verdict) => stage([], { verdict, orders: [], request: "x" })),
    ["refused", "refused", "failed", "waiting", "done"]);
  assert.deepEqual(ordersOf(item({ orders: [] }), [row("a"), row("b", { request: "other" })]).map(({ id }) => id), ["a"]);
});

test("a press of several is as bad as its worst part, and its failures can be tried again", () => {
  const press = { id: "p", name: "pause", asked: 10, over: null, undo: true, answered: 10, items: [
    item(), item({ agent: "2", verdict: "deny", message: "no", orders: [], request: "" }),
  ] };
  const rows = [row("o1", { done: 11, outcome: "accepted", seen: 12.5 })];
  assert.equal(pressOf(press, rows).stage, "refused");
  assert.deepEqual(pressOf(press, rows).counts, { seen: 1, refused: 1 });
  assert.deepEqual(failedOf(press, rows), ["2"]);
  assert.equal(tookOf({ ...press, items: [item()], over: 12.75 }, rows), 2.75);
  assert.equal(tookOf({ ...press, items: [item()] }, rows), null, "it has not been drawn yet");
});

test("an order goes away when it was read, a refusal when it was dismissed, and undo ends after eight seconds", () => {
  const press = { id: "p", name: "pause", asked: 10, over: null, undo: true, answered: 10, pinned: false, items: [item()] };
  const seen = [row("o1", { done: 11, outcome: "accepted", seen: 12 })];
  const [over] = kept([press], seen, 12);
  assert.equal(over.over, 12);
  assert.equal(kept([over], seen, 12 + UNDO_S - 0.1).length, 1);
  assert.equal(kept([over], seen, 12 + UNDO_S).length, 0);
  assert.equal(kept([{ ...over, pinned: true }], seen, 99).length, 1, "somebody reads it");
  const refused = { ...press, items: [item({ verdict: "deny" })] };
  assert.equal(kept([refused], [], 999).length, 1);
  assert.equal(kept([press], [], 999).length, 1, "what is under way stays");
  const same = [over];
  assert.equal(kept(same, seen, 13), same, "nothing is drawn anew for nothing");
  assert.deepEqual([10, 10.1, 17.9, 18].map((now) => undoLeft(press, [], now)), [8, 8, 1, 0]);
  assert.equal(undoLeft({ ...press, items: [item({ verdict: "" })] }, [], 11), 0, "not before the board has answered");
  assert.equal(undoLeft(refused, [], 11), 0);
});

test("what nothing has shown while a phone could ring is said to be unseen, until a fact says otherwise", () => {
  const item = { agent: "1", request: "r1", orders: ["r1"], verdict: "allow", message: "" };
  const accepted = [{ id: "r1", request: "r1", done: 1, outcome: "accepted", seen: null }];
  const press = { id: "k", name: "listen", asked: 0, items: [item], over: null, undo: false };
  assert.equal(pressOf(kept([press], accepted, UNSEEN_S - 0.1)[0], accepted).stage, "accepted");
  const [late] = kept([press], accepted, UNSEEN_S);
  assert.equal(pressOf(late, accepted).stage, "unseen");
  assert.deepEqual(failedOf(late, accepted), ["1"], "it can be tried again");
  assert.equal(kept([late], accepted, 999).length, 1, "and stays until somebody has read it");
  const seen = [{ ...accepted[0], seen: 40 }];
  assert.equal(pressOf(kept([late], seen, 41)[0], seen).stage, "seen");
  const [read] = kept([{ ...press, pinned: true }], seen, 2);
  assert.equal(pressOf(kept([read], [], 99)[0], []).stage, "asked", "what has been seen is not unseen because it was forgotten");
});

test("an answer of the board is one item an agent", () => {
  const reasons = [{ rule: "a", verdict: "allow", text: { en: "fine" } }, { rule: "b", verdict: "deny", text: { en: "no", zh: "不" } }];
  const [one] = answersOf({ ok: false, status: 409, data: { agent: "1", request: "r", verdict: "deny", reasons, message: "no", orders: [] },
    message: "no" }, [{ agent: "1" }]);
  assert.equal(textIn("zh", one.message), "不");
  assert.equal(answersOf({ ok: false, status: 0, data: null, message: "" }, [{ agent: "1" }])[0].verdict, "lost");
  assert.equal(answersOf({ ok: true, status: 200, data: null, message: "" }, [{ agent: "" }])[0].verdict, "allow");
  const refusal = { error: "x", message: "not you", reasons: ["not you"] };
  const [forbidden] = answersOf({ ok: false, status: 403, data: refusal, message: "not you" }, [{ agent: "1" }]);
  assert.deepEqual([forbidden.verdict, forbidden.message, forbidden.reasons], ["deny", "not you", []]);
  const many = answersOf({ ok: true, status: 200, message: "", data: { verdict: "allow", answers: [{ agent: "1", verdict: "allow",
    request: "r1", orders: ["o"], reasons: [] }] } }, [{ agent: "1" }, { agent: "2" }]);
  assert.deepEqual(many.map(({ verdict }) => verdict), ["allow", "lost"], "who is not named has no answer");
});

test("open alerts come worst and oldest first, and the taken ones count no more", () => {
  const alert = (id, more = {}) => ({ id, severity: "warn", since: 10, cleared: null, closed: null, acknowledged: "", ...more });
  const all = [alert("a"), alert("b", { severity: "act", since: 20 }), alert("c", { severity: "act", cleared: 30 }),
    alert("d", { closed: 5 }), alert("e", { severity: "act", since: 5, acknowledged: "Li" })];
  assert.deepEqual(openAlerts(all).map(({ id }) => id), ["e", "b", "a", "c"]);
  assert.deepEqual(countAlerts(all), { act: 1, warn: 1 });
});

test("the palette finds by every part that is typed, and offers what fits several only", () => {
  const say = speaker("en", ORDERS);
  const floor = { agents: new Map([["1", { id: "1", name: "王芳" }], ["2", { id: "2", name: "Olivia" }]]) };
  const given = (whom) => entriesOf({ say, floor, may: NAMES, whom, about: "王芳", session: ALL });
  const ids = (entries) => entries.map(({ id }) => id);
  assert.ok(ids(given(["1"])).includes("deed-listen"));
  assert.ok(!ids(given(["1", "2"])).includes("deed-listen"), "nobody listens to two");
  assert.ok(!ids(given([])).some((id) => id.startsWith("deed-")));
  assert.deepEqual(ids(matching(given(["1"]), "pause 王")), ["deed-pause"]);
  assert.deepEqual(ids(matching(given([]), "oliv")), ["agent-2"]);
  assert.equal(ids(matching(given(["1"]), "log"))[0], "deed-logout");
});

/* ---------------------------------------------------------------- the agent's page */

const me = (more = {}) => ({
  id: "1", state: "ready", since: 100, on_duty: true, leaving: false, stray: false, phone: "PJSIP/1", break: null, wait: null, ruled: true,
  kinds: [{ kind: "short", minutes: 10, used_s: 360, quota_s: 1800, taken: 1, times: null }], meetings: [], messages: [],
  listened: [], ...more,
});
const pause = (phase, more = {}) => ({ kind: "short", since: 100, until: 700, phase, ...more });

test("there is one thing to do at a time", () => {
  const scene = (more) => sceneOf(me(more));
  assert.equal(scene({}), "ready");
  assert.equal(scene({ on_duty: false, state: "logged_out" }), "login");
  assert.equal(scene({ on_duty: false, state: "ready" }), "ready", "a fixed desk needs no log-in");
  assert.equal(scene({ wait: { kind: "short", place: 1 } }), "waiting");
  assert.equal(scene({ break: pause("granted") }), "granted");
  assert.equal(scene({ break: pause("pending", { until: null }) }), "pending");
  assert.equal(scene({ break: pause("on") }), "on");
  assert.equal(scene({ break: pause("on", { kind: "meeting" }) }), "planned");
  assert.equal(scene({ stray: true, state: "not_ready" }), "stray");
  assert.equal(scene({ stray: true, wait: { kind: "short", place: 1 } }), "waiting");
  assert.equal(scene({ ruled: false }), "unruled");
  assert.notEqual(signOf(me({ break: pause("granted") })), signOf(me({ break: pause("on") })));
});

test("a break counts down, is gentle in its last minute and plain when it is over", () => {
  const at = (now) => countdown(me({ break: pause("on") }), now);
  assert.deepEqual(at(600), { left: 100, over: false, level: null });
  assert.deepEqual(at(640), { left: 60, over: false, level: "warn" });
  assert.deepEqual(at(700), { left: 0, over: false, level: "warn" });
  assert.deepEqual(at(732), { left: 32, over: true, level: "act" });
  assert.equal(countdown(me({ break: pause("on", { until: null }) }), 9999).left, null);
});

test("the running break counts in what is used, and what is used up says so", () => {
  const [short] = kindsOf(me({ break: pause("on") }), 400);
  assert.deepEqual([short.used, short.spent], [660, false]);
  assert.equal(kindsOf(me({ break: pause("granted") }), 400)[0].used, 360);
  const spent = kindsOf(me({ kinds: [{ kind: "meal", minutes: 30, used_s: 0, quota_s: null, taken: 1, times: 1 },
    { kind: "comfort", minutes: 5, used_s: 0, quota_s: null, taken: 0, times: null }] }), 0);
  assert.deepEqual(spent.map((each) => each.spent), [true, false]);
  assert.deepEqual(quotasOf(spent).map(({ kind }) => kind), ["meal"]);
});

test("messages not seen come first, and the next meeting is the nearest", () => {
  const all = [{ id: "a", at: 5, seen: true }, { id: "b", at: 1, seen: false }, { id: "c", at: 3, seen: false }];
  assert.deepEqual(messagesOf(me({ messages: all })).map(({ id }) => id), ["c", "b", "a"]);
  const coming = (id, begins) => ({ id, phase: "coming", begins });
  const meetings = [coming("late", 9), { id: "on", phase: "on", begins: 1 }, coming("soon", 5)];
  const found = meetingsOf(me({ meetings }));
  assert.deepEqual([found.on.id, found.next.id], ["on", "soon"]);
});

test("presence is told now and then, and places have their endings", () => {
  assert.ok(isTimeToTell(null, 5));
  assert.deepEqual([isTimeToTell(5, 5 + HERE_EVERY_S - 1), isTimeToTell(5, 5 + HERE_EVERY_S)], [false, true]);
  assert.deepEqual([1, 2, 3, 4, 11, 12, 21, 22].map((place) => ordinal("en", place)),
    ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "22nd"]);
  assert.equal(ordinal("zh", 2), "2");
});

test("the wait is one sentence with place, estimate and rule; a reader hears when it changes", () => {
  const context = (lang) => {
    const say = speaker(lang, AGENT);
    return { say, lang, zone: "Asia/Shanghai", word: (table, key) => (say.knows(`${table}.${key}`) ? say(`${table}.${key}`) : key) };
  };
  const wait = { kind: "short", place: 2, since: 0, eta: 1764312000, rule: "r", text: { en: "5 of 6 are out.", zh: "已出 5/6。" } };
  assert.deepEqual(waitText(context("en"), me({ wait })), { where: "You are 2nd.", when: "About 14:40.", why: "5 of 6 are out." });
  assert.equal(waitText(context("zh"), me({ wait })).where, "您排第 2 位。");
  const scene = (now) => sayScene(context("en"), me({ break: pause("on") }), now);
  assert.deepEqual([scene(300).scene, scene(650).scene, scene(800).scene], ["on null", "on warn", "on act"]);
  assert.equal(scene(800).calls, true);
});

/* ---------------------------------------------------------------- the last outbound call */

const ended = (more) => ({
  outcomes: [{ code: "S1", means: "sale" }, { code: "N2", means: "blocked" }],
  dial: { dial: "d1", until: 1000, code: "", callback: null, blocked: false, ...more },
});

test("the sheet of a call comes by itself where nothing else is asked, and goes when the board forgets the call", () => {
  assert.equal(sheetOf(ended(), 1010, "ready", null), "sheet");
  assert.equal(sheetOf(ended(), 1010, "on", null), "line");
  assert.equal(sheetOf(ended(), 1010, "login", null), null);
  assert.equal(sheetOf(ended({ code: "S1" }), 1010, "ready", null), "line");
  assert.equal(sheetOf(ended({ blocked: true }), 1010, "ready", null), "line");
  assert.equal(sheetOf({ ...ended(), outcomes: [] }, 1010, "ready", null), "line");
  assert.equal(sheetOf(ended(), 1010, "ready", { dial: "d1", open: false }), "line");
  assert.equal(sheetOf(ended(), 1010, "ready", { dial: "d0", open: false }), "sheet", "of a call before");
  assert.equal(sheetOf(ended(), 1119, "ready", null), "sheet");
  assert.equal(sheetOf(ended(), 1120, "ready", null), null);
  assert.equal(callOf(ended({ until: null }), 9e9)?.dial, "d1", "under way");
});

test("who wants no more calls is coded so where the plan has a code and the call has none", () => {
  assert.deepEqual(codesOf(ended()).map(({ code }) => code), ["S1"]);
  assert.deepEqual(noMoreOf(ended()), { path: "/api/me/result", body: { dial: "d1", code: "N2" } });
  assert.deepEqual(noMoreOf(ended({ code: "S1" })), { path: "/api/me/do-not-call", body: { dial: "d1" } });
  assert.deepEqual(noMoreOf({ ...ended(), outcomes: [] }), { path: "/api/me/do-not-call", body: { dial: "d1" } });
});

test("a callback is a wall time of the floor's zone, also beside a change of the clocks", () => {
  const at = (day, time, zone) => new Date(momentOf(day, time, zone) * 1000).toISOString();
  assert.equal(at("2026-11-29", "14:30", "Asia/Shanghai"), "2026-11-29T06:30:00.000Z");
  assert.equal(at("2026-03-08", "01:30", "America/New_York"), "2026-03-08T06:30:00.000Z");
  assert.equal(at("2026-03-08", "03:30", "America/New_York"), "2026-03-08T07:30:00.000Z");
  assert.equal(momentOf("", "14:30", "UTC"), null);
  assert.deepEqual(suggested(Date.parse("2026-11-29T14:31:00Z") / 1000, "Asia/Shanghai"), { day: "2026-11-30", time: "00:00" });
});
