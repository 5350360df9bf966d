/* The pure modules of the page of recordings, run by `node --test` (test_models.py calls it). */

import assert from "node:assert/strict";
import test from "node:test";

import { lastDayOf } from "../../../wallboard/web/campaigns/times.js";
import { stratumText } from "../../../wallboard/web/recordings/drawn.js";
import { clockText, drawnQuiet, heardMore, monthBefore, quietStretches, readPeaks, skipTo,
  speedBy } from "../../../wallboard/web/recordings/model.js";
import { agentText, namer, wordsOf } from "../../../wallboard/web/recordings/names.js";
import { readPlace, writePlace } from "../../../wallboard/web/recordings/places.js";
import { allWorded, messageOf, worded } from "../../../wallboard/web/recordings/refused.js";
import { isFor } from "../../../wallboard/web/recordings/score.js";
import { spansOf, spansText } from "../../../wallboard/web/recordings/redactions.js";
import { speaker } from "../../../wallboard/web/words.js";
import { RECORDINGS } from "../../../wallboard/web/words/recordings.js";

/* As recordings/sound/peaks.py writes them: 8,000 Hz, 400 frames a window, so 20 windows a second. */
function peaks(sides, magic = "APK1") {
  const windows = sides[0].length;
  const buffer = new ArrayBuffer(24 + windows * sides.length);
  const view = new DataView(buffer);
  [...magic].forEach((letter, at) => view.setUint8(at, letter.charCodeAt(0)));
  view.setUint32(4, 8_000, true);
  view.setUint32(8, 400, true);
  view.setBigUint64(12, BigInt(windows * 400), true);
  view.setUint8(20, sides.length);
  sides.forEach((side, number) => side.forEach((value, at) => view.setUint8(24 + at * sides.length + number, value)));
  return buffer;
}
const spoken = (...parts) => parts.flatMap(([loud, seconds]) => Array(Math.round(seconds * 20)).fill(loud ? 200 : 0));

test("peaks are read by side, with their amplitude and length", () => {
  const read = readPeaks(peaks([[255, 0], [51, 102]]));
  assert.equal(read.seconds, 0.1);
  assert.equal(read.perSecond, 20);
  assert.deepEqual([...read.sides[0]], [1, 0]);
  assert.ok(Math.abs(read.sides[1][0] - 0.04) < 1e-6);
});

test("what is no peaks is null", () => {
  assert.equal(readPeaks(new ArrayBuffer(3)), null);
  assert.equal(readPeaks(peaks([[1]], "NOPE")), null);
  const three = peaks([[1]]);
  new DataView(three).setUint8(20, 3);
  assert.equal(readPeaks(three), null);
});

test("only where both sides are quiet, and long enough, is skipped", () => {
  const one = spoken([true, 2], [false, 4], [true, 1], [false, 1], [true, 1]);
  const other = spoken([false, 3], [true, 1], [false, 5]);
  const near = (found, wanted) => assert.deepEqual(found.map((pair) => pair.map((at) => Number(at.toFixed(2)))), wanted);
  near(quietStretches(readPeaks(peaks([one]))), [[2.3, 5.7]]);
  near(quietStretches(readPeaks(peaks([one, other]))), [[4.3, 5.7]]);
  assert.equal(skipTo([[2.3, 5.7]], 3), 5.7);
  assert.equal(skipTo([[2.3, 5.7]], 5.7), null);
});

test("what nobody would see is not dimmed, so that a long recording has few marks", () => {
  assert.deepEqual(drawnQuiet([[1, 2], [10, 20]], 3_600), [[10, 20]]);
  assert.deepEqual(drawnQuiet([[1, 2]], 60), [[1, 2]]);
});

test("what was heard is spans that do not touch, and a jump is not heard", () => {
  let spans = heardMore([], 1, 1.5);
  spans = heardMore(spans, 1.5, 2);
  spans = heardMore(spans, null, 9);
  spans = heardMore(spans, 9, 9.5);
  assert.deepEqual(spans, [[1_000, 2_000], [9_000, 9_500]]);
  assert.deepEqual(heardMore(spans, 1.9, 9.2), [[1_000, 9_500]]);
  assert.deepEqual(heardMore(spans, 5, 4), spans, "backwards is a jump");
});

test("speeds stay in their row, clocks have hours when there are any", () => {
  assert.equal(speedBy(1, 1), 1.25);
  assert.equal(speedBy(4, 1), 4);
  assert.equal(speedBy(0.5, -1), 0.5);
  assert.equal(clockText(83.4), "1:23");
  assert.equal(clockText(3_600), "1:00:00");
});

test("a place is read as it was written, and an unknown tab is the first one", () => {
  const place = { tab: "keeping", words: { part: "holds", id: "h-1&2" } };
  assert.deepEqual(readPlace(`#${writePlace(place)}`), place);
  assert.deepEqual(readPlace("#nothing&one=a"), { tab: "find", words: { one: "a" } });
});

test("a form is offered for the calls of its campaigns and queues, and without either for all", () => {
  const call = { campaign: "spring", queue: "vip" };
  const other = { campaigns: ["autumn"] };
  const forms = [{}, { campaigns: ["spring"], queues: [] }, { ...other, queues: ["vip"] }, other, { queues: ["sales"] }];
  assert.deepEqual(forms.map((form) => isFor(form, call)), [true, true, true, false, false]);
  assert.equal(isFor({ campaigns: ["spring"] }, { campaign: "", queue: "" }), false);
});

test("stretches are read in seconds or minutes and seconds, and what is none is refused", () => {
  assert.deepEqual(spansOf("62-75.5, 1:20-1:35"), [[62_000, 75_500], [80_000, 95_000]]);
  for (const text of ["", "5", "5-", "-5", "a-b", "1-2-3", "1:2:3-9", "1e3-9"]) assert.equal(spansOf(text), null, text);
  assert.equal(spansText([[62_000, 75_500], [600_250, 601_000]]), "1:02–1:15.5, 10:00.25–10:01");
});

test("a term is told by its last day, by the floor's clock", () => {
  const over = Date.UTC(2029, 10, 29, 16) / 1000; // midnight in Shanghai: the 29th is over
  assert.equal(lastDayOf(over, { zone: "Asia/Shanghai" }), "2029-11-29");
});

test("what the plan names is called so in the reader's language, and by its id elsewhere", () => {
  const names = { agents: { 1044: "韩平" }, classes: { bank: { name: "Bank", name_zh: "银行" }, half: { name: "Half", name_zh: "" } } };
  const [zh, en] = [namer(names, "zh"), namer(names, "en")];
  assert.deepEqual([zh("classes", "bank"), en("classes", "bank")], ["银行", "Bank"]);
  assert.deepEqual([zh("classes", "half"), zh("classes", "old")], ["Half", "old"]);
  assert.deepEqual([agentText(zh, "1044"), agentText(zh, "1050"), agentText(namer(undefined, "zh"), "1044")], ["韩平 1044", "1050", "1044"]);
});

test("a refusal is said in the language that the page has when it is drawn", () => {
  const text = { en: "Over.", zh: "已结束。" };
  const archive = messageOf({ data: { error: "refused", rule: "hold.released", message: "Over.", text }, message: "Over." });
  const door = messageOf({ data: { error: "not_allowed", message: "May not." }, message: "May not." });
  const newer = messageOf({ data: { error: "of_tomorrow", message: "Not yet known." }, message: "Not yet known." });
  const none = messageOf({ data: null, message: "" });
  const in_ = (lang) => [archive, door, newer, none].map((each) => worded(each, speaker(lang, RECORDINGS), lang));
  assert.deepEqual(in_("en"), ["Over.", RECORDINGS.en["refusal.not_allowed"], "Not yet known.", ""]);
  assert.deepEqual(in_("zh"), ["已结束。", RECORDINGS.zh["refusal.not_allowed"], "Not yet known.", ""]);
  const asked = { holds: { data: null, message: archive }, floor: { data: 1, message: "" }, left: undefined };
  assert.deepEqual(allWorded(asked, speaker("zh", RECORDINGS), "zh"), { ...asked, holds: { data: null, message: "已结束。" } });
});

test("the month before is the one that a sample is drawn of", () => {
  assert.equal(monthBefore("2026-11-29"), "2026-10");
  assert.equal(monthBefore("2026-01-01"), "2025-12");
});

test("a form's words are in the reader's language, else in the one it has", () => {
  const item = { id: "greets", text: "Greets", text_zh: "问候" };
  assert.deepEqual(["zh", "en"].map((lang) => wordsOf(lang, item)), ["问候", "Greets"]);
  assert.equal(wordsOf("zh", { id: "greets", text: "Greets", text_zh: "" }), "Greets");
  assert.equal(wordsOf("en", { id: "sales", name: "", name_zh: "销售" }), "sales");
});

test("a stratum is said in words, and one of coaching is its agent", () => {
  const names = { campaigns: { r: { name: "Renewals", name_zh: "续保" } }, agents: { 1001: "Wang" } };
  const context = (lang) => ({ say: speaker(lang, RECORDINGS), named: namer(names, lang) });
  const rules = { new_days: 30, young_days: 90 };
  const of = (lang, kind, name) => stratumText(context(lang), kind, name, rules);
  assert.equal(of("zh", "estimate", "r|day0|length2|-|tenure1"), "续保 · 上午 · 5分钟及以上 · 无结果 · 坐席上线不满90天");
  assert.equal(of("en", "estimate", "|day2|length0|sold|tenure2"), "no campaign · evening · under 1 min · sold · agent 90 days and more");
  assert.equal(of("en", "coaching", "1001"), "Wang 1001");
});
