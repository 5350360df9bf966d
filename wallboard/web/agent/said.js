/* What the page says in one sentence: of each scene, for the eye and for a screen reader. Pure. */

import { timeOfDay } from "../format.js";
import { textIn } from "../floor/told.js";
import { needsResult } from "./calling.js";
import { countdown, ordinal, sceneOf } from "./model.js";

/* "You are 2nd. About 14:40." and the rule that holds it back. */
export function waitText({ say, lang, zone }, me) {
  const { place, eta, text, rule } = me.wait;
  const where = place ? say("wait.place", { place: ordinal(lang, place) }) : say("wait.listed");
  const when = eta === null ? say("wait.no_eta") : say("wait.eta", { time: timeOfDay(eta, zone, false) });
  return { where, when, why: textIn(lang, text) || rule };
}

/* How long a granted break is kept, in words. */
export function holdText({ say }, hold) {
  return hold >= 60 ? say("wait.hold_min", { n: Math.round(hold / 60) }) : say("wait.hold_s", { n: hold });
}

/* {scene: changes when there is something new to hear, text, calls: whether it should be felt, too}. */
export function sayScene(context, me, now) {
  const { say, word, zone } = context;
  const scene = sceneOf(me);
  const kind = me.break ? word("kind", me.break.kind) : "";
  if (scene === "on") {
    const { level } = countdown(me, now);
    const text = say(level === "act" ? "spoken.over" : level === "warn" ? "spoken.soon" : "spoken.on", { kind });
    return { scene: `on ${level}`, text, calls: level !== null };
  }
  if (scene === "waiting") {
    const { where, when, why } = waitText(context, me);
    return { scene: `waiting ${me.wait.place} ${me.wait.rule}`, text: `${where} ${when} ${why}`, calls: false };
  }
  if (scene === "granted") {
    return { scene, text: say("spoken.granted", { kind, time: timeOfDay(me.break.until ?? now, zone, false) }), calls: true };
  }
  const unseen = me.messages.filter((message) => !message.seen);
  const news = unseen.length ? ` ${say("spoken.messages", { n: unseen.length })}` : "";
  const ended = needsResult(me, now) && me.dial.until !== null;
  const call = ended ? ` ${say("spoken.call", { shown: me.dial.shown })}` : "";
  const text = `${word("state", me.state)}.${news}${call}`;
  return { scene: `${scene} ${me.state} ${unseen.length} ${ended}`, text, calls: unseen.length > 0 };
}
