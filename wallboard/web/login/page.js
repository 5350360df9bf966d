/* What the page to sign in shows: the form for one of the two ways in, or who is signed in already. Draws, asks nothing. */

import { html } from "../draw/html.js";

const THEME_SIGNS = { light: "☀", dark: "☾", auto: "◐" };
const OTHER_LANGUAGE = { en: "中文", zh: "EN" };

export function Page({ say, settings, shown, acts }) {
  const inside = shown.session && shown.session.csrf;
  return html`<div class="door">
    <header>
      <span class="brand">Andon</span>
      <div>
        <button type="button" class="plain" lang=${settings.lang === "en" ? "zh" : "en"} title=${say("keys.language")}
          onClick=${acts.language}>${OTHER_LANGUAGE[settings.lang]}</button>
        <button type="button" class="plain" title=${say("keys.theme")} aria-label=${say("keys.theme")}
          onClick=${acts.theme}>${THEME_SIGNS[settings.theme]}</button>
      </div>
    </header>
    <main class="panel">${inside ? html`<${Inside} ...${{ say, shown, acts }} />` : html`<${Form} ...${{ say, shown, acts }} />`}</main>
  </div>`;
}

function Form({ say, shown, acts }) {
  const { byToken, asking, wrong, caps } = shown;
  return html`<h1>${say("login.title")}</h1>
    <form onSubmit=${acts.submit} onKeyUp=${acts.key}>
      ${byToken ? html`<${TokenField} ...${{ say }} />` : html`<${PasswordFields} ...${{ say, caps }} />`}
      <p class="wrong" role="alert">${wrong ? say(`login.${wrong}`) : ""}</p>
      <button class="main" disabled=${asking}>${say(asking ? "login.asking" : "login.enter")}</button>
      <button type="button" class="other link" onClick=${acts.other}>${say(byToken ? "login.use_password" : "login.use_token")}</button>
    </form>`;
}

function PasswordFields({ say, caps }) {
  return html`<div class="fields">
    <label>${say("login.user")}
      <input name="user" autocomplete="username" autocapitalize="none" spellcheck=${false} required autofocus maxlength="64" /></label>
    <label>${say("login.password")}
      <input name="password" type="password" autocomplete="current-password" required maxlength="200" /></label>
    ${caps ? html`<p role="status">${say("login.caps")}</p>` : null}
  </div>`;
}

function TokenField({ say }) {
  return html`<div class="fields">
    <label>${say("login.token")}<input name="token" type="password" autocomplete="off" required autofocus maxlength="200" /></label>
  </div>`;
}

function Inside({ say, shown, acts }) {
  const { session, wrong } = shown;
  return html`<h1>${say("login.in_title")}</h1>
    <div class="fields">
      <p>${say("login.in_as", { name: session.name || session.role })}</p>
      ${shown.home
        ? html`<button type="button" class="main" onClick=${acts.goOn}>${say("login.go")}</button>`
        : html`<p>${say("login.no_page")}</p>`}
      <button type="button" class="other link" onClick=${acts.signOut}>${say("login.out")}</button>
      <p class="wrong" role="alert">${wrong ? say(`login.${wrong}`) : ""}</p>
    </div>`;
}
