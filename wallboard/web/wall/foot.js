/* The bottom line: what asks to act, messages and meetings when there are any, else how many agents are in each state. What does not fit
is not shown, so the order is by what can wait least: the alert, the newest message, what is on, what comes; of what comes by groups,
the next. */

import { isCleared, openAlerts } from "../alerting.js";
import { timeOfDay } from "../format.js";
import { stateRank } from "../urgency.js";
import { html } from "../draw/html.js";
import { LevelShape, StateShape } from "../draw/shapes.js";

/* Half a line, read from as far as the wall is made for; and long enough to read a whole one. */
const LONG = 50;
const TURN_S = 10;

export function Foot({ context, floor, stale }) {
  const toAll = floor.messages.filter((message) => !message.to.startsWith("agent:"));
  const newest = [...toAll].sort((one, other) => other.at - one.at).map((message) => message.text);
  const isOn = (meeting) => Number(meeting.phase !== "coming");
  const meetings = [...floor.meetings].sort((one, other) => isOn(other) - isOn(one) || one.begins - other.begins);
  const nextOf = (rule) => meetings.find((meeting) => !isOn(meeting) && meeting.rule === rule);
  const next = meetings.filter((meeting) => isOn(meeting) || meeting === nextOf(meeting.rule));
  const told = inTurn(newest, next.map((meeting) => about(context, meeting)), context.now);
  const acting = openAlerts(floor.alerts).filter((alert) => alert.severity === "act" && !isCleared(alert));
  const items = told.length + Math.min(1, acting.length) || Object.values(floor.totals.agents).filter(Boolean).length;
  return html`<footer class="foot panel ${stale ? "stale" : ""}" style=${{ "--items": Math.max(1, items) }}>
    ${acting.length ? html`<${Acting} key="act" ...${{ context, acting }} />` : null}
    ${told.map((text, place) => html`<span key=${place}><span class="name" dir="auto">${text}</span></span>`)}
    ${told.length || acting.length ? null : html`<${Digest} ...${{ context, totals: floor.totals }} />`}
  </footer>`;
}

/* The worst of the open alerts, and how many more there are. Amber ones are for who looks after them: the floor page has them all. */
function Acting({ context: { say, lang }, acting: [alert, ...others] }) {
  return html`<span class="act"><${LevelShape} level="act" label=${say("level.act")} />
    <span class="name" dir="auto">${alert.text[lang] || alert.text.en || alert.subject}</span>
    ${others.length ? html`<span>${say("list.more", { n: others.length })}</span>` : null}</span>`;
}

/* Side by side where there is room; a message that fills the line takes turns with the meetings. */
function inTurn(messages, meetings, now) {
  const isLong = messages.some((text) => widthOf(text) > LONG);
  if (!isLong || !meetings.length) return [...messages, ...meetings];
  return Math.floor(now / TURN_S) % 2 ? meetings : messages;
}

/* In letters: a Chinese one is as wide as two. */
function widthOf(text) {
  return [...text].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 2 : 1), 0);
}

/* "Morning meeting, B in 12 min": what a team has to know before it begins; that it is on, while it is. */
function about({ say, lang, now, zone }, meeting) {
  const title = (lang === "zh" && meeting.name_zh) || meeting.name;
  const name = [title, ...meeting.teams.filter((team) => !isNamed(team, title))].filter(Boolean).join(" · ");
  const minutes = Math.max(1, Math.ceil((meeting.begins - now) / 60));
  if (meeting.phase === "coming") return say("foot.meeting_in", { name, n: minutes });
  return say("foot.meeting_now", { name, time: timeOfDay(meeting.until, zone, false) });
}

/* "Morning meeting, team A" and "A组早会" have said whose it is. */
function isNamed(team, title) {
  const place = title.indexOf(team);
  const isPart = (letter) => /[a-z0-9]/i.test(letter || " ");
  return place >= 0 && !isPart(title[place - 1]) && !isPart(title[place + team.length]);
}

function Digest({ context, totals }) {
  const states = Object.entries(totals.agents).filter(([, number]) => number > 0);
  states.sort(([one], [other]) => stateRank(one) - stateRank(other));
  return states.map(
    ([state, number]) => html`<span key=${state}><${StateShape} state=${state} /><b>${number}</b>${context.stateWord(state)}</span>`,
  );
}
