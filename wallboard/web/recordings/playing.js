/* What is pressed on the player, on whichever tab it stands: its buttons, keys and sliders.

Not how it is drawn (player.js), and not what sounds (stage.js). */

import * as stage from "./stage.js";

export const PLAY_ACTS = {
  toggle: () => stage.toggle(),
  by: ({ value }) => stage.by(Number(value)),
  seek: ({ value }) => stage.seek(Number(value)),
  mark: () => stage.mark(),
};

const KEYS = {
  " ": () => stage.toggle(),
  ArrowLeft: (event) => stage.by(event.shiftKey ? -1 : -5),
  ArrowRight: (event) => stage.by(event.shiftKey ? 1 : 5),
  ArrowUp: () => stage.faster(1),
  ArrowDown: () => stage.faster(-1),
};

/* Whether it was one of the player's. */
export function playKey(event) {
  const act = KEYS[event.key];
  if (!act || (event.key === " " && event.target.closest("button, summary, a"))) return false; // the key of what has the focus
  event.preventDefault();
  act(event);
  return true;
}

/* Whether it was a field of the player's. */
export function playChange({ target: { dataset, value, checked } }) {
  if (dataset.speed !== undefined) stage.speed(Number(value));
  else if (dataset.skip !== undefined) stage.skip(checked);
  else if (dataset.volume !== undefined) stage.volume(Number(dataset.volume), Number(value));
  else return false;
  return true;
}
