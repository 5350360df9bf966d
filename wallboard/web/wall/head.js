/* The first line: whose floor, what time, how fresh, which page; and the banner it becomes when the figures are old. */

import { age, timeOfDay } from "../format.js";
import { html } from "../draw/html.js";
import { Dots, PlainShape, Ring } from "../draw/shapes.js";

/* More would not fit on one line; the rest is counted. */
const TROUBLES_NAMED = 2;

export function Head({ context, floor, plan, health, link, scene }) {
  if (health.level === "banner") return html`<${Banner} ...${{ context, health }} />`;
  const { say, now, zone } = context;
  const middle =
    health.level === "stale"
      ? html`<p class="age-now" role="status"><${PlainShape} shape="warn" />${say("head.stale", { age: Math.floor(health.age) })}</p>`
      : html`<p class="clock">${timeOfDay(now, zone)}</p>`;
  return html`<header class="head">
    <h1 class="name cut" dir="auto">${(context.lang === "zh" && plan.name_zh) || plan.name || floor.floor}</h1>
    ${middle}
    <div class="side">
      <${Freshness} ...${{ context, health, link }} />
      <${PageNumber} ...${{ context, scene }} />
    </div>
  </header>`;
}

function Freshness({ context, health, link }) {
  const { say } = context;
  if (link.phase !== "open") return html`<span class="trouble"><${PlainShape} shape="not_ready" />${say("head.reconnecting")}</span>`;
  if (health.age === null) return html`<span class="trouble"><${PlainShape} shape="not_ready" />${say("head.unheard")}</span>`;
  if (health.level === "stale") return null; // the middle says it, larger
  return html`<span><${PlainShape} shape="ready" />${say("head.live")} ${say("head.age", { age: age(health.age) })}</span>`;
}

/* Of the rows on this page, and of the board; the ring says how much of the time of what turns next has gone. */
function PageNumber({ context, scene: { round, count, place, since, seconds } }) {
  const { say, uptime, settings, held } = context;
  const turned = count > 1 ? (uptime - since) / seconds : (uptime - round.turned) / settings.turn;
  if (round.count < 2 && count < 2) return null;
  return html`<span>
    ${held ? say("head.held") : null}${" "}${round.count > 1 ? say("head.page", { page: round.page + 1, pages: round.count }) : null}
    ${count > 1 ? html`<${Dots} count=${count} place=${place} label=${say("head.turn", { page: place + 1, pages: count })} />` : null}
    <${Ring} part=${held ? 0 : Math.min(1, Math.max(0, turned))} />
  </span>`;
}

function Banner({ context, health }) {
  const { say, now, zone } = context;
  const named = health.troubles.slice(0, TROUBLES_NAMED).map((trouble) => sentence(context, trouble));
  const more = health.troubles.length - named.length;
  const reason = health.troubles.map((trouble) => trouble.reason).find(Boolean);
  return html`<header class="banner" role="alert">
    <${PlainShape} shape="act" />
    <div>
      <p class="cut">${named.join(" · ")}${more ? ` · ${say("banner.more", { n: more })}` : ""}</p>
      ${reason ? html`<p class="why cut" lang="en">${reason}</p>` : null}
    </div>
    <span class="clock" aria-hidden="true">${timeOfDay(now, zone)}</span>
  </header>`;
}

function sentence({ say, zone }, trouble) {
  const time = trouble.since ? timeOfDay(trouble.since, zone) : "";
  return say(`banner.${trouble.what}`, { node: trouble.node, time });
}
