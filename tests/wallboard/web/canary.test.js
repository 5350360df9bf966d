/* The measure from wire to pixel, without a screen; test_canary.py has a real one. */

import assert from "node:assert/strict";
import test from "node:test";

import { TELL_S, makeCanary, newestWord } from "../../../wallboard/web/canary.js";

function floorOf(...nodes) {
  return { nodes: new Map(nodes.map(([node, heard, link = "live"]) => [node, { node, heard, link }])) };
}

function screen() {
  const frames = [];
  const told = [];
  const time = { now: 100, local: 0 };
  const canary = makeCanary({
    requestFrame: (work) => frames.push(work), now: () => time.now, local: () => time.local, tell: (message) => told.push(message),
  });
  const frame = () => frames.splice(0).forEach((work) => work());
  return { canary, frames, told, time, frame };
}

test("what was just brought is the worst of the nodes with newer word", () => {
  assert.equal(newestWord(new Map(), floorOf(["a", 10], ["b", 9])), 9);
  assert.equal(newestWord(new Map([["a", 10], ["b", 9]]), floorOf(["a", 11], ["b", 9])), 11);
  assert.equal(newestWord(new Map([["a", 10]]), floorOf(["a", 10])), null);
  assert.equal(newestWord(new Map(), floorOf(["a", 10, "lost"])), null);
});

test("it stands on the screen when the frame after its own begins", () => {
  const { canary, frame, told, time } = screen();
  canary.brought(floorOf(["a", 99.9]));
  frame();
  assert.equal(canary.lag(), null);
  time.now = 100.02;
  frame();
  assert.ok(Math.abs(canary.lag() - 0.12) < 1e-9);
  assert.deepEqual(told, [{ type: "drawn", heard: 99.9 }]);
});

test("the board is told every few seconds, the screen measures each word", () => {
  const { canary, frame, told, time } = screen();
  for (let second = 0; second < 12; second += 1) {
    canary.brought(floorOf(["a", 100 + second]));
    time.now = 100.1 + second;
    time.local = second;
    frame();
    frame();
  }
  assert.deepEqual(told.map((message) => message.heard), [100, 105, 110]);
  assert.equal(TELL_S, 5);
  assert.ok(Math.abs(canary.lag() - 0.1) < 1e-9);
});

test("while no frame is drawn nothing is measured, and no more waits than one", () => {
  const { canary, frames, frame, told, time } = screen();
  for (let second = 0; second < 5; second += 1) canary.brought(floorOf(["a", 100 + second]));
  assert.equal(frames.length, 1);
  time.now = 110;
  frame();
  frame();
  assert.equal(canary.lag(), 10, "a page that was hidden showed what it had");
  assert.equal(told.length, 1);
});
