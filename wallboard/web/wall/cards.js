/* The five figures on top: name, value, target, curve. A level grows the card's border and brings its shape; nothing flashes. */

import { Curve } from "../draw/curve.js";
import { html } from "../draw/html.js";
import { LevelShape } from "../draw/shapes.js";
import { CARDS, figureOf, isUnknown } from "./figures.js";

export function Cards({ context, floor, stale, asOf }) {
  return html`<section class="cards ${stale ? "stale" : ""}">
    ${CARDS.map((name) => html`<${Card} key=${name} ...${{ context, figure: figureOf(name, context, floor, asOf) }} />`)}
  </section>`;
}

function Card({ context: { say }, figure }) {
  const title = say(`card.${figure.name}`);
  return html`<article class="card panel ${figure.level || ""}" data-card=${figure.name}>
    <h2 class="cut">${title}</h2>
    <${Value} figure=${figure} />
    <p class="hint ${figure.level || ""}">
      ${figure.level ? html`<${LevelShape} level=${figure.level} label=${say(`level.${figure.level}`)} />` : null}
      <span class="cut">${figure.hint}</span>
    </p>
    <${Curve} values=${figure.values} target=${figure.target ?? null} top=${figure.top} label="${title}, ${say("card.curve")}" />
  </article>`;
}

/* A figure that ticks does not fade each second. */
export function Value({ figure: { name, value, of, ticking }, ...rest }) {
  const look = `figure${isUnknown({ value }) ? " none" : ""}${ticking ? "" : " fade"}`;
  return html`<p class=${look} key=${ticking ? name : `${name} ${value}`} ...${rest}>${value}${of ? html`<small>${of}</small>` : null}</p>`;
}
