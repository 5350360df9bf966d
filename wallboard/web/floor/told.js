/* Sentences that the board says, in the reader's language. Pure.

A text comes as one string, or by language ({en, zh}); a finding brings its rule's code, which is shown when a newer board
knows a rule that it has no words for. */

export function textIn(lang, text) {
  if (text === null || text === undefined) return "";
  if (typeof text === "string") return text;
  return text[lang] || text.en || Object.values(text)[0] || "";
}

/* The sentence of an answer: its own message, else the first reason that says the same as the whole. */
export function sentenceOf(lang, { message, reasons, verdict }) {
  const own = (reasons || []).find((reason) => reason.verdict === verdict);
  const said = own ? textIn(lang, own.text) : "";
  return said || textIn(lang, message);
}
