/* Every word of the wall and what all pages say alike, in each language; and how a sentence is made of them. Pure. What
one page alone says is in words/PAGE.js, so that nobody loads another page's words: speaker(lang, PAGE).

Not numbers and times (format.js). {name} stands for a value. Where a noun counts something, its entry has plural forms
by Intl.PluralRules, chosen by {n}. A test finds what one language lacks and what no page says. */

const en = {
  "page.title": "Andon wall",
  "head.page": "page {page}/{pages}",
  "head.turn": "board page {page} of {pages}",
  "head.live": "live",
  "head.age": "{age} s",
  "head.drawn": "From the PBX to this screen: {seconds} s",
  "head.stale": "figures are {age} s old",
  "head.unheard": "no PBX heard yet",
  "head.reconnecting": "reconnecting",
  "head.held": "stopped",

  "banner.cut_off": "Cut off from the board since {time}; trying again",
  "banner.away": "The board cannot read its log since {time}",
  "banner.lost": "{node}: link lost since {time}",
  "banner.silent": "{node}: silent since {time}",
  "banner.syncing": "{node}: reading its state anew since {time}",
  "banner.never_heard": "{node}: never heard",
  "banner.more": "and {n} more",
  "list.more": "and {n} more",
  "people.more": "and {n} more",

  "card.waiting": "Waiting",
  "card.longest": "Longest wait",
  "card.service": "Service level",
  "card.abandoned": "Abandoned",
  "card.breaks": "On break",
  "card.ready": "Ready",
  "card.talking": "Talking",
  "card.offered": "Calls today",
  "card.curve": "30 min",
  "hint.target": "target {target}",
  "hint.limit": "limit {target}",
  "hint.target_in": "target {target} in {seconds} s",
  "hint.nobody_waits": "nobody waits",
  "hint.connecting": "{n} connecting",
  "hint.offered": { one: "{n} call today", other: "{n} calls today" },
  "hint.none_ended": "no call has ended yet",
  "hint.unknown": { one: "{n} call unseen", other: "{n} calls unseen" },
  "hint.of_agents": { one: "of {n} agent", other: "of {n} agents" },
  "hint.answered": "{n} answered",
  "hint.next_place": "next place {time}",

  "places.next": "Who is next",
  "places.nobody": "nobody waits",
  "places.take_until": "go by {time}",
  "places.after_call": "after the call",
  "places.about": "about {time}",
  "places.open": "time open",

  "agents.title": "Agents",
  "agents.count": "{n} here",
  "agents.off": "{n} logged out",
  "agents.none": "Nobody is logged in.",

  "queue.name": "Queue",
  "queue.waiting": "Wait",
  "queue.longest": "Longest",
  "queue.service": "SL",
  "queue.ready": "Ready",
  "queue.talking": "Talk",
  "campaign.name": "Campaign",
  "campaign.dials": "Dials",
  "campaign.connect": "Connect",
  "campaign.abandon": "Aband.",
  "campaign.denied": "Denied",

  "state.ready": "ready",
  "state.ringing": "ringing",
  "state.dialling": "dialling",
  "state.connecting": "connecting",
  "state.talking": "talking",
  "state.hold": "on hold",
  "state.wrapup": "wrap-up",
  "state.break_pending": "break soon",
  "state.on_break": "break",
  "state.meeting": "meeting",
  "state.training": "training",
  "state.coaching": "coaching",
  "state.not_ready": "not ready",
  "state.no_answer": "no answer",
  "state.unreachable": "unreachable",
  "state.logged_out": "logged out",

  "level.warn": "soon",
  "level.act": "act now",

  "foot.meeting_in": "{name} in {n} min",
  "foot.meeting_now": "{name}, until {time}",
  "foot.digest": "{waiting} waiting, {act} to act on, {warn} to watch",

  "loading.title": "Connecting to the board",
  "loading.text": "The floor comes in a moment.",
  "retrying.title": "The board does not answer",
  "retrying.text": "This screen tries again by itself. If it goes on: is `andon up` running, and does this address lead to it?",
  "empty.title": "No queue yet",
  "empty.text": "Andon is connected and shows a queue as soon as Asterisk names one. If there should be some: run `andon check`, "
    + "see that [[pbx]] in andon.toml names the right server, and that `queue show` on it lists them.",
  "empty.board_title": "This board has no queue",
  "empty.board_text": "It was told to show {queues}, and Asterisk has named none of them. See how they are written in queues.conf, correct "
    + "boards.toml in the folder of the plan, and run `andon check`; this screen takes it up by itself.",
  "empty.nodes": "Servers: {nodes}",
  "empty.no_nodes": "No server has been heard: is the adapter running, and can it log in to AMI?",
  "pair.title": "Let this screen in",
  "pair.text": "On the server, type `andon screen approve {code} --board {board}`, or approve the code on the floor page. It renews itself "
    + "every ten minutes.",
  "pair.asking": "Asking the board for a code …",
  "pair.full": "Too many screens wait to be let in. This one asks again by itself; let the others in, or send them away: "
    + "`andon screen list`.",
  "pair.token": "Type a token instead",
  "pair.code": "Show a code instead",
  "forbidden.title": "This screen is not signed in",
  "forbidden.text": "Make a token on the server with `andon token --role screen`, and type it here once.",
  "forbidden.role_title": "This token may not see the wall",
  "forbidden.role_text": "Its role has no right to it. Make another one with `andon token --role screen`, and type it here.",
  "forbidden.code_title": "The board refuses this page",
  "forbidden.code_text": "It said {code}. Load the page again; if that does not help, page and board are of different versions.",
  "forbidden.token": "Token",
  "forbidden.enter": "Sign in",
  "forbidden.asking": "Asking …",
  "forbidden.wrong": "The board does not know this token, or it has expired. Make a new one and try again.",
  "forbidden.slow": "Too many wrong tokens from here. Wait a minute, then try again.",
  "forbidden.unreachable": "The board did not answer. Try again.",

  "keys.title": "Keys",
  "keys.language": "language",
  "keys.theme": "dark, light, as the system",
  "keys.distance": "larger, smaller",
  "keys.leaf": "page back, page on",
  "keys.hold": "stop and go on turning pages",
  "keys.help": "these keys",
};

const zh = {
  "page.title": "Andon 大屏",
  "head.page": "第 {page}/{pages} 页",
  "head.turn": "看板第 {page} 页，共 {pages} 页",
  "head.live": "实时",
  "head.age": "{age} 秒",
  "head.drawn": "从 PBX 到本屏：{seconds} 秒",
  "head.stale": "数据已滞后 {age} 秒",
  "head.unheard": "尚未收到 PBX 数据",
  "head.reconnecting": "正在重连",
  "head.held": "已暂停翻页",

  "banner.cut_off": "自 {time} 起与看板服务断开，正在重连",
  "banner.away": "自 {time} 起看板服务读不到事件日志",
  "banner.lost": "{node}：自 {time} 起连接中断",
  "banner.silent": "{node}：自 {time} 起没有消息",
  "banner.syncing": "{node}：自 {time} 起正在重新同步",
  "banner.never_heard": "{node}：从未连上",
  "banner.more": "另有 {n} 台",
  "list.more": "另有 {n} 项",
  "people.more": "另有 {n} 人",

  "card.waiting": "排队",
  "card.longest": "最长等待",
  "card.service": "服务水平",
  "card.abandoned": "放弃率",
  "card.breaks": "小休",
  "card.ready": "空闲",
  "card.talking": "通话中",
  "card.offered": "今日来电",
  "card.curve": "30 分钟",
  "hint.target": "目标 {target}",
  "hint.limit": "上限 {target}",
  "hint.target_in": "目标 {target} / {seconds} 秒",
  "hint.nobody_waits": "无人等待",
  "hint.connecting": "{n} 个接通中",
  "hint.offered": { other: "今日 {n} 通" },
  "hint.none_ended": "尚无通话结束",
  "hint.unknown": { other: "{n} 通去向不明" },
  "hint.of_agents": { other: "共 {n} 人" },
  "hint.answered": "接通 {n} 通",
  "hint.next_place": "下一空位 {time}",

  "places.next": "接下来",
  "places.nobody": "无人等待",
  "places.take_until": "{time} 前去",
  "places.after_call": "通话后",
  "places.about": "约 {time}",
  "places.open": "时间未定",

  "agents.title": "坐席",
  "agents.count": "在岗 {n} 人",
  "agents.off": "{n} 人未登录",
  "agents.none": "没有人登录。",

  "queue.name": "队列",
  "queue.waiting": "排队",
  "queue.longest": "最长",
  "queue.service": "服务水平",
  "queue.ready": "空闲",
  "queue.talking": "通话",
  "campaign.name": "项目",
  "campaign.dials": "外呼",
  "campaign.connect": "接通",
  "campaign.abandon": "放弃",
  "campaign.denied": "拒拨",

  "state.ready": "空闲",
  "state.ringing": "振铃",
  "state.dialling": "外呼中",
  "state.connecting": "接通中",
  "state.talking": "通话",
  "state.hold": "保持",
  "state.wrapup": "话后处理",
  "state.break_pending": "待小休",
  "state.on_break": "小休",
  "state.meeting": "会议",
  "state.training": "培训",
  "state.coaching": "辅导",
  "state.not_ready": "示忙",
  "state.no_answer": "未接",
  "state.unreachable": "失联",
  "state.logged_out": "未登录",

  "level.warn": "留意",
  "level.act": "立即处理",

  "foot.meeting_in": "{name}，{n} 分钟后",
  "foot.meeting_now": "{name}，到 {time}",
  "foot.digest": "排队 {waiting}，需立即处理 {act}，需留意 {warn}",

  "loading.title": "正在连接看板服务",
  "loading.text": "现场数据马上就到。",
  "retrying.title": "看板服务没有应答",
  "retrying.text": "本屏会自动重试。若一直如此，请检查 `andon up` 是否在运行、地址是否正确。",
  "empty.title": "还没有队列",
  "empty.text": "Andon 已连接，Asterisk 一报出队列就会显示。若本应有队列：请运行 `andon check`，核对 andon.toml 的 [[pbx]] "
    + "是否指向正确的服务器，并在该服务器上用 `queue show` 查看。",
  "empty.board_title": "本看板没有队列",
  "empty.board_text": "本看板应显示 {queues}，但 Asterisk 没有报出其中任何一个。请核对 queues.conf 中的写法，更正计划文件夹里的 boards.toml，"
    + "再运行 `andon check`；本屏会自动更新。",
  "empty.nodes": "服务器：{nodes}",
  "empty.no_nodes": "尚未收到任何服务器的消息：适配器在运行吗？能登录 AMI 吗？",
  "pair.title": "请批准本屏",
  "pair.text": "请在服务器上运行 `andon screen approve {code} --board {board}`，或在现场页面批准此配对码。配对码每十分钟自动更换。",
  "pair.asking": "正在获取配对码…",
  "pair.full": "等待批准的屏幕太多。本屏会自动重试；请先处理其他屏幕：`andon screen list`。",
  "pair.token": "改用令牌",
  "pair.code": "改用配对码",
  "forbidden.title": "本屏尚未登录",
  "forbidden.text": "请在服务器上运行 `andon token --role screen` 生成令牌，在此输入一次即可。",
  "forbidden.role_title": "此令牌无权查看大屏",
  "forbidden.role_text": "该角色没有权限。请用 `andon token --role screen` 另生成一个，在此输入。",
  "forbidden.code_title": "看板服务拒绝了本页",
  "forbidden.code_text": "返回代码 {code}。请重新加载；若无效，说明页面与服务版本不一致。",
  "forbidden.token": "令牌",
  "forbidden.enter": "登录",
  "forbidden.asking": "正在验证…",
  "forbidden.wrong": "令牌不存在或已过期，请重新生成后再试。",
  "forbidden.slow": "本机输错次数过多，请一分钟后再试。",
  "forbidden.unreachable": "看板服务没有应答，请再试一次。",

  "keys.title": "按键",
  "keys.language": "切换语言",
  "keys.theme": "深色、浅色、跟随系统",
  "keys.distance": "放大、缩小",
  "keys.leaf": "上一页、下一页",
  "keys.hold": "暂停或继续翻页",
  "keys.help": "显示按键",
};

export const WORDS = { en, zh };

/* say("queue.name"), say("hint.connecting", {n: 2}). `pages`: words shaped as WORDS, beside the common ones. */
export function speaker(lang, ...pages) {
  const words = Object.assign({}, WORDS[lang], ...pages.map((page) => page[lang]));
  const plural = new Intl.PluralRules(lang);
  const say = (key, values = {}) => {
    const entry = words[key];
    const text = typeof entry === "string" ? entry : entry[plural.select(values.n)] || entry.other;
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  };
  say.knows = (key) => key in words;
  return say;
}

/* The name of a state, or the state itself when a newer server knows one that this page does not. */
export function stateWord(say, lang, state) {
  return `state.${state}` in WORDS[lang] ? say(`state.${state}`) : state;
}
