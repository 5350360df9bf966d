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

/* A date and a time of day of that zone's clock, in seconds since 1970. */
export function momentOf(text, zone) {
  const guess = Date.parse(`${text}Z`);
  const shown = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(guess);
  return (2 * guess - Date.parse(`${shown.replace(" ", "T")}Z`)) / 1000;
}

const FLAGS = ["done", "written"];

/* Fields as the board wants them: a date and time, by the floor's clock, in seconds, a checkbox as true; what is empty is left out. */
export function fieldsOf(data, form, now, zone) {
  const fields = {};
  for (const [name, value] of data) {
    const text = String(value).trim();
    if (FLAGS.includes(name)) fields[name] = true;
    else if (name === "at" && text) fields.at = momentOf(text, zone);
    else if (text) fields[name] = text;
  }
  return form === "consent" ? { ...fields, given: now } : fields;
}
