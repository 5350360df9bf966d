"""What came of a step of discs (刻录), and faults of images, media and drives: rule -> (English, Chinese). Pure.

`why` is what a tool or the system said, as it is, or another sentence of ours.
"""

from __future__ import annotations

from typing import Final

from recordings.refusals.named import Words

WORDS: Final[Words] = {
    "work.bug": (
        "It broke for a fault of Andon's own; the archivist's log says more. Ask for it again when that is mended.",
        "Andon 自身出错而中断；详情见归档程序的日志。修复后请重新申请。",
    ),
    "work.system": (
        "The system did not let it be done ({why}); look at the disk and its rights, then ask for it again.",
        "系统未能完成（{why}）；请检查磁盘和权限，然后重新申请。",
    ),
    "work.imaged": (
        "{count} images of set {set} are made and compared, file by file.",
        "盘组{set}的{count}个映像已制作，并逐个文件核对。",
    ),
    "work.burned": (
        "Disc {disc} is burned; it counts when it has been read back: andon recordings burn verify {disc}.",
        "光盘{disc}已刻录；回读之后才算数：andon recordings burn verify {disc}。",
    ),
    "work.burned_before": (
        "Disc {disc} was burned before its process ended; it is to be read back.",
        "光盘{disc}在进程终止前已刻完；请回读。",
    ),
    "work.whole": (
        "Disc {disc} was read to its end, {read} bytes, and is good.",
        "光盘{disc}已从头读到尾，共{read}字节，完好。",
    ),
    "work.damaged": (
        "Disc {disc} is damaged: {damage} Burn {instead}, which takes its place. Check others of its batch.",
        "光盘{disc}已损坏：{damage}请刻录{instead}代替，并检查同批次的其他光盘。",
    ),
    "work.damaged.alone": (
        "Disc {disc} is damaged: {damage} {then} Check others of its batch.",
        "光盘{disc}已损坏：{damage}{then}请检查同批次的其他光盘。",
    ),
    "work.damage": (
        "{files} files of it are not as they were burned, {recordings} of them recordings ({named}).",
        "其中{files}个文件与刻录时不同，含{recordings}条录音（{named}）。",
    ),
    "work.damage.none": (
        "{files} files of it are not as they were burned, 0 of them recordings.",
        "其中{files}个文件与刻录时不同，不含录音。",
    ),
    "work.not_as_burned": (
        "Disc {disc} is not as it was burned: {damage}",
        "光盘{disc}与刻录的内容不同：{damage}",
    ),
    "work.once_more": ("{why} Try once more.", "{why}请再试一次。"),
    "work.failed_twice": (
        "{why} It has failed twice: throw this medium away, and burn {instead} on one of another batch.",
        "{why}已失败两次：请丢弃此盘，并用另一批次的空白盘刻录{instead}。",
    ),
    "work.failed_twice.alone": (
        "{why} It has failed twice: throw this medium away. {then}",
        "{why}已失败两次：请丢弃此盘。{then}",
    ),
    "work.no_other": (
        "No other takes its place, since every recording on it is gone.",
        "盘上的录音均已不存在，不再另刻。",
    ),
    "work.no_other.gather": (
        "No other takes its place, since {gone} of its recordings are gone; gather the {alive} others anew: andon recordings burn gather.",
        "盘上有{gone}条录音已不存在，不再照样另刻；其余{alive}条请重新整理：andon recordings burn gather。",
    ),
    "work.gone": (
        "{gone} recordings on disc {disc} are disposed of, so it is not burned any more.",
        "光盘{disc}上的{gone}条录音已销毁，不再刻录此盘。",
    ),
    "work.gone.gather": (
        "{gone} recordings on disc {disc} are disposed of, so it is not burned any more; gather the {alive} others anew: "
        "andon recordings burn gather.",
        "光盘{disc}上有{gone}条录音已销毁，不再刻录此盘；其余{alive}条请重新整理：andon recordings burn gather。",
    ),
    "work.counted": (
        "{containers} containers, {keys} keys left, {tries} tries, {opened} opened, {unread} not to be read.",
        "容器{containers}个，剩余密钥{keys}个，尝试{tries}次，打开{opened}个，无法读取{unread}个。",
    ),
    "work.proven": (
        "Disc {disc} cannot be read any more; two people may destroy it. {counted}",
        "光盘{disc}已不可读取，可由两人销毁。{counted}",
    ),
    "work.not_proven": (
        "Disc {disc} is not proven: it is damaged; let it be read, then prove it: andon recordings burn check {disc}. {counted}",
        "光盘{disc}未能证明：盘已损坏；请先重新读取，再做证明：andon recordings burn check {disc}。{counted}",
    ),
    "work.readable": (
        "Disc {disc} can still be read: {rows} wrapped keys are left, {alive} recordings are not disposed of. {counted}",
        "光盘{disc}仍可读取：剩余封装密钥{rows}个，未销毁的录音{alive}条。{counted}",
    ),
    "image.tool_away": (
        "{tool} does not start ({why}); is it installed?",
        "{tool}无法启动（{why}）；请检查是否已安装。",
    ),
    "image.tool_failed": ("{tool} failed ({why}).", "{tool}失败（{why}）。"),
    "image.slow": (
        "It took longer than any disk or drive should; look whether that one is broken.",
        "耗时超过任何磁盘或光驱应有的时间；请检查其是否损坏。",
    ),
    "image.short_name": (
        "{path} has the name of another file where names are short; give it another one.",
        "{path}的短文件名与另一文件相同；请改名。",
    ),
    "image.too_large": (
        "The image has {size} bytes and {medium} has room for {room}; lower discs.fill in the plan.",
        "映像有{size}字节，而{medium}只能容纳{room}字节；请在方案中调低 discs.fill。",
    ),
    "image.not_what_went_in": (
        "The image is not what went into it ({path}); check the disk of {folder}.",
        "映像与写入的内容不同（{path}）；请检查{folder}所在磁盘。",
    ),
    "image.other_files": (
        "The image has not the files that went into it; look whether xorriso or pycdlib is a version of ours.",
        "映像中的文件与写入的不同；请检查 xorriso 或 pycdlib 是否为所需版本。",
    ),
    "image.no_good_copy": (
        "No vault has the container of recording {recording} as it was sealed: run andon recordings verify, then try again.",
        "没有存储库能按封存时的样子提供录音{recording}：请运行 andon recordings verify，然后重试。",
    ),
    "image.no_room": (
        "{folder} has {free} MB free and a disc needs {needed} MB; free some room, then try again.",
        "{folder}剩余{free} MB，而一张光盘需要{needed} MB；请腾出空间后重试。",
    ),
    "burn.not_written": (
        "The file of disc {disc} cannot be written ({why}); make room or mend its rights.",
        "光盘{disc}的文件无法写入（{why}）；请腾出空间或更正权限。",
    ),
    "burn.not_burned": (
        "Disc {disc} was not burned: {why} Put in an empty medium.",
        "光盘{disc}未刻成：{why}请放入空白盘。",
    ),
    "drive.not_opened": (
        "Disc {disc} cannot be opened ({why}); put it into the drive, then try again.",
        "无法打开光盘{disc}（{why}）；请放入光驱后重试。",
    ),
    "drive.not_ready": (
        "The image of disc {disc} cannot be made ready ({why}); make room or mend its rights.",
        "光盘{disc}的映像无法准备好（{why}）；请腾出空间或更正权限。",
    ),
    "drive.stuck": (
        "Disc {disc} does not come out of the drive ({why}); look whether another program holds it.",
        "光盘{disc}无法从光驱弹出（{why}）；请检查是否被其他程序占用。",
    ),
    "drive.not_empty": (
        "What is in the drive is not an empty medium, or cannot be written; put an empty one in for disc {disc}.",
        "光驱中的不是空白盘，或无法写入；请为光盘{disc}放入空白盘。",
    ),
    "drive.none": (
        "{device} is no drive: correct burner in the settings, or look whether the drive is connected.",
        "{device}不是光驱：请更正设置中的 burner，或检查光驱是否已连接。",
    ),
    "drive.silent": (
        "The drive does not answer ({why}); put disc {disc} in and close the tray, then try again.",
        "光驱没有回应（{why}）；请放入光盘{disc}并关闭托盘，然后重试。",
    ),
    "drive.another": (
        "What is in the drive is {there}, not disc {disc} ({name}); put that one in.",
        "光驱中的是{there}，不是光盘{disc}（{name}）；请换成该盘。",
    ),
    "drive.another.copy": (
        "What is in the drive is disc {marked}, another of the same image, not disc {disc}; put that one in.",
        "光驱中的是同一映像的另一张光盘{marked}，不是光盘{disc}；请换成该盘。",
    ),
    "drive.unnamed": (
        "What is in the drive does not say that it is disc {disc}; put that one in, or if it is in, let it be read first: "
        "andon recordings burn check {disc}. What is damaged is tried with what it still gives.",
        "光驱中的盘未标明是光盘{disc}；请放入该盘，若已放入，请先重新读取：andon recordings burn check {disc}。"
        "已损坏的光盘按仍能读出的部分尝试。",
    ),
}
