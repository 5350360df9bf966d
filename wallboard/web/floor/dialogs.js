/* What opens over the page and who gets the focus then: one sheet at a time, by name. */

import { batch } from "../vendor/signals-core.mjs";
import { state } from "./state.js";

export function openDialog(name) {
  batch(() => {
    state.dialog.value = name;
    state.menu.value = false;
  });
  wantFocus("dialog");
}

export function closeDialog() {
  state.dialog.value = "";
}

export function wantFocus(name) {
  want(`[data-focus=${name}]`);
}

/* Whatever fits this selector gets the focus once it is drawn. */
export function want(selector) {
  state.focus = selector;
  state.nudge.value += 1; // a drawing follows, even when nothing else has changed
}
