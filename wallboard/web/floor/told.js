/* Sentences that the board says, in the reader's language. Pure.

A text comes as one string, or by language ({en, zh}); a finding brings its rule's code, which is shown when a newer board
knows a rule that it has no words for. */

/* As the trail names somebody: user:LOGIN, agent:NUMBER, or a program by its own name; nobody is "". */
export function whoText(who) {
  return (who || "").replace(/^(user|agent):/, "");
}

/* Why a page has nothing to show, in the reader's language where the role is refused: the board's sentence names actions of its table.
"" when the board did not say. */
export function refusalText({ status, data, message }, say) {
  return status === 403 && data?.error === "not_allowed" ? say("refused.role") : message;
}

export function textIn(lang, text) {
  if (text === null || text === undefined) return "";
  if (typeof text === "string") return text;
  return text[lang] || text.en || Object.values(text)[0] || "";
}
