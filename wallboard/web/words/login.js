/* What only the page to sign in says, in each language. Pure; speaker(lang, LOGIN) in ../words.js makes sentences of it. */

const en = {
  "login.title": "Sign in to Andon",
  "login.user": "Name",
  "login.password": "Password",
  "login.token": "Token",
  "login.enter": "Sign in",
  "login.asking": "Asking …",
  "login.use_token": "Use a token instead",
  "login.use_password": "Use name and password instead",
  "login.caps": "Caps Lock is on.",
  "login.wrong_password": "Name and password do not fit, or this person may not sign in.",
  "login.wrong_token": "The board does not know this token, or it has expired.",
  "login.slow": "Too many attempts. Wait up to five minutes, then try again; a token works at any time.",
  "login.slow_token": "Too many wrong tokens from here. Wait a minute, then try again.",
  "login.unreachable": "The board did not answer. Try again.",
  "login.failed": "The board could not sign you in at the moment. Its administrator finds why in /readyz.",
  "login.in_title": "You are signed in",
  "login.in_as": "As {name}.",
  "login.no_page": "There is no page for your role yet.",
  "login.go": "Go on",
  "login.out": "Sign out",
};

const zh = {
  "login.title": "登录 Andon",
  "login.user": "用户名",
  "login.password": "密码",
  "login.token": "令牌",
  "login.enter": "登录",
  "login.asking": "正在验证…",
  "login.use_token": "改用令牌登录",
  "login.use_password": "改用用户名和密码登录",
  "login.caps": "大写锁定已打开。",
  "login.wrong_password": "用户名或密码不正确，或该用户无权登录。",
  "login.wrong_token": "令牌不存在或已过期。",
  "login.slow": "尝试次数过多，请最多等待五分钟后再试；令牌随时可用。",
  "login.slow_token": "本机输错令牌次数过多，请一分钟后再试。",
  "login.unreachable": "看板服务没有应答，请再试一次。",
  "login.failed": "看板服务暂时无法登录，管理员可在 /readyz 查看原因。",
  "login.in_title": "您已登录",
  "login.in_as": "当前身份：{name}。",
  "login.no_page": "您的角色暂时没有可用页面。",
  "login.go": "继续",
  "login.out": "退出登录",
};

export const LOGIN = { en, zh };
