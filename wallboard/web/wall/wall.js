/* The whole page for one moment: which of its states it is in, and what each part is given. Draws, decides nothing of its
own: the judgement is in health.js, urgency.js and paging.js. */

import { asOf, asOfAll, health } from "../health.js";
import { pageOf } from "../paging.js";
import { agentLevel, levels } from "../urgency.js";
import { Agents } from "./agents.js";
import { Cards } from "./cards.js";
import { Foot } from "./foot.js";
import { Head } from "./head.js";
import { html } from "../draw/html.js";
import { Empty, Forbidden, Keys, Loading } from "./notes.js";
import { Tables } from "./tables.js";

/* The digest for screen readers changes this often; the figures themselves are no live region. */
const DIGEST_S = 15;

export function Wall({ context, floor, link, round, capacity, sign, signIn, help }) {
  return html`<div class="wall">
    ${page({ context, floor, link, round, capacity, sign, signIn })}
    ${help ? html`<${Keys} ...${{ context }} />` : null}
  </div>`;
}

function page({ context, floor, link, round, capacity, sign, signIn }) {
  if (link.phase === "refused") return html`<${Forbidden} ...${{ context, link, sign, signIn }} />`;
  if (!floor) return html`<${Loading} ...${{ context, link }} />`;
  const found = health(floor, link, context.now);
  const head = html`<${Head} ...${{ context, floor, health: found, link, round }} />`;
  if (!floor.queues.size && !floor.agents.size) return html`${head}<${Empty} ...${{ context, floor }} />`;
  const stale = found.level !== "live";
  const isStale = (node) => link.phase !== "open" || found.stale.has(node);
  const at = (node) => asOf(floor, node, context.now);
  const queues = pageOf([...floor.queues.values()], capacity.queues, round.page);
  const campaigns = pageOf(floor.campaigns, capacity.campaigns, round.page);
  return html`${head}
    <${Cards} ...${{ context, floor, stale, asOf: asOfAll(floor, context.now) }} />
    <main class="middle">
      <${Agents} ...${{ context, floor, shown: round.shown, asOf: at, isStale }} />
      <${Tables} ...${{ context, floor, queues, campaigns, asOf: at, isStale }} />
    </main>
    <${Foot} ...${{ context, floor, stale }} />
    <${Spoken} ...${{ context, floor }} />`;
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
