/* One websocket that heals itself: back-off, a watchdog for silence, and the codes after which it is no use to try.

Not what the messages mean (store.js). WebSocket, timers and dice come from the caller, so that tests need no network.
The counterpart is wallboard/live.py and the codes of wallboard/protocol.py. */

export const FIRST_RETRY_S = 0.5;
export const LAST_RETRY_S = 15;

/* The board speaks at least once a second; this is long enough for a bad wireless network and short enough for a wall. */
export const SILENCE_S = 10;

/* readyState of a websocket that carries messages. */
const OPEN = 1;

/* 4400 to 4409 say that the same request will get the same answer. */
const REFUSED = { first: 4400, last: 4409 };

/* What a connection begins with: the floor, or one agent's own row. */
const FIRST = new Set(["snapshot", "me"]);

/* tools: {WebSocket, setTimeout, clearTimeout, random}. hear: {message(object), which says false when it does not fit what
came before and a snapshot is needed; phase({phase, code, retryIn})}, where phase is "connecting", "open", "waiting"
(retryIn seconds) or "refused" (code). */
export function makeSocket(url, tools, hear) {
  let socket = null;
  let failures = 0;
  let retryTimer = null;
  let silenceTimer = null;

  function open() {
    close();
    hear.phase({ phase: "connecting" });
    const mine = new tools.WebSocket(url);
    socket = mine;
    watch();
    mine.onmessage = (event) => {
      if (mine !== socket) return;
      watch();
      take(JSON.parse(event.data));
    };
    mine.onclose = (event) => {
      if (mine === socket) ended(event.code);
    };
  }

  /* A connection counts as good when something has followed its snapshot: a feed that breaks after each one is asked ever
  more slowly. */
  function take(message) {
    const first = FIRST.has(message.type);
    if (first) hear.phase({ phase: "open" });
    if (!hear.message(message)) ended(0);
    else if (!first) failures = 0;
  }

  function ended(code) {
    close();
    if (code >= REFUSED.first && code <= REFUSED.last) {
      hear.phase({ phase: "refused", code });
      return;
    }
    const retryIn = backOff(failures, tools.random());
    failures += 1;
    hear.phase({ phase: "waiting", code, retryIn });
    retryTimer = tools.setTimeout(open, retryIn * 1000);
  }

  function watch() {
    tools.clearTimeout(silenceTimer);
    silenceTimer = tools.setTimeout(() => ended(0), SILENCE_S * 1000);
  }

  function close() {
    tools.clearTimeout(retryTimer);
    tools.clearTimeout(silenceTimer);
    const old = socket;
    socket = null;
    if (old) old.close();
  }

  /* The one thing a page says (canary.js); lost when there is nobody to hear it. */
  function tell(message) {
    if (socket !== null && socket.readyState === OPEN) socket.send(JSON.stringify(message));
  }

  return { open, close, tell };
}

/* Between half and all of twice the last one: screens that lost the same board do not come back in one moment. */
export function backOff(failures, dice) {
  const longest = Math.min(LAST_RETRY_S, FIRST_RETRY_S * 2 ** failures);
  return longest * (0.5 + dice / 2);
}
