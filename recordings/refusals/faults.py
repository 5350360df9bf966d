"""Faults of vaults, disks, key stores and the log: rule -> (English, Chinese). Pure. `why` is what a system or program said, as it is."""

from __future__ import annotations

from typing import Final

from recordings.refusals.named import Words

WORDS: Final[Words] = {
    "vault.none": ("There is no vault.", "没有存储库。"),
    "vault.not_marked": (
        "{path} is not marked as vault {number}; is its disk mounted?",
        "{path}没有存储库{number}的标记；请检查其磁盘是否已挂载。",
    ),
    "vault.another": (
        "{path} is another vault than number {number}; put the folders of the settings in their old order.",
        "{path}不是存储库{number}；请把设置中的文件夹恢复为原来的顺序。",
    ),
    "vault.away": (
        "vault {number} ({path}) cannot be used ({why}); is its disk mounted, and whose is it?",
        "存储库{number}（{path}）无法使用（{why}）；请检查其磁盘是否已挂载、归属是否正确。",
    ),
    "vault.full": (
        "vault {number} ({path}) is full; make room on its disk.",
        "存储库{number}（{path}）已满；请在其磁盘上腾出空间。",
    ),
    "vault.not_there": ("{name} is not in vault {number} ({path}).", "存储库{number}（{path}）中没有{name}。"),
    "vault.no_file": (
        "What lies in vault {number} ({path}) as {name} is no file.",
        "存储库{number}（{path}）中的{name}不是文件。",
    ),
    "vault.unreadable": (
        "The disk of vault {number} ({path}) cannot read {name}.",
        "存储库{number}（{path}）的磁盘无法读取{name}。",
    ),
    "vault.not_sealed": (
        "What should go to vault {number} ({path}) as {name} does not have the hash that was sealed; nothing was put in place.",
        "要以{name}写入存储库{number}（{path}）的内容与封存时的哈希不符；未写入任何内容。",
    ),
    "vault.other_back": (
        "vault {number} ({path}) gives {name} back otherwise than it was written; its disk is not to be trusted.",
        "存储库{number}（{path}）读回的{name}与写入的不同；其磁盘不可信。",
    ),
    "room.tight": (
        "The disk of {folder} is nearly full: {free} GB are free; make room, or recordings will be lost.",
        "{folder}所在磁盘将满：剩余{free} GB；请腾出空间，否则会丢失录音。",
    ),
    "room.spool": (
        "The spool {root} cannot be read ({why}): is it mounted, and may Andon read it?",
        "无法读取录音目录{root}（{why}）：请检查是否已挂载、Andon 是否有读取权限。",
    ),
    "room.outside": ("{why}", "外部故障：{why}"),
    "keys.not_made": ("The key store {store} cannot be made ({why}).", "无法建立密钥库{store}（{why}）。"),
    "keys.away": (
        "The key store {store} cannot be used ({why}); mount its disk, or make the folder if it is a new one.",
        "密钥库{store}无法使用（{why}）；请挂载其磁盘，若是新密钥库请建立文件夹。",
    ),
    "keys.full": (
        "The key store {store} cannot be used ({why}); make room on its disk.",
        "密钥库{store}无法使用（{why}）；请在其磁盘上腾出空间。",
    ),
    "keys.not_given_back": (
        "{store} does not give back the key that was written to it; look at its disk.",
        "密钥库{store}未能读回写入的密钥；请检查其磁盘。",
    ),
    "keys.not_hex": (
        "{store} did not answer with a key of 64 hexadecimal digits.",
        "{store}的回答不是64位十六进制密钥。",
    ),
    "keys.ended": ("{store} ended with {status}: {why}.", "{store}以{status}退出：{why}。"),
    "keys.ended.silent": ("{store} ended with {status}: it said nothing.", "{store}以{status}退出，没有输出。"),
    "keys.not_started": (
        "{store} cannot be started ({why}); is it installed?",
        "无法启动{store}（{why}）；请检查是否已安装。",
    ),
    "keys.too_long": ("{store} answers with more than {most} MB.", "{store}的回答超过{most} MB。"),
    "keys.slow": ("{store} did not answer within {seconds:g} s.", "{store}在{seconds:g}秒内没有回答。"),
    "keys.empty": (
        "The key store {store} is empty; mount its disk, or wait an hour if it is a new second one.",
        "密钥库{store}是空的；请挂载其磁盘，若是新设的第二密钥库请等待一小时。",
    ),
    "keys.still_there": (
        "{store} still gives {name} after it said that it was destroyed.",
        "{store}声称已销毁{name}，但仍能取得。",
    ),
    "keys.destroyed": ("{name} was destroyed; its name is not used again.", "{name}已销毁；其名称不再使用。"),
    "keys.destroyed.store": ("{name} was destroyed in {store}.", "{name}已在{store}中销毁。"),
    "keys.differ": (
        "The key stores hold different keys as {name}; restore the one that is wrong from its backup.",
        "各密钥库中的{name}不一致；请从备份恢复有误的一个。",
    ),
    "keys.differ.stores": (
        "{store} holds another key as {name} than {other}.",
        "{store}与{other}中的{name}不是同一密钥。",
    ),
    "keys.wrong": (
        "A wrapped key does not open with its key of keys: restore the key store or the catalogue from a backup.",
        "封装的密钥无法用其上级密钥打开；请从备份恢复密钥库或目录数据库。",
    ),
    "keys.lost": (
        "No key store has {name}, but recordings need it; mount the key stores, or restore them.",
        "任何密钥库中都没有{name}，而录音需要它；请挂载或恢复密钥库。",
    ),
    "keys.lost.any": (
        "No key store has any key, but recordings need it; mount the key stores, or restore them.",
        "任何密钥库中都没有密钥，而录音需要密钥；请挂载或恢复密钥库。",
    ),
    "keys.lost.wraps": (
        "No key store has {name}, which wraps keys of recordings; restore the key stores from their backup.",
        "任何密钥库中都没有{name}，而它封装着录音的密钥；请从备份恢复密钥库。",
    ),
    "keys.lost.recording": (
        "The key of the recording {recording} is not there; restore the key stores from their backup.",
        "录音{recording}的密钥不存在；请从备份恢复密钥库。",
    ),
    "keys.retired": (
        "{name} was destroyed a moment ago; a newer key takes its place.",
        "{name}刚刚销毁；由新密钥代替。",
    ),
    "keys.retired.going": ("{name} is being destroyed; a newer key takes its place.", "{name}正在销毁；由新密钥代替。"),
    "keys.retired.again": (
        "A key of keys is retired again and again; look at what disposes of recordings just now.",
        "上级密钥一再停用；请检查目前在销毁哪些录音。",
    ),
    "log.no_key": (
        "{path} is not there: put it back from a backup, or begin to sign with a new key: andon recordings keys exchange log --yes.",
        "{path}不存在：请从备份放回，或改用新密钥签署：andon recordings keys exchange log --yes。",
    ),
    "log.no_key.unread": (
        "{path} cannot be read ({why}): give Andon's user the right to, and nobody else.",
        "无法读取{path}（{why}）：请只给运行 Andon 的用户读取权限。",
    ),
    "log.no_key.none": (
        "{path} is no key of the log: put it back from a backup.",
        "{path}不是日志的密钥：请从备份放回。",
    ),
    "log.no_key.unwritten": (
        "{folder} cannot be written to ({why}): the log's key belongs there.",
        "无法写入{folder}（{why}）：日志的密钥应存放于此。",
    ),
    "log.damaged": (
        "The archive's log has no hash of subtree {subtree}: run andon recordings verify, and put a backup in place.",
        "档案日志缺少子树{subtree}的哈希：请运行 andon recordings verify，并恢复备份。",
    ),
    "log.nothing_yet": ("Nothing yet.", "日志中尚无内容。"),
    "log.unreachable": ("{why}", "无法读取已公布的检查点：{why}"),
    "log.not_made": ("No checkpoint could be made: {why}", "无法生成检查点：{why}"),
    "log.restored": (
        "The archive was put back from a backup: no checkpoint is signed before somebody says why: "
        "andon recordings verify accept --reason ... --yes.",
        "档案已从备份恢复：在有人说明原因之前不签署检查点：andon recordings verify accept --reason ... --yes。",
    ),
    "log.restored.of": (
        "The archive was put back from a backup of {moment}: no checkpoint is signed before somebody says why: "
        "andon recordings verify accept --reason ... --yes.",
        "档案已从{moment}的备份恢复：在有人说明原因之前不签署检查点：andon recordings verify accept --reason ... --yes。",
    ),
    "log.file_changed": (
        "A file in {folder} is not as it was written ({why}) Put it back from a copy.",
        "{folder}中有文件与写入时不同（{why}）；请从副本放回。",
    ),
    "log.empty": (
        "The log is empty but there is a checkpoint in {folder}: andon recordings verify says more; if an old backup was put back, say so: "
        "andon recordings verify accept --reason ... --yes.",
        "日志是空的，而{folder}中有检查点：详情见 andon recordings verify；若恢复了旧备份，请说明："
        "andon recordings verify accept --reason ... --yes。",
    ),
    "log.cut": (
        "No checkpoint is signed: {misfit} andon recordings verify says more; if an old backup was put back, say so: "
        "andon recordings verify accept --reason ... --yes.",
        "未签署检查点：{misfit}详情见 andon recordings verify；若恢复了旧备份，请说明：andon recordings verify accept --reason ... --yes。",
    ),
    "log.misfit.changed": (
        "the last checkpoint is not as it was signed ({why}).",
        "最近的检查点与签署时不同（{why}）。",
    ),
    "log.misfit.another": ("the last checkpoint is of another log, {origin}.", "最近的检查点属于另一日志{origin}。"),
    "log.misfit.shorter": (
        "a checkpoint speaks of {size} entries and the log has {leaves}.",
        "检查点记有{size}条，而日志只有{leaves}条。",
    ),
    "log.misfit.rewritten": (
        "the first {size} entries of the log are not the ones that were signed.",
        "日志的前{size}条与签署时的不同。",
    ),
}
