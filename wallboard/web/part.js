/* A floor as one page of a board shows it: its queues, who works in them, their totals, the servers behind them. Pure.

The board's own queues were chosen by the server (realtime/scope.py), which also counts the totals of single pages. */

/* The same floor where the page shows all of it. */
export function partOf(floor, page, place, plan) {
  const named = new Set(page.queues);
  if (!named.size && !plan.queues.length) return floor;
  const has = (node, name) => !named.size || named.has(name) || named.has(`${node}/${name}`);
  const queues = filtered(floor.queues, (queue) => has(queue.node, queue.name));
  const agents = filtered(floor.agents, (agent) => !named.size || agent.queues.some((queue) => has(agent.node, queue)));
  const totals = (floor.parts && floor.parts[place]) || floor.totals;
  const breaks = named.size ? { ...floor.breaks, out: totals.agents.on_break || 0 } : floor.breaks;
  return { ...floor, queues, agents, totals, breaks, nodes: behind(floor.nodes, [...queues.values(), ...agents.values()]) };
}

/* A server none of whose rows is shown makes nothing here old. All of them while there is no row to go by. */
function behind(nodes, rows) {
  const here = new Set(rows.map((row) => row.node));
  return here.size ? filtered(nodes, (node) => here.has(node.node)) : nodes;
}

function filtered(table, keeps) {
  return new Map([...table].filter(([, row]) => keeps(row)));
}
