/* A worker beside the page: hears a beat for each time that the page has drawn, and says "stuck" when none has come for long.

Not what to do about it (healing.js). It has its own thread, so a page that draws no more is noticed although its timers are
held back. It counts its own rounds rather than time: a machine that slept has missed nothing. */

const ROUND_MS = 1000;
const PATIENCE_ROUNDS = 30;

let rounds = 0;
let patience = PATIENCE_ROUNDS;
let watching = true;

/* {beat: true}, {watching: boolean} (a page that is not in sight draws nothing), {patience: rounds}. */
self.onmessage = ({ data }) => {
  rounds = 0;
  watching = data.watching ?? watching;
  patience = data.patience ?? patience;
};

setInterval(() => {
  rounds = watching ? rounds + 1 : 0;
  if (rounds < patience) return;
  rounds = 0;
  self.postMessage("stuck");
}, ROUND_MS);
