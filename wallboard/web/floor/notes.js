/* The floor page when there is no floor to show, and the sheet of its keys. Each note says what to do. */

import { html } from "../draw/html.js";

/* What stands between backticks is something to type. */
function prose(text) {
  return text.split("`").map((part, place) => (place % 2 ? html`<code>${part}</code>` : part));
}

export function Loading({ context: { say }, link }) {
  const about = link.failures > 0 ? "retrying" : "loading";
  return html`<main class="note panel" data-note=${about} role="status"><h2>${say(`${about}.title`)}</h2><p>
    ${prose(say(`floor.${about}`))}</p></main>`;
}

export function Empty({ context: { say }, floor }) {
  const nodes = [...floor.nodes.values()].map((node) => node.node).join(", ");
  return html`<main class="note panel" data-note="empty">
    <h2>${say("empty.title")}</h2>
    <p>${prose(say("empty.text"))}</p>
    <p>${nodes ? say("empty.nodes", { nodes }) : say("empty.no_nodes")}</p>
  </main>`;
}

/* A refusal that no other try would end: a role without the right, or page and board of different versions. */
export function Forbidden({ context: { say }, link, session }) {
  const about = link.code === 4403 ? "role" : "code";
  return html`<main class="note panel" data-note="forbidden">
    <h2>${say(`floor.forbidden_${about}_title`)}</h2>
    <p>${prose(say(`floor.forbidden_${about}`, { code: link.code, role: session?.role || "" }))}</p>
    ${session?.actions.includes("break.own") ? html`<p><a href="/agent">${say("floor.own_page")}</a></p>` : null}
    <p>${session ? html`<button type="button" class="plain" data-act="sign_out">${say("top.sign_out")}</button>` : null}</p>
  </main>`;
}

const KEYS = [
  ["/", "search"], ["j k ↓ ↑", "rows"], ["← →", "cells"], ["Enter", "inspect"], ["i", "inspector"], ["x", "select"],
  ["Shift ↓ ↑", "extend"], ["?", "explain"], ["g q", "queues"], ["g a", "agents"], ["g c", "calls"], ["g n", "nodes"],
  ["p u", "pause"], ["l w b", "listen"], ["h", "hangup"], ["m", "message"], ["z", "undo"], ["Ctrl+K", "palette"], ["⇧S", "stop"],
  ["L", "language"], ["t", "theme"], ["Esc", "back"],
];

export function Keys({ context: { say } }) {
  return html`<div class="dialog-body">
    <h2 tabindex="-1" data-focus="dialog">${say("keys.title")}</h2>
    <dl class="keys">${KEYS.map(([key, what]) => html`<dt>${key.split(" ").map((each) => html`<kbd>${each}</kbd> `)}</dt><dd>
      ${say(`keys.floor_${what}`)}</dd>`)}</dl>
    <button type="button" class="plain" data-act="close_dialog">${say("floor.close")}</button>
  </div>`;
}
