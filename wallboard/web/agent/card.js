/* Card data in the call in hand: one press silences its recording, and the page says when it is silent, how long, and that it is over.

It never says silent because somebody pressed: only the row does (realtime/me.py), which has it from the PBX. Draws, decides nothing. */

import { html } from "../draw/html.js";
import { PlainShape } from "../draw/shapes.js";
import { duration } from "../format.js";

/* Nothing is recorded, so there is nothing to silence; a pause that is on is shown whatever is recorded. */
export function CardStrip({ context: { say }, me, now, busy, off }) {
  const { card } = me;
  if (!card && !me.recorded) return null;
  const phase = !card ? (me.card_full ? "full" : "on") : card.silent === null ? "asked" : "silent";
  const left = phase === "silent" ? Math.max(0, card.until - now) : null;
  return html`<section class="card-data panel" aria-label=${say("card.label")} data-card=${phase}>
    <p class="card-line">${phase === "asked" || phase === "full" ? html`<${PlainShape} shape="warn" />` : null}
      <span role="status">${say(`card.${phase}`)}</span>
      ${left === null ? null : html`<span class="timer" data-left>${say("card.left", { time: duration(left) })}</span>`}</p>
    ${card ? html`<button type="button" class="second" data-act="card_over" disabled=${busy || off}>${say("card.over")}</button>
      <button type="button" class="plain" data-act="card" disabled=${busy || off}>${say("card.longer")}</button>`
      : html`<button type="button" class="second" data-act="card" disabled=${busy || off || me.card_full}>${say("card.press")}</button>`}
  </section>`;
}
