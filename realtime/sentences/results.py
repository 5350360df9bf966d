"""Words for what came of a talk, and for how a dial was ended."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "dial.stopped": ("Dialling was stopped while it rang.", "振铃时外呼已停止。"),
    "result.anybody": ("You may say what came of anybody's call.", "您可以为任何人的通话登记结果。"),
    "result.dial": ("The call is known.", "已找到该通话。"),
    "result.late": (
        "The call {dial} was over some time ago: its result is kept by its id.",
        "通话{dial}早已结束：结果按其编号登记。",
    ),
    "result.no_dial": (
        "{agent} has made no outbound call in the last minutes; name the call by its id.",
        "{agent}最近几分钟没有外呼；请用通话编号指定。",
    ),
    "result.other_agent": (
        "The call {dial} is not {agent}'s; choose one of their own.",
        "通话{dial}不是{agent}的；请选择其本人的通话。",
    ),
    "result.code": ("{code} is a result of the plan.", "{code}是有效的结果码。"),
    "result.no_code": ("{code} is no result of the plan; take one of {codes}.", "{code}不是有效的结果码；请选择：{codes}。"),
    "result.code_long": (
        "A result has one to {most} characters; choose a shorter one.",
        "结果码须为1至{most}个字符；请重新填写。",
    ),
    "result.note_long": ("A note has at most {most} characters; shorten it.", "备注最多{most}个字符；请缩短。"),
    "result.callback": ("The customer asked to be called then.", "客户约定了回拨时间。"),
    "result.callback_past": ("That moment is over; choose one to come.", "回拨时间已过；请选择将来的时间。"),
    "result.callback_far": (
        "A callback is at most {days} days ahead; choose an earlier one.",
        "回拨最远为{days}天后；请选择更早的时间。",
    ),
    "result.blocks": ("The number is not called any more ({scope}).", "该号码不再拨打（{scope}）。"),
    "result.no_scope": ("{scope} is no scope; take one of {scopes}.", "{scope}不是有效范围；请选择：{scopes}。"),
    "result.complains": ("It is a complaint about the campaign {campaign}.", "记为项目{campaign}的投诉。"),
    "result.campaign_gone": (
        "The campaign of this call is not known here any more; a leader writes the complaint down on the campaign's page.",
        "此处已无该通话所属的项目；请由班组长在项目页面登记投诉。",
    ),
    "result.machine": ("A machine answered.", "为机器应答。"),
    "result.machine_unheard": (
        "No detector may listen to this call and no agent heard it, so nobody knows that a machine answered; it counts as a person.",
        "该通话不得使用机器检测，且无坐席接听，无法判定为机器应答；按真人计。",
    ),
    "result.number_gone": (
        "The number of this call is not known here any more; block it among the numbers not to be called.",
        "此处已无该通话的号码；请在禁拨名单中登记。",
    ),
}
