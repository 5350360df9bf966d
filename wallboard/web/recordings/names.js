/* How the plan calls agents, campaigns, classes and results, in the reader's language; what it has no name for is shown by its id. Pure.

The counterpart of recordings/web/names.py. */

/* `names`: of GET /api/archive, or nothing before it has answered. */
export function namer(names, lang) {
  return (kind, id) => {
    const found = names?.[kind]?.[id];
    if (!found) return id;
    return typeof found === "string" ? found : (lang === "zh" && found.name_zh) || found.name || id;
  };
}

/* For a name that is cut off: all of it, and the id by which it is found. */
export const titleOf = (named, kind, id) => (id ? `${named(kind, id)} (${id})` : null);

/* Of a form, a section or an item: its words in the reader's language, else those it has, else its id. */
export const wordsOf = (lang, { id, name = "", name_zh = "", text = "", text_zh = "" }) =>
  (lang === "zh" && (name_zh || text_zh)) || name || text || id;

/* With the number behind it: two people may have one name. */
export function agentText(named, id) {
  const name = named("agents", id);
  return name === id ? id : `${name} ${id}`;
}
