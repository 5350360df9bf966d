/* What keeps a page alive for a year: a watchdog, a look at every error, a screen that stays on, and loading anew when the time
has come (../reloads.js says when). Knows window; the page tells it what it draws. */

import { reasonToReload } from "../reloads.js";

const PATIENCE_MS = 8000;

/* After a board that did not answer; a reload while it is away would leave a screen with the browser's own error page. */
const AGAIN_MS = 30_000;

const RELOADED = "andon.reloaded";

/* Gives {drawn(): a frame stands there, consider(moment): whether to load anew}; moment is what reloads.js wants of the page. */
export function keepAlive() {
  const state = { stuck: false, failed: false, asking: false };
  const dice = Math.random();
  const watchdog = watch(() => (state.stuck = true));
  addEventListener("error", () => (state.failed = true));
  addEventListener("unhandledrejection", () => (state.failed = true));
  stayLit();

  function consider(moment) {
    const reason = reasonToReload({ ...moment, ...state, dice, age: performance.now() / 1000 });
    if (reason && !state.asking) load(reason, moment.newBuild);
  }

  /* Once for each build: where two boards of different builds stand behind one name, a page would never rest. */
  async function load(reason, build) {
    if (reason === "build" && sessionStorageOr((storage) => storage.getItem(RELOADED)) === build) return;
    state.asking = true;
    if (await isServed()) {
      if (reason === "build") sessionStorageOr((storage) => storage.setItem(RELOADED, build));
      location.reload();
      return;
    }
    setTimeout(() => (state.asking = false), AGAIN_MS);
  }

  return { drawn: () => watchdog.postMessage({ beat: true }), consider };
}

function watch(stuck) {
  const worker = new Worker("/web/wall/watchdog.js", { type: "module", name: "watchdog" });
  worker.onmessage = stuck;
  const see = () => worker.postMessage({ watching: document.visibilityState === "visible" });
  document.addEventListener("visibilitychange", see);
  see();
  return worker;
}

/* The page itself, and not something that a proxy says in its place. */
async function isServed() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok && (await answer.text()).includes("andon-build");
  } catch {
    return false;
  }
}

/* Only https and this machine may keep a screen on; a kiosk's own settings do it elsewhere (docs/wall.md). */
function stayLit() {
  const ask = () => {
    if (document.visibilityState === "visible" && navigator.wakeLock) navigator.wakeLock.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}

function sessionStorageOr(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null; // forbidden or full: the page then forgets, and its age alone keeps it from going round
  }
}
