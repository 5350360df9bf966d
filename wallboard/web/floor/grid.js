/* A grid of rows with one tab stop: the ARIA grid pattern with a roving tabindex. Which row that is, main.js decides.

Not what a row says (agents.js, calls.js, queues.js). It is no live region; said.js speaks. */

import { html } from "../draw/html.js";

/* table: names the grid for keys and tests; columns: {name, word}; children: the rows. */
export function Grid({ table, label, columns, many, children }) {
  return html`<div class="grid ${table}" role="grid" aria-label=${label} aria-multiselectable=${many ? "true" : null} data-grid=${table}>
    <div class="columns" role="row">
      ${columns.map(({ name, word }) => html`<span class="c-${name} cut" role="columnheader" key=${name}>${word}</span>`)}
    </div>
    <div class="rows" role="rowgroup">${children}</div>
  </div>`;
}

/* What every row has in common, as properties of its element. */
export function rowProps(table, kind, id, { cursor, chosen, selected, level, stale, faded }) {
  const classes = ["row", level, stale && "stale", faded && "faded", chosen && "chosen", selected && "selected"];
  return {
    class: classes.filter(Boolean).join(" "),
    role: "row",
    tabindex: cursor ? 0 : -1,
    "data-row": id,
    "data-act": table === "queues" ? "queue" : "inspect",
    "data-kind": kind,
    "data-id": id,
    "aria-selected": selected === undefined ? null : String(Boolean(selected)),
    "aria-current": chosen ? "true" : null,
  };
}
