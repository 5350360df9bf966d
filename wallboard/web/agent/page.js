/* The agent's page for one moment: who and when on top, the state, one thing to do, and below it what is left of the day.

Draws, decides nothing: which scene it is says model.js. Never anybody else's record. */

import { html } from "../draw/html.js";
import { PlainShape, StateShape } from "../draw/shapes.js";
import { duration, timeOfDay } from "../format.js";
import { textIn } from "../floor/told.js";
import { CallLine, CallSheet } from "./call.js";
import { CardStrip } from "./card.js";
import { sheetOf } from "./calling.js";
import { Day } from "./day.js";
import { sceneOf } from "./model.js";
import { SCENES } from "./scenes.js";

const THEME_SIGNS = { light: "☀", dark: "☾", auto: "◐" };
const OTHER_LANGUAGE = { en: "中文", zh: "EN" };

/* A connection that comes back within this was a hiccup. */
const CUT_OFF_S = 3;

export function Page(parts) {
  const { me, link, spoken } = parts;
  return html`<div class="page agent-page">
    <${Top} ...${parts} />
    <${Banner} ...${parts} />
    ${link.phase === "refused" ? html`<${Refusal} ...${parts} />` : me ? html`<${Body} ...${parts} />` : html`<${Loading} ...${parts} />`}
    <p class="unseen" role="status" data-spoken>${spoken}</p>
  </div>`;
}

function Top({ context: { say, zone }, me, now, session, settings, menu, link }) {
  return html`<header class="top">
    <p class="who"><span class="name cut" dir="auto">${me?.name || session?.name || "Andon"}</span> <small>${me?.id || ""}</small></p>
    <time class="clock">${timeOfDay(now, zone, false)}</time>
    <button type="button" class="plain" data-act="language" lang=${settings.lang === "en" ? "zh" : "en"} title=${say("keys.language")}>
      ${OTHER_LANGUAGE[settings.lang]}</button>
    <button type="button" class="plain" data-act="theme" title=${say("keys.theme")} aria-label=${say("keys.theme")}>
      ${THEME_SIGNS[settings.theme]}</button>
    <div class="me">
      <button type="button" class="plain" data-act="menu" aria-haspopup="true" aria-expanded=${String(menu)}
        aria-label=${say("agent.menu")}>▾</button>
      ${menu ? html`<div class="menu panel" data-menu>
        ${me?.phone ? html`<p class="quiet cut">${say("agent.at_phone", { phone: me.phone })}</p>` : null}
        ${me?.on_duty && !me.leaving ? html`<button type="button" class="line" data-act="logout" disabled=${link.phase !== "open"}>
          ${say("agent.log_out")}</button>` : null}
        <a class="line" href="/recordings#own">${say("agent.own_scores")}</a>
        <button type="button" class="line" data-act="sign_out">${say("agent.sign_out")}</button>
      </div>` : null}
    </div>
  </header>`;
}

/* What is wrong with what is shown; an alert, so that it is heard. */
function Banner({ context: { say, zone }, link, now }) {
  const cut = link.phase !== "open" && link.phase !== "refused" && now - link.since > CUT_OFF_S && link.failures > 0;
  const text = cut ? say("agent.cut_off", { time: timeOfDay(link.since, zone, false) }) : link.away ? say("agent.away") : "";
  const shape = text ? html`<${PlainShape} shape="act" />` : null;
  return html`<div role="alert" class=${text ? "banner" : "unseen"}>${shape}<p>${text}</p></div>`;
}

function Loading({ context: { say }, link }) {
  const about = link.failures > 0 ? "retrying" : "loading";
  return html`<main class="note panel" data-note=${about}><h1>${say(`${about}.title`)}</h1><p>${say(`agent.${about}`)}</p></main>`;
}

/* A refusal that no other try would end. */
function Refusal({ context: { say }, link }) {
  return html`<main class="note panel" data-note="forbidden">
    <h1>${say("agent.forbidden_title")}</h1><p>${say(link.code === 4403 ? "agent.forbidden_role" : "agent.forbidden_person")}</p>
    <p><button type="button" class="plain" data-act="sign_out">${say("agent.sign_out")}</button></p>
  </main>`;
}

function Body(parts) {
  const { context, me, now, link, pressed, sheet } = parts;
  const { say, word } = context;
  const scene = sceneOf(me);
  const off = link.phase !== "open";
  const busy = Boolean(pressed && !pressed.late);
  const call = sheetOf(me, now, scene, sheet);
  const Scene = call === "sheet" ? CallSheet : SCENES[scene];
  return html`<main class="agent ${off || link.away ? "stale" : ""}" data-scene=${call === "sheet" ? "call" : scene}>
    <section class="state-now" aria-label=${say("agent.state")}>
      <p class="state-line"><${StateShape} state=${me.state} /><b>${word("state", me.state)}</b>
        <span class="timer">${duration(me.since === null ? null : now - me.since)}</span></p>
      ${me.leaving ? html`<p class="quiet">${say("agent.leaving")}</p>` : null}
    </section>
    <${CardStrip} ...${parts} off=${off} busy=${busy} />
    <section class="todo panel" aria-label=${say("agent.todo")}>
      <${Scene} ...${parts} off=${off} busy=${busy} />
      <div class="answer"><${Asked} ...${parts} /><${NotGiven} ...${parts} /></div>
    </section>
    ${call === "line" ? html`<${CallLine} ...${parts} />` : null}
    <${Day} ...${parts} off=${off} />
  </main>`;
}

/* Asked; done is painted by the row, which then shows another scene. */
function Asked({ context: { say }, pressed }) {
  const text = pressed ? say(pressed.late ? "agent.late" : pressed.answered ? "agent.answered" : "agent.asked") : "";
  return html`<p class="asked quiet" role="status">${text}</p>`;
}

/* A refusal is one sentence, with what would change it and when; below it every rule that was looked at. */
function NotGiven({ context: { say, lang, zone }, refused }) {
  return html`<div role="alert">${refused ? html`<div class="refusal">
    <p><${PlainShape} shape="warn" /><span>${textIn(lang, refused.message) || say("agent.no_answer")}
      ${refused.until ? ` ${say("agent.until", { time: timeOfDay(refused.until, zone, false) })}` : ""}</span></p>
    ${refused.reasons?.length > 1 ? html`<details><summary>${say("agent.reasons", { n: refused.reasons.length })}</summary>
      <ul>${refused.reasons.map((reason) => html`<li key=${reason.rule}>${textIn(lang, reason.text)}</li>`)}</ul></details>` : null}
    <button type="button" class="plain" data-act="dismiss">${say("agent.dismiss")}</button>
  </div>` : null}</div>`;
}
