/* The five figures: name, value, target, curve. A level grows the card's border and brings its shape; nothing flashes. */

import { count, duration, shareDown, shareUp, target as targetShare, timeOfDay, DASH } from "../format.js";
import { levels, longestWait } from "../urgency.js";
import { Curve } from "../draw/curve.js";
import { html } from "../draw/html.js";
import { LevelShape } from "../draw/shapes.js";

export function Cards({ context, floor, stale, asOf }) {
  const { totals } = floor;
  const level = levels(totals, asOf);
  const curves = totals.series || {};
  const targets = totals.targets || {};
  const props = { context, floor, totals, targets, asOf };
  return html`<section class="cards ${stale ? "stale" : ""}">
    <${Card} ...${{ context, name: "waiting", level: level.waiting, ...waiting(props) }}
      values=${curves.waiting} target=${targets.waiting} top=${5} />
    <${Card} ...${{ context, name: "longest", level: level.longest, ...longest(props) }}
      values=${curves.longest_wait_s} target=${targets.longest_wait_s} top=${30} />
    <${Card} ...${{ context, name: "service", level: level.service, ...service(props) }}
      values=${curves.service_level} target=${targets.service_level} top=${1} />
    <${Card} ...${{ context, name: "abandoned", level: level.abandoned, ...abandoned(props) }}
      values=${curves.abandon_rate} target=${targets.abandon_rate} top=${0.1} />
    <${Card} ...${{ context, name: "breaks", level: null, ...breaks(props) }} values=${null} target=${null} top=${1} />
  </section>`;
}

/* value: text; of: what follows it smaller; ticking: it changes each second and so does not fade. */
function Card({ context, name, level, value, of, hint, ticking, values, target, top }) {
  const { say } = context;
  const title = say(`card.${name}`);
  const figure = `figure${value === DASH ? " none" : ""}${ticking ? "" : " fade"}`;
  return html`<article class="card panel ${level || ""}" data-card=${name}>
    <h2 class="cut">${title}</h2>
    <p class=${figure} key=${ticking ? name : `${name} ${value}`}>${value}${of ? html`<small>${of}</small>` : null}</p>
    <p class="hint ${level || ""}">
      ${level ? html`<${LevelShape} level=${level} label=${say(`level.${level}`)} />` : null}
      <span class="cut">${hint}</span>
    </p>
    <${Curve} values=${values} target=${target ?? null} top=${top} label="${title}, ${say("card.curve")}" />
  </article>`;
}

function waiting({ context: { say }, totals, targets }) {
  const value = count(totals.waiting);
  if (known(targets.waiting)) return { value, hint: say("hint.target", { target: targets.waiting }) };
  if (totals.connecting) return { value, hint: say("hint.connecting", { n: totals.connecting }) };
  return { value, hint: say("hint.offered", { n: totals.offered }) };
}

function longest({ context: { say }, totals, targets, asOf }) {
  const seconds = longestWait(totals, asOf);
  const target = known(targets.longest_wait_s) ? say("hint.target", { target: duration(targets.longest_wait_s) }) : "";
  return { value: duration(seconds), ticking: true, hint: seconds === null ? say("hint.nobody_waits") : target };
}

function service({ context: { say }, floor, totals, targets }) {
  if (!known(totals.service_level)) return { value: DASH, hint: say("hint.none_ended") };
  const value = shareDown(totals.service_level);
  if (!known(targets.service_level)) return { value, hint: "" };
  const target = targetShare(targets.service_level);
  const seconds = sameTarget(floor.queues);
  return { value, hint: seconds === null ? say("hint.target", { target }) : say("hint.target_in", { target, seconds }) };
}

/* The target in seconds that all queues share, or null when they differ. */
function sameTarget(queues) {
  const all = new Set([...queues.values()].map((queue) => queue.target_s));
  return all.size === 1 ? [...all][0] : null;
}

function abandoned({ context: { say }, totals, targets }) {
  if (!known(totals.abandon_rate)) return { value: DASH, hint: say("hint.none_ended") };
  const limit = known(targets.abandon_rate) ? [say("hint.limit", { target: targetShare(targets.abandon_rate) })] : [];
  const unseen = totals.unknown ? [say("hint.unknown", { n: totals.unknown })] : [];
  return { value: shareUp(totals.abandon_rate), hint: [...limit, ...unseen].join(" · ") };
}

function breaks({ context: { say, zone }, floor, totals }) {
  const { out, cap, next_place_at: next } = floor.breaks;
  if (known(next)) return { value: count(out), of: `/${cap}`, hint: say("hint.next_place", { time: timeOfDay(next, zone, false) }) };
  const present = totals.agents_total - (totals.agents.logged_out || 0);
  return { value: count(out), of: known(cap) ? `/${cap}` : "", hint: say("hint.of_agents", { n: present }) };
}

function known(value) {
  return value !== null && value !== undefined;
}
