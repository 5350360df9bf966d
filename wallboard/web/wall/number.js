/* The page of one number, for a corridor: its name, the figure, its target, the last half hour, and how old it is when that
matters. Drawn to be read from ten metres; sizes are tokens. */

import { Curve } from "../draw/curve.js";
import { html } from "../draw/html.js";
import { LevelShape } from "../draw/shapes.js";
import { Value } from "./cards.js";
import { figureOf } from "./figures.js";

/* Characters of the widest figure that the size is meant for, as 12:34; a longer one is drawn smaller. */
const WIDE = 5;

/* names: of the queues, where the page shows only some. */
export function NumberPage({ context, floor, number, names, stale, asOf }) {
  const { say } = context;
  const figure = figureOf(number, context, floor, asOf);
  const title = say(`card.${number}`);
  const length = figure.value.length + (figure.of || "").length / 2;
  return html`<main class="number panel ${figure.level || ""} ${stale ? "stale" : ""}" data-number=${number}
      style=${{ "--long": Math.max(1, length / WIDE) }}>
    <h2 class="cut">${title}${names.length ? html`<span class="name" dir="auto">${names.join(" · ")}</span>` : null}</h2>
    <${Value} figure=${figure} />
    <p class="hint ${figure.level || ""}">
      ${figure.level ? html`<${LevelShape} level=${figure.level} label=${say(`level.${figure.level}`)} />` : null}
      <span class="cut">${figure.hint}</span>
    </p>
    <${Curve} values=${figure.values} target=${figure.target ?? null} top=${figure.top} label="${title}, ${say("card.curve")}" />
  </main>`;
}
