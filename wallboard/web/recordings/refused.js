/* What was refused, as the page says it in the language that it has now. Pure.

The archive says each refusal in all languages (recordings/refusals/, andon/offers.py); what stands before it, the board's own door, says a
code, which has words here; anything else is said as the board says it. */

/* The message of an answer (floor/ask.js): a text by language, {code, text}, or a text. */
export function messageOf({ data, message }) {
  if (data?.text && data.rule) return data.text;
  return data?.error ? { code: data.error, text: message } : message;
}

/* In one language. */
export function worded(message, say, lang) {
  if (!message || typeof message === "string") return message || "";
  if (message.code === undefined) return message[lang] || message.en || "";
  return say.knows(`refusal.${message.code}`) ? say(`refusal.${message.code}`) : message.text;
}

/* {name: {message, …}} with each message in that language. */
export function allWorded(asked, say, lang) {
  return Object.fromEntries(Object.entries(asked).map(([name, each]) =>
    [name, each?.message ? { ...each, message: worded(each.message, say, lang) } : each]));
}
