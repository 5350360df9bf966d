/* Sentences that the board says, in the reader's language. Pure.

A text comes as one string, or by language ({en, zh}); a finding brings its rule's code, which is shown when a newer board
knows a rule that it has no words for. */

/* As the trail names somebody: user:LOGIN, or a program by its own name. */
export function whoText(who) {
  return who.startsWith("user:") ? who.slice("user:".length) : who;
}

export function textIn(lang, text) {
  if (text === null || text === undefined) return "";
  if (typeof text === "string") return text;
  return text[lang] || text.en || Object.values(text)[0] || "";
}
