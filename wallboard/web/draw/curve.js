/* The last half hour as bars, one a minute; a minute of which nothing is known is a gap, a zero is a thin line. */

import { html } from "./html.js";

const HEIGHT = 20;
const STEP = 10;
const BAR = 7;
const FLOOR = 0.6;

/* values: numbers or null, oldest first; target: drawn as a line, or null; top: the least that the full height stands for. */
export function Curve({ values, target, top, label }) {
  if (!values || !values.some((value) => value !== null)) return html`<span />`;
  const most = Math.max(top, ...values.map((value) => value || 0));
  const y = (value) => HEIGHT - Math.max(FLOOR, (value / most) * HEIGHT);
  const bar = (value, minute) =>
    value === null ? null : html`<rect x=${minute * STEP} y=${y(value)} width=${BAR} height=${HEIGHT - y(value)} />`;
  const level = target === null || target > most ? null : y(target);
  return html`<svg class="curve" viewBox="0 0 ${values.length * STEP} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${label}>
    ${values.map(bar)}
    ${level === null ? null : html`<line x1="0" x2=${values.length * STEP} y1=${level} y2=${level} />`}
  </svg>`;
}
