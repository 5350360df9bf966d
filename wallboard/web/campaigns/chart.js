/* A share over time against its limit, as one line in a frame: minutes of the last hour, or days. Pure drawing.

A moment of which nothing is known is a gap in the line, never a zero. */

import { html } from "../draw/html.js";
import { target } from "../format.js";

const WIDTH = 600;
const HEIGHT = 120;
/* The frame reaches so much over the limit, so that a line that crosses it is seen to. */
const ABOVE = 1.5;
const LEAST = 0.01;

/* points: [{rate}], oldest first; limit and target: shares or null. */
export function Chart({ points, limit, aim, label, say }) {
  const known = points.filter(({ rate }) => rate !== null);
  if (!known.length) return html`<p class="quiet">${say("chart.nothing")}</p>`;
  const top = Math.max(LEAST, ...known.map(({ rate }) => rate), (limit ?? 0) * ABOVE, (aim ?? 0) * ABOVE);
  const x = (at) => (points.length > 1 ? (at / (points.length - 1)) * WIDTH : WIDTH / 2);
  const y = (rate) => HEIGHT - (rate / top) * HEIGHT;
  const level = (rate, name) => (isKnown(rate) ? html`<line class=${name} x1="0" x2=${WIDTH} y1=${y(rate)} y2=${y(rate)} />` : null);
  return html`<figure class="abandon-chart panel">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${label}>
      ${level(limit, "limit")}${level(aim, "aim")}
      ${segmentsOf(points).map((segment, number) => html`<polyline key=${number} points=${segment.map(([at, rate]) =>
        `${x(at)},${y(rate)}`).join(" ")} />`)}
      ${points.map(({ rate }, at) => (rate === null ? null : html`<circle key=${at} cx=${x(at)} cy=${y(rate)} r="2" />`))}
    </svg>
    <figcaption>${label}
      ${isKnown(limit) ? html`<span><i class="limit"></i>${say("figure.limit", { limit: target(limit) })}</span>` : null}
      ${isKnown(aim) ? html`<span><i class="aim"></i>${say("chart.aim", { aim: target(aim) })}</span>` : null}</figcaption>
  </figure>`;
}

function isKnown(rate) {
  return rate !== null && rate !== undefined && rate >= 0;
}

/* Runs of known points: [[at, rate], …] each. */
export function segmentsOf(points) {
  const segments = [[]];
  points.forEach(({ rate }, at) => {
    if (rate === null) segments.push([]);
    else segments.at(-1).push([at, rate]);
  });
  return segments.filter((segment) => segment.length);
}

/* Of each minute the share of all since the first: what the governor steers by, and steadier than single minutes. */
export function runningRates(minutes) {
  let live = 0;
  let abandoned = 0;
  return minutes.map((minute) => {
    live += minute.live;
    abandoned += minute.abandoned;
    return { ...minute, rate: live ? abandoned / live : null };
  });
}
