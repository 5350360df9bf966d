/* What the page of recordings says of card data that was found in a recording, in each language. Pure; rules speak for themselves. */

const en = {
  "redact.recording": "Recording, by id",
  "redact.spans": "Stretches: from-to, in seconds or 1:02",
  "redact.spans_why": "for example 62-75.5, 1:20-1:35",
  "redact.why": "Where it was noticed",
  "redact.bad": "Write each stretch as from-to, in seconds or as minutes:seconds.",
  "redact.would": "To be silenced for good: {spans}.",
  "redact.held": "A legal hold goes before it: it waits until two people release the hold.",
  "redact.propose": "Propose it: restricted at once",
  "redact.approve": "Approve: silenced for good",
  "redact.marked": "Marked: {spans}.",
  "redact.ask": "Card data was said here",
  "redact.leave": "Leave it",
  "redact.does": "Another person has to approve it; then a silenced recording takes this one's place, and the key of this one is "
    + "destroyed, on discs, too. From the proposal on, only managers hear it.",
  "redact.proposed": "Proposed; another person approves or refuses it under Kept until, Card data.",
  "redact.into": "what took its place",
  "redact.none": "No card data was found in a recording.",
};

const zh = {
  "redact.recording": "录音编号",
  "redact.spans": "区间：起-止，秒或 1:02",
  "redact.spans_why": "例如 62-75.5, 1:20-1:35",
  "redact.why": "在何处发现",
  "redact.bad": "请将每个区间写作“起-止”，以秒或“分:秒”表示。",
  "redact.would": "将永久静音：{spans}。",
  "redact.held": "法律保全优先：须由两人解除保全后才执行。",
  "redact.propose": "提出并立即限制访问",
  "redact.approve": "批准：永久静音",
  "redact.marked": "已标记：{spans}。",
  "redact.ask": "此处说出了卡号",
  "redact.leave": "暂不",
  "redact.does": "须由另一人批准；之后由静音后的录音替代，原录音的密钥被销毁，光盘上的也无法再听。提出后只有经理可以收听。",
  "redact.proposed": "已提出；由另一人在“保管期限—卡号抹除”中批准或拒绝。",
  "redact.into": "替代录音",
  "redact.none": "没有发现含卡号的录音。",
};

export const REDACTIONS = { en, zh };
