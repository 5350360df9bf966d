/* Components that are drawn again only when one of their properties is another object: how three hundred rows stay smooth.

store.js shares every row that a delta does not name, so a comparison by identity is enough. */

import { Component } from "../draw/html.js";

/* As --fade in tokens.css; a script cannot read it without asking for the style of the page. */
const FADE_MS = 200;
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Steady extends Component {
  shouldComponentUpdate(next) {
    return Object.keys(next).some((name) => next[name] !== this.props[name]);
  }

  /* For those that animate a part of themselves: ref=${this.keep}. */
  keep = (element) => {
    this.element = element;
  };
}

/* What has changed comes in softly; nothing moves. */
export function fadeIn(element) {
  if (element && !still.matches) element.animate([{ opacity: 0 }, { opacity: 1 }], { duration: FADE_MS, easing: "ease-out" });
}
