/* The sheet of screens: which wait with a code to be let in, which are in, and a way to send one away.

What its buttons do is pairing.js. The codes are public, they hang on the wall; who approves one lets in that very screen. */

import { html } from "../draw/html.js";
import { timeOfDay, DASH } from "../format.js";

/* screens: {data: {waiting, paired}, boards, message, refused, asking, sure}, or null while it is asked for. */
export function Screens({ context, screens }) {
  const { say } = context;
  const data = screens?.data;
  return html`<div class="dialog-body screens">
    <h2 tabindex="-1" data-focus="dialog">${say("screens.title")}</h2>
    ${data ? html`<${Waiting} ...${{ context, screens }} /><${Paired} ...${{ context, screens }} />` :
      html`<p class="quiet" role="status">${screens?.message || say("screens.loading")}</p>`}
    <p class="wrong" role="alert">${screens?.refused || ""}</p>
    <button type="button" class="plain" data-act="close_dialog">${say("floor.close")}</button>
  </div>`;
}

function Waiting({ context, screens }) {
  const { say, zone, lang } = context;
  const { waiting } = screens.data;
  const boards = screens.boards || [];
  const nameOf = (board) => (lang === "zh" && board.name_zh) || board.name || board.id;
  if (!waiting.length) return html`<h3>${say("screens.waiting")}</h3><p class="quiet">${say("screens.none_waiting")}</p>`;
  return html`<h3>${say("screens.waiting")}</h3>
    <table>
      <thead><tr>${["code", "since", "shows", "label"].map((name) => html`<th scope="col" key=${name}>${say(`screens.${name}`)}</th>`)}
        <td /></tr></thead>
      <tbody>
        ${waiting.map((row) => html`<tr key=${row.code} data-code=${row.code}>
          <td class="code">${row.code.slice(0, 3)} ${row.code.slice(3)}</td>
          <td>${timeOfDay(row.created, zone, false)} <small>${row.address}</small></td>
          <td><select name="board" aria-label=${say("screens.shows")}>
            ${boards.map((board) => html`<option key=${board.id} value=${board.id}>${nameOf(board)}</option>`)}</select></td>
          <td><input name="label" aria-label=${say("screens.label")} placeholder=${say("screens.label_hint")} maxlength="100" /></td>
          <td><button type="button" class="plain" data-act="approve" disabled=${Boolean(screens.asking)}>${say("screens.approve")}
            </button></td>
        </tr>`)}
      </tbody>
    </table>`;
}

function Paired({ context, screens }) {
  const { say, zone } = context;
  const { paired } = screens.data;
  if (!paired.length) return html`<h3>${say("screens.paired")}</h3><p class="quiet">${say("screens.none_paired")}</p>`;
  const seen = (row) => (row.connected ? say("screens.connected") : row.seen === null ? DASH :
    new Intl.DateTimeFormat(context.lang, { dateStyle: "short", timeStyle: "short", timeZone: zone }).format(row.seen * 1000));
  return html`<h3>${say("screens.paired")}</h3>
    <table>
      <thead><tr>${["label", "shows", "seen", "by"].map((name) => html`<th scope="col" key=${name}>${say(`screens.${name}`)}</th>`)}<td />
        </tr></thead>
      <tbody>
        ${paired.map((row) => html`<tr key=${row.id}>
          <td><span class="name" dir="auto">${row.label || row.id}</span></td>
          <td>${row.board}</td>
          <td>${seen(row)}</td>
          <td>${row.by || DASH}</td>
          <td><button type="button" class="plain ${screens.sure === row.id ? "sure" : ""}" data-act="revoke" data-id=${row.id}
            disabled=${Boolean(screens.asking)}>${say(screens.sure === row.id ? "screens.revoke_sure" : "screens.revoke")}</button></td>
        </tr>`)}
      </tbody>
    </table>`;
}
