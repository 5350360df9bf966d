/* One number with its name, its target and its curve; a button, for each number answers why. */

import { Curve } from "../draw/curve.js";
import { html } from "../draw/html.js";
import { LevelShape } from "../draw/shapes.js";
import { targetText } from "./numbers.js";
import { Steady } from "./steady.js";
import { Timer } from "./timer.js";

/* of: {kind, id} of what it is a number of; node: whose clock a timer stands on. */
export class NumberTile extends Steady {
  render({ context, name, text, since, level, target, values, top, kind, id, node }) {
    const { say } = context;
    return html`<button type="button" class="number ${level || ""}" data-act="why" data-number=${name} data-kind=${kind} data-id=${id}>
      <span class="label cut">${say(`number.${name}`)}</span>
      <span class="value">
        ${level ? html`<${LevelShape} level=${level} label=${say(`level.${level}`)} />` : null}
        ${since === undefined ? html`<span class="fade" key=${text}>${text}</span>` : html`<${Timer} since=${since} node=${node} />`}
        ${target === null || target === undefined ? null :
          html`<small>${say("floor.target", { target: targetText(name, target) })}</small>`}
      </span>
      ${values ? html`<${Curve} values=${values} target=${target} top=${top}
        label=${say("floor.curve", { name: say(`number.${name}`) })} />` : null}
    </button>`;
  }
}
