/* The one place that names the drawing library: html`<p>…</p>` gives what `render` draws. Text stays text: a value never
becomes markup. */

import { Component, Fragment, h, render } from "../vendor/preact.mjs";
import htm from "../vendor/htm.mjs";

export { Component, Fragment, render };
export const html = htm.bind(h);
