/* In the details of an agent: what may be ordered, each with its key and with how far it is; and the break that is under way. */

import { html } from "../draw/html.js";
import { duration, timeOfDay } from "../format.js";
import { isOver, stageOf } from "./asked.js";
import { DEEDS, offered } from "./deeds.js";

/* The button that was pressed says asked, accepted, seen. */
export function ActsOn({ context: { say }, floor, id, deeds, presses }) {
  if (!deeds.length) return null;
  return html`<div class="acts-on" role="group" aria-label=${say("console.acts")}>
    ${offered(deeds, floor.agents.get(id)).filter((deed) => !DEEDS[deed].rare).map((deed) => {
      const stage = stageFor(presses, floor.orders || [], deed, id);
      return html`<button type="button" class="plain" key=${deed} data-act="deed" data-deed=${deed} data-id=${id} data-stage=${stage}>
        ${say(`deed.${deed}`)}${DEEDS[deed].key ? html` <kbd>${DEEDS[deed].key}</kbd>` : null}${stage
          ? html` <span class="stage">${say(`stage.${stage}`)}</span>` : null}</button>`;
    })}
  </div>`;
}

/* Of the last press of this act on this agent that is still shown; null for none. */
function stageFor(presses, rows, deed, id) {
  const press = presses.findLast((each) => each.name === deed && each.items.some((item) => item.agent === id));
  if (!press) return null;
  const { stage } = stageOf(press.items.find((item) => item.agent === id), rows);
  return press.over === null || isOver(stage) ? stage : null;
}

export function BreakOf({ context, agent, now }) {
  const { say, word, zone } = context;
  const pause = agent.break;
  if (!pause) return null;
  const lines = [
    ["kind", word("kind", pause.kind)],
    ["phase", say.knows(`phase.${pause.phase}`) ? say(`phase.${pause.phase}`) : pause.phase],
    ...(pause.until ? [["until", timeOfDay(pause.until, zone)]] : []),
    ...(pause.used_s === null || pause.used_s === undefined ? [] : [["used",
      duration(pause.used_s + (pause.phase === "on" ? Math.max(0, now - pause.since) : 0))]]),
    ...(pause.step ? [["step", word("step", pause.step)]] : []),
  ];
  return html`<h3>${say("break.title")}</h3>
    <dl class="facts">${lines.map(([name, value]) => html`<dt key=${name}>${say(`break.${name}`)}</dt><dd>${value}</dd>`)}</dl>`;
}
