/* The menu of one agent's row: what may be ordered, each with its key. Where it stands is where its button is. */

import { html } from "../draw/html.js";
import { DEEDS, offered } from "./deeds.js";

/* menu: {id, top, right}: in pixels of the window, as the button stands. */
export function RowMenu({ context, floor, menu, deeds }) {
  const { say } = context;
  const name = floor.agents.get(menu.id)?.name || menu.id;
  return html`<div class="row-menu panel" role="menu" data-rowmenu aria-label=${say("console.menu_of", { name })}
    style=${{ [menu.up ? "bottom" : "top"]: `${menu.edge}px`, right: `${menu.right}px` }}>
    <p class="quiet cut name" dir="auto">${name}</p>
    ${offered(deeds, floor.agents.get(menu.id)).map((deed, place) => html`<button type="button" role="menuitem" class="line" key=${deed}
      tabindex="-1" data-act="deed"
      data-deed=${deed} data-id=${menu.id} data-focus=${place ? null : "menu"}>
      <span class="grow">${say(`deed.${deed}`)}</span>${DEEDS[deed].key ? html`<kbd>${DEEDS[deed].key}</kbd>` : null}</button>`)}
  </div>`;
}
