"""What is not as it should be written: notes and certificates, proofs, containers, sound: rule -> (English, Chinese). Pure.

Most of them are said within another sentence, as why something could not be done.
"""

from __future__ import annotations

from typing import Final

from recordings.refusals.named import Words

WORDS: Final[Words] = {
    "note.other_text": ("The signature of {name} does not fit its text.", "{name}的签名与正文不符。"),
    "note.not_ours": (
        "It is not signed with the key of this floor's log.",
        "它不是用本中心日志的密钥签署的。",
    ),
    "note.no_checkpoint": ("It is no checkpoint: that has three lines.", "它不是检查点：检查点有三行。"),
    "note.no_size": ("Its size is no whole number.", "其条数不是整数。"),
    "note.no_root": ("Its root is no hash.", "其根不是哈希。"),
    "note.no_key": ("This is no verifier key of Ed25519: NAME+ID+KEY.", "这不是 Ed25519 验证密钥（NAME+ID+KEY）。"),
    "note.key_id": (
        "The verifier key does not fit its own id: it was copied wrongly.",
        "验证密钥与其自身的标识不符：复制有误。",
    ),
    "note.no_text": ("This is no text.", "这不是文本。"),
    "note.no_text.file": ("{path} is no text.", "{path}不是文本。"),
    "note.unsigned": ("This is no signed note.", "这不是签名的便笺。"),
    "note.signatures": ("A note has a signature, and at most 16.", "便笺须有签名，最多16个。"),
    "note.no_signature": ("One of its signatures is not written as one.", "其中一个签名的写法不对。"),
    "note.in_file": ("{path}: {why}", "文件{path}：{why}"),
    "paper.none": ("This is no certificate of Andon ({why}).", "这不是 Andon 的证明（{why}）。"),
    "paper.otherwise": (
        "The certificate is not written as Andon writes one.",
        "此证明的写法与 Andon 的不同。",
    ),
    "paper.other_list": (
        "The list of recordings is not the one that was signed.",
        "录音清单与签署时的不同。",
    ),
    "paper.unknown": (
        "The certificate is of a form that this Andon does not know ({why}).",
        "此版本的 Andon 不认识这种证明（{why}）。",
    ),
    "proof.no_seal": (
        "The log has no seal of {recording} up to this checkpoint: is it the id of a recording?",
        "此检查点之前的日志中没有{recording}的封存记录；请检查是否为录音编号。",
    ),
    "proof.no_seal.find": (
        "The log has no seal of {recording!r}: is it the id of a recording? andon recordings find says which there are.",
        "日志中没有{recording!r}的封存记录；请检查是否为录音编号：andon recordings find 列出现有的录音。",
    ),
    "proof.too_many": (
        "There are more than {most} entries about these recordings: ask for fewer at once.",
        "这些录音的日志超过{most}条；请减少一次的数量。",
    ),
    "proof.of_nothing": (
        "{file} speaks of an empty log, which every log goes on from.",
        "{file}所说的日志是空的，任何日志都是其延续。",
    ),
    "proof.not_going_on": (
        "The log does not go on from {file}: {misfit} Nothing can prove that it does.",
        "日志不是{file}的延续：{misfit}无法证明其延续。",
    ),
    "container.cut": ("The container is cut off.", "容器被截断。"),
    "container.changed": (
        "Chunk {chunk} of the container is not what was sealed, or the key is another one's.",
        "容器的第{chunk}块与封存时不同，或密钥不对。",
    ),
    "container.none": ("This file is no container of a recording.", "此文件不是录音的容器。"),
    "container.newer": (
        "This container is of version {version}, which is not known here; a newer Andon may open it.",
        "此容器的版本为{version}，此处不认识；较新的 Andon 也许能打开。",
    ),
    "container.header": ("The container's header is damaged.", "容器头已损坏。"),
    "sound.no_gsm": (
        "It is named as GSM and does not begin with a block of it.",
        "文件名为 GSM，但开头不是 GSM 数据块。",
    ),
    "sound.no_wav": (
        "It is named as a WAV file and does not begin as one.",
        "文件名为 WAV，但开头不是 WAV。",
    ),
    "sound.no_format": ("No format that is known goes by this suffix.", "不认识此后缀的格式。"),
    "sound.no_data": ("The WAV file ends before its sound begins.", "WAV 文件在声音开始之前就结束了。"),
    "sound.many_parts": (
        "The WAV file has more than {most} parts before its sound.",
        "WAV 文件的声音之前有超过{most}个部分。",
    ),
    "sound.no_form": ("The WAV file does not say what its sound is.", "WAV 文件没有说明声音格式。"),
    "sound.coding": (
        "The WAV file has the coding {coding} with {bits} bits, which is not known here.",
        "WAV 文件的编码为{coding}（{bits}位），此处不认识。",
    ),
    "sound.sides": (
        "The WAV file says {sides} sides at {rate} samples a second, which no recording of a call has.",
        "WAV 文件标明{sides}个声道、每秒{rate}个采样，通话录音没有这样的。",
    ),
    "sound.unreadable": ("{why}", "无法读取声音：{why}"),
    "sound.too_long": ("The sound is longer than {hours} hours.", "声音长于{hours}小时。"),
    "sound.too_long.wav": ("The sound is longer than a WAV file can say.", "声音超过 WAV 文件能标明的长度。"),
    "sound.tar": ("The archive's tar has no file of sound.", "档案的 tar 中没有声音文件。"),
    "file.shorter": ("It became shorter.", "它变短了。"),
    "file.written_into": ("It was written into.", "它被写入过。"),
    "file.exchanged": ("It is another one now.", "它已是另一个文件。"),
    "file.not_sealed": ("Its bytes are not those that were sealed.", "其内容与封存时不同。"),
}
