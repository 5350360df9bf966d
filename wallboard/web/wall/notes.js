/* The page when there is no floor to show: loading, no answer, nothing there yet, not signed in. Each says what to do. */

import { html } from "../draw/html.js";
import { DASH } from "../format.js";

/* What stands between backticks is something to type. */
function prose(text) {
  return text.split("`").map((part, place) => (place % 2 ? html`<code>${part}</code>` : part));
}

export function Loading({ context, link }) {
  const { say } = context;
  const failing = link.failures > 0;
  const about = failing ? "retrying" : "loading";
  return html`<main class="note panel" data-note=${about} role="status">
    <h2>${say(`${about}.title`)}</h2>
    <p>${prose(say(`${about}.text`))}</p>
  </main>`;
}

/* wanted: the queues that this board was told to show; none for all of them. */
export function Empty({ context, floor, wanted }) {
  const { say } = context;
  const nodes = [...floor.nodes.values()].map((node) => node.node).join(", ");
  return html`<main class="note panel" data-note="empty">
    <h2>${say(wanted.length ? "empty.board_title" : "empty.title")}</h2>
    <p>${prose(wanted.length ? say("empty.board_text", { queues: wanted.join(", ") }) : say("empty.text"))}</p>
    <p>${nodes ? say("empty.nodes", { nodes }) : say("empty.no_nodes")}</p>
  </main>`;
}

/* Refusals that another token would end, and what they are called; any other code is told as it is. */
const ABOUT_TOKENS = { 4401: "", 4403: "role_" };

/* The code that lets this screen in, to be read from the other end of the hall; pair: {phase, code} as pairing.js tells it. */
export function Pairing({ context: { say }, pair: { phase, code }, board, toForm }) {
  const shown = code ? `${code.slice(0, 3)} ${code.slice(3)}` : DASH;
  return html`<main class="note pair panel" data-note="pairing">
    <h2>${say("pair.title")}</h2>
    <p class="code" role="status" aria-label=${[...code].join(" ")}>${shown}</p>
    <p>${prose(say(PAIR_TEXTS[phase] || "pair.text", { code, board }))}</p>
    <button class="other" onClick=${() => toForm(true)}>${say("pair.token")}</button>
  </main>`;
}

const PAIR_TEXTS = { asking: "pair.asking", full: "pair.full", away: "forbidden.unreachable" };

/* sign: {asking, wrong}; signIn(token). */
export function Forbidden({ context, link, sign, signIn, toForm }) {
  const { say } = context;
  const kind = link.code in ABOUT_TOKENS ? ABOUT_TOKENS[link.code] : "code_";
  return html`<main class="note panel" data-note="forbidden">
    <h2>${say(`forbidden.${kind}title`)}</h2>
    <p>${prose(say(`forbidden.${kind}text`, { code: link.code }))}</p>
    ${kind === "code_" ? null : html`<${TokenForm} ...${{ say, sign, signIn }} />`}
    ${kind === "" ? html`<button class="other" onClick=${() => toForm(false)}>${say("pair.code")}</button>` : null}
  </main>`;
}

function TokenForm({ say, sign, signIn }) {
  const submit = (event) => {
    event.preventDefault();
    signIn(new FormData(event.target).get("token").trim());
  };
  return html`<form onSubmit=${submit}>
      <label>${say("forbidden.token")}<input name="token" type="password" autocomplete="off" required autofocus maxlength="200" /></label>
      <button disabled=${sign.asking}>${say(sign.asking ? "forbidden.asking" : "forbidden.enter")}</button>
    </form>
    <p class="wrong" role="alert">${sign.wrong ? say(`forbidden.${sign.wrong}`) : ""}</p>`;
}

const KEYS = [["L", "language"], ["T", "theme"], ["+ −", "distance"], ["← →", "leaf"], ["␣", "hold"], ["?", "help"]];

export function Keys({ context: { say, lag } }) {
  const lines = KEYS.map(([key, what]) => html`<dt>${key}</dt><dd>${say(`keys.${what}`)}</dd>`);
  return html`<aside class="keys panel"><h2>${say("keys.title")}</h2><dl>${lines}</dl>
    ${lag === null ? null : html`<p data-lag>${say("head.drawn", { seconds: lag.toFixed(2) })}</p>`}</aside>`;
}
