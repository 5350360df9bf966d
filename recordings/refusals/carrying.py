"""Why a disposal, an erasure or a redaction is not finished: rule -> (English, Chinese). Pure."""

from __future__ import annotations

from typing import Final

from recordings.refusals.named import Words

WORDS: Final[Words] = {
    "carry.restored": (
        "{why} Until then nothing is destroyed: holds and refusals since the backup may be missing.",
        "{why}在此之前不销毁任何内容：备份之后的保全和拒绝可能缺失。",
    ),
    "carry.again": (
        "It was approved before a backup was put back, which does not count any more: look at it anew, and approve or refuse it.",
        "此前的批准作于恢复备份之前，不再有效：请重新查看后批准或拒绝。",
    ),
    "carry.no_classes": (
        "The plan has no classes of retention, so nothing is let go; is its retention.toml in place?",
        "方案中没有保管类别，因此不销毁任何内容；请检查其 retention.toml 是否在位。",
    ),
    "carry.stores_away": (
        "{why} The disposal goes on when it is there again.",
        "{why}密钥库恢复后销毁会继续。",
    ),
    "carry.stores_away.silent": (
        "A key store does not answer. The disposal goes on when it is there again.",
        "有密钥库没有回答；恢复后销毁会继续。",
    ),
    "carry.in_the_spool": (
        "Files of it are in the spool still ({files}), where Andon may not remove them; remove them there, then it goes on.",
        "缓存目录中仍有其文件（{files}），Andon 无权删除；请在那里删除，然后会继续。",
    ),
    "carry.key_away": (
        "The key of this recording is not there. Where a key store lost it, restore the store; where a catalogue of before its destruction "
        "was restored, its copies go into quarantine, and two people say that it is lost: then what is left of it goes.",
        "此录音的密钥不存在。若密钥库丢失了密钥，请恢复密钥库；若恢复的是销毁之前的目录数据库，其副本会被隔离，由两人确认丢失，"
        "随后残留部分将销毁。",
    ),
    "carry.unwritten": (
        "A vault does not give back the redacted recording as it was written; look at its disk. Nothing was destroyed.",
        "存储库读回的抹除后录音与写入的不同；请检查其磁盘。未销毁任何内容。",
    ),
    "carry.unread": (
        "No vault gives back this recording as it was sealed; fixity says what is wrong with its copies. Nothing was destroyed.",
        "没有存储库能按封存时的样子读回此录音；副本的问题见完整性检查。未销毁任何内容。",
    ),
    "carry.not_soundable": (
        "Its sound cannot be written anew ({why}); refuse the redaction, and ask for an erasure.",
        "无法重新写出其声音（{why}）；请拒绝此抹除申请，改为申请删除。",
    ),
    "carry.changed": (
        "A copy changed while it was read ({why}); the redaction goes on when fixity has looked at it.",
        "副本在读取时发生变化（{why}）；完整性检查之后抹除会继续。",
    ),
    "carry.held": (
        "A legal hold is on it, which goes before its redaction, while card data must not be kept: a person has to decide. "
        "Two people release the hold, or the redaction is refused; until then only managers hear it.",
        "此录音已被保全，保全优先于抹除，而银行卡信息不得保存，须由人决定：由两人解除保全，或拒绝抹除；在此之前只有经理可以收听。",
    ),
    "carry.not_at_rest": (
        "It is not at rest ({state}); the redaction goes on when it is kept, or given up as lost.",
        "此录音尚未就绪（{state}）；在其进入保存状态或确认丢失后，抹除会继续。",
    ),
}
