"""Refusals of holds, disposals, erasures, clocks, losses and redactions: rule -> (English, Chinese). Pure."""

from __future__ import annotations

from typing import Final

from recordings.refusals.named import Words

WORDS: Final[Words] = {
    "people.not_a_person": (
        "Only a person who is signed in decides this; sign in with your own name, not with a token.",
        "此事只能由登录的本人决定；请用自己的账号登录，不要用令牌。",
    ),
    "people.same_person.release": (
        "You asked for this release; another person has to agree.",
        "解除申请是您提出的；须由另一人同意。",
    ),
    "people.same_person.written": (
        "You wrote this down; another person has to approve it.",
        "此申请是您登记的；须由另一人批准。",
    ),
    "people.same_person.approved": (
        "You have approved this already; another person has to do it, too.",
        "您已批准；还须由另一人批准。",
    ),
    "people.same_person.proposed": (
        "You have proposed this already; another person has to do it, too.",
        "此提议是您提出的；须由另一人确认。",
    ),
    "hold.everything": (
        "This would hold everything there is; say which agent, campaign, number, call or time.",
        "这样会保全全部录音；请指定坐席、项目、号码、通话或时间。",
    ),
    "hold.nothing": (
        "No recording that is still there is meant by this; nothing is held. Look at the choice again.",
        "没有符合条件的现存录音，未保全任何内容；请重新检查条件。",
    ),
    "hold.redacted": (
        "The recording {recording} was redacted; its successor is {successor}: hold that.",
        "录音{recording}已作静音替换，替代录音为{successor}；请保全该录音。",
    ),
    "hold.no_recording": (
        "There is no recording {recording}, or it was disposed of; correct its id, or leave it out. Nothing is held.",
        "没有录音{recording}，或其已销毁；请更正编号或将其去掉。未保全任何内容。",
    ),
    "hold.unknown": (
        "There is no hold of this id; the list of holds names those that there are.",
        "没有此编号的保全；现有的保全见保全列表。",
    ),
    "hold.released": (
        "This hold was released already.",
        "此保全已解除，无需再做。",
    ),
    "hold.gone": (
        "There is no such hold any more; the list of holds names those that there are.",
        "此保全已不存在；现有的保全见保全列表。",
    ),
    "disposal.nothing_may_go": (
        "Nothing of this class and month may go now; andon recordings due says why each is kept.",
        "此类别、此月份目前没有可销毁的录音；各录音的保存原因见“保管期限”。",
    ),
    "disposal.other_list": (
        "The list is another one by now than what you looked at; look at it again, then propose it.",
        "清单已与您查看时不同；请重新查看后再提出。",
    ),
    "disposal.not_waiting": (
        "This is not waiting any more: it was refused, or it is being carried out.",
        "此申请已不在等待：已被拒绝，或正在执行；请查看其状态。",
    ),
    "disposal.unknown": (
        "There is no disposal of this id; the list of disposals names those that there are.",
        "没有此编号的销毁申请；现有的申请见销毁列表。",
    ),
    "disposal.no_such_disposal": (
        "There is no disposal of this id; the list of disposals names those that there are.",
        "没有此编号的销毁申请；现有的申请见销毁列表。",
    ),
    "disposal.standing": (
        "This is not waiting for an approval: it is {standing}.",
        "此申请不在等待批准，状态为：{standing}；请查看其详情。",
    ),
    "disposal.not_the_list": (
        "This is not the list that you looked at; look at it again, then approve it.",
        "这不是您查看过的清单；请重新查看后再批准。",
    ),
    "disposal.not_verified": (
        "The certificate cannot be verified on this machine ({fault}); is its folder of checkpoints there?",
        "本机无法核验此证明（{fault}）；请检查检查点文件夹是否存在。",
    ),
    "disposal.no_certificate": (
        "There is no certificate of this id: one is signed when everything of a disposal is gone.",
        "没有此编号的证明：全部销毁完成后才签发；请届时再看。",
    ),
    "erasure.no_number": (
        "Say whose recordings they are: a number with its country code.",
        "请说明是谁的录音：填写带国家代码的号码。",
    ),
    "erasure.number_invalid": (
        "There are no digits in this number; write it as it was dialled, or with its country code.",
        "该号码中没有数字；请按拨打时的写法填写，或加上国家代码。",
    ),
    "erasure.too_many": (
        "This number has more recordings than a person's can be; look whether it is one of ours.",
        "该号码的录音数量超出个人所能有的；请检查是否为本中心号码。",
    ),
    "erasure.nothing": (
        "There is no recording of this number that is still there; look whether it was written whole.",
        "没有该号码的现存录音；请检查号码是否填写完整。",
    ),
    "clock.not_a_dispute": (
        "Only a dispute is closed; say when the contract, product or activity ended as its moment.",
        "只有争议可以了结；合同、产品或业务请登记其结束时间。",
    ),
    "clock.not_past": (
        "That is not a day of the past; say when it was.",
        "该日期尚未到来；请填写实际发生的日期。",
    ),
    "clock.subject_missing": (
        "Say what it is about: a recording, a call as node/linkedid, a campaign, or a number as number.",
        "请说明对象：录音、通话（节点/linkedid）、项目，或填写号码。",
    ),
    "clock.redacted": (
        "The recording {recording} was redacted; its successor is {successor}: say it of that.",
        "录音{recording}已作静音替换，替代录音为{successor}；请登记在该录音上。",
    ),
    "clock.no_recording": (
        "There is no recording of this id; look for it under recordings.",
        "没有此编号的录音；请在录音中查找。",
    ),
    "clock.no_call": (
        "No recording is of this call; say it as node/linkedid.",
        "没有此通话的录音；请写作 节点/linkedid。",
    ),
    "clock.no_campaign": (
        "The plan has no such campaign, nor has any recording; look at how its id is written.",
        "方案和录音中都没有此项目；请检查项目编号。",
    ),
    "loss.nothing": (
        "No recording is in quarantine that could be given up; those on discs are named one by one.",
        "没有可放弃的隔离录音；已刻盘的须逐条指定。",
    ),
    "loss.reason_missing": (
        "Say why no good copy is left: where was looked for one, and what happened.",
        "请说明为何没有完好副本：在何处找过，发生了什么。",
    ),
    "loss.not_the_list": (
        "This is not the list that you looked at; look at it again, then confirm it.",
        "这不是您查看过的清单；请重新查看后再确认。",
    ),
    "loss.unknown": (
        "There is no such proposal; the list of recordings in quarantine names those that there are.",
        "没有此提议；现有的提议见隔离录音列表。",
    ),
    "loss.standing": (
        "This is not waiting for a second person: it is {standing}.",
        "此提议不在等待第二人，状态为：{standing}；请查看其详情。",
    ),
    "loss.too_many": (
        "At most {most:,} recordings are given up together; propose the others afterwards.",
        "一次最多放弃{most:,}条录音；其余请随后再提出。",
    ),
    "loss.no_recording": (
        "There is no recording {recording}; look at the list of those in quarantine.",
        "没有录音{recording}；请查看隔离录音列表。",
    ),
    "loss.not_quarantined": (
        "The recording {recording} is not in quarantine: it is {state}; leave it out.",
        "录音{recording}不在隔离中（{state}）；请不要列入。",
    ),
    "loss.listed": (
        "The recording {recording} is in {proposal} already; confirm or refuse that one.",
        "录音{recording}已列入{proposal}；请确认或拒绝该提议。",
    ),
    "redaction.how_many": (
        "Say which stretches are to be silenced, from one to {most} of them.",
        "请指定要静音的区间，一至{most}个。",
    ),
    "redaction.bounds": (
        "A stretch begins before it ends, and lies within the recording, which is {seconds:g} s long.",
        "区间的起点须早于终点，且在录音之内（全长{seconds:g}秒）；请更正。",
    ),
    "redaction.too_long": (
        "A stretch has at most {minutes} minutes; listen where the card data begins and ends.",
        "一个区间最长{minutes}分钟；请听清银行卡信息的起止位置。",
    ),
    "redaction.nothing_left": (
        "Nothing of this recording would be left to be heard; ask for its disposal or erasure instead.",
        "这样录音将没有可听的内容；请改为申请销毁或删除。",
    ),
    "redaction.gone": (
        "This recording is gone already; its certificate says when.",
        "此录音已不存在；时间见其证明。",
    ),
    "redaction.gone.redacted": (
        "The recording {recording} was redacted; its successor is {successor}: listen to that, and say what is left in it.",
        "录音{recording}已作静音替换，替代录音为{successor}；请收听该录音，若仍有卡号请在其上登记。",
    ),
    "redaction.listed": (
        "It is listed in a disposal: approve that, or refuse it first and propose the redaction again.",
        "此录音已列入销毁申请：请批准该申请，或先拒绝它再提出静音。",
    ),
    "redaction.not_at_rest": (
        "It is not at rest yet ({state}); propose it again when it is kept.",
        "此录音尚未就绪（{state}）；请在其进入保存状态后再提出。",
    ),
    "redaction.unreadable": (
        "Its sound cannot be read here, so none of it can be silenced; ask for its disposal or erasure.",
        "无法读取此录音的声音，不能静音其中部分；请申请销毁或删除。",
    ),
    "redaction.waits": (
        "A redaction of this recording waits already; refuse that one first if its stretches are wrong.",
        "此录音已有待办的静音申请；若其区间有误，请先拒绝它。",
    ),
    "redaction.no_recording": (
        "There is no recording of this id; look whether it was copied whole.",
        "没有此编号的录音；请检查编号是否复制完整。",
    ),
    "command.no_list": (
        "No list that may go now has this hash; andon recordings dispose shows those that there are.",
        "目前没有此哈希的可销毁清单；现有清单见 andon recordings dispose。",
    ),
    "command.no_disposal": (
        "There is no disposal of this id; andon recordings dispose list names those that there are.",
        "没有此编号的销毁申请；现有的见 andon recordings dispose list。",
    ),
    "command.no_certificate": (
        "There is no certificate of this: one is signed when everything of a disposal is gone.",
        "尚无证明：全部销毁完成后才签发；请届时再看。",
    ),
    "command.not_written": (
        "{out} cannot be written ({fault}); choose another name with --out.",
        "无法写入{out}（{fault}）；请用 --out 另选名称。",
    ),
    "command.no_proposal": (
        "There is no such proposal; andon recordings lost names those that wait.",
        "没有此提议；待办的见 andon recordings lost。",
    ),
}
