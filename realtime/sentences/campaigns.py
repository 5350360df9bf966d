"""Words for campaigns' steps and stops, for what takes two people, for do-not-call, consents and lists."""

from __future__ import annotations

STAGES: dict[str, tuple[str, str]] = {
    "draft": ("draft", "草稿"),
    "trial": ("trial", "试呼"),
    "review": ("review", "评审"),
    "formal": ("formal", "正式作业"),
    "stopped": ("stopped", "停呼"),
    "rectifying": ("rectifying", "整改"),
    "settling": ("settling", "结算"),
    "closed": ("closed", "已关闭"),
}
SCOPES: dict[str, tuple[str, str]] = {
    "campaign": ("this campaign", "本项目"),
    "client": ("this client", "本客户"),
    "global": ("everybody", "全部"),
}
LIST_KINDS: dict[str, tuple[str, str]] = {"dnc": ("do-not-call list", "免打扰名单"), "consent": ("list of consents", "同意名单")}

_STEPS: dict[str, tuple[str, str]] = {
    "campaign.unknown": ("There is no campaign {campaign}; look at its name.", "没有项目{campaign}；请核对名称。"),
    "campaign.moved": ("From {stage} to {next_stage}.", "已由{stage}进入{next_stage}。"),
    "campaign.final": ("It is {stage}, and that is the end of it.", "项目已处于{stage}，不再变更。"),
    "campaign.no_way": (
        "From {stage} no step leads to {next_stage}; these do lead on: {steps}.",
        "不能由{stage}进入{next_stage}；可进入：{steps}。",
    ),
    "campaign.manages": ("You may move this campaign.", "您可变更该项目。"),
    "campaign.not_manager": (
        "Only who manages this campaign may do this: {managers}. Ask one of them.",
        "仅该项目的管理者可操作：{managers}。请联系其中一位。",
    ),
    "campaign.may": ("Your role may do this.", "您的角色可执行此操作。"),
    "campaign.may_not": (
        "These roles may do this: {roles}. Ask somebody who has one.",
        "可执行此操作的角色：{roles}。请联系有权限的人员。",
    ),
    "campaign.reason": ("Because: {reason}", "原因：{reason}"),
    "campaign.no_reason": ("Give a reason; it is kept with the step.", "请填写原因，原因将随该步骤留存。"),
    "campaign.evidence": ("It stands on {evidence}.", "依据：{evidence}。"),
    "campaign.no_evidence": (
        "Name the trial report that the client has signed, as evidence.",
        "请填写依据：客户签署的试呼报告。",
    ),
    "campaign.judged": ("The trial made {dials} dials, and {least} are enough.", "试呼已拨{dials}次，达到要求的{least}次。"),
    "campaign.judged_early": (
        "The trial made {dials} dials of {least}; judged all the same: {reason}",
        "试呼仅拨{dials}次，要求{least}次；仍予评审：{reason}",
    ),
    "campaign.not_judged": (
        "The trial made only {dials} dials of {least}; go on with it, or say why it can be judged by these.",
        "试呼仅拨{dials}次，要求{least}次；请继续试呼，或说明可据此评审的原因。",
    ),
    "campaign.items": ("The corrective plan has {items} items.", "整改计划共{items}项。"),
    "campaign.no_items": (
        "There is no corrective plan; add an item with who does it and until when.",
        "尚无整改计划；请先添加整改项，并填写责任人与期限。",
    ),
    "campaign.mended": ("All {items} items are done.", "{items}项整改已全部完成。"),
    "campaign.not_mended": (
        "{open} of {items} items are not done with their evidence; finish them first.",
        "{items}项整改中有{open}项未完成或缺依据；请先完成。",
    ),
    "campaign.goes_back": ("It goes back to what it was before the stop: {stage}.", "恢复到停呼前的状态：{stage}。"),
    "campaign.was_not": (
        "It was not {stage} before it was stopped; it goes back to its trial, and over a review.",
        "停呼前不处于{stage}；只能回到试呼，再经评审。",
    ),
    "campaign.planned": ("The plan has this campaign.", "方案中有该项目。"),
    "campaign.not_planned": ("The plan has no campaign {campaign} any more; put it back first.", "方案中已无项目{campaign}；请先加回。"),
    "campaign.contract": ("Its contract is not over.", "合同未到期。"),
    "campaign.contract_over": (
        "Its contract ended on {ends}; put the new end into the plan first.",
        "合同已于{ends}到期；请先在方案中更新到期日。",
    ),
    "campaign.confirmed": ("Both sides have confirmed the same statement.", "双方已确认同一份结算单。"),
    "campaign.not_confirmed": (
        "The statement is not confirmed by both sides; have both confirm the same one.",
        "结算单尚未经双方确认；请双方确认同一份。",
    ),
    "campaign.stopped": ("Stopped: no dial starts any more, and what rings is hung up.", "已停呼：不再发起外呼，振铃中的呼叫将被挂断。"),
    "campaign.dials_not": ("Nothing is dialled for it: it is {stage}.", "该项目未在外呼：当前为{stage}。"),
    "dialling.stopped": ("All dialling is stopped, and what rings is hung up.", "已全部停呼，振铃中的呼叫将被挂断。"),
    "dialling.stopped_already": ("All dialling is stopped already, by {who}.", "{who}已全部停呼。"),
    "dialling.not_stopped": ("There is no stop of all dialling to lift.", "当前没有全部停呼，无需恢复。"),
    "dialling.resumed": ("Dialling goes on; each campaign is as it was.", "已恢复外呼；各项目状态不变。"),
    "campaign.item": ("Item: {item}", "整改项：{item}"),
    "campaign.item_own": ("This item is yours.", "该整改项由您负责。"),
    "campaign.no_item": ("There is no item {item}; it may be of an earlier stop.", "没有整改项{item}；可能属于之前的停呼。"),
    "campaign.mends_nothing": (
        "It is {stage}; items are kept while it is stopped or rectifying.",
        "当前为{stage}；仅停呼或整改期间可登记整改项。",
    ),
    "campaign.item_unclear": (
        "Say what is to be done, who does it, and until which date (as 2026-12-01).",
        "请填写整改内容、责任人和期限（如2026-12-01）。",
    ),
    "campaign.item_unproved": ("Say by what one sees that it is done.", "请填写完成依据。"),
    "campaign.items_most": ("It has {most} items already; finish some of them.", "已有{most}项；请先完成部分整改项。"),
    "campaign.complaint": ("The complaint is kept.", "投诉已登记。"),
    "campaign.complained_already": ("A complaint about this call is kept already.", "该通话的投诉已登记过。"),
    "statement.waits": ("Confirmed; now the other side confirms the same statement.", "已确认；待另一方确认同一份结算单。"),
    "statement.agreed": ("Both sides have confirmed it; the statement is frozen.", "双方均已确认，结算单已冻结。"),
    "statement.differs": (
        "Confirmed, but the other side has confirmed another statement; one of you must look again.",
        "已确认，但另一方确认的是另一份结算单；请双方核对。",
    ),
    "statement.already": ("This side has confirmed this statement already.", "该方已确认过这份结算单。"),
    "statement.frozen": ("Both sides have confirmed it; it does not change any more.", "双方均已确认，结算单不再变更。"),
    "statement.not_settling": ("It is {stage}; a statement is confirmed while settling.", "当前为{stage}；仅结算期间可确认结算单。"),
    "statement.no_side": ("{side} is no side of it: ours or client.", "{side}不是有效的一方；可选 ours、client。"),
    "statement.no_digest": ("Confirm the statement by the digest that stands on it.", "请以结算单上的摘要确认。"),
    "statement.other": (
        "Its figures are others now than those that were read; read the whole statement again, then confirm it.",
        "结算数字与所阅版本不一致；请重新阅读完整结算单后再确认。",
    ),
    "statement.calls": ("{calls} calls of it are still on; confirm when they are over.", "仍有{calls}个呼叫未结束；请待其结束后确认。"),
    "statement.no_evidence": (
        "Say by what the client has confirmed it: a letter, a mail, a signed copy.",
        "请填写客户确认的依据：函件、邮件或签字件。",
    ),
}
_STOPS: dict[str, tuple[str, str]] = {
    "stop.contract": ("its contract is over", "合同已到期"),
    "stop.blocked": ("a number was dialled that is not to be called", "拨打了免打扰号码"),
    "stop.complaints": ("too many complaints for today's connects", "当日投诉超限"),
    "stop.trial_complaints": ("complaints in its trial", "试呼期间出现投诉"),
    "stop.trial_connects": ("too few connects in its trial", "试呼接通率过低"),
    "stop.abandoned": ("more abandoned calls than its limit allows", "呼损率超过上限"),
    "alert.campaign_stopped": (
        "{campaign} was stopped by itself: {why} ({seen}). Find out why; two people can let it go on.",
        "项目{campaign}已自动停呼：{why}（{seen}）。请查明原因；恢复须两人操作。",
    ),
}
_TWO: dict[str, tuple[str, str]] = {
    "two.first": (
        "This takes two people: somebody else confirms it by tomorrow {until}, or it is asked for anew.",
        "须两人操作：请另一人在次日{until}前确认，逾期须重新发起。",
    ),
    "two.second": ("{who} said it first, you are the second.", "{who}已发起，您为第二人。"),
    "two.same": ("You said it first; somebody else must confirm it by {until}.", "您是发起人；须由另一人在{until}前确认。"),
    "two.program": (
        "This takes two people, and {who} is a program; sign in by name and ask again.",
        "须两人操作，而{who}是程序；请以个人账号签入后再操作。",
    ),
    "two.too_many": (
        "{most} steps wait for a second person already; confirm or withdraw some.",
        "已有{most}个待确认步骤；请先确认或撤回。",
    ),
    "two.gone": ("This does not wait for anybody any more.", "该步骤已不在待确认中。"),
    "two.own": ("You had asked for it.", "该步骤由您发起。"),
    "two.withdrawn": ("Withdrawn.", "已撤回。"),
}
_NUMBERS: dict[str, tuple[str, str]] = {
    "dnc.blocked": ("{shown} is not called any more for {scope}.", "{shown}不再外呼，范围：{scope}。"),
    "dnc.already": ("{shown} is not called for {scope} already.", "{shown}此前已设为不再外呼，范围：{scope}。"),
    "dnc.may": ("Your role may do this.", "您的角色可执行此操作。"),
    "dnc.own": ("It is your own call.", "这是您本人的通话。"),
    "dnc.not_yours": (
        "An agent blocks the number of the own call only; for another, ask your leader.",
        "坐席只能登记本人通话的号码；其他号码请联系班长。",
    ),
    "dnc.no_dial": ("There is no such call any more; give the number.", "该通话已不在系统中；请直接填写号码。"),
    "dnc.no_number": ("This is no number; look at its digits.", "号码无效；请核对。"),
    "dnc.no_scope": ("{scope} is no scope: campaign, client or global.", "{scope}不是有效范围；可选 campaign、client、global。"),
    "dnc.no_source": ("{source} is no source: {sources}.", "{source}不是有效来源；可选：{sources}。"),
    "dnc.no_about": (
        "Say which client or campaign; the plan has no {about}. Look at the name, or block the number for everybody.",
        "请指明客户或项目，方案中没有{about}；请核对名称，或设为全部不呼。",
    ),
    "dnc.unblocked": ("It may be called again.", "该号码可再次外呼。"),
    "dnc.consent": ("The consent {consent} is newer than the request.", "同意{consent}晚于免打扰请求。"),
    "dnc.no_consent": (
        "There is no recent consent {consent} of this number; write it down first, then give its id.",
        "该号码近期没有同意{consent}；请先登记同意，再填写其编号。",
    ),
    "dnc.consent_for_else": (
        "The consent {consent} is for something else, or over; a client's consent lifts what was asked of that client.",
        "同意{consent}用途不符或已失效；客户的同意只能解除对该客户的限制。",
    ),
    "dnc.consent_older": (
        "The consent {consent} is older than the request not to be called; only a newer one lifts it.",
        "同意{consent}早于免打扰请求；须有更新的同意方可解除。",
    ),
    "dnc.other_consent": ("The first one named the consent {consent}; name the same.", "发起人填写的同意为{consent}；请填写同一编号。"),
    "consent.kept": ("Kept as {consent}.", "已登记，编号{consent}。"),
    "consent.client": ("It is given to a client of the plan, or to the centre.", "同意的对象为方案中的客户或本中心。"),
    "consent.no_client": ("The plan has no client {client}; look at its name.", "方案中没有客户{client}；请核对名称。"),
    "consent.no_basis": ("{basis} is no basis: {bases}.", "{basis}不是有效依据类型；可选：{bases}。"),
    "consent.no_evidence": ("Say where its evidence is: a form, a recording.", "请填写证据所在：表单或录音。"),
    "consent.no_time": ("It is of the future, or over already; look at its dates.", "同意的时间在未来或已失效；请核对日期。"),
    "consent.revoked": ("Revoked; this person is not called any more for it.", "已撤回同意，不再就此外呼。"),
    "list.announced": ("{list} holds from now on: {numbers} numbers, {bad} bad rows.", "{list}已生效：{numbers}个号码，{bad}行无效。"),
    "list.already": ("{list} holds in this version already.", "{list}该版本已生效。"),
    "list.most": ("There are {most} lists already; this one needs the name of one of them.", "已有{most}个名单；请使用其中一个名称。"),
    "list.no_name": (
        "{list} is no name of a list: small letters, digits, dot, dash, at most 64.",
        "{list}不是有效名单名：限小写字母、数字、点和短横，最多64字符。",
    ),
    "list.no_kind": ("{list_kind} is no kind of list: dnc or consent.", "{list_kind}不是名单类型；可选 dnc、consent。"),
    "list.other_kind": ("{list} is a {list_kind}; give the new one another name.", "{list}是{list_kind}；请为新名单另取名称。"),
    "list.no_file": ("{file} is no file of a list with its hash; import it again.", "{file}不是带校验值的名单文件；请重新导入。"),
    "list.no_moment": ("Say of which moment the list is; it is not of the future.", "请填写名单的截至时间，且不得晚于当前。"),
    "list.older": ("{list} is older than the one that holds; say why it is to hold.", "{list}早于现行版本；请说明启用原因。"),
    "list.shrunk": (
        "{list} has {numbers} numbers, and the one that holds {before}; look whether the file is whole, or say why.",
        "{list}有{numbers}个号码，现行版本有{before}个；请核对文件是否完整，或说明原因。",
    ),
}
WORDS: dict[str, tuple[str, str]] = {**_STEPS, **_STOPS, **_TWO, **_NUMBERS}
NAMED: dict[str, dict[str, tuple[str, str]]] = {"stage": STAGES, "next_stage": STAGES, "scope": SCOPES, "list_kind": LIST_KINDS}
"""Values that are codes here, each with its words."""
