/* Card data that was found in a recording: proposed as stretches of it, approved by another person. keeping.js has the presses.

What is approved is what was proposed: the hash of it goes with the press. */

import { html } from "../draw/html.js";
import { momentText } from "../campaigns/times.js";
import { whoText } from "../floor/told.js";

/* "62-75.5, 1:20-1:35" in milliseconds; null where it is none. */
export function spansOf(text) {
  const found = text.split(",").map((each) => {
    const [since, until, more] = each.split("-").map(msOf);
    return more === undefined && since !== null && until !== undefined && until !== null ? [since, until] : null;
  });
  return found.every(Boolean) ? found : null;
}

function msOf(text) {
  const found = /^(?:(\d{1,4}):)?(\d{1,6}(?:\.\d{1,3})?)$/.exec(text.trim());
  return found ? Math.round((Number(found[1] || 0) * 60 + Number(found[2])) * 1000) : null;
}

const clock = (ms) => `${Math.floor(ms / 60000)}:${String((ms % 60000) / 1000).replace(/^(\d)(?!\d)/, "0$1")}`;
export const spansText = (spans) => spans.map(([since, until]) => `${clock(since)}–${clock(until)}`).join(", ");

/* What a marked stretch of the player asks for: said first, then proposed. `player.stretch` in milliseconds, once it is held fast. */
export function Redact({ context, one, player, dry }) {
  const { say } = context;
  const { mark, stretch, state } = player;
  const now = Math.round(state.at * 1000);
  const spans = spansText([[Math.min(mark, now), Math.max(mark, now)]]);
  if (!stretch) return html`<p class="marked" data-marked>${say("redact.marked", { spans })}
    ${" "}<button type="button" class="plain" data-act="redact_ask" disabled=${mark === now}>${say("redact.ask")}</button></p>`;
  return html`<form class="marked line-form" data-form="redact" data-id=${one.row.id} data-since=${stretch[0]} data-until=${stretch[1]}>
    <b>${spansText([stretch])}</b>
    <label class="grow">${say("redact.why")} <input name="why" required maxlength="500" autocomplete="off" /></label>
    <button class="plain" name="dry" value="1">${say("hold.look")}</button>
    <button type="button" class="plain" data-act="redact_leave">${say("redact.leave")}</button>
    ${dry?.data ? html`<${Would} ...${{ say, dry: dry.data }} />` : null}
    ${dry?.message ? html`<p class="wrong" role="alert">${dry.message}</p>` : null}</form>`;
}

/* What it does is said before it is done. */
function Would({ say, dry }) {
  return html`<div class="would" role="status"><p>${say("redact.would", { spans: spansText(dry.spans) })} ${say("redact.does")}</p>
    ${dry.held ? html`<p><b class="trouble-sign">▲ ${say("redact.held")}</b></p>` : null}
    <button class="plain primary" name="dry" value="">${say("redact.propose")}</button></div>`;
}

/* `dry`: only what it would be. */
export async function redacted(recording, wish, means, dry) {
  const path = `/api/recordings/${encodeURIComponent(recording)}/redact`;
  if (dry) {
    await means.question(path, { ...wish, dry }, "redaction");
    return null; // its fields stay for the second press
  }
  const answer = await means.press(path, wish, "redaction");
  if (!answer.ok) return answer;
  means.answers.value = { ...means.answers.value, redaction: undefined };
  means.said.value = { kind: "redaction", message: "", word: "redact.proposed", good: true };
  return answer;
}

export function Redactions({ context, words, told, answers }) {
  const { say } = context;
  const rows = told.redactions.data.disposals;
  const dry = answers.redaction?.data;
  return html`
    <form class="panel line-form" data-form="redact" data-looked="redaction">
      <label>${say("redact.recording")} <input name="recording" required maxlength="40" autocomplete="off"
        value=${words.one || ""} /></label>
      <label class="grow">${say("redact.spans")} <input name="spans" required maxlength="400" autocomplete="off"
        placeholder=${say("redact.spans_why")} /></label>
      <label class="grow">${say("redact.why")} <input name="why" required maxlength="500" autocomplete="off" /></label>
      <button class="plain" name="dry" value="1">${say("hold.look")}</button>
      ${dry ? html`<${Would} ...${{ say, dry }} />` : null}
      ${answers.redaction?.bad ? html`<p class="wrong" role="alert">${say("redact.bad")}</p>` : null}
      ${answers.redaction?.message ? html`<p class="wrong" role="alert">${answers.redaction.message}</p>` : null}
    </form>
    <section class="panel listed"><h2>${say("keeping.part.redactions")}</h2>
      ${rows.length ? html`<ul class="rows">${rows.map((each) => html`<${Row} key=${each.id} ...${{ context, each }} />`)}</ul>`
        : html`<p class="quiet">${say("redact.none")}</p>`}</section>`;
}

function Row({ context, each }) {
  const { say, lang } = context;
  const { recording, spans, into } = each.redaction;
  return html`<li data-disposal=${each.id}>
    <a class="link" href=${`#find&one=${recording}`}>${recording}</a> ${spansText(spans)} <b>${say(`disposal.${each.standing}`)}</b>
    ${into ? html`${say("redact.into")} <a class="link" href=${`#find&one=${into}`}>${into}</a>` : null}
    <small class="quiet">${momentText(each.at, context)} · ${whoText(each.by)} ${each.reason}</small>
    ${each.trouble ? html`<span class="trouble-sign">▲ ${each.again ? say("disposal.again") : each.trouble}</span>` : null}
    ${each.standing === "proposed" ? html`<button type="button" class="plain primary" data-act="approve" data-value=${each.id}
      data-sha=${each.sha256}>${say("redact.approve")}</button>` : null}
    ${each.standing === "proposed" || each.trouble ? html`<form class="line-form" data-form="refuse" data-id=${each.id}>
      <input name="why" required maxlength="500" aria-label=${say("disposal.refuse_why")} placeholder=${say("disposal.refuse_why")} />
      <button class="plain">${say("disposal.refuse")}</button></form>` : null}
    ${each.certificate ? html`<a class="link" href=${`/api/certificates/${each.id}/page?language=${lang}`}
      target="_blank">${say("disposal.certificate")}</a>` : null}</li>`;
}
