/* The whole floor page for one moment: which of its states it is in, and what each part is given. Draws, decides nothing of
its own. */

import { html } from "../draw/html.js";
import { Inspector, NothingChosen } from "./inspector.js";
import { Middle } from "./middle.js";
import { Empty, Forbidden, Keys, Loading } from "./notes.js";
import { Left } from "./queues.js";
import { Screens } from "./screens.js";
import { Banner, Top } from "./top.js";
import { Why } from "./why.js";
import { DeedForm, titleOf } from "./form.js";
import { MeetingSheet } from "./meetings.js";
import { Palette } from "./palette.js";
import { Presses } from "./presses.js";
import { RowMenu } from "./row_menu.js";

export function Page(parts) {
  const { context, dialog, spoken } = parts;
  return html`<div class="page">
    ${body(parts)}
    <p class="unseen" role="status" data-digest>${spoken.digest}</p>
    <p class="unseen" role="alert" data-breach>${spoken.breach}</p>
    <p class="unseen" role="status" data-pressed>${spoken.pressed}</p>
    <dialog data-dialog=${dialog} aria-label=${dialog ? labelOf(parts) : null}>${sheet(parts)}</dialog>
  </div>`;
}

const DIALOGS = { keys: "keys.title", screens: "screens.title", deed: "console.deed", meeting: "meetings.start_title",
  palette: "palette.title" };

function labelOf({ context, dialog, floor, console }) {
  return dialog === "deed" && floor && console.form ? titleOf(context, floor, console.form) : context.say(DIALOGS[dialog]);
}

function sheet({ context, dialog, screens, floor, console }) {
  if (dialog === "keys") return html`<${Keys} ...${{ context }} />`;
  if (dialog === "screens") return html`<${Screens} ...${{ context, screens }} />`;
  if (!floor) return null;
  if (dialog === "deed" && console.form) return html`<${DeedForm} ...${{ context, floor, form: console.form, phone: console.phone }} />`;
  if (dialog === "meeting") return html`<${MeetingSheet} ...${{ context, floor, plan: console.plan, sheet: console.sheet }} />`;
  return dialog === "palette" ? html`<${Palette} ...${{ context, palette: console.palette, found: console.found }} />` : null;
}

function body(parts) {
  const { context, floor, link, session, found } = parts;
  if (link.phase === "refused") return html`<${Forbidden} ...${{ context, link, session }} />`;
  if (!floor) return html`<${Loading} ...${{ context, link }} />`;
  const top = html`<${Top} ...${parts} health=${found} />
    ${found.troubles.length ? html`<${Banner} ...${{ context, health: found }} />` : null}`;
  if (!floor.queues.size && !floor.agents.size) return html`${top}<${Empty} ...${{ context, floor }} />`;
  const open = parts.why || parts.at;
  return html`${top}
    <div class="columns-3 ${open ? "open" : ""}">
      <div class="left-side"><${Head} ...${parts} /><${Left} ...${parts} cursor=${parts.cursors.queues} /></div>
      <${Middle} ...${parts} cursor=${parts.cursors[parts.filters.tab]} />
      <aside class="side-panel panel" aria-label=${context.say("inspector.title")}>${aside(parts)}</aside>
    </div>
    ${parts.deeds.length ? html`<${Presses} ...${{ context, floor, presses: parts.console.presses, now: parts.now }} />` : null}
    ${parts.console.menu ? html`<${RowMenu} ...${{ context, floor, menu: parts.console.menu, deeds: parts.deeds }} />` : null}`;
}

/* Whose floor this is, and the day that its counts belong to. */
function Head({ context: { say }, floor }) {
  return html`<header class="whose"><h1 class="name cut" dir="auto">${floor.floor}</h1><p class="quiet">
    ${say("floor.day", { day: floor.day })}</p></header>`;
}

function aside(parts) {
  const { context, why, at, asOf } = parts;
  if (why) return html`<${Why} ...${{ context, why, now: asOf(null) }} />`;
  return at ? html`<${Inspector} ...${parts} key="${at.kind}:${at.id}" />` : html`<${NothingChosen} ...${{ context }} />`;
}
