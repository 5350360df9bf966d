"""Refusals of disc sets and their steps (刻录): rule -> (English, Chinese). Pure. `why` is what a tool said, as it is."""

from __future__ import annotations

from typing import Final

from recordings.refusals.named import Words

WORDS: Final[Words] = {
    "disc.disc_unknown": (
        "There is no disc {disc}; GET /api/discs names those that there are.",
        "没有光盘{disc}；现有的光盘见光盘列表。",
    ),
    "disc.disc_state": (
        "Disc {disc} is {disc_state}, and for this step it must be {wanted}.",
        "光盘{disc}的状态为“{disc_state}”，这一步须为“{wanted}”；请先完成前面的步骤。",
    ),
    "disc.set_state": (
        "Set {set} has no disc that waits for its image; GET /api/discs says how it stands.",
        "盘组{set}没有待制作映像的光盘；其状态见光盘列表。",
    ),
    "disc.set_burned": (
        "{set} cannot be given up: {discs} was burned; give up single discs that were not.",
        "{set}不能放弃：{discs}已刻录；请逐张放弃未刻录的光盘。",
    ),
    "disc.set_burned.unknown": (
        "{set} cannot be given up: it does not exist; give up single discs that were not.",
        "{set}不存在，不能放弃；请查看光盘列表。",
    ),
    "disc.disc_gone.withdraw": (
        "{why} Withdraw it.",
        "{why}请放弃此盘。",
    ),
    "disc.disc_redacting": (
        "Card data was found in {found} recordings on disc {disc}, so it is not burned now: it is withdrawn when they are redacted, and "
        "may be burned when that is refused.",
        "光盘{disc}上的{found}条录音中发现卡号等敏感认证数据，暂不刻录：抹除后将撤销该盘，驳回抹除后可以刻录。",
    ),
    "disc.disc_gone.discarded": (
        "{why} A process ended while it was burned: it is discarded, with the medium that may bear it.",
        "{why}刻录中途进程终止：此盘作废，可能已写入的介质一并作废。",
    ),
    "disc.discs_busy": (
        "Another process works on discs just now; try again when it is done.",
        "另一进程正在处理光盘；请在其完成后再试。",
    ),
    "disc.discs_busy.wishes": (
        "{most} steps wait already; wait until some are done.",
        "已有{most}个步骤在等待；请等其中一些完成。",
    ),
    "disc.not_a_person": (
        "Only a person who is signed in decides this; sign in with your own name, not with a token.",
        "此事只能由登录的本人决定；请用自己的账号登录，不要用令牌。",
    ),
    "disc.signed_already": (
        "You have signed disc {disc} already; the second signature must be somebody else's.",
        "您已为光盘{disc}签字；第二个签字须由另一人完成。",
    ),
    "disc.disc_held": (
        "A legal hold on {held} of its recordings pins disc {disc}; it may go when the hold is released.",
        "光盘{disc}上有{held}条录音处于法律保全；解除保全后方可销毁。",
    ),
    "disc.disc_needed": (
        "{alive} recordings on disc {disc} are not disposed of; dispose of them first.",
        "光盘{disc}上有{alive}条录音尚未销毁；请先销毁这些录音。",
    ),
    "disc.disc_unproven": (
        "Nobody has shown that disc {disc} cannot be read; run its step prove first.",
        "尚未证明光盘{disc}不可读取；请先做“证明不可读”这一步。",
    ),
    "disc.no_checkpoint": (
        "No checkpoint of the log goes onto the disc: {why}",
        "无法将日志检查点写入光盘：{why}",
    ),
    "disc.no_checkpoint.size": (
        "The log has no checkpoint of {size} entries any more; gather these recordings anew.",
        "日志已没有{size}条时的检查点；请重新整理这些录音。",
    ),
    "disc.no_checkpoint.key": (
        "The key that signed the checkpoint is not among the published ones: andon recordings verify.",
        "签署检查点的密钥不在已公布的密钥之中；请运行 andon recordings verify。",
    ),
    "disc.no_proof": ("{why}", "无法取得证明：{why}"),
    "disc.image_failed": ("{why}", "映像制作失败：{why}"),
    "disc.image_failed.file": (
        "The image cannot be written ({why}); make room or mend its rights.",
        "映像无法写入（{why}）；请腾出空间或更正权限。",
    ),
    "disc.image_differs": (
        "The image of disc {disc} cannot be made again as it was: Andon, {tool} or the time zone is another one than then. "
        "Copy it from another disc of its set, or withdraw this disc; recordings that are then on no good disc may be gathered anew.",
        "光盘{disc}的映像无法照原样重做：Andon、{tool}或时区与当时不同。请从同组另一张光盘复制，或放弃此盘；"
        "届时不在任何完好光盘上的录音可重新整理。",
    ),
    "disc.keys_away": ("{why}", "无法读取密钥库：{why}"),
}
