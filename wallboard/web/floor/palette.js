/* The command palette: every act in one list, found by typing. The list is made and searched purely; its drawing is below.

What an entry does is an act of acts.js with the data that its markup would have had. */

import { html } from "../draw/html.js";
import { DEEDS, offered } from "./deeds.js";

/* So many are shown; who wants another one types on. */
export const SHOWN = 12;

/* Acts of the page itself: name of its words, act, data, key. */
const PAGE = [
  ["go_agents", "tab", { tab: "agents" }, "g a"],
  ["go_calls", "tab", { tab: "calls" }, "g c"],
  ["language", "language", {}, "L"],
  ["theme", "theme", {}, "t"],
  ["keys", "keys", {}, "?"],
];

/* [{id, text, hint, act, data, key}]. may: names of deeds; whom: whom they would be about, with their name as text. */
export function entriesOf({ say, floor, may, whom, about, session }) {
  const able = (action) => Boolean(session?.actions.includes(action));
  const fitting = whom.length === 1 ? offered(may, floor.agents.get(whom[0])) : may.filter((name) => DEEDS[name].many);
  const deeds = whom.length ? fitting : [];
  const own = [
    ...(able("meetings.manage") ? [["meeting", "meeting", {}, ""]] : []),
    ...(able("dialling.stop") ? [["stop_dialling", "stop_dialling", {}, "⇧S"]] : []),
    ...(able("messages.send") ? [["message_all", "message_all", {}, ""]] : []),
    ...(able("screens.manage") ? [["screens", "screens", {}, ""]] : []),
  ];
  return [
    ...deeds.map((deed) => ({ id: `deed-${deed}`, text: say(`deed.${deed}_whom`, { whom: about }), act: "deed",
      data: { deed }, key: DEEDS[deed].key })),
    ...[...own, ...PAGE].map(([name, act, data, key]) => ({ id: `page-${name}`, text: say(`palette.${name}`), act, data, key })),
    ...[...floor.agents.values()].map((agent) => ({ id: `agent-${agent.id}`, text: say("palette.agent", { name: agent.name || agent.id }),
      hint: agent.id, act: "inspect", data: { kind: "agent", id: agent.id }, key: "" })),
  ];
}

/* Those that have every typed part somewhere; those that begin with the first part come first, else the order stays. */
export function matching(entries, typed) {
  const parts = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const text = (entry) => `${entry.text} ${entry.hint || ""}`.toLowerCase();
  const found = entries.filter((entry) => parts.every((part) => text(entry).includes(part)));
  if (!parts.length) return found;
  const begins = (entry) => text(entry).startsWith(parts[0]);
  return [...found.filter(begins), ...found.filter((entry) => !begins(entry))];
}

function moreText(say, n) {
  return n > 0 ? say("list.more", { n }) : "";
}

export function Palette({ context, palette, found }) {
  const { say } = context;
  const shown = found.slice(0, SHOWN);
  const place = Math.min(palette.place, Math.max(0, shown.length - 1));
  return html`<div class="dialog-body palette">
    <input type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" data-palette
      data-focus="dialog" aria-activedescendant=${shown[place] ? `palette-${shown[place].id}` : null} aria-label=${say("palette.title")}
      placeholder=${say("palette.hint")} maxlength="60" autocomplete="off" spellcheck=${false} value=${palette.text} />
    <ul id="palette-list" role="listbox" aria-label=${say("palette.title")}>
      ${shown.map((entry, number) => html`<li key=${entry.id} id="palette-${entry.id}" role="option"
        aria-selected=${String(number === place)} class="line" data-act="palette_run" data-place=${number}>
        <span class="grow cut" dir="auto">${entry.text}</span>${entry.hint ? html`<small>${entry.hint}</small>` : null}
        ${entry.key ? html`<kbd>${entry.key}</kbd>` : null}</li>`)}
    </ul>
    <p class="quiet" role="status">${shown.length ? moreText(say, found.length - shown.length) : say("palette.none")}</p>
  </div>`;
}
