/* Breaks in the left column: places out and free, who waits with place, estimate and rule, who has been granted one.

Not the deciding: the board sends place, estimate and the sentence of the rule that holds each back. */

import { html } from "../draw/html.js";
import { StateShape } from "../draw/shapes.js";
import { count, duration, timeOfDay } from "../format.js";
import { textIn } from "./told.js";

/* A waiting list longer than this has another problem than its names. */
const SHOWN = 8;

export function Breaks({ context, floor, filters, stale, now, waitAt, mayGrant }) {
  const { say, zone } = context;
  const { out, cap, ruled, waiting = [], granted = [], next_place_at: next } = floor.breaks;
  return html`<section class="panel breaks ${stale ? "stale" : ""}" aria-label=${say("breaks.title")}>
    <button type="button" class="line" data-act="state" data-state="on_break" aria-pressed=${String(filters.state === "on_break")}>
      <${StateShape} state="on_break" /><span class="grow cut">${say("breaks.out")}</span><b>
        ${count(out)}${cap === null || cap === undefined ? "" : `/${cap}`}</b>
    </button>
    ${ruled ? html`<p class="quiet place">${nextPlace(say, zone, { out, cap, next })}</p>` : null}
    ${granted.length ? html`<ul class="waits">${granted.slice(0, SHOWN).map((grant) => html`<${Granted} key=${grant.agent}
      ...${{ context, grant, now }} />`)}</ul>` : null}
    ${waiting.length ? html`<ol class="waits" aria-label=${say("breaks.waiting", { n: waiting.length })}>
      ${waiting.slice(0, SHOWN).map((wait) => html`<${Wait} key=${wait.agent} ...${{ context, wait, now, mayGrant }} />`)}</ol>
      ${waiting.length > SHOWN ? html`<p class="quiet place">${say("breaks.waiting", { n: waiting.length })}</p>` : null}
      <${Rule} ...${{ context, waiting, waitAt }} />` : null}
  </section>`;
}

function nextPlace(say, zone, { out, cap, next }) {
  if (next) return say("hint.next_place", { time: timeOfDay(next, zone, false) });
  if (cap === null || cap === undefined) return say("breaks.no_cap");
  return out < cap ? say("breaks.free", { n: cap - out }) : say("breaks.full");
}

/* "~3m": a minute is as exact as an estimate is. */
export function etaText(say, eta, now) {
  if (eta === null || eta === undefined) return say("breaks.eta_unknown");
  const minutes = Math.max(0, Math.ceil((eta - now) / 60));
  return minutes ? say("breaks.eta", { n: minutes }) : say("breaks.eta_now");
}

function Wait({ context, wait, now, mayGrant }) {
  const { say, word, lang } = context;
  const rule = textIn(lang, wait.text) || wait.rule;
  const long = say("breaks.wait_long", { name: wait.name || wait.agent, kind: word("kind", wait.kind), place: wait.place,
    eta: etaText(say, wait.eta, now), for: duration(now - wait.since), rule });
  return html`<li class="wait" data-wait=${wait.agent}>
    <button type="button" class="line" data-act="inspect" data-kind="agent" data-id=${wait.agent} title=${long}>
      <b class="number-1">${wait.place || "·"}</b><span class="grow cut name" dir="auto">${wait.name || wait.agent}</span>
      <small>${word("kind", wait.kind)}</small><span class="eta">${etaText(say, wait.eta, now)}</span><span class="unseen">${rule}</span>
    </button>
    ${mayGrant ? html`<button type="button" class="plain" data-act="deed" data-deed="grant" data-id=${wait.agent}
      data-value=${wait.kind} aria-label=${say("deed.grant_whom", { whom: wait.name || wait.agent })}>${say("breaks.grant")}
      </button>` : null}
  </li>`;
}

function Granted({ context, grant, now }) {
  const { say, word, zone } = context;
  const left = grant.expires === null || grant.expires === undefined ? null : grant.expires - now;
  return html`<li class="wait granted">
    <button type="button" class="line" data-act="inspect" data-kind="agent" data-id=${grant.agent}
      title=${left === null ? say("breaks.after_call") : say("breaks.until", { time: timeOfDay(grant.expires, zone) })}>
      <${StateShape} state="break_pending" /><span class="grow cut name" dir="auto">${grant.name || grant.agent}</span>
      <small>${word("kind", grant.kind)}</small>
      <span class="eta">${left === null ? say("breaks.after_call_short") : duration(left)}</span>
    </button>
  </li>`;
}

/* Lines that stand there anyway: why the one pointed at waits, else why the first does. */
function Rule({ context: { say, lang }, waiting, waitAt }) {
  const wait = waiting.find((each) => each.agent === waitAt) || waiting[0];
  const name = wait.name || wait.agent;
  return html`<p class="rule quiet" data-rule=${wait.rule}>${say("breaks.why", { name })} ${textIn(lang, wait.text) || wait.rule}</p>`;
}
