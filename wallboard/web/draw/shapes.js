/* Each state and level as a shape: it says the state in greyscale and from afar. Inline SVG, since glyphs differ by font. */

import { html } from "./html.js";

const disc = html`<circle cx="8" cy="8" r="6.5" />`;
const square = html`<rect x="2" y="2" width="12" height="12" rx="1" />`;
const squares = html`<rect class="hollow" x="2.5" y="2.5" width="11" height="11" rx="1" /><rect x="5.5" y="5.5" width="5" height="5" />`;

const SHAPES = {
  ready: disc,
  talking: square,
  ringing: html`<path d="M8 0.8 15.2 8 8 15.2 0.8 8z" />`,
  dialling: html`<path class="hollow" d="M8 2 14 8 8 14 2 8z" />`,
  connecting: html`<path class="hollow" d="M8 2 14 8 8 14 2 8z" /><path d="M8 5.2 10.8 8 8 10.8 5.2 8z" />`,
  hold: html`<path d="M2 2h2.4v12H2zM6.8 2h2.4v12H6.8zM11.6 2H14v12h-2.4z" />`,
  wrapup: html`<circle class="hollow" cx="8" cy="8" r="6" /><path d="M8 2a6 6 0 0 0 0 12z" />`,
  on_break: html`<path d="M3 2h4v12H3zM9 2h4v12H9z" />`,
  break_pending: html`<path d="M6 2h4v12H6z" />`,
  meeting: squares,
  training: squares,
  coaching: squares,
  not_ready: html`<circle class="hollow" cx="8" cy="8" r="5.8" />`,
  no_answer: html`<circle class="hollow" cx="8" cy="8" r="5.8" /><path class="hollow" d="M3.9 12.1 12.1 3.9" />`,
  unreachable: html`<path class="hollow" d="M3 3 13 13M13 3 3 13" />`,
  logged_out: html`<circle cx="8" cy="8" r="2" />`,
  waiting: html`<path d="M3 1.5h10L9.2 8 13 14.5H3L6.8 8z" />`,
  parked: html`<path class="hollow" d="M4.5 14V2.5h4a3.3 3.3 0 0 1 0 6.6h-4" />`,
  menu: html`<path d="M2 3h12v2H2zM2 7h12v2H2zM2 11h12v2H2z" />`,
  inbound: html`<path d="M1 7h8V3l6 5-6 5V9H1z" />`,
  outbound: html`<path class="hollow" d="M2 7.2h7V3.6L14 8l-5 4.4V8.8H2z" />`,
  internal: html`<path d="M1 8l4-4v3h6V4l4 4-4 4V9H5v3z" />`,
  recorded: html`<circle class="hollow" cx="8" cy="8" r="6" /><circle cx="8" cy="8" r="3" />`,
  silent: html`<circle class="hollow" cx="8" cy="8" r="6" /><path class="hollow" d="M6 5.2v5.6M10 5.2v5.6" />`,
  spied: html`<path class="hollow" d="M1.2 8C4 3.6 12 3.6 14.8 8 12 12.4 4 12.4 1.2 8z" /><circle cx="8" cy="8" r="2.4" />`,
  live: html`<path class="hollow" d="M2.5 8.5 6.5 12.5 13.5 3.5" />`,
  syncing: html`<circle class="hollow" cx="8" cy="8" r="6" stroke-dasharray="6 3" />`,
  lost: html`<path class="hollow" d="M3 3 13 13M13 3 3 13" />`,
  warn: html`<path d="M8 1 15.5 14.5H.5z" />`,
  act: html`<path fill-rule="evenodd" d="M8 .4 16 15H0zM7.1 5.6l.3 4.9h1.2l.3-4.9zM7.2 11.7v1.6h1.6v-1.6z" />`,
};

export function StateShape({ state }) {
  return html`<svg class="shape s-${state}" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[state] || SHAPES.not_ready}</svg>`;
}

export function LevelShape({ level, label }) {
  return html`<svg class="shape l-${level}" viewBox="0 0 16 16" role="img" aria-label=${label}>${SHAPES[level]}</svg>`;
}

/* Inherits the colour of where it stands. */
export function PlainShape({ shape }) {
  return html`<svg class="shape" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[shape]}</svg>`;
}

/* Which of some pages this is. */
export function Dots({ count, place, label }) {
  const dot = (_, number) => html`<circle class=${number === place ? "" : "hollow"} cx=${number * 14 + 8} cy="8" r="4" />`;
  const width = count * 14 + 2;
  return html`<svg class="dots" viewBox="0 0 ${width} 16" role="img" aria-label=${label}>${Array.from({ length: count }, dot)}</svg>`;
}

/* How much of the time of a page has gone. */
export function Ring({ part }) {
  const round = 2 * Math.PI * 6;
  return html`<svg class="shape ring" viewBox="0 0 16 16" aria-hidden="true">
    <circle cx="8" cy="8" r="6" />
    <circle cx="8" cy="8" r="6" transform="rotate(-90 8 8)" stroke-dasharray="${round * part} ${round}" />
  </svg>`;
}
