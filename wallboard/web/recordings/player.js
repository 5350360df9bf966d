/* The player of one recording as it is drawn: the reason to listen first, then waveform, keys, sides, spans, comments.

Not the sound (sound.js) and not what is pressed (find.js). The waveform's place is kept by its height, so that nothing jumps. */

import { html } from "../draw/html.js";
import { lastDayOf, momentText } from "../campaigns/times.js";
import { whoText } from "../floor/told.js";
import { SPEEDS, clockText } from "./model.js";
import { agentText } from "./names.js";
import { Redact } from "./redactions.js";

/* Nothing of these is left to be heard, scored or taken out. */
export const GONE = ["disposed", "lost"];
/* No sound is ever made of these (WORTHLESS of recordings/words.py). */
const SOUNDLESS = ["empty", "unreadable"];

export function Player({ context, one, player, may, me, answers }) {
  const { say, named } = context;
  const row = one.row;
  return html`<section class="panel player" aria-label=${say("player.heading")} data-recording=${row.id}>
    <header>
      <h2>${momentText(row.began, context)} · <span dir="auto">${agentText(named, row.agent) || say("player.nobody")}</span>
        ${row.trouble.map((trouble) => html`<small class="trouble-sign" key=${trouble}>▲ ${say(`trouble.${trouble}`)}</small>`)}
        <small>${[row.queue, named("campaigns", row.campaign), row.number, clockText(row.length_ms / 1000)].filter(Boolean)
          .join(" · ")}</small></h2>
      <button type="button" class="plain" data-act="close_one" aria-label=${say("player.close")} title="Esc">✕</button>
    </header>
    <${Restricted} ...${{ say, one }} />
    ${GONE.includes(row.state) ? html`<${Gone} ...${{ say, one }} />` : player.listen ?
      html`<${Deck} ...${{ context, one, player, marks: true }} />
        ${may("recordings.hold") && player.mark !== null ?
          html`<${Redact} ...${{ context, one, player, dry: answers.redaction }} />` : null}`
      : html`<${Ask} ...${{ context, one, may }} />`}
    <div class="player-foot">
      <${Comments} ...${{ context, one, player, may, me }} />
      <${Facts} ...${{ context, one, may }} />
    </div>
  </section>`;
}

/* Why others do not find it, and what happens next. A hold goes before card data; a wish to be erased waits for a duty or a hold. */
function Restricted({ say, one: { row, card_data } }) {
  if (!row.restricted || GONE.includes(row.state)) return null;
  const next = card_data === "approved" || card_data === "carrying" ? row.holds ? "held" : "approved" : card_data || "wished";
  return html`<p data-restricted><b class="trouble-sign">▲ ${say("player.restricted")}</b> ${say(`player.restricted.${next}`)}</p>`;
}

/* What was redacted leads to what took its place. */
function Gone({ say, one: { row, redacted_as } }) {
  if (!redacted_as) return html`<p class="quiet">${say(`player.${row.state}`)}</p>`;
  return html`<p class="quiet" data-redacted>${say("player.redacted")}${" "}
    <a class="link" href=${`#find&one=${redacted_as}`}><code>${redacted_as}</code></a></p>`;
}

/* Nobody hears anything before it is in the log with its reason. */
function Ask({ context: { say }, one, may }) {
  if (!may("recordings.listen")) return html`<p class="quiet">${say("player.may_not")}</p>`;
  if (!one.derived.includes("opus")) {
    const never = one.row.trouble.some((trouble) => SOUNDLESS.includes(trouble));
    return html`<p class="quiet">${say(never ? "player.no_sound" : "player.not_yet")}</p>`;
  }
  return html`<form class="line-form" data-form="listen" data-id=${one.row.id}>
    <label class="grow">${say("player.why")}
      <input name="why" required maxlength="200" autocomplete="off" placeholder=${say("player.why_hint")} /></label>
    <button class="plain primary">${say("player.listen")}</button>
    <small class="quiet">${say("player.logged")}</small>
  </form>`;
}

/* What sounds: also of an agent's own call, on the own tab, where nothing is marked. */
export function Deck({ context: { say }, one, player, marks = false }) {
  const { state } = player;
  if (state.failed) return html`<p class="wrong" role="alert">${say("player.failed")}</p>`;
  const first = firstSide(one.row);
  const both = first === "agent" ? ["agent", "customer"] : ["customer", "agent"];
  const sides = state.sides === 2 ? both : ["both"];
  return html`
    <div class="deck">
      <ol class="lanes" aria-hidden="true">${sides.map((name) => html`<li key=${name}
        data-side=${name}>${say(`player.${name}`)}</li>`)}</ol>
      <div class="wave" data-wave data-first=${first}></div>
    </div>
    <div class="keys" role="group" aria-label=${say("player.keys")}>
      <button type="button" class="plain primary" data-act="toggle" aria-keyshortcuts="Space" disabled=${!state.ready}>
        ${state.playing ? `❚❚ ${say("player.pause")}` : `▶ ${say("player.play")}`}</button>
      <output class="clock" aria-live="off">${clockText(state.at)} / ${clockText(state.seconds || one.row.length_ms / 1000)}</output>
      <button type="button" class="plain" data-act="by" data-value="-5" title=${`${say("player.back")} ←`}>−5 s</button>
      <button type="button" class="plain" data-act="by" data-value="5" title=${`${say("player.on")} →`}>+5 s</button>
      ${marks ? html`<button type="button" class="plain" data-act="mark" aria-keyshortcuts="m" aria-pressed=${String(player.mark !== null)}
        disabled=${!state.ready} title=${`${say("player.mark_why")} m`}>
        ${say("player.mark")}</button>` : null}
      <label>${say("player.speed")} <select data-speed value=${String(state.speed)}>${SPEEDS.map((speed) =>
        html`<option key=${speed} value=${String(speed)} selected=${speed === state.speed}>${speed}×</option>`)}</select></label>
      <label class="check"><input type="checkbox" data-skip checked=${state.skip} /> ${say("player.skip")}</label>
      ${sides.map((name, side) => html`<label key=${name} class="volume">${say(`player.${name}`)}
        <input type="range" min="0" max="2" step="0.1" data-volume=${side} value=${String(state.volume[side])}
          aria-label=${say("player.volume", { side: say(`player.${name}`) })} /></label>`)}
    </div>
    <${Spans} ...${{ say, spans: one.spans }} />`;
}

/* The left lane is what the recorded channel says (rx): of a call that came in, the caller's; of one that went out, its agent's. */
function firstSide({ direction }) {
  return direction === "inbound" ? "customer" : "agent";
}

/* What the waveform shows by hatching, as words: also for who does not see it. */
function Spans({ say, spans }) {
  if (!spans.length) return null;
  return html`<ul class="spans">${spans.map((span, at) => html`<li key=${at} data-kind=${span.kind}>
    <button type="button" class="link" data-act="seek" data-value=${span.since_ms / 1000}>${spanText(span)}</button>
    ${" "}${say(`span.${span.kind}`)}</li>`)}</ul>`;
}

/* A moment, as of a transfer, is one time. */
function spanText({ since_ms, until_ms }) {
  const [since, until] = [since_ms, until_ms].map((at) => clockText(at / 1000));
  return until_ms > since_ms ? `${since}–${until}` : since;
}

function Comments({ context, one, player, may, me }) {
  const { say } = context;
  const at = Math.round((player.state?.at || 0) * 1000);
  return html`<section class="comments" aria-label=${say("comments.heading")}>
    <h3>${say("comments.heading")}</h3>
    ${one.comments.length ? html`<ul>${one.comments.map((each) => html`<li key=${each.id}>
      <button type="button" class="link" data-act="seek" data-value=${each.since_ms / 1000}>⚑ ${spanText(each)}</button>
      <span dir="auto">${each.text}</span> <small class="quiet">${whoText(each.who)}</small>
      ${each.who === me ? html`<button type="button" class="plain" data-act="uncomment" data-value=${each.id}
        aria-label=${say("comments.remove")}>✕</button>` : null}</li>`)}</ul>` : html`<p class="quiet">${say("comments.none")}</p>`}
    ${may("recordings.listen") && !GONE.includes(one.row.state) ? html`<form class="line-form" data-form="comment" data-id=${one.row.id}>
      <input type="hidden" name="since_ms" value=${player.mark ?? at} /><input type="hidden" name="until_ms" value=${at} />
      <label class="grow">${say("comments.at", { time: clockText((player.mark ?? at) / 1000) })}
        <input name="text" required maxlength="500" data-comment-text autocomplete="off" /></label>
      <button class="plain">${say("comments.add")}</button></form>` : null}
  </section>`;
}

function Facts({ context, one, may }) {
  const { say, named } = context;
  const row = one.row;
  return html`<section class="facts" aria-label=${say("facts.heading")}>
    <dl>
      <div><dt>${say("facts.class")}</dt><dd title=${row.class}>${named("classes", row.class) || say("facts.unclassed")}</dd></div>
      <div><dt>${say("facts.kept")}</dt><dd>${row.keep_until ? lastDayOf(row.keep_until, context) : say("facts.no_end")}
        ${row.holds ? html` <b class="hold-sign">▣ ${say("facts.held", { n: row.holds })}</b>` : null}</dd></div>
      <div><dt>${say("facts.listens")}</dt><dd>${row.listens}</dd></div>
      <div><dt>${say("facts.call")}</dt><dd><code>${row.call || "–"}</code></dd></div>
      <div><dt>${say("facts.recording")}</dt><dd><code>${row.id}</code></dd></div>
      <div><dt>${say("facts.sealed")}</dt><dd><code>${one.sha256.slice(0, 16)}…</code> #${one.sealed_entry}</dd></div>
    </dl>
    ${one.why.length ? html`<details><summary>${say("facts.why")}</summary><ul>${one.why.map((each, at) =>
      html`<li key=${at}>${each[context.lang] || each.code}</li>`)}</ul></details>` : null}
    <p class="tags">${row.tags.map((tag) => html`<span class="tag" key=${tag}>${tag}
      <button type="button" class="plain" data-act="untag" data-value=${tag}
        aria-label=${say("tags.remove", { tag })}>✕</button></span>`)}
    </p>
    <form class="line-form" data-form="tag" data-id=${row.id}><label>${say("tags.add")}
      <input name="tag" maxlength="40" required autocomplete="off" /></label></form>
    ${may("recordings.export") && !GONE.includes(row.state) ? html`<form class="line-form" data-form="export" data-id=${row.id}>
      <label class="grow">${say("export.why")} <input name="why" maxlength="200" required autocomplete="off" /></label>
      <button class="plain">${say("export.do")}</button></form>` : null}
    <p><a class="link" href=${`#find&one=${row.id}`} data-act="link">${say("player.link")}</a></p>
  </section>`;
}
