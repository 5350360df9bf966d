"""Refusals of samples, scores, appeals and calibrations: rule -> (English, Chinese). Pure."""

from __future__ import annotations

from typing import Final

from recordings.refusals.named import Words

WORDS: Final[Words] = {
    "quality.no_such_number": ("There is nothing of this number; look at the list.", "没有此编号的内容；请查看列表。"),
    "quality.kind_unknown": ("A sample is for an estimate or for coaching.", "抽样只用于评估或辅导；请选择其一。"),
    "quality.reason_missing.left_out": (
        "Say why this call is left out; everybody who reads the result reads it, too.",
        "请说明为何排除此通话；查看结果的人都会看到。",
    ),
    "quality.reason_missing.appeal": (
        "Say what was scored wrongly, so that the second rater need not guess.",
        "请说明哪里评分有误，以便复评人了解。",
    ),
    "quality.no_such_form": (
        "The plan has no such score form; write one into quality.toml.",
        "方案中没有此评分表；请写入 quality.toml。",
    ),
    "quality.form_of_other_calls": (
        "This form is not for calls of this campaign and queue; choose another one.",
        "此评分表不适用于该项目和队列的通话；请选择其他评分表。",
    ),
    "quality.no_such_recording": ("There is no such recording any more.", "此录音已不存在；请重新查找。"),
    # samples
    "quality.not_over": (
        "{period} is not over; draw when it is, so that every call of it has its chance.",
        "{period}尚未结束；请在月份结束后抽取，使每通电话机会均等。",
    ),
    "quality.drawn_before": (
        "This sample was drawn before, and is drawn once; look at it in the list.",
        "此抽样已抽取过，只抽一次；请在列表中查看。",
    ),
    "quality.nothing_to_draw": (
        "{period} has no call of {seconds} s and more for this sample; look at its campaign.",
        "{period}没有{seconds}秒及以上的通话可供抽样；请检查项目。",
    ),
    "quality.scored_before": (
        "Somebody has begun to score this call, or has scored it, so it stays in the sample.",
        "此通话已开始评分或已评分，因此保留在抽样中。",
    ),
    "quality.not_in_sample": (
        "This call is not in the sample, or was left out before.",
        "此通话不在抽样中，或已被排除；请重新加载列表。",
    ),
    "quality.no_month": ("A period is a month, as 2026-11.", "期间须为月份，如 2026-11。"),
    "quality.no_checkpoint": (
        "No checkpoint was signed since that month ended; the archivist signs one each day.",
        "该月结束后尚未签署检查点；归档程序每天签署一次，请稍后再试。",
    ),
    "quality.no_such_sample": ("There is no such sample; look at the list.", "没有此抽样；请查看列表。"),
    # calibrations
    "quality.too_few": (
        "A calibration has 1 to {recordings} calls and 2 to {raters} raters.",
        "一次校准须有1至{recordings}通电话、2至{raters}名评分人；请调整。",
    ),
    "quality.not_open": ("There is no such calibration, or it is closed.", "没有此校准，或已关闭；请查看列表。"),
    "quality.closed.score": (
        "This calibration is closed; scores of it would not be blind.",
        "此校准已关闭，再评分就不是盲评；请不要评分。",
    ),
    "quality.closed.change": (
        "This calibration is closed and all scores of it can be read, so yours would not be blind; leave it.",
        "此校准已关闭，所有评分均可查看，您的评分不再是盲评；请不要继续。",
    ),
    "quality.not_asked": ("This call of this calibration is not yours to score.", "此校准中的该通话不由您评分；请选择分配给您的通话。"),
    "quality.blind.open": (
        "It is open, and nobody sees another's scores before it is closed.",
        "校准尚未关闭，关闭前任何人都看不到他人的评分；请在关闭后查看。",
    ),
    "quality.blind.calibration": (
        "The calibration is open, and nobody sees another's scores before it is closed.",
        "校准尚未关闭，关闭前任何人都看不到他人的评分；请在关闭后查看。",
    ),
    "quality.blind.contested": (
        "This call is contested or in a calibration and may be yours to score blind; look again when that is over.",
        "此通话正在申诉或校准中，可能由您盲评；请在结束后再看。",
    ),
    "quality.no_such_calibration": ("There is no such calibration; look at the list.", "没有此校准；请查看列表。"),
    "quality.no_such_calibration.reach": (
        "There is no such calibration, or a call of it is not within your reach.",
        "没有此校准，或其中有通话不在您的权限范围内；请查看列表。",
    ),
    # appeals
    "quality.not_yours.call": ("This is not a score of a call of yours.", "这不是您的通话的评分；只能对自己的评分申诉。"),
    "quality.not_yours.score": (
        "This score is another rater's, and only that one changes it.",
        "此评分属于另一名评分人，只有其本人可以修改。",
    ),
    "quality.not_counting": (
        "This score does not count, so there is nothing to contest.",
        "此评分不计入成绩，无需申诉。",
    ),
    "quality.too_late": (
        "A score can be contested for {days} working days; speak to your team leader.",
        "评分的申诉期为{days}个工作日，已过期；请与班组长沟通。",
    ),
    "quality.appealed_before": (
        "This score was contested before; what comes of it stands beside it.",
        "此评分已申诉过；结果显示在评分旁。",
    ),
    "quality.call_gone": (
        "The recording of this call is gone, so nobody can score it a second time; speak to your team leader.",
        "该通话的录音已不存在，无法复评；请与班组长沟通。",
    ),
    "quality.same_rater": (
        "You gave the score that is contested; another rater takes this.",
        "被申诉的评分是您给出的；请由另一名评分人受理。",
    ),
    "quality.own_call": ("Nobody scores their own call; leave it to another rater.", "不能给自己的通话评分；请由另一名评分人进行。"),
    "quality.taken": (
        "Another rater has taken this appeal, or it is decided.",
        "此申诉已由另一名评分人受理，或已裁定；请查看列表。",
    ),
    "quality.read_before": (
        "You have read the score that is contested, and would not be blind; another rater takes this.",
        "您看过被申诉的评分，不能盲评；请由另一名评分人受理。",
    ),
    "quality.not_taken": ("Nobody has taken this appeal, or it is decided.", "此申诉无人受理，或已裁定；请查看列表。"),
    "quality.scored": ("The second score is done; decide the appeal.", "复评已完成；请裁定申诉。"),
    "quality.not_scored": (
        "The second rater has not finished, or the appeal is decided.",
        "复评尚未完成，或申诉已裁定；请查看其状态。",
    ),
    "quality.no_such_appeal": ("There is no such appeal; look at the list.", "没有此申诉；请查看列表。"),
    "quality.no_such_appeal.reach": (
        "There is no such appeal, or its call is not within your reach.",
        "没有此申诉，或其通话不在您的权限范围内；请查看列表。",
    ),
    # scores
    "quality.no_such_score": ("There is no such score; look at the list.", "没有此评分；请查看列表。"),
    "quality.no_such_score.yours": (
        "There is no such score, or it is not yours to see.",
        "没有此评分，或您无权查看；请查看列表。",
    ),
    "quality.no_such_score.reach": (
        "There is no such score, or its call is not within your reach.",
        "没有此评分，或其通话不在您的权限范围内；请查看列表。",
    ),
    "quality.open": (
        "This score is not done; until then only its rater sees it.",
        "此评分尚未完成，完成前只有评分人可见；请稍后查看。",
    ),
    "quality.no_such_item": ("The form has no item {item}; load it anew.", "评分表中没有{item}这一项；请重新加载。"),
    "quality.incomplete": (
        "{n} items are not complete, the first is {item} ({lack}).",
        "有{n}项未完成，第一项是{item}（{lack}）；请补全。",
    ),
    "quality.form_changed": (
        "The form {form} was changed without a new version; write version = {version}.",
        "评分表{form}已修改但未更新版本；请写 version = {version}。",
    ),
    "quality.given_back": (
        "The appeal was given back, and this score of yours with it; take the appeal again to go on.",
        "申诉已退回，您的此评分随之作废；如要继续请重新受理。",
    ),
    "quality.done_before": (
        "This score is done and stays as it is; an appeal puts a second one beside it.",
        "此评分已完成，不再更改；申诉会另加一份复评。",
    ),
    "quality.not_heard": (
        "You have heard {heard} of this call of {whole}, and a score asks for {needed}: open its sound, play on (what is played at more "
        "than twice the speed, or beside another call, does not count), then finish.",
        "该通话全长{whole}，您已听{heard}，评分要求至少听{needed}：请打开录音继续听（超过两倍速或与其他录音同时播放的不计入），然后再提交。",
    ),
    "quality.unheard_why": (
        "Nothing of this recording can be heard, so say what the score rests on (text, notes, the screen); it is kept with the score.",
        "该录音无法收听，请说明评分依据（文字记录、备注、屏幕等），说明将随评分保存。",
    ),
    "quality.can_be_heard": (
        "This recording can be heard, so no reason stands for hearing it: play it, then finish without one.",
        "该录音可以收听，不能以说明代替：请先收听，再不填说明直接提交。",
    ),
    # training that was given
    "quality.no_such_kpi": ("The plan has no such KPI; look at quality.toml.", "方案中没有该KPI，请查看 quality.toml。"),
    "quality.no_such_agent": ("There is no such agent within your reach.", "在您的权限范围内没有此坐席；请核对工号。"),
    "quality.not_due": (
        "This KPI does not send this agent to training now, so there is nothing to record; load the list anew.",
        "该KPI目前不要求此坐席培训，无需登记；请刷新名单。",
    ),
    "quality.other_months": (
        "Training is due for {months}: record it for exactly these months.",
        "应培训的月份为{months}，请按这些月份登记。",
    ),
    "quality.trainer_missing": ("Say who held the training.", "请填写培训人。"),
    "quality.own_training": (
        "Nobody trains or records themselves; another person does it.",
        "不能由本人培训或登记本人，请由他人办理。",
    ),
    "quality.no_day": ("Write the day of the training as 2026-11-28.", "培训日期请写成 2026-11-28。"),
    "quality.not_yet": (
        "That day has not come; record the training when it was held.",
        "该日期尚未到来，请在培训完成后登记。",
    ),
    "quality.too_early": (
        "A training for {month} is held after that month is over; say the day on which it was.",
        "针对{month}的培训应在该月结束之后进行，请填写实际日期。",
    ),
    "quality.reason_missing.training": (
        "Say why this record is withdrawn; it stays to be read.",
        "请说明撤销原因，原记录会保留。",
    ),
    "quality.no_such_training": (
        "There is no such record of training, or it was withdrawn before.",
        "没有该培训记录，或已被撤销；请刷新名单。",
    ),
}
