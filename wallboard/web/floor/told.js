/* Sentences that the board says, in the reader's language. Pure.

A text comes as one string, or by language ({en, zh}); a finding brings its rule's code, which is shown when a newer board
knows a rule that it has no words for. */

export function textIn(lang, text) {
  if (text === null || text === undefined) return "";
  if (typeof text === "string") return text;
  return text[lang] || text.en || Object.values(text)[0] || "";
}
