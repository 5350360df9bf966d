/* The one thing to do in each scene: log in, ask, wait, start, come back. One large button, and what it needs. */

import { html } from "../draw/html.js";
import { PlainShape } from "../draw/shapes.js";
import { duration, timeOfDay } from "../format.js";
import { atHand, behindMore, countdown, kindsOf, meetingsOf } from "./model.js";
import { holdText, waitText } from "./said.js";

function Login({ context: { say }, phone, busy, off }) {
  return html`<form class="login-at" autocomplete="off">
    <h1>${say("login_at.title")}</h1>
    <label class="field"><span>${say("login_at.phone")}</span>
      <input name="phone" defaultValue=${phone} required maxlength="64" placeholder="PJSIP/1001" spellcheck=${false}
        autocapitalize="off" /></label>
    <p class="quiet">${say("login_at.hint")}</p>
    <button type="submit" class="big" disabled=${busy || off}>${say("login_at.do")}</button>
  </form>`;
}

/* Which kind is chosen: by hand, else the first that has something left. */
function chosenOf(kinds, kind) {
  return kinds.find((each) => each.kind === kind) || kinds.find((each) => !each.spent) || kinds[0];
}

function Ask({ context, me, now, kind, more, busy, off }) {
  const { say, word } = context;
  const kinds = kindsOf(me, now);
  const chosen = chosenOf([...atHand(kinds), ...behindMore(kinds)], kind);
  const rest = behindMore(kinds);
  const shown = more || rest.some((each) => each === chosen) ? [...atHand(kinds), ...rest] : atHand(kinds);
  return html`
    <button type="button" class="big" data-act="ask" data-value=${chosen.kind} disabled=${busy || off}>${say("ask.do", {
      kind: word("kind", chosen.kind) })}<small>${say("ask.minutes", { n: chosen.minutes })}</small></button>
    <div class="kinds" role="group" aria-label=${say("ask.kind")}>
      ${(shown.length ? shown : kinds).map((each) => html`<button type="button" key=${each.kind} data-act="kind" data-value=${each.kind}
        aria-pressed=${String(each.kind === chosen.kind)}>${word("kind", each.kind)}</button>`)}
      ${rest.length && shown.length !== kinds.length ? html`<button type="button" data-act="more" aria-expanded=${String(more)}>
        ${say("ask.more")}</button>` : null}
    </div>`;
}

function Waiting({ context, me, busy, off }) {
  const { say, word } = context;
  const { where, when, why } = waitText(context, me);
  return html`<h1>${say("wait.title", { kind: word("kind", me.wait.kind) })}</h1>
    <p class="large"><b>${where}</b> ${when}</p>
    <p>${why}</p>
    <p class="quiet">${say("wait.told", { hold: holdText(context, me.hold_s) })}</p>
    <button type="button" class="second" data-act="withdraw" disabled=${busy || off}>${say("wait.withdraw")}</button>`;
}

function Granted({ context, me, now, busy, off }) {
  const { say, word } = context;
  const { left } = countdown(me, now);
  return html`<h1>${say("granted.title", { kind: word("kind", me.break.kind) })}</h1>
    <p class="figure-now" data-countdown>${left === null ? "" : duration(left)}</p>
    <p>${say("granted.kept")}</p>
    <button type="button" class="big" data-act="take" disabled=${busy || off}>${say("granted.take")}</button>
    <button type="button" class="second" data-act="withdraw" disabled=${busy || off}>${say("granted.not_now")}</button>`;
}

function Pending({ context, me, busy, off }) {
  const { say, word } = context;
  return html`<h1>${say("pending.title", { kind: word("kind", me.break.kind) })}</h1>
    <p>${say("pending.text")}</p>
    <button type="button" class="second" data-act="withdraw" disabled=${busy || off}>${say("granted.not_now")}</button>`;
}

/* Gentle in its last minute, plain when it is over. */
function OnBreak({ context, me, now, busy, off }) {
  const { say, word, zone } = context;
  const { left, over, level } = countdown(me, now);
  const kind = word("kind", me.break.kind);
  return html`<h1>${say(over ? "on.over" : "on.title", { kind })}</h1>
    <p class="figure-now ${level || ""}" data-countdown>${level ? html`<${PlainShape} shape=${level} />` : null}${left === null
      ? duration(now - me.break.since) : `${over ? "+" : ""}${duration(left)}`}</p>
    <p>${me.break.until === null || me.break.until === undefined ? say("on.open") : say(over ? "on.was_until" : "on.until", {
      time: timeOfDay(me.break.until, zone, false) })} ${over ? say("on.over_text") : ""}</p>
    ${isPaused(me, now) ? null : html`<p class="quiet">${say("on.not_yet")}</p>`}
    <button type="button" class="big" data-act="back" disabled=${busy || off}>${say("on.back")}</button>`;
}

/* The break is Andon's, the pause is the PBX's: until that has followed, a call may still ring. */
function isPaused(me, now) {
  return me.state === "on_break" || now - me.break.since < FOLLOWS_S;
}

/* An order takes less than a second. */
const FOLLOWS_S = 3;

function Planned({ context, me }) {
  const { say, word, lang, zone } = context;
  const { on } = meetingsOf(me);
  const name = (lang === "zh" && on?.name_zh) || on?.name || word("kind", me.break.kind);
  const until = on?.until ?? me.break.until;
  return html`<h1 dir="auto">${name}</h1>
    <p class="large">${until === null || until === undefined ? "" : say("on.until", { time: timeOfDay(until, zone, false) })}</p>
    <p class="quiet">${say("planned.text")}</p>`;
}

function Stray({ context: { say }, busy, off }) {
  return html`<h1>${say("stray.title")}</h1><p>${say("stray.text")}</p>
    <button type="button" class="big" data-act="back" disabled=${busy || off}>${say("on.back")}</button>`;
}

function Unruled({ context: { say } }) {
  return html`<h1>${say("unruled.title")}</h1><p class="quiet">${say("unruled.text")}</p>`;
}

export const SCENES = {
  login: Login, ready: Ask, waiting: Waiting, granted: Granted, pending: Pending, on: OnBreak, planned: Planned, stray: Stray,
  unruled: Unruled,
};
