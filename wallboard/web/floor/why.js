/* Why a number is what it is: its formula, what goes in, the facts behind it, since when and how old.

What the board answers (GET /api/why) is keys and values; the words are the catalogue's: why.formula.KEY, why.input.KEY,
fact.KEY. A key that a newer board knows is shown as it is. */

import { html } from "../draw/html.js";
import { PlainShape } from "../draw/shapes.js";
import { count, duration, shareDown, timeOfDay, DASH } from "../format.js";

/* why: {name, kind, id, answer, message, failed}; there is no answer while it is asked for. */
export function Why({ context, why, now }) {
  const { say } = context;
  const title = titleOf(context, why.name);
  return html`<section class="why" aria-label=${say("why.title", { name: title })} data-why=${why.name}>
    <header>
      <h2 class="cut" tabindex="-1" data-focus="why">${say("why.title", { name: title })}</h2>
      <button type="button" class="icon" data-act="close_why" aria-label=${say("floor.close")}><${PlainShape} shape="lost" /></button>
    </header>
    <p class="quiet cut"><span class="name" dir="auto">${why.about}</span></p>
    ${why.answer ? html`<${Answer} ...${{ context, answer: why.answer, now }} />` :
      html`<p class="quiet" role="status">${why.message || say(why.failed ? "why.failed" : "why.loading")}</p>`}
  </section>`;
}

/* `agents.ready` is how many agents are in that state. */
function titleOf({ say, word }, name) {
  const [table, state] = name.split(".");
  return state ? `${say(`tab.${table}`)} · ${word("state", state)}` : word("number", name);
}

function Answer({ context, answer, now }) {
  const { say, zone } = context;
  const { value, unit, inputs, facts, more, since, until, source, away } = answer;
  return html`
    <p class="result">${written(context, value, unit)}</p>
    <p class="formula">${spoken(say, "why.formula", answer.formula)}</p>
    ${inputs.length ? html`<dl class="facts">${inputs.map((input) => html`<dt key=${input.name}>${inputName(context, input.name)}</dt><dd>
      ${written(context, input.value, input.unit)}</dd>`)}</dl>` : null}
    <p class="quiet">
      ${since === null ? null : say("why.since", { time: timeOfDay(since, zone) })}${" "}
      ${say(source === "history" ? "why.from_history" : "why.from_live",
        { time: timeOfDay(until, zone), age: duration(Math.max(0, now - until)) })}
    </p>
    <h3>${say("why.facts", { n: facts.length + more })}</h3>
    ${facts.length ? null : html`<p class="quiet">${away || say("why.no_facts")}</p>`}
    <ol class="told-facts">${facts.map((fact, number) => html`<li key=${number}><time>${timeOfDay(fact.at, zone)}</time><span>
      ${told(context, fact)}</span></li>`)}</ol>
    ${more ? html`<p class="quiet">${say("why.more", { n: more })}</p>` : null}
    ${facts.length && away ? html`<p class="quiet">${away}</p>` : null}`;
}

/* `agents.ready` is how many agents are in that state. */
function inputName({ say, word }, name) {
  return name.startsWith("agents.") ? word("state", name.slice("agents.".length)) : spoken(say, "why.input", name);
}

/* "answered · 王芳 · sales · waited 0:12". */
function told(context, fact) {
  const { say, agentName } = context;
  const who = fact.agent ? [html`<span class="name" dir="auto">${agentName(fact.agent)}</span>`] : [];
  const detail = Object.entries(fact.detail ||
    {}).map(([name, value]) => `${spoken(say, "why.input", name)} ${plain(context, name, value)}`);
  const parts = [spoken(say, "fact", fact.kind), ...who, nameOf(fact.queue), ...detail].filter(Boolean);
  return parts.map((part, place) => (place ? [" · ", part] : part));
}

/* A queue's key is server/name; here its name says enough. */
function nameOf(key) {
  return key ? key.slice(key.indexOf("/") + 1) : null;
}

/* A detail has no unit of its own: its name says it, as everywhere (_s are seconds). */
function plain(context, name, value) {
  if (typeof value === "boolean") return context.say(value ? "why.yes" : "why.no");
  if (typeof value === "number" && name.endsWith("_s")) return duration(value);
  return name === "state" ? context.word("state", value) : context.word("why.value", String(value));
}

const WRITERS = {
  s: (context, value) => duration(value),
  share: (context, value) => shareDown(value),
  time: (context, value) => timeOfDay(value, context.zone),
  state: (context, value) => context.word("state", value),
  word: (context, value) => ["direction", "link", "why.value"].map((table) => context.word(table, value)).find((said) => said !== value)
    || value,
  yes: (context, value) => context.say(value ? "why.yes" : "why.no"),
};

/* null is unknown, whatever its unit. */
function written(context, value, unit) {
  if (value === null || value === undefined) return DASH;
  return unit in WRITERS ? WRITERS[unit](context, value) : count(value);
}

function spoken(say, table, key) {
  return say.knows(`${table}.${key}`) ? say(`${table}.${key}`) : key;
}
