/* Meetings in the left column, and the sheet that starts one: of the plan, or of no plan for teams that are chosen. */

import { html } from "../draw/html.js";
import { StateShape } from "../draw/shapes.js";
import { timeOfDay } from "../format.js";
import { Refused } from "./form.js";

export function meetingName({ lang }, meeting) {
  return (lang === "zh" && meeting.name_zh) || meeting.name || meeting.id;
}

function missingText({ say, agentName }, { missing }) {
  return missing?.length ? say("meetings.missing", { names: missing.map(agentName).join(", ") }) : "";
}

export function Meetings({ context, floor, may, sure }) {
  const { say, zone } = context;
  const meetings = floor.meetings || [];
  if (!meetings.length && !may) return null;
  return html`<section class="panel meetings" aria-label=${say("meetings.title")}>
    <h2><span class="grow">${say("meetings.title")}</span>
      ${may ? html`<button type="button" class="plain" data-act="meeting">${say("meetings.start")}</button>` : null}</h2>
    ${meetings.length ? null : html`<p class="quiet place">${say("meetings.none")}</p>`}
    <ul class="waits">${meetings.map((meeting) => html`<li class="wait" key=${meeting.id} data-meeting=${meeting.id}>
      <span class="line" title=${[meetingName(context, meeting), missingText(context, meeting)].filter(Boolean).join(". ")}>
        <${StateShape} state="meeting" /><span class="grow cut" dir="auto"><b>${(meeting.teams || []).join(", ")}</b>${" "}
          ${meetingName(context, meeting)}</span>
        ${meeting.phase === "on"
          ? html`<span class="eta">${meeting.joined}/${meeting.expected}${" "}<small>${say("meetings.until", {
              time: timeOfDay(meeting.until, zone, false) })}</small></span>`
          : html`<span class="eta">${timeOfDay(meeting.begins, zone, false)}</span>`}
      </span>
      ${may ? html`<button type="button" class="plain ${sure === meeting.id ? "sure" : ""}" data-id=${meeting.id} data-rule=${meeting.rule}
        data-act=${meeting.phase === "on" ? "meeting_stop" : "meeting_now"}>${say(
          sure === meeting.id ? "meetings.stop_sure" : meeting.phase === "on" ? "meetings.stop" : "meetings.now")}</button>` : null}
    </li>`)}</ul>
  </section>`;
}

/* plan: {meetings: [{id, name, name_zh, teams}]} as GET /api/plan says it, or null. */
export function MeetingSheet({ context, floor, plan, sheet }) {
  const { say } = context;
  const teams = [...new Set([...floor.agents.values()].map((agent) => agent.team).filter(Boolean))].sort();
  const planned = plan?.meetings || [];
  return html`<form class="dialog-body deed" data-form="meeting" autocomplete="off">
    <h2 tabindex="-1" data-focus="dialog">${say("meetings.start_title")}</h2>
    ${planned.length ? html`<label class="field"><span>${say("meetings.which")}</span><select name="meeting">
      <option value="">${say("meetings.unplanned")}</option>
      ${planned.map((meeting) => html`<option key=${meeting.id} value=${meeting.id}>${meetingName(context, meeting)} · ${
        (meeting.teams || []).join(", ")}</option>`)}</select></label>` : null}
    <label class="field"><span>${say("meetings.name")}</span><input name="name" maxlength="80" /></label>
    <label class="field"><span>${say("form.minutes")}</span>
      <input name="minutes" type="number" min="1" max="240" defaultValue="15" /></label>
    <fieldset class="kinds"><legend>${say("meetings.teams")}</legend>
      ${teams.map((team) => html`<label key=${team}><input type="checkbox" name="teams" value=${team} /><span>${team}</span></label>`)}
    </fieldset>
    <p class="quiet">${say("meetings.explained")}</p>
    <${Refused} ...${{ context, refused: sheet?.refused || null }} />
    <p class="buttons">
      <button type="button" class="plain" data-act="close_dialog">${say("form.cancel")}</button>
      <button type="submit" class="plain main" disabled=${Boolean(sheet?.asking)}>${say(sheet?.asking ? "form.asking" : "meetings.do")}
      </button>
    </p>
  </form>`;
}
