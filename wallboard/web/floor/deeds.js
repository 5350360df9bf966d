/* What a supervisor may order, as one table: its key, the actions of a role that it needs, where it goes and what it has to be told
first. Pure; the counterpart of wallboard/control_handlers.py.

Not who may (the board says: GET /api/session) and not whether it may be done now (the engine says, with its reasons). */

/* fields: what is asked before it goes; sure: cannot be undone, so it asks once, naming what happens to whom; undo: the board
can take it back; many: fits several agents at once; phone: rings the asker's own phone; fits: whom it is offered for, where that
is not everybody; rare: for a refusal that somebody brings, so in the menu and the palette and not among the buttons. */
export const DEEDS = {
  pause: { key: "p", needs: ["orders.give"], fields: ["kind", "minutes", "reason"], many: true, undo: true },
  ready: { key: "u", needs: ["orders.give"], fields: [], many: true, undo: true },
  listen: { key: "l", needs: ["calls.spy"], fields: [], phone: true },
  whisper: { key: "w", needs: ["calls.spy", "orders.give"], fields: [], phone: true },
  barge: { key: "b", needs: ["calls.spy", "orders.give"], fields: [], phone: true },
  takeover: { key: "", needs: ["orders.give"], fields: ["reason"], phone: true, sure: true },
  hangup: { key: "h", needs: ["orders.give"], fields: ["reason"], sure: true },
  message: { key: "m", needs: ["messages.send"], fields: ["text", "shown"], many: true },
  grant: { key: "", needs: ["breaks.manage"], fields: ["kind", "minutes", "why"] },
  move: { key: "", needs: ["orders.give"], fields: ["queues", "reason"], many: true, undo: true },
  logout: { key: "", needs: ["orders.give"], fields: ["reason"], many: true, sure: true },
  allow: { key: "", needs: ["duty.manage"], fields: ["why"], rare: true, fits: (agent) => agent.state === "logged_out" },
};

export const NAMES = Object.keys(DEEDS);

/* Those that a session may do, in the table's order. */
export function allowed(session) {
  return NAMES.filter((name) => DEEDS[name].needs.every((action) => session?.actions.includes(action)));
}

/* Those that are offered for one agent. Whether it may be done now is the engine's to say. */
export function offered(names, agent) {
  return names.filter((name) => !DEEDS[name].fits || (agent && DEEDS[name].fits(agent)));
}

/* Kinds of a pause that somebody can be sent into, and those of a break that can be granted. */
export const PAUSE_KINDS = ["short", "meal", "comfort", "recovery", "coaching", "training", "fault"];
export const GRANT_KINDS = ["short", "meal", "legal", "comfort", "recovery"];

/* Whom an act is about: who is selected, else the row with the focus, else who is inspected. */
export function whomOf({ selection, focused, at }) {
  if (selection.ids.size) return [...selection.ids];
  if (focused) return [focused];
  return at?.kind === "agent" ? [at.id] : [];
}

/* What goes to the board: {path, body}. values: the fields as text, `into` and `out_of` as lists. */
export function requestOf(name, agents, values) {
  if (name === "message") return { path: "/api/messages", body: { to: values.to, text: values.text, minutes: number(values.shown) } };
  if (name === "grant") {
    const body = { deed: "grant", agent: agents[0], kind: values.kind, minutes: number(values.minutes), reason: values.why };
    return { path: "/api/breaks", body: without(body) };
  }
  if (name === "allow") return { path: "/api/duty", body: { deed: "allow", agent: agents[0], reason: values.why } };
  const whom = agents.length === 1 ? { agent: agents[0] } : { agents };
  const { kind, minutes, reason, phone, into, out_of: outOf } = values;
  const body = { deed: name, ...whom, kind, minutes: number(minutes), reason, phone, into, out_of: outOf };
  return { path: "/api/orders", body: without(body) };
}

function number(text) {
  const value = Number(text);
  return text && Number.isFinite(value) ? value : undefined;
}

/* The board has its own defaults for what nobody filled in. */
function without(body) {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) &&
    !value.length)));
}
