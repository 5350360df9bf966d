/* What the page shows, as its address says it. Pure.

#find&agent=1023&one=abc: a tab first, then what it asks. Whose number somebody searched for never stands in an address. */

export const TABS = ["find", "missing", "keeping", "discs", "quality", "own"];

/* {tab, words}: words as the tab understands them. */
export function readPlace(hash) {
  const [tab, ...rest] = hash.replace(/^#/, "").split("&");
  return { tab: TABS.includes(tab) ? tab : "find", words: Object.fromEntries(new URLSearchParams(rest.join("&"))) };
}

export function writePlace({ tab, words }) {
  const said = new URLSearchParams(Object.entries(words).filter(([, value]) => value !== "" && value !== undefined)).toString();
  return said ? `${tab}&${said}` : tab;
}
