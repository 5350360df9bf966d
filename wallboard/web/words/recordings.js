/* What only the page of recordings says, in each language. Pure; reasons of rules come from the board. */

const en = {
  "recordings.page_title": "Andon recordings",
  "recordings.pages": "Pages",
  "recordings.floor": "Floor",
  "recordings.campaigns": "Campaigns",
  "recordings.reports": "Reports",
  "recordings.print": "Print",
  "recordings.tab.find": "Recordings",
  "recordings.tab.missing": "Missing",
  "recordings.tab.keeping": "Kept until",
  "recordings.tab.discs": "Discs",
  "recordings.tab.quality": "Quality",
  "recordings.asking": "Asking the archive …",
  "recordings.failed": "The archive did not answer; this page asks again by itself.",
  "recordings.done": "Done.",
  "recordings.forbidden": "Your role may not see this; ask whoever gives out roles.",
};

const zh = {
  "recordings.page_title": "Andon 录音",
  "recordings.pages": "页面",
  "recordings.floor": "现场",
  "recordings.campaigns": "项目",
  "recordings.reports": "报表",
  "recordings.print": "打印",
  "recordings.tab.find": "录音",
  "recordings.tab.missing": "缺失",
  "recordings.tab.keeping": "保管期限",
  "recordings.tab.discs": "光盘",
  "recordings.tab.quality": "质检",
  "recordings.asking": "正在查询录音库……",
  "recordings.failed": "录音库没有应答；本页会自动重试。",
  "recordings.done": "已完成。",
  "recordings.forbidden": "您的角色无权查看；请联系分配角色的人员。",
};

export const RECORDINGS = { en, zh };
