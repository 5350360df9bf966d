/* How a screen gets in: it shows a code, somebody approves it, and the board gives this browser a session. The counterpart of
wallboard/screen_handlers.py.

The secret that fetches the session stays in this closure: in no address, in no storage. */

import { ask } from "../floor/ask.js";

const POLL_MS = 2000;

/* Screens that were hung up together, or lost the same board, do not ask in one moment. */
const JITTER_MS = 1000;
const AGAIN_MS = 15_000;

/* Before the board drops a code, so that nobody types one that has just gone. */
const RENEW_S = 20;

/* tell({phase, code}): "asking", "waiting" (with a code), "full" or "away"; come(): a session is there. Gives {begin, end}. */
export function makePairing(tell, come) {
  let timer = null;
  let secret = null;
  let until = 0;
  let turn = 0; // what an older question brings is of no interest

  function begin() {
    if (timer !== null) return;
    tell({ phase: "asking", code: "" });
    turn += 1;
    next(0);
  }

  function end() {
    clearTimeout(timer);
    timer = null;
    secret = null;
    turn += 1;
  }

  function next(wait) {
    timer = setTimeout(secret ? claim : fetchCode, wait + Math.random() * (wait ? JITTER_MS : 0));
  }

  async function fetchCode() {
    const mine = turn;
    const answer = await ask("/api/screens", { method: "POST" });
    if (mine !== turn) return;
    if (answer.ok) {
      secret = answer.data.secret;
      until = performance.now() / 1000 + answer.data.expires_in_s - RENEW_S;
      tell({ phase: "waiting", code: answer.data.code });
    } else {
      tell({ phase: answer.status === 429 ? "full" : "away", code: "" });
    }
    next(answer.ok ? POLL_MS : AGAIN_MS);
  }

  async function claim() {
    const mine = turn;
    const answer = await ask("/api/screens/claim", { method: "POST", body: { secret } });
    if (mine !== turn) return;
    if (answer.ok && answer.data.state === "approved") {
      end();
      come();
      return;
    }
    if (answer.status === 404 || performance.now() / 1000 > until) secret = null; // expired, or not wanted: another code
    next(secret ? POLL_MS : 0);
  }

  return { begin, end };
}
