/* The bottom line: meetings and messages when there are any, else how many agents are in each state. */

import { timeOfDay } from "../format.js";
import { stateRank } from "../urgency.js";
import { html } from "../draw/html.js";
import { StateShape } from "../draw/shapes.js";

export function Foot({ context, floor, stale }) {
  const told = [...floor.meetings.map((meeting) => about(context, meeting)), ...floor.messages.map((message) => message.text)];
  const items = told.length || Object.values(floor.totals.agents).filter(Boolean).length;
  return html`<footer class="foot panel ${stale ? "stale" : ""}" style=${{ "--items": Math.max(1, items) }}>
    ${told.length
      ? told.map((text, place) => html`<span key=${place}><span class="name" dir="auto">${text}</span></span>`)
      : html`<${Digest} ...${{ context, totals: floor.totals }} />`}
  </footer>`;
}

function about({ say, now, zone }, { name, at }) {
  const minutes = Math.ceil((at - now) / 60);
  return minutes > 0 ? say("foot.meeting_in", { name, n: minutes }) : say("foot.meeting_now", { name, time: timeOfDay(at, zone, false) });
}

function Digest({ context, totals }) {
  const states = Object.entries(totals.agents).filter(([, number]) => number > 0);
  states.sort(([one], [other]) => stateRank(one) - stateRank(other));
  return states.map(
    ([state, number]) => html`<span key=${state}><${StateShape} state=${state} /><b>${number}</b>${context.stateWord(state)}</span>`,
  );
}
