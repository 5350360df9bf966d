"""Words for decisions about a dial: what each rule saw, what holds a call back, and what to do then."""

from __future__ import annotations

NUMBER: dict[str, tuple[str, str]] = {
    "dial.number": ("It is a number that may be dialled: {kind_of}, {country}.", "号码可以拨打：{kind_of}，{country}。"),
    "dial.number.stripped": ("Taken off before it was looked at: {what}.", "核查前已去除前缀：{what}。"),
    "dial.number.unreadable": (
        "What was dialled is no number that anybody could have; look at its digits.",
        "拨打的不是有效号码；请核对。",
    ),
    "dial.number.emergency": ("No campaign dials an emergency number.", "任何项目不得拨打紧急号码。"),
    "dial.number.emergency.own": (
        "An emergency number that a person typed: no rule holds it back.",
        "人工拨打的紧急号码，不受任何规则限制。",
    ),
    "dial.number.short": ("Short numbers are not dialled from here.", "此处不可拨打短号码。"),
    "dial.number.premium": ("Numbers at premium rate are not dialled from here.", "此处不可拨打高额收费号码。"),
    "dial.number.special": (
        "It is nobody's own line ({kind_of}), and a campaign calls only people.",
        "该号码（{kind_of}）不属于个人，项目不可拨打。",
    ),
    "dial.number.blocked": ("The plan lets nobody dial numbers that begin with {prefix}.", "方案禁止拨打以{prefix}开头的号码。"),
    "dial.number.own": ("It is one of our own numbers.", "这是本中心自己的号码。"),
}

CAMPAIGN: dict[str, tuple[str, str]] = {
    "dial.campaign.all_stopped": (
        "All dialling is stopped; two people can let it go on.",
        "全部外呼已停止；须由两人确认后恢复。",
    ),
    "dial.campaign.not_stopped": ("Dialling is not stopped.", "外呼未被停止。"),
    "dial.campaign": ("{campaign} may dial ({life}).", "项目{campaign}可以外呼（{life}）。"),
    "dial.campaign.state": (
        "{campaign} does not dial in its state ({life}); who manages it can move it on.",
        "项目{campaign}处于{life}状态，不可外呼；请项目负责人推进。",
    ),
    "dial.campaign.unknown": (
        "There is no campaign {campaign} in the plan; name the one that this call is for.",
        "方案中没有项目“{campaign}”；请指明本次外呼所属项目。",
    ),
    "dial.campaign.purpose": ("Nobody knows the purpose {purpose}.", "未知的外呼目的：{purpose}。"),
    "dial.campaign.preset_missing": (
        "The campaign names the rules {preset}, and the plan does not have them.",
        "项目引用的规则集{preset}不在方案中。",
    ),
    "dial.campaign.rules": ("These rules hold here: {presets}.", "适用规则：{presets}。"),
    "dial.campaign.no_rules": (
        "No rules of the campaign speak of such a number ({country}, {purpose}), so nobody may call it; add a preset that does.",
        "项目没有适用于该号码的规则（{country}，{purpose}），不可拨打；请添加相应规则集。",
    ),
    "dial.campaign.rules_none": ("No rules speak of calls for {purpose} here, and none must.", "{purpose}类通话在此无须适用规则。"),
    "dial.contract.free": ("The contract holds, from {begins} to {ends}.", "合同有效期{begins}至{ends}。"),
    "dial.contract.not_begun": ("The contract begins on {begins}.", "合同自{begins}起生效。"),
    "dial.contract.ended": ("The contract ended on {ends}; nothing is dialled for it any more.", "合同已于{ends}到期，不再外呼。"),
    "dial.contract.hours": (
        "The client lets nobody call now ({local}); again from {until}.",
        "不在合同约定的外呼时段内（当前{local}），{until}起可拨。",
    ),
    "dial.contract.hours.never": ("The contract's hours are never open.", "合同约定的外呼时段始终关闭。"),
    "dial.contract.hours.free": ("It is within the contract's hours ({local}).", "在合同约定的外呼时段内（{local}）。"),
    "dial.contract.dials": (
        "{used} of {most} dials of the contract's day are made; again from {until}.",
        "合同日拨打量已达{used}/{most}，{until}起可拨。",
    ),
    "dial.contract.dials.free": ("{used} of {most} dials of the contract's day are made.", "合同日拨打量{used}/{most}。"),
    "dial.contract.dials.never": ("The contract allows {most} dials a day ({used} made).", "合同日拨打量上限为{most}（已拨{used}）。"),
    "dial.trial.dials": (
        "{used} of {most} dials of a day of trial are made; again from {until}.",
        "试呼日拨打量已达{used}/{most}，{until}起可拨。",
    ),
    "dial.trial.dials.free": ("{used} of {most} dials of a day of trial are made.", "试呼日拨打量{used}/{most}。"),
    "dial.trial.dials.never": ("A trial here has {most} dials a day ({used} made).", "试呼日拨打量上限为{most}（已拨{used}）。"),
    "dial.trial.contacts": (
        "{used} of {most} people of a day of trial were reached; again from {until}.",
        "试呼日接触量已达{used}/{most}，{until}起可拨。",
    ),
    "dial.trial.contacts.free": ("{used} of {most} people of a day of trial were reached.", "试呼日接触量{used}/{most}。"),
    "dial.trial.contacts.never": (
        "A trial here reaches {most} people a day ({used} reached).",
        "试呼日接触量上限为{most}（已接触{used}）。",
    ),
    "dial.trial.agents": (
        "{used} calls of the trial are under way, for {most} agents at most; again when one is over.",
        "试呼在途呼叫{used}路，最多{most}名坐席；有通话结束后可拨。",
    ),
    "dial.trial.agents.free": ("{used} calls of the trial are under way, {most} at most.", "试呼在途呼叫{used}路，上限{most}路。"),
    "dial.trial.method": ("A trial is dialled at most as {most}, not {method}.", "试呼最快为{most}外呼，不可使用{method}外呼。"),
}

AGENT: dict[str, tuple[str, str]] = {
    "dial.agent": ("{agent} may make this call ({state}).", "{agent}可以拨打（{state}）。"),
    "dial.agent.dialler": ("A dialler calls; an agent is named when somebody answers.", "由外呼系统拨打，接通后分配坐席。"),
    "dial.agent.nobody": ("Nobody is logged in at this phone; log in first.", "该话机无人签入；请先签入。"),
    "dial.agent.unknown": ("{agent} is not in the plan's people.", "方案人员中没有{agent}。"),
    "dial.agent.left": ("{agent} has left.", "{agent}已离职。"),
    "dial.agent.elsewhere": (
        "{agent} does not work on {campaign}; its manager can change that.",
        "{agent}不在项目{campaign}的坐席名单中；请项目负责人调整。",
    ),
    "dial.agent.logged_out": ("{agent} is not logged in; log in first.", "{agent}未签入；请先签入。"),
    "dial.agent.on_break": ("{agent} is on a break, or going on one; come back first.", "{agent}正在或即将小休；请先返岗。"),
    "dial.agent.meeting": ("{agent} is in a meeting.", "{agent}正在会议中。"),
    "dial.agent.training": ("{agent} is in training.", "{agent}正在培训中。"),
    "dial.agent.untrained": ("{agent} may not work before training: {untrained}.", "{agent}须先完成培训：{untrained}。"),
}

WHOM: dict[str, tuple[str, str]] = {
    "dial.blocked.free": ("Nobody at this number asked us not to call.", "该号码没有拒绝来电的登记。"),
    "dial.blocked.global": (
        "Since {since} nobody here may call this number ({told_by}).",
        "自{since}起，本中心不得拨打该号码（{told_by}）。",
    ),
    "dial.blocked.client": (
        "Since {since} nobody may call this number for this client ({told_by}).",
        "自{since}起，不得为该客户拨打该号码（{told_by}）。",
    ),
    "dial.blocked.campaign": (
        "Since {since} nobody may call this number for this campaign ({told_by}).",
        "自{since}起，本项目不得拨打该号码（{told_by}）。",
    ),
    "dial.list": ("{list} was looked at, {days} days old.", "已核查名单{list}（{days}天前的版本）。"),
    "dial.list.old": (
        "{list} is {days} days old; import a newer one.",
        "名单{list}的版本已是{days}天前；请导入新版本。",
    ),
    "dial.list.stale": (
        "{list} is {days} days old, and {most} at most are allowed ({preset}); nothing is dialled until a newer one is imported.",
        "名单{list}的版本已是{days}天前，超过上限{most}天（{preset}）；导入新版本之前不得外呼。",
    ),
    "dial.list.missing": (
        "{list} is not there ({preset}), so nobody can look up who is not to be called; import it.",
        "缺少名单{list}（{preset}），无法核查；请先导入。",
    ),
    "dial.list.listed": ("The number is on {list} ({preset}).", "该号码在名单{list}中（{preset}）。"),
    "dial.consent": (
        "There is what {preset} asks for ({need}): {lifted_by}, {since}.",
        "符合{preset}的要求（{need}）：{lifted_by}，{since}。",
    ),
    "dial.consent.missing": (
        "{preset} asks for {need}, and there is none for this client and purpose.",
        "{preset}要求{need}，但没有针对该客户和目的的记录。",
    ),
    "dial.lifted": (
        "{preset} ({id}) would hold it back, and does not: {lifted_by}.",
        "{preset}（{id}）本应限制，因{lifted_by}而不适用。",
    ),
}

WHEN: dict[str, tuple[str, str]] = {
    "dial.place": ("{preset} lets {place} be called.", "{preset}允许拨打{place}。"),
    "dial.place.unknown": ("The number says no region ({preset}).", "号码未显示地区（{preset}）。"),
    "dial.place.blocked": ("{preset}: nobody calls {place}.", "{preset}：不得拨打{place}。"),
    "dial.zone": ("It is {local} there ({zone}; {zones} zones looked at).", "当地时间{local}（{zone}；共核查{zones}个时区）。"),
    "dial.zone.unknown": (
        "Nobody knows what time it is there; state the person's zone.",
        "无法确定对方所在时区；请注明。",
    ),
    "dial.calendar.unknown": (
        "The official holidays of {calendar} for {year} are not known here; add them to the plan.",
        "{calendar}在{year}年的官方节假日尚未录入；请在方案中补充。",
    ),
    "dial.hours": (
        "{preset} ({id}): {local} there is within its hours ({zones} zones).",
        "{preset}（{id}）：当地{local}，在允许时段内（{zones}个时区）。",
    ),
    "dial.hours.closed": (
        "{preset} ({id}): not at {local} there ({zone}); again from {until} of our time.",
        "{preset}（{id}）：当地{local}（{zone}）不可拨打，本地时间{until}起可拨。",
    ),
    "dial.hours.holiday": (
        "{preset} ({id}): {local} there ({zone}) is a holiday, {day}; again from {until} of our time.",
        "{preset}（{id}）：当地{local}（{zone}）为节假日（{day}），本地时间{until}起可拨。",
    ),
    "dial.hours.never": (
        "{preset} ({id}): not at {local} there ({zone}), nor in the next weeks.",
        "{preset}（{id}）：当地{local}（{zone}）及今后数周均不可拨打。",
    ),
}

HOW_OFTEN: dict[str, tuple[str, str]] = {
    "dial.uncounted": ("Nobody counted what a rule must know; try again.", "规则所需的计数缺失；请重试。"),
    "dial.cool_down": (
        "{preset} ({id}): nothing so soon after {after}; again from {until}.",
        "{preset}（{id}）：{after}后须间隔一段时间，{until}起可拨。",
    ),
    "dial.cool_down.free": (
        "{preset} ({id}): it is long enough after {after}, or there was none.",
        "{preset}（{id}）：距上次{after}已足够久，或没有记录。",
    ),
    "dial.cool_down.never": ("{preset} ({id}): nothing so soon after {after}.", "{preset}（{id}）：{after}后须间隔一段时间。"),
    "dial.cap": (
        "{preset} ({id}): {used} of {most} in {window} ({count}, by {together}); again from {until}.",
        "{preset}（{id}）：{window}内已有{used}次，上限{most}次（{count}，按{together}计），{until}起可拨。",
    ),
    "dial.cap.free": (
        "{preset} ({id}): {used} of {most} in {window} ({count}, by {together}).",
        "{preset}（{id}）：{window}内{used}次，上限{most}次（{count}，按{together}计）。",
    ),
    "dial.cap.never": (
        "{preset} ({id}): at most {most} in {window} ({count}, by {together}), and there were {used}.",
        "{preset}（{id}）：{window}内上限{most}次（{count}，按{together}计），已有{used}次。",
    ),
}

HOW: dict[str, tuple[str, str]] = {
    "dial.caller_id": ("{preset}: the number shown is as it must be.", "{preset}：主叫号码符合要求。"),
    "dial.caller_id.strange": ("The number shown is none of the campaign's.", "主叫号码不属于该项目。"),
    "dial.caller_id.withheld": ("{preset}: the number must not be withheld.", "{preset}：不得隐藏主叫号码。"),
    "dial.caller_id.none": (
        "{preset}: nobody knows which number is shown; give the campaign its own.",
        "{preset}：主叫号码未知；请为项目配置主叫号码。",
    ),
    "dial.caller_id.prefix": (
        "{preset}: the number shown must begin with one of {prefixes}.",
        "{preset}：主叫号码须以{prefixes}之一开头。",
    ),
    "dial.caller_id.forbidden": (
        "{preset}: the number shown must not begin with any of {prefixes}.",
        "{preset}：主叫号码不得以{prefixes}开头。",
    ),
    "dial.way": (
        "{preset} allows {method}: at most {most}, rings {ring_s} s or longer.",
        "{preset}允许{method}：最快{most}，至少振铃{ring_s}秒。",
    ),
    "dial.way.too_fast": (
        "{preset} allows at most {most}, not {method}; have an agent there for each call.",
        "{preset}最快允许{most}外呼，不可使用{method}外呼；请为每通呼叫预留坐席。",
    ),
    "dial.way.campaign": ("The campaign is dialled at most as {most}, not {method}.", "项目最快允许{most}外呼，不可使用{method}外呼。"),
    "dial.way.method": ("Nobody knows the method {method}.", "未知的外呼方式：{method}。"),
    "dial.way.unreserved": ("No agent is there for this call, and one must be ({method}).", "本次呼叫（{method}）须预留坐席，但没有坐席。"),
    "dial.way.machine_day": (
        "{preset} ({id}): a machine answered there; without an agent again from {until}.",
        "{preset}（{id}）：当日曾由答录设备应答，{until}起方可无坐席拨打。",
    ),
    "dial.way.machine_day.free": ("{preset} ({id}): no machine answered there today.", "{preset}（{id}）：当日没有答录设备应答。"),
    "dial.way.machine_day.never": ("{preset} ({id}): a machine answered there.", "{preset}（{id}）：曾由答录设备应答。"),
    "dial.abandon": (
        "{used} calls without an agent are under way, and {most} at most may be; dial one line for each agent.",
        "无坐席在途呼叫{used}路，上限{most}路；请改为每名坐席一路。",
    ),
    "dial.abandon.free": ("{used} calls without an agent are under way, {most} at most.", "无坐席在途呼叫{used}路，上限{most}路。"),
    "dial.abandon.reserved": ("An agent is there for it: nobody is abandoned.", "已预留坐席，不会产生放弃。"),
    "dial.at_once.campaign": (
        "{used} calls of the campaign are under way, {most} at most; again when one is over.",
        "项目在途呼叫{used}路，上限{most}路；有通话结束后可拨。",
    ),
    "dial.at_once.campaign.free": ("{used} calls of the campaign are under way, {most} at most.", "项目在途呼叫{used}路，上限{most}路。"),
    "dial.at_once.centre": (
        "{used} calls of the floor are under way, {most} at most; again when one is over.",
        "全场在途呼叫{used}路，上限{most}路；有通话结束后可拨。",
    ),
    "dial.at_once.centre.free": ("{used} calls of the floor are under way, {most} at most.", "全场在途呼叫{used}路，上限{most}路。"),
    "dial.at_once.reserved": (
        "{used} calls with a reserved agent are under way, and {most} agents of the campaign are at work; again when one of them is free.",
        "预留坐席的在途呼叫{used}路，项目在岗坐席{most}人；有坐席空闲后可拨。",
    ),
    "dial.at_once.reserved.free": (
        "{used} calls with a reserved agent are under way, and {most} agents of the campaign are at work.",
        "预留坐席的在途呼叫{used}路，项目在岗坐席{most}人。",
    ),
    "dial.at_once.agent": (
        "This agent has {used} outbound calls under way, {most} at most; end that first.",
        "该坐席已有{used}路外呼在途，上限{most}路；请先结束。",
    ),
    "dial.at_once.agent.free": (
        "This agent has {used} outbound calls under way, {most} at most.",
        "该坐席外呼在途{used}路，上限{most}路。",
    ),
}

KINDS: dict[str, tuple[str, str]] = {
    "fixed": ("a line", "固定电话"),
    "mobile": ("a mobile", "手机"),
    "fixed_or_mobile": ("a line or a mobile", "固定电话或手机"),
    "toll_free": ("toll-free", "免费电话"),
    "shared_cost": ("shared cost", "分摊付费电话"),
    "premium": ("premium rate", "高额收费电话"),
    "short": ("a short number", "短号码"),
    "emergency": ("an emergency number", "紧急号码"),
    "other": ("a special number", "特殊号码"),
    "none": ("no number", "无效号码"),
}
METHODS: dict[str, tuple[str, str]] = {
    "manual": ("manual", "手动"),
    "preview": ("preview", "预览式"),
    "progressive": ("progressive", "渐进式"),
    "predictive": ("predictive", "预测式"),
}
PURPOSES: dict[str, tuple[str, str]] = {
    "telemarketing": ("telemarketing", "电话营销"),
    "collection": ("collection", "催收"),
    "service": ("service", "服务"),
    "survey": ("survey", "调查"),
    "charity": ("charity", "慈善募捐"),
    "callback": ("callback", "回拨"),
    "emergency": ("emergency", "紧急"),
}
LIVES: dict[str, tuple[str, str]] = {
    "draft": ("draft", "草稿"),
    "trial": ("trial", "试呼"),
    "review": ("review", "评审"),
    "formal": ("formal", "正式作业"),
    "stopped": ("stopped", "停呼"),
    "rectifying": ("rectifying", "整改"),
    "settling": ("settling", "结算"),
    "closed": ("closed", "已关闭"),
}
HAPPENINGS: dict[str, tuple[str, str]] = {
    "attempt": ("an attempt", "拨打"),
    "connect": ("an answer", "接通"),
    "live": ("an answer by a person", "真人接听"),
    "conversation": ("a talk", "通话"),
    "unanswered": ("a call that nobody took", "无人接听"),
    "abandoned": ("an abandoned call", "放弃"),
    "machine": ("an answer by a machine", "答录设备应答"),
    "refusal": ("a refusal", "拒绝"),
}
TOGETHER: dict[str, tuple[str, str]] = {
    "number": ("number", "号码"),
    "person": ("person", "个人"),
    "person+debt": ("person and debt", "个人和债务"),
    "person+subject": ("person and subject", "个人和事由"),
    "number+client": ("number and client", "号码和委托方"),
    "person+client": ("person and client", "个人和委托方"),
    "campaign": ("campaign", "项目"),
    "centre": ("centre", "全中心"),
}
NEEDS: dict[str, tuple[str, str]] = {
    "consent": ("a consent", "同意"),
    "written": ("a written consent", "书面同意"),
    "consent_or_contract": ("a consent or a contract", "同意或合同"),
    "consent_or_relation": ("a consent or a relation", "同意或既有业务关系"),
}
LIFTED_BY: dict[str, tuple[str, str]] = {
    "consent": ("a consent", "已同意"),
    "contract": ("a contract", "合同"),
    "callback": ("the customer asked to be called back", "客户约定回拨"),
    "reserved": ("an agent is there for it", "已预留坐席"),
    "agreed_time": ("the time was agreed", "已约定时间"),
    "relation": ("a relation", "既有业务关系"),
    "transaction": ("a transaction", "既往交易"),
    "inquiry": ("an inquiry", "客户咨询"),
}
UNTRAINED: dict[str, tuple[str, str]] = {
    "duty.training_overdue": ("training is overdue", "培训已逾期"),
    "duty.away": ("away for too long", "离岗过久"),
    "duty.kpi_missed": ("a KPI was missed", "指标未达标"),
}
TOLD_BY: dict[str, tuple[str, str]] = {
    "agent": ("by an agent", "坐席登记"),
    "phone": ("by phone", "话机登记"),
    "api": ("by another system", "系统登记"),
    "complaint": ("by complaint", "投诉"),
    "regulator": ("by the regulator", "监管要求"),
}
NAMED: dict[str, dict[str, tuple[str, str]]] = {
    "kind_of": KINDS,
    "method": METHODS,
    "most": METHODS,
    "purpose": PURPOSES,
    "life": LIVES,
    "count": HAPPENINGS,
    "after": HAPPENINGS,
    "together": TOGETHER,
    "need": NEEDS,
    "lifted_by": LIFTED_BY,
    "untrained": UNTRAINED,
    "told_by": TOLD_BY,
}
"""Values that are codes here, each with its words."""

WORDS: dict[str, tuple[str, str]] = {**NUMBER, **CAMPAIGN, **AGENT, **WHOM, **WHEN, **HOW_OFTEN, **HOW}
