/* The foot of the console: each press with its three states, what was refused and why, another try, and undo while it can be.

Not when one goes away (asked.js) and not what its buttons do (console.js). */

import { html } from "../draw/html.js";
import { PlainShape } from "../draw/shapes.js";
import { timeOfDay } from "../format.js";
import { SHOWN, STAGES, failedOf, isOver, pressOf, stageOf, tookOf, undoLeft, wentWrong } from "./asked.js";
import { namesOf } from "./form.js";
import { textIn } from "./told.js";

export function Presses({ context, floor, presses, now }) {
  const rows = floor.orders || [];
  const shown = presses.slice(-SHOWN);
  const more = presses.length - shown.length;
  return html`<section class="presses" aria-label=${context.say("console.presses")}>
    ${more > 0 ? html`<p class="unseen">${context.say("list.more", { n: more })}</p>` : null}
    <ol>${shown.map((press) => html`<${Press} key=${press.id} ...${{ context, floor, press, rows, now }} />`)}</ol>
    ${shown.length ? null : html`<p class="quiet idle">${context.say("console.idle")} <kbd>Ctrl K</kbd></p>`}
  </section>`;
}

/* "王芳: pause": what was pressed, and whom it is about: agents, a team or all screens, a meeting, an alert. */
export function aboutOf(context, floor, press) {
  const { say } = context;
  const named = namesOf(context, floor, press.items.map(({ agent }) => agent));
  const to = press.name === "message" ? press.about || "" : "";
  const many = to === "all" ? say("form.all") : to.startsWith("team:") ? say("form.team", { team: to.slice("team:".length) }) : press.about;
  return say(`deed.${press.name}_said`, { whom: named || many });
}

function Press({ context, floor, press, rows, now }) {
  const { say, lang, zone } = context;
  const { stage, said, counts } = pressOf(press, rows);
  const left = undoLeft(press, rows, now);
  const wrong = wentWrong(stage);
  const about = aboutOf(context, floor, press);
  const failed = failedOf(press, rows);
  return html`<li class="press ${wrong ? "wrong" : ""}" data-press=${press.name} data-stage=${stage}>
    <span class="line-1">
      <${PlainShape} shape=${wrong ? "act" : isOver(stage) ? "live" : "syncing"} />
      <time>${timeOfDay(press.asked, zone)}</time>
      <span class="cut about" dir="auto">${press.undone ? say("console.undone", { what: about }) : about}</span>
      ${press.items.length > 1 ? html`<${Counts} ...${{ context, counts }} />` : html`<${Stages} ...${{ context, press, rows, stage }} />`}
      ${said && (wrong || stage === "waiting") ? html`<span class="cut said" title=${textIn(lang, said)}>
        ${textIn(lang, said)}</span>` : null}
      <span class="grow" />
      ${press.items.length > 1 || wrong ? html`<button type="button" class="plain" data-act="press_more" data-id=${press.id}
        aria-expanded=${String(Boolean(press.pinned))}>${say("console.details")}</button>` : null}
      ${failed.length && press.again ? html`<button type="button" class="plain" data-act="press_again" data-id=${press.id}>
        ${say("console.again", { n: failed.length })}</button>` : null}
      ${left ? html`<button type="button" class="plain undo" data-act="undo" data-id=${press.id}>${say("console.undo", { n: left })}
        <kbd>z</kbd></button>` : null}
      ${wrong || press.pinned ? html`<button type="button" class="icon" data-act="press_close" data-id=${press.id}
        aria-label=${say("floor.close")}><${PlainShape} shape="lost" /></button>` : null}
    </span>
    ${press.pinned ? html`<${Items} ...${{ context, floor, press, rows }} />` : null}
  </li>`;
}

/* asked · accepted · seen (0.21 s): what is so stands in full, what is not yet is faint. */
function Stages({ context: { say }, press, rows, stage }) {
  if (!STAGES.includes(stage)) return html`<span class="stages"><b>${say(`stage.${stage}`)}</b></span>`;
  const place = STAGES.indexOf(stage);
  const took = tookOf(press, rows);
  return html`<span class="stages">${STAGES.map((each, number) => html`<span key=${each} class=${number <= place ? "so" : "not"}>
    ${number ? " · " : ""}${say(`stage.${each}`)}${each === "seen" && took !== null ? ` (${took.toFixed(2)} s)` : ""}</span>`)}</span>`;
}

function Counts({ context: { say }, counts }) {
  return html`<span class="stages">${Object.entries(counts).map(([stage, n], place) => html`<span key=${stage} class="so">
    ${place ? " · " : ""}${n} ${say(`stage.${stage}`)}</span>`)}</span>`;
}

/* A line an agent: what became of it, and every rule that was looked at. */
function Items({ context, floor, press, rows }) {
  const { say, lang } = context;
  return html`<ul class="items">
    ${press.items.map((item) => {
      const { stage, said } = stageOf(item, rows);
      return html`<li key=${item.agent} data-stage=${stage}>
        <span class="name" dir="auto">${floor.agents.get(item.agent)?.name || item.agent}</span>${" "}<b>${say(`stage.${stage}`)}</b>
        ${said ? html`<span class="quiet">${" "}${textIn(lang, said)}</span>` : null}
        ${(item.reasons || []).length > 1 ? html`<ul class="reasons">${item.reasons.map((reason) => html`<li key=${reason.rule}>
          ${textIn(lang, reason.text)}</li>`)}</ul>` : null}
      </li>`;
    })}
  </ul>`;
}
