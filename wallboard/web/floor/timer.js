/* Timers that count without drawing: once a second one pass over their cells changes the text of those that differ.

since: where it counts from; limit: after that moment it says with a plus how far beyond; node: whose clock it stands on,
which stops when the node falls silent. */

import { html } from "../draw/html.js";
import { duration } from "../format.js";
import { Steady } from "./steady.js";

const cells = new Set();
let asOf = () => null;

/* at(node): the moment that figures of a node stand for. */
export function paintTimers(at) {
  asOf = at;
  for (const cell of cells) cell.paint();
}

export class Timer extends Steady {
  render() {
    return html`<span class="timer" ref=${this.keep} />`;
  }

  componentDidMount() {
    cells.add(this);
    this.paint();
  }

  componentDidUpdate() {
    this.paint();
  }

  componentWillUnmount() {
    cells.delete(this);
  }

  paint() {
    if (!this.element) return;
    const { since, limit, node } = this.props;
    const now = asOf(node);
    const over = limit !== null && limit !== undefined && now > limit;
    const text = (over ? "+" : "") + duration(known(since) && now !== null ? now - (over ? limit : since) : null);
    if (text === this.text) return;
    this.text = text;
    this.element.textContent = text;
  }
}

function known(value) {
  return value !== null && value !== undefined;
}
