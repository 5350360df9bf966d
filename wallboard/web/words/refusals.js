/* What the page of recordings says where the board's door stands before the archive, by the code of its refusal. Pure.

What the archive itself refuses comes with its sentences (recordings/refusals/). */

const en = {
  "refusal.not_allowed": "Your role may not do this; ask whoever gives out roles.",
  "refusal.bound_to_board": "This sign-in is for one screen only; sign in with your own name.",
  "refusal.origin_refused": "Another site sent this; open this page by the board's own address and try again.",
  "refusal.csrf_refused": "This page is older than your sign-in; load it again and repeat.",
  "refusal.session_ended": "Your session has ended; sign in again.",
  "refusal.too_many_requests": "You ask faster than the board answers; wait some seconds and try again.",
  "refusal.feed_not_ready": "The board does not follow the floor yet; try again in some seconds.",
  "refusal.audit_failed": "This could not be written into the audit trail, so it was not done; ask the administrator.",
  "refusal.not_found": "There is nothing at this address; load the page again.",
  "refusal.internal": "The board made a mistake with this; try again, and tell the administrator if it stays so.",
};

const zh = {
  "refusal.not_allowed": "您的角色无权执行此操作；请联系角色管理员。",
  "refusal.bound_to_board": "此登录只用于一块屏幕；请用自己的账号登录。",
  "refusal.origin_refused": "请求来自其他网站；请用看板自己的地址打开本页再试。",
  "refusal.csrf_refused": "本页早于您的登录；请重新加载后再操作。",
  "refusal.session_ended": "您的会话已结束；请重新登录。",
  "refusal.too_many_requests": "请求过快；请稍候几秒再试。",
  "refusal.feed_not_ready": "看板尚未跟上现场；请稍候几秒再试。",
  "refusal.audit_failed": "无法写入审计记录，因此未执行；请联系管理员。",
  "refusal.not_found": "此地址没有内容；请重新加载页面。",
  "refusal.internal": "看板处理出错；请重试，若仍如此请告知管理员。",
};

export const REFUSALS = { en, zh };
