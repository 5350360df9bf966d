/* The top line: pages, search, what is urgent, how fresh, language, theme, screens, and who I am. */

import { html } from "../draw/html.js";
import { LevelShape, PlainShape } from "../draw/shapes.js";
import { age, timeOfDay } from "../format.js";
import { Pages } from "../office/pages.js";
import { Dress } from "../office/top.js";

export function Top({ context, filters, counts, health, link, settings, session, menu, shownAge, lag }) {
  const { say } = context;
  const may = (action) => Boolean(session?.actions.includes(action));
  return html`<header class="top">
    <a class="brand" href="/floor">Andon</a>
    <${Pages} ...${{ say, session, here: "floor" }} />
    <label class="search">
      <span class="unseen">${say("top.search")}</span>
      <input type="search" data-find value=${filters.find} placeholder=${say("top.search_hint")} title=${say("top.search_long")}
        maxlength="60" autocomplete="off" spellcheck=${false} />
      <kbd aria-hidden="true">/</kbd>
    </label>
    <div class="right">
      ${["act", "warn"].map((level) => html`<button type="button" key=${level} class="alert ${counts[level] ? `l-${level}` : "none"}"
        data-act="level" data-level=${level}
        aria-pressed=${String(filters.level === level)} title=${say(`top.${level}`)}>
        <${LevelShape} level=${level} label=${say(`top.${level}`)} /><b>${counts[level]}</b></button>`)}
      <${Freshness} ...${{ context, health, link, shownAge, lag }} />
      ${may("screens.manage") ? html`<button type="button" class="plain" data-act="screens">${say("top.screens")}</button>` : null}
      <${Dress} ...${{ say, settings }} />
      <${Me} ...${{ context, session, menu }} />
    </div>
  </header>`;
}

function Freshness({ context: { say }, health, link, shownAge, lag }) {
  if (link.phase !== "open") return html`<span class="fresh trouble" data-fresh><${PlainShape} shape="syncing" />
    ${say("head.reconnecting")}</span>`;
  if (health.age === null) return html`<span class="fresh trouble" data-fresh><${PlainShape} shape="not_ready" />${say("head.unheard")}
    </span>`;
  if (health.level !== "live") return html`<span class="fresh trouble" data-fresh><${PlainShape} shape="warn" />
    ${say("head.stale", { age: Math.floor(health.age) })}</span>`;
  const drawn = lag === null ? undefined : say("head.drawn", { seconds: lag.toFixed(2) });
  return html`<span class="fresh" data-fresh title=${drawn}><${PlainShape} shape="ready" />
    ${say("head.live")} ${say("head.age", { age: age(shownAge) })}</span>`;
}

function Me({ context: { say, word }, session, menu }) {
  const name = session ? session.name || word("role", session.role) : "";
  return html`<div class="me">
    <button type="button" class="plain" data-act="menu" aria-haspopup="true" aria-expanded=${String(menu)}>
      <span class="name cut" dir="auto">${name || say("top.menu")}</span> ▾</button>
    ${menu
      ? html`<div class="menu panel" data-menu>
          ${session ? html`<p class="quiet cut">
            ${session.name ? html`<span class="name" dir="auto">${session.name}</span> · ` : null}${word("role", session.role)}</p>` : null}
          <button type="button" class="line" data-act="keys"><span class="grow">${say("keys.title")}</span><kbd>?</kbd></button>
          ${session ? html`<button type="button" class="line" data-act=${session.csrf ? "sign_out" : "sign_in"}>
            ${say(session.csrf ? "top.sign_out" : "top.sign_in")}</button>` : null}
        </div>`
      : null}
  </div>`;
}

/* More would not fit on one line; the rest is counted. */
const TROUBLES_NAMED = 2;

/* What is wrong with what is shown, across the page; an alert, so that it is heard. */
export function Banner({ context: { say, zone }, health }) {
  const sentence = ({ what, node, since, reason }) =>
    [say(`banner.${what}`, { node, time: since ? timeOfDay(since, zone) : "" }), reason].filter(Boolean).join(": ");
  const named = health.troubles.slice(0, TROUBLES_NAMED).map(sentence);
  const more = health.troubles.length - named.length;
  return html`<div class="banner" role="alert"><${PlainShape} shape="act" /><p class="cut">
    ${named.join(" · ")}${more ? ` · ${say("banner.more", { n: more })}` : ""}</p></div>`;
}
