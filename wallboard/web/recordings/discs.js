/* The tab of discs (刻录): what may be burned, each disc with its next step, what is to be read again or destroyed; what is printed.

A step that takes long is noted and done by the archivist; what came of it stands at the disc. */

import { html } from "../draw/html.js";
import { momentText } from "../campaigns/times.js";
import { whoText } from "../floor/told.js";
import { Waiting } from "./page.js";

/* What may be pressed in which state. */
const STEPS = {
  gathered: ["image"],
  imaged: ["burn"],
  burned: ["verify"],
  verified: ["sign"],
  signed: ["check", "prove", "destroy"],
  damaged: ["prove", "destroy"],
  discarded: ["prove", "destroy"],
};
/* What cannot be undone is asked once more, naming the disc: a medium that is written once, and a word that somebody saw it broken. */
const FOR_GOOD = ["burn", "destroy"];
const PLACES = { image: "disc-sets", burn: "discs", verify: "discs", check: "discs", prove: "discs" };

export function paths(words) {
  return { discs: "/api/discs", ...(words.id ? { disc: `/api/discs/${encodeURIComponent(words.id)}` } : {}) };
}

export function View({ context, told, answers }) {
  const { say, lang } = context;
  const found = told.discs?.data;
  if (!found) return html`<${Waiting} ...${{ context, asked: told.discs }} />`;
  const dry = answers.sets?.data?.sets;
  return html`
    <form class="panel line-form" data-form="gather" data-looked="sets">
      <label>${say("find.class")} <input name="class" maxlength="64" autocomplete="off" /></label>
      <label>${say("discs.client")} <input name="client" maxlength="64" autocomplete="off" /></label>
      <label>${say("discs.month")} <input type="month" name="month" /></label>
      <button class="plain" name="dry" value="1">${say("discs.look")}</button>
      ${dry?.length ? html`<button class="plain primary" name="dry" value="">${say("discs.gather", { n: dry.length })}</button>` : null}
      <a class="link" href=${`/api/discs/register?language=${lang}`} target="_blank">${say("discs.register")}</a>
      ${answers.sets?.message ? html`<p class="wrong" role="alert">${answers.sets.message}</p>` : null}
    </form>
    ${dry ? html`<section class="panel listed"><h2>${say("discs.would")}</h2>${dry.length ? html`<ul class="rows">${dry.map((each, at) =>
      html`<li key=${at}><b>${each.client || "–"} · ${context.named("classes", each.class)} · ${each.month}</b>
        ${say("hold.items", { n: each.recordings })}
        <small class="quiet">${each.medium} × ${each.discs} · ${megabytes(each.bytes)} MB</small></li>`)}</ul>`
      : html`<p class="quiet">${say("discs.nothing")}</p>`}</section>` : null}
    <section class="panel listed"><h2>${say("recordings.tab.discs")}</h2>
      ${found.discs.length ? html`<ul class="rows">${found.discs.map((disc) => html`<${Disc}
        key=${disc.id} ...${{ context, disc, found, sure: answers.sure?.data }} />`)}</ul>`
        : html`<p class="quiet">${say("discs.none")}</p>`}</section>
    ${found.check.length ? html`<section class="panel listed"><h2>${say("discs.to_check")}</h2><ul class="rows">${found.check.map((each) =>
      html`<li key=${each.disc}>${each.disc} <small
        class="quiet">${say(`discs.why.${each.why}`)} · ${momentText(each.since, context)}</small></li>`)}
    </ul></section>` : null}
    ${found.destroy.length ? html`<section
      class="panel listed"><h2>${say("discs.to_destroy")}</h2><p>${found.destroy.join(", ")}</p></section>` : null}
    ${told.disc?.data ? html`<${One} ...${{ context, one: told.disc.data }} />` : null}`;
}

function Disc({ context, disc, found, sure }) {
  const { say, lang } = context;
  const waits = found.steps.filter((step) => step.state === "wanted" && [disc.id, disc.set].includes(step.subject));
  return html`<li data-disc=${disc.id}>
    <button type="button" class="link" data-act="open" data-value=${disc.id}>${disc.id}</button> <b>${say(`discs.state.${disc.state}`)}</b>
    ${disc.client || "–"} · ${context.named("classes", disc.class)} · ${disc.month} · ${say("hold.items", { n: disc.recordings })}
    <small class="quiet">${disc.medium} ${disc.image ? `${disc.image.slice(0, 16)}…` : ""}</small>
    ${disc.said ? html`<span class="trouble-sign">▲ ${disc.said[lang]}</span>` : null}
    ${waits.length ? html`<span role="status">${waits.map(({ step }) => say("discs.waits", { step: say(`discs.step.${step}`) })).join(" ")}
      </span>`
      : (STEPS[disc.state] || []).map((step) => html`<${StepButton} key=${step}
        ...${{ say, disc, step, asks: sure === `${disc.id} ${step}` }} />`)}
    <a class="link" target="_blank" href=${`/api/discs/${encodeURIComponent(disc.id)}/label?language=${lang}`}>
      ${say("discs.label")}</a></li>`;
}

/* What leaves it stands first, where the first press was: a press too many burns nothing. */
function StepButton({ say, disc, step, asks }) {
  const about = { disc: disc.id };
  const done = (act, shown, words) => html`<button type="button" class=${shown} data-act=${act} data-value=${step} data-disc=${disc.id}
    data-set=${disc.set} key=${act === "step" ? "does" : "asks"}>${words}</button>`;
  if (!FOR_GOOD.includes(step)) return done("step", "plain", say(`discs.step.${step}`));
  if (!asks) return done("ask_step", "plain", say(`discs.step.${step}`));
  return html`<span class="sure-asked" role="alert">${done("leave_step", "plain", say("discs.leave"))}
    <span class="trouble-sign">▲ ${step === "burn" ? say("discs.burn_sure", about) : say("discs.destroy_sure", about)}</span>
    ${done("step", "plain sure", step === "burn" ? say("discs.burn_do", about) : say("discs.destroy_do", about))}</span>`;
}

function One({ context, one }) {
  const { say, lang } = context;
  return html`<section class="panel listed"><h2>${one.disc.id} <small>${say(`discs.state.${one.disc.state}`)}</small></h2>
    ${one.held ? html`<p><b class="hold-sign">▣ ${say("discs.held", { n: one.held })}</b></p>` : null}
    <ul class="rows">
      ${one.signatures.map((each, at) => html`<li key=${`s${at}`}>
        ✍ ${say(`discs.signature.${each.what}`)} · ${whoText(each.who)} · ${momentText(each.at, context)}</li>`)}
      ${one.checks.map((each, at) => html`<li
        key=${`c${at}`}>${each.good ? "✓" : "▲"} ${say(`discs.check.${each.kind}`)} · ${momentText(each.at, context)}
        · ${whoText(each.by)} ${each.good ? "" : html`<code>${JSON.stringify(each.told)}</code>`}</li>`)}
      ${one.steps.map((step) => html`<li key=${`w${step.number}`}>${say(`discs.step.${step.step}`)} · ${say(`discs.wish.${step.state}`)}
        <small class="quiet">${step.said?.[lang]} ${whoText(step.who)}</small></li>`)}
    </ul></section>`;
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

const asked = (means, sure) => (means.answers.value = { ...means.answers.value, sure: { data: sure } });

export const ACTS = {
  open: ({ value }, means) => means.go("discs", { id: value }),
  ask_step: ({ value, disc }, means) => {
    asked(means, `${disc} ${value}`);
    document.querySelector("[data-act=leave_step]")?.focus();
  },
  leave_step: ({ value, disc }, means) => {
    asked(means, "");
    document.querySelector(`[data-act=ask_step][data-value="${value}"][data-disc="${CSS.escape(disc)}"]`)?.focus();
  },
  step: ({ value, disc, set }, means) => {
    asked(means, "");
    const [place, id] = PLACES[value] === "disc-sets" ? ["disc-sets", set] : ["discs", disc];
    return means.press(`/api/${place}/${encodeURIComponent(id)}/${value}`, {}, "disc");
  },
};

/* A question that nobody answered does not wait for them to come back. */
export const onGo = (_tab, _words, means) => asked(means, "");

export const FORMS = {
  gather: async (fields, _, means, event) => {
    const wish = Object.fromEntries(Object.entries(fields).filter(([name, value]) => value !== "" && name !== "dry"));
    if (event.submitter?.value === "1") {
      await means.question("/api/discs", { ...wish, dry: true }, "sets");
      return null;
    }
    const answer = await means.press("/api/discs", wish, "disc");
    if (answer.ok) means.answers.value = {};
    return answer;
  },
};
