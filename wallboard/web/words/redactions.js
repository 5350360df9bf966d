/* What the page of recordings says of card data that was found in a recording, in each language. Pure; rules speak for themselves. */

const en = {
  "redact.recording": "Recording, by id",
  "redact.spans": "Stretches: from-to, in seconds or 1:02",
  "redact.spans_why": "for example 62-75.5, 1:20-1:35",
  "redact.why": "Where it was noticed",
  "redact.bad": "Write each stretch as from-to, in seconds or as minutes:seconds.",
  "redact.would": "to be silenced for good: {spans}",
  "redact.held": "A legal hold goes before it: it waits until two people release the hold.",
  "redact.propose": "Propose it: restricted at once",
  "redact.approve": "Approve: silenced for good",
  "redact.into": "what took its place",
  "redact.none": "No card data was found in a recording.",
};

const zh = {
  "redact.recording": "录音编号",
  "redact.spans": "区间：起-止，秒或 1:02",
  "redact.spans_why": "例如 62-75.5, 1:20-1:35",
  "redact.why": "在何处发现",
  "redact.bad": "请将每个区间写作“起-止”，以秒或“分:秒”表示。",
  "redact.would": "将永久静音：{spans}",
  "redact.held": "法律保全优先：须由两人解除保全后才执行。",
  "redact.propose": "提出并立即限制访问",
  "redact.approve": "批准：永久静音",
  "redact.into": "替代录音",
  "redact.none": "没有发现含卡号的录音。",
};

export const REDACTIONS = { en, zh };
