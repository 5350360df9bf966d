/* What the page shows, as its address says it, what is asked for it, and a form's fields as a body. Pure. */

export const TABS = ["board", "gate", "lists"];

/* {tab, id}: board, one (a campaign), statement (of a campaign), gate, lists. */
export function readPlace(hash) {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  for (const tab of ["one", "statement"]) if (words.get(tab)) return { tab, id: words.get(tab) };
  const tab = words.get("tab") || "board";
  return { tab: TABS.includes(tab) ? tab : "board", id: "" };
}

export function writePlace({ tab, id }) {
  return new URLSearchParams(TABS.includes(tab) ? { tab } : { [tab]: id }).toString();
}

/* Paths of the API by the name under which the page keeps their answers. */
export function pathsOf({ tab, id }) {
  const campaign = `/api/campaigns/${encodeURIComponent(id)}`;
  const more = {
    board: {},
    one: { one: campaign, pace: `${campaign}/pace` },
    statement: { statement: `${campaign}/statement` },
    gate: {},
    lists: { lists: "/api/lists" },
  };
  return { campaigns: "/api/campaigns", ...more[tab] };
}

const FLAGS = ["done", "written"];

/* Fields as the board wants them: a moment of a date and time field in seconds, a checkbox as true; what is empty is left out. */
export function fieldsOf(data, form, now) {
  const fields = {};
  for (const [name, value] of data) {
    const text = String(value).trim();
    if (FLAGS.includes(name)) fields[name] = true;
    else if (name === "at" && text) fields.at = Date.parse(text) / 1000;
    else if (text) fields[name] = text;
  }
  return form === "consent" ? { ...fields, given: now } : fields;
}
