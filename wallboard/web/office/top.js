/* The top of the pages that are read at a desk: the ways to the others, who is signed in and the way out, language and theme.

Not the floor page's, which counts alerts and searches (floor/top.js). What its keys do is in shell.js. */

import { html } from "../draw/html.js";
import { Pages } from "./pages.js";

const THEME_SIGNS = { light: "☀", dark: "☾", auto: "◐" };
const OTHER_LANGUAGE = { en: "中文", zh: "EN" };

/* `here`, `tabs`: as in pages.js. `printed`: whether what is shown goes onto paper. `children`: a page's own keys, at the end. */
export function Top({ context: { say }, here, tabs, printed, session, settings, children }) {
  return html`<header class="top">
    <a class="brand" href="/floor">Andon</a>
    <${Pages} ...${{ say, session, here, tabs }} />
    <div class="right">
      ${printed ? html`<button type="button" class="plain" data-act="print">${say("top.print")}</button>` : null}
      <${Dress} ...${{ say, settings }} />
      ${session ? html`<${Me} ...${{ say, session }} />` : null}
      ${children}
    </div>
  </header>`;
}

export function Dress({ say, settings }) {
  return html`<button type="button" class="plain" data-act="language" lang=${settings.lang === "en" ? "zh" : "en"}
      title=${say("keys.language")}>${OTHER_LANGUAGE[settings.lang]}</button>
    <button type="button" class="plain" data-act="theme" title=${say(`theme.${settings.theme}`)}
      aria-label=${say(`theme.${settings.theme}`)}>${THEME_SIGNS[settings.theme]}</button>`;
}

/* The browser opens it, closes it with Escape or a press elsewhere, and gives the keyboard back. */
function Me({ say, session }) {
  const role = say.knows(`role.${session.role}`) ? say(`role.${session.role}`) : session.role;
  return html`<div class="me">
    <button type="button" class="plain" popovertarget="me"><span class="name cut" dir="auto">${session.name || role}</span> ▾</button>
    <div class="menu panel" id="me" popover="auto">
      <p class="quiet cut">${session.name ? html`<span class="name" dir="auto">${session.name}</span> · ` : null}${role}</p>
      ${session.csrf ? html`<button type="button" class="line" data-act="sign_out">${say("top.sign_out")}</button>` : null}
    </div>
  </div>`;
}
