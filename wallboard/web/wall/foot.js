/* The bottom line: meetings and messages when there are any, else how many agents are in each state. */

import { timeOfDay } from "../format.js";
import { stateRank } from "../urgency.js";
import { html } from "../draw/html.js";
import { StateShape } from "../draw/shapes.js";

export function Foot({ context, floor, stale }) {
  const toAll = floor.messages.filter((message) => !message.to.startsWith("agent:"));
  const told = [...floor.meetings.map((meeting) => about(context, meeting)), ...toAll.map((message) => message.text)];
  const items = told.length || Object.values(floor.totals.agents).filter(Boolean).length;
  return html`<footer class="foot panel ${stale ? "stale" : ""}" style=${{ "--items": Math.max(1, items) }}>
    ${told.length
      ? told.map((text, place) => html`<span key=${place}><span class="name" dir="auto">${text}</span></span>`)
      : html`<${Digest} ...${{ context, totals: floor.totals }} />`}
  </footer>`;
}

/* "Morning meeting, B in 12 min": what a team has to know before it begins; that it is on, while it is. */
function about({ say, lang, now, zone }, meeting) {
  const title = (lang === "zh" && meeting.name_zh) || meeting.name;
  const name = [title, ...meeting.teams].filter(Boolean).join(" · ");
  const minutes = Math.max(1, Math.ceil((meeting.begins - now) / 60));
  if (meeting.phase === "coming") return say("foot.meeting_in", { name, n: minutes });
  return say("foot.meeting_now", { name, time: timeOfDay(meeting.until, zone, false) });
}

function Digest({ context, totals }) {
  const states = Object.entries(totals.agents).filter(([, number]) => number > 0);
  states.sort(([one], [other]) => stateRank(one) - stateRank(other));
  return states.map(
    ([state, number]) => html`<span key=${state}><${StateShape} state=${state} /><b>${number}</b>${context.stateWord(state)}</span>`,
  );
}
