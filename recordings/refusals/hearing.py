"""Refusals of finding, listening, exporting and commenting, and of requests that are none: rule -> (English, Chinese). Pure."""

from __future__ import annotations

from typing import Final

from recordings.refusals.named import Words

WORDS: Final[Words] = {
    "request.query_invalid.twice": (
        "A key stands in the query twice; say each once.",
        "查询中有参数重复；每个参数只写一次。",
    ),
    "request.query_invalid.nul": (
        "There is a NUL character in the query; leave it out.",
        "查询中含有空字符（NUL）；请去掉。",
    ),
    "request.query_invalid.other": (
        "The query is not as this address wants it: {fault}.",
        "查询内容不符合要求（{fault}）；请更正后重试。",
    ),
    "request.body_invalid": (
        "The body is not as this address wants it: {fault}.",
        "提交的内容不符合要求（{fault}）；请更正后重试。",
    ),
    "request.body_too_large": (
        "The request is larger than the board accepts; send less.",
        "提交的内容过大；请减少后重试。",
    ),
    "archive.archive_away": (
        "{fault}",
        "无法连接档案数据库；请稍候几秒再试：{fault}",
    ),
    "archive.keys_away": (
        "{fault}",
        "无法读取档案密钥，请联系管理员：{fault}",
    ),
    "find.reason_missing": (
        "Say why you look for this number: a case, a complaint; it is kept in the log.",
        "请填写查找该号码的理由，如案件、投诉；理由会记入日志。",
    ),
    "find.number_invalid": (
        "There are no digits in this number; write it as it was dialled, or with its country code.",
        "该号码中没有数字；请按拨打时的写法填写，或加上国家代码。",
    ),
    "find.no_such_recording": (
        "There is no recording of this id; look whether it was copied whole.",
        "没有此编号的录音；请检查编号是否复制完整。",
    ),
    "find.no_such_recording.reach": (
        "There is no recording of this id within your reach; look whether it was copied whole.",
        "在您的权限范围内没有此编号的录音；请检查编号是否复制完整。",
    ),
    "find.own_not_heard": (
        "The plan does not let agents hear their calls; ask your team leader.",
        "方案不允许坐席收听自己的通话；请联系班组长。",
    ),
    "find.not_in_plan": (
        "The plan has no agent with your login; ask your team leader to write it down.",
        "方案中没有使用您登录名的坐席；请班组长登记。",
    ),
    "listen.reason_missing": (
        "Say why you listen: a case, a complaint, the score form; it is kept in the log.",
        "请填写收听理由，如案件、投诉、评分；理由会记入日志。",
    ),
    "listen.gone.lost": (
        "This recording was lost; the log says when, and andon recordings prove what is known of it.",
        "此录音已丢失；何时丢失见日志，其余情况可用 andon recordings prove 查明。",
    ),
    "listen.gone.redacted": (
        "The recording {recording} was redacted; its successor is {successor}: ask for that.",
        "录音{recording}已作静音替换，替代录音为{successor}；请改用该录音。",
    ),
    "listen.gone.disposed": (
        "This recording was disposed of; its certificate says when and by which rule.",
        "此录音已销毁；销毁时间和依据的规则见其证明。",
    ),
    "listen.restricted": (
        "Somebody asked for it to be erased, or card data was found in it, so only managers hear it; ask one.",
        "有人申请删除此录音，或其中发现银行卡信息，只有经理可以收听；请联系经理。",
    ),
    "listen.not_yours": (
        "This is not a call of yours; ask your team leader about it.",
        "这不是您的通话；请向班组长了解。",
    ),
    "listen.other_team": (
        "This call is of another team; ask its leader or a supervisor.",
        "这是其他班组的通话；请联系该班组长或主管。",
    ),
    "listen.listen_over": (
        "This listen is not yours or is over; begin it again, with its reason.",
        "此次收听不属于您或已结束；请填写理由重新开始。",
    ),
    "listen.key_gone": (
        "The key of this recording is not in any key store; nobody can hear it. Ask who keeps the key stores.",
        "任何密钥库中都没有此录音的密钥，无人可以收听；请联系密钥库管理员。",
    ),
    "listen.not_yet": (
        "The archivist has not made this of the recording yet; try again in a minute.",
        "归档程序尚未为此录音生成该内容；请一分钟后再试。",
    ),
    "listen.vault_away": (
        "No vault gives this recording just now; is the archive's disk there?",
        "目前没有存储库能提供此录音；请检查档案磁盘是否在线。",
    ),
    "export.reason_missing": (
        "Say why it leaves the archive: to whom, for which case; it is kept in the log and in the file.",
        "请填写导出理由：交给谁、用于何事；理由会记入日志和文件。",
    ),
    "export.key_gone": (
        "The key of this recording is not in any key store; nobody can read it. Ask who keeps the key stores.",
        "任何密钥库中都没有此录音的密钥，无人可以读取；请联系密钥库管理员。",
    ),
    "export.unreadable": (
        "This recording cannot be written as WAV ({fault}); its original stays in the archive.",
        "此录音无法写成 WAV（{fault}）；原件仍在档案中。",
    ),
    "comment.comment_empty": (
        "There is nothing in this comment; write what you heard.",
        "备注为空；请写下您听到的内容。",
    ),
    "comment.comments_full": (
        "This recording has {most} comments; take some back first.",
        "此录音已有{most}条备注；请先撤回一些。",
    ),
    "comment.no_such_comment": (
        "There is no comment of this number on the recording; load it again.",
        "此录音没有该备注；请重新加载。",
    ),
    "comment.not_yours": (
        "Somebody else wrote this comment; ask them or a manager to take it back.",
        "此备注是他人所写；请由本人或经理撤回。",
    ),
    "comment.tags_full": (
        "A recording has at most {most} tags; take some away first.",
        "一条录音最多{most}个标签；请先去掉一些。",
    ),
}
