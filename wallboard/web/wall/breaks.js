/* The page of breaks: how many places are taken, when the next one is free, who may go now and who is next, and when.

Names and moments only: the rules' sentences are for the floor page and for whom they are about. */

import { html } from "../draw/html.js";
import { StateShape } from "../draw/shapes.js";
import { timeOfDay } from "../format.js";
import { Value } from "./cards.js";
import { figureOf } from "./figures.js";

export function BreaksPage({ context, floor, stale, asOf }) {
  const { say } = context;
  const figure = figureOf("breaks", context, floor, asOf);
  const { granted = [], waiting = [] } = floor.breaks;
  return html`<main class="places-page ${stale ? "stale" : ""}">
    <section class="places panel" data-places>
      <h2 class="cut">${say("card.breaks")}</h2>
      <${Value} figure=${figure} />
      <p class="hint"><span class="cut">${figure.hint}</span></p>
    </section>
    <section class="line-up panel">
      <h2 class="title">${say("places.next")}</h2>
      ${granted.length + waiting.length ? null : html`<p class="hint">${say("places.nobody")}</p>`}
      <ol>
        ${granted.map((grant) => html`<li key=${grant.agent}><${StateShape} state="break_pending" />
          <span class="name cut" dir="auto">${grant.name || grant.agent}</span><b>${takeText(context, grant)}</b></li>`)}
        ${waiting.map((wait) => html`<li key=${wait.agent}><span class="place">${wait.place || ""}</span>
          <span class="name cut" dir="auto">${wait.name || wait.agent}</span><b>${etaText(context, wait)}</b></li>`)}
      </ol>
    </section>
  </main>`;
}

function takeText({ say, zone }, { expires }) {
  return expires === null ? say("places.after_call") : say("places.take_until", { time: timeOfDay(expires, zone, false) });
}

function etaText({ say, zone }, { eta }) {
  return eta === null ? say("places.open") : say("places.about", { time: timeOfDay(eta, zone, false) });
}
