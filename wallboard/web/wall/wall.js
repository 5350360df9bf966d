/* The whole page for one moment: which of its states it is in, and what each part is given. Draws, decides nothing of its
own: the judgement is in health.js, urgency.js, paging.js, rounds.js and night.js. */

import { html } from "../draw/html.js";
import { drift } from "../drift.js";
import { asOf, asOfAll, health } from "../health.js";
import { FULL, lightAt } from "../night.js";
import { pageOf } from "../paging.js";
import { agentLevel, levels } from "../urgency.js";
import { Agents } from "./agents.js";
import { BreaksPage } from "./breaks.js";
import { Cards } from "./cards.js";
import { Foot } from "./foot.js";
import { Head } from "./head.js";
import { NOT_LET_IN, boardAsked } from "./link.js";
import { Empty, Forbidden, Keys, Loading, Pairing } from "./notes.js";
import { NumberPage } from "./number.js";
import { Tables } from "./tables.js";

/* The digest for screen readers changes this often; the figures themselves are no live region. */
const DIGEST_S = 15;

export function Wall({ help, red, ...rest }) {
  const { context, scene } = rest;
  const { x, y } = drift(context.uptime);
  const under = scene && scene.place % 2 ? "under" : ""; // the head of every other page is below: nothing burns in
  return html`<div class="wall ${under}" style=${{ "--drift-x": x, "--drift-y": y }}>
      ${page(rest)}
      ${help ? html`<${Keys} ...${{ context }} />` : null}
    </div>
    <${Night} ...${{ context, red }} />`;
}

/* Over everything, so that a light page and a picture in it grow darker, too. */
function Night({ context: { settings, minute, touched }, red }) {
  const light = lightAt(settings.dim, minute, { red, touched });
  return light === FULL ? null : html`<div class="night" style=${{ "--dark": FULL - light }} data-light=${light} />`;
}

function page({ context, floor, link, plan, scene, capacity, sign, pair, signIn, toForm }) {
  if (link.phase === "refused") {
    const coded = link.code === NOT_LET_IN && !sign.form;
    if (coded) return html`<${Pairing} ...${{ context, pair, board: boardAsked(), toForm }} />`;
    return html`<${Forbidden} ...${{ context, link, sign, signIn, toForm }} />`;
  }
  if (!floor || !scene) return html`<${Loading} ...${{ context, link }} />`;
  const part = scene.floor;
  const found = health(part, link, context.now);
  const head = html`<${Head} ...${{ context, floor, plan, health: found, link, scene }} />`;
  if (!part.queues.size && !part.agents.size) return html`${head}<${Empty} ...${{ context, floor, wanted: wanted(plan, scene.page) }} />`;
  const stale = found.level !== "live";
  const at = asOfAll(part, context.now);
  const draw = LAYOUTS[scene.page.layout] || wholeWall;
  return html`${head}${draw({ context, scene, link, found, capacity, stale, at })}<${Spoken} ...${{ context, floor: part }} />`;
}

/* The queues that a board or its page was told to show. */
function wanted(plan, { queues }) {
  return queues.length ? queues : plan.queues;
}

function oneNumber({ context, scene: { page: { number, queues }, floor }, stale, at }) {
  return html`<${NumberPage} ...${{ context, floor, number, names: queues, stale, asOf: at }} />`;
}

function breaks({ context, scene: { floor }, stale, at }) {
  return html`<${BreaksPage} ...${{ context, floor, stale, asOf: at }} />`;
}

/* A layout that a newer board knows is drawn as the whole wall. */
const LAYOUTS = { number: oneNumber, breaks };

function wholeWall({ context, scene: { floor, round }, link, found, capacity, stale, at }) {
  const isStale = (node) => link.phase !== "open" || found.stale.has(node);
  const of = (node) => asOf(floor, node, context.now);
  const queues = pageOf([...floor.queues.values()], capacity.queues, round.page);
  const campaigns = pageOf(floor.campaigns, capacity.campaigns, round.page);
  return html`<${Cards} ...${{ context, floor, stale, asOf: at }} />
    <main class="middle">
      <${Agents} ...${{ context, floor, shown: round.shown, asOf: of, isStale }} />
      <${Tables} ...${{ context, floor, queues, campaigns, asOf: of, isStale }} />
    </main>
    <${Foot} ...${{ context, floor, stale }} />`;
}

/* Said in full, and only now and then. */
let spoken = { turn: null, text: "" };

function Spoken({ context: { say, now, lang }, floor }) {
  const turn = `${lang} ${Math.floor(now / DIGEST_S)}`;
  if (turn !== spoken.turn) spoken = { turn, text: digest(say, floor, now) };
  return html`<p class="unseen" role="status">${spoken.text}</p>`;
}

function digest(say, floor, now) {
  const raised = [...Object.values(levels(floor.totals, now)), ...[...floor.agents.values()].map(agentLevel)];
  const number = (level) => raised.filter((each) => each === level).length;
  return say("foot.digest", { waiting: floor.totals.waiting, act: number("act"), warn: number("warn") });
}
