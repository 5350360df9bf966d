/* An agent's day as a strip: a segment a turn, told below it when pointed at or walked to by arrow keys; the same as a table
for whoever would rather read. The geometry is day.js. */

import { html } from "../draw/html.js";
import { StateShape } from "../draw/shapes.js";
import { duration, timeOfDay, DASH } from "../format.js";
import { HEIGHT, WIDTH, hourMarks, segments, spanOf, spent } from "./day.js";
import { Steady } from "./steady.js";

/* More hours would not be legible on the narrowest inspector. */
const HOURS = 6;

/* day: {answer, away} or null while it is asked for; place: the number of the segment that is told, or -1. */
export function Strip({ context, day, place, now, id }) {
  const { say } = context;
  if (!day || day.id !== id) return html`<p class="quiet" role="status">${say("day.loading")}</p>`;
  if (!day.answer) return html`<p class="quiet">${day.message || say("day.none")}</p>`;
  if (!day.answer.turns.length) return html`<p class="quiet">${day.answer.away || say("day.nothing")}</p>`;
  const { answer } = day;
  const minute = Math.ceil(now / STEP_S) * STEP_S; // the strip grows by steps, or it would be drawn anew each second
  return html`<${Bars} ...${{ context, answer, place, now: minute }} />
    <p class="told" aria-live="polite"><${Told}
      ...${{ context, turn: answer.turns[place] ?? answer.turns[answer.turns.length - 1], now }} /></p>
    <${Spent} ...${{ context, answer, now: minute }} />
    <${Table} ...${{ context, answer, now: minute }} />
    ${answer.away ? html`<p class="quiet">${answer.away}</p>` : null}`;
}

const STEP_S = 30;

class Bars extends Steady {
  render({ context, answer, place, now }) {
    const { say, word, zone } = context;
    const all = segments(answer, now);
    const label = say("day.strip", { n: all.length });
    const told = all[place];
    const valuetext = told ? sentence(context, told.turn, now) : "";
    return html`<div class="strip" tabindex="0" role="slider" aria-label=${label} aria-valuemin="1" aria-valuemax=${all.length}
        aria-valuenow=${place < 0 ? all.length : place + 1} aria-valuetext=${valuetext || label} data-strip>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        ${all.map(({ x, y, width, height, turn },
          number) => html`<rect key=${number} class="s-${turn.state}" x=${x} y=${y} width=${width} height=${height}><title>
            ${word("state", turn.state)}</title></rect>`)}
        ${told ? html`<rect class="pointer" x=${told.x} y="0" width=${Math.max(2, told.width)} height=${HEIGHT} />` : null}
      </svg>
      <div class="hours" aria-hidden="true">
        ${hourMarks(spanOf(answer, now), HOURS).map(({ at, x }) => html`<span key=${at} style=${{ left: `${x / (WIDTH / 100)}%` }}>
          ${timeOfDay(at, zone, false)}</span>`)}
      </div>
    </div>`;
  }
}

/* "■ talking 10:02:11 to 10:07:12, 5:01 · sales". */
function Told({ context, turn, now }) {
  if (!turn) return DASH;
  return html`<${StateShape} state=${turn.state} /><span>${sentence(context, turn, now)}</span>`;
}

function sentence({ say, word, zone }, turn, now) {
  const times = { from: timeOfDay(turn.since, zone), duration: duration((turn.until ?? now) - turn.since) };
  const when = turn.until === null ? say("day.turn_open", times) : say("day.turn", { ...times, to: timeOfDay(turn.until, zone) });
  return [`${word("state", turn.state)} ${when}`, turn.reason, queueName(turn)].filter(Boolean).join(" · ");
}

/* A queue's key is server/name. */
function queueName({ queue }) {
  return queue ? queue.slice(queue.indexOf("/") + 1) : null;
}

function Spent({ context: { word }, answer, now }) {
  return html`<ul class="states">
    ${spent(answer, now).map(([state, seconds]) => html`<li key=${state}><${StateShape} state=${state} />${word("state", state)}${" "}<b>
      ${duration(seconds)}</b></li>`)}
  </ul>`;
}

class Table extends Steady {
  render({ context, answer, now }) {
    const { say, word, zone } = context;
    const heads = ["state", "from", "until", "lasted", "about"];
    return html`<details class="table">
      <summary>${say("day.as_table")}</summary>
      <table>
        <thead><tr>${heads.map((head) => html`<th scope="col" key=${head}>${say(`day.${head}`)}</th>`)}</tr></thead>
        <tbody>
          ${answer.turns.map((turn) => html`<tr key=${turn.since}>
            <td><${StateShape} state=${turn.state} /> ${word("state", turn.state)}</td>
            <td>${timeOfDay(turn.since, zone)}</td>
            <td>${turn.until === null ? say("day.now") : timeOfDay(turn.until, zone)}</td>
            <td>${duration((turn.until ?? now) - turn.since)}</td>
            <td>${[turn.reason, queueName(turn)].filter(Boolean).join(" · ") || DASH}</td>
          </tr>`)}
        </tbody>
      </table>
    </details>`;
  }
}
