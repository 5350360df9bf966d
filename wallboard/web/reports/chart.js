/* Offered, answered and abandoned, a group of bars for each row. The table beside it says the same in figures. */

import { html } from "../draw/html.js";

const HEIGHT = 100;
const GROUP = 24;
const BAR = 6;
/* In print and in greyscale they differ by place and by filling. */
export const SERIES = ["offered", "answered", "abandoned"];

export function Chart({ rows, label, titleOf }) {
  const most = Math.max(1, ...rows.map((row) => row.figures.offered));
  const y = (value) => HEIGHT - (value / most) * HEIGHT;
  const bar = (name, x, top) => html`<rect class=${`bar-${name}`} x=${x} y=${top} width=${BAR} height=${HEIGHT - top} />`;
  const bars = (row, place) => html`<g key=${`${row.day} ${row.begins}`}>
    <title>${titleOf(row)}</title>
    ${SERIES.map((name, number) => bar(name, place * GROUP + 2 + number * (BAR + 1), y(row.figures[name])))}
  </g>`;
  const box = `0 0 ${Math.max(1, rows.length) * GROUP} ${HEIGHT}`;
  return html`<svg class="chart" viewBox=${box} preserveAspectRatio="none" role="img" aria-label=${label}>${rows.map(bars)}</svg>`;
}
