/* What the tops of the office's pages say, in each language: the pages, who is signed in, the way out. */

const en = {
  "top.pages": "Pages",
  "top.floor": "Floor",
  "top.agent": "My page",
  "top.breaks": "Breaks",
  "top.campaigns": "Campaigns",
  "top.recordings": "Recordings",
  "top.reports": "Reports",
  "top.print": "Print",
  "top.sign_out": "Sign out",
  "theme.light": "Theme: light",
  "theme.dark": "Theme: dark",
  "theme.auto": "Theme: as the system",
  "role.screen": "screen",
  "role.agent": "agent",
  "role.leader": "team leader",
  "role.supervisor": "supervisor",
  "role.qa": "quality",
  "role.manager": "manager",
  "role.admin": "administrator",
};

const zh = {
  "top.pages": "页面",
  "top.floor": "现场",
  "top.agent": "我的页面",
  "top.breaks": "小休",
  "top.campaigns": "项目",
  "top.recordings": "录音",
  "top.reports": "报表",
  "top.print": "打印",
  "top.sign_out": "退出登录",
  "theme.light": "主题：浅色",
  "theme.dark": "主题：深色",
  "theme.auto": "主题：跟随系统",
  "role.screen": "大屏",
  "role.agent": "坐席",
  "role.leader": "班长",
  "role.supervisor": "现场主管",
  "role.qa": "质检",
  "role.manager": "经理",
  "role.admin": "管理员",
};

export const OFFICE = { en, zh };
