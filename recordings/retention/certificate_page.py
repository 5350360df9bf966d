"""A certificate of disposal as a page to print: A4, black on white, Chinese or English, everything escaped, no script, no link. Pure.

Not the certificate (`certificate.py`), which is what is verified: the page only says it, with the hash of the file that it says.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from realtime.words import SECOND, Micros
from recordings.refusals.stored import both
from recordings.retention.certificate import CANNOT_SAY, STATEMENTS, Case, Certificate, Check, Redacted

LISTED_MOST: Final = 2_000
"""Recordings that are printed: some twelve pages. The file has all of them."""

STYLE: Final = """
@page { size: A4; margin: 18mm 16mm }
body { font: 10.5pt/1.5 "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #000; background: #fff;
  max-width: 178mm; margin: 0 auto }
h1 { font-size: 17pt; margin: 0 0 2mm } h2 { font-size: 11.5pt; margin: 5mm 0 1mm; break-after: avoid }
table { width: 100%; border-collapse: collapse; table-layout: fixed }
td, th { border: .2mm solid #000; padding: 1mm 2mm; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { width: 44mm; font-weight: 600 } tr { break-inside: avoid }
code { font: 8.5pt/1.4 "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere }
.bad { border: .8mm solid #000; padding: 2mm; font-weight: 700 } .sign td { height: 16mm }
.items { columns: 3; list-style: none; padding: 0; margin: 0 } .annex { break-before: page }
"""
POLICY: Final = f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""Content-Security-Policy of whoever serves it."""

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("Certificate of disposal of recordings", "录音销毁证明"),
    "erasure": ("Certificate of erasure of recordings", "录音删除证明"),
    "redaction": ("Certificate of redaction of a recording", "录音敏感片段抹除证明"),
    "redacted": ("What took their place", "替代录音"),
    "lost": (
        "The recording was lost, so none could be made; what was left of it was destroyed.",
        "录音已丢失，无法制作替代录音；残留部分已销毁。",
    ),
    "silent": ("silent from and to, in seconds", "静音区间（秒）"),
    "incomplete": ("NOT COMPLETE: something is still there. See the results below.", "未完成：仍有内容未销毁，请看下面的结果。"),
    "id": ("Disposal", "销毁编号"),
    "floor": ("Centre", "中心"),
    "at": ("Carried out", "执行时间"),
    "place": ("Place", "地点"),
    "count": ("Recordings", "录音数量"),
    "class": ("Retention class", "保管期限类别"),
    "month": ("Month of disposal", "销毁月份"),
    "basis": ("Legal basis", "法律依据"),
    "method": ("Method", "方法"),
    "ce": ("Cryptographic erase (CE): the keys were destroyed", "加密擦除（CE）：密钥已销毁"),
    "technique": ("Technique", "技术"),
    "tool": ("Tool", "工具"),
    "items_sha256": ("SHA-256 of the list", "清单的 SHA-256"),
    "holds": ("Legal holds looked at", "已核对的法律保全"),
    "checkpoint": ("Checkpoint of the log", "日志检查点"),
    "keys": ("Keys destroyed", "已销毁的密钥"),
    "exchanged": ("other recordings were wrapped with a new key first", "条其他录音先改用新密钥封装"),
    "unkeyed": ("recordings never had one: they were lost before they were encrypted", "条录音从未有过密钥：在加密之前已丢失"),
    "destroyed": ("destroyed", "已销毁"),
    "absent": ("was not there any more", "已不存在"),
    "failed": ("NOT destroyed", "未销毁"),
    "copies": ("Files that are not there any more", "已不存在的文件"),
    "vault": ("vault", "存储库"),
    "files": ("files", "个文件"),
    "left": ("could not be deleted", "个未能删除"),
    "discs": ("Discs that still bear them, unreadable without the keys", "仍载有这些录音的光盘（没有密钥无法读取）"),
    "disc_items": ("of these recordings", "条录音"),
    "due": ("to be destroyed in", "应于此月销毁："),
    "none": ("none", "无"),
    "checks": ("Verification", "核验"),
    "good": ("yes", "是"),
    "bad": ("NO", "否"),
    "people": ("People", "人员"),
    "proposer": ("Proposed by", "提出人"),
    "approvers": ("Approved by", "批准人"),
    "operator": ("Carried out by", "执行人"),
    "cannot": ("What this certificate cannot say", "本证明不能说明的事项"),
    "verify": ("To verify it", "核验方法"),
    "how": (
        "This page is only a print. The signed file is the certificate; with plain Python and without Andon:",
        "本页仅为打印件，以签名文件为准；只需 Python 即可核验，不需要 Andon：",
    ),
    "file": ("SHA-256 of the file", "文件的 SHA-256"),
    "key": ("Signed with the key", "签名密钥"),
    "sign": ("Signatures", "签名"),
    "date": ("Date", "日期"),
    "annex": ("Annex: the recordings", "附录：录音清单"),
    "more": ("more are in the file", "条见文件"),
}


CHECKED: Final[dict[str, tuple[tuple[str, str], tuple[str, str], tuple[str, str]]]] = {
    "wrapped_keys": (
        ("wrapped keys in the catalogue", "目录数据库中的封装密钥"),
        ("{left} are left", "剩余{left}个"),
        ("{left} are left", "剩余{left}个"),
    ),
    "texts": (
        ("comments, tags, texts of scores and appeals", "备注、标签、评分与申诉的文字"),
        ("{left} are left", "剩余{left}条"),
        ("{left} are left", "剩余{left}条"),
    ),
    "key": (
        ("key {key} in {store}", "密钥库{store}中的密钥{key}"),
        ("cannot be had any more", "已无法取得"),
        ("can still be had", "仍可取得"),
    ),
    "files": (
        ("files in vault {vault}", "存储库{vault}中的文件"),
        ("none is there", "已不存在"),
        ("{left} of {names} names are there", "{names}个文件名中仍有{left}个"),
    ),
}
"""By what was looked at: its name, what is said where it is good, and where not."""


def page(certificate: Certificate, language: str, sha256: str, zone: str = "UTC") -> str:
    """`sha256`: of the certificate's file (`certificate.digest`). `zone`: the floor's."""
    chinese = language == "zh"
    words = {name: pair[chinese] for name, pair in WORDS.items()}
    case, title = certificate.case, words["title" if certificate.case.kind == "disposal" else certificate.case.kind]
    parts = [
        f"<h1>{escape(title)}</h1>",
        "" if certificate.complete else f'<p class="bad">{escape(words["incomplete"])}</p>',
        _table(_facts(certificate, words, chinese, zone)),
        _section(words["redacted"], _redacted(case, words)),
        _section(words["keys"], _keys(case, words, chinese)),
        _section(words["copies"], _copies(case, words)),
        _section(words["discs"], _discs(case, words)),
        _section(words["checks"], _checks(case, words, chinese)),
        _section(words["people"], _people(case, words)),
        _list(words["cannot"], [pair[chinese] for pair in CANNOT_SAY]),
        _verify(certificate, sha256, words),
        _signatures(words),
        _annex(case.items, words),
    ]
    head = f'<meta charset="utf-8"><title>{escape(title)} {escape(case.id)}</title><style>{STYLE}</style>'
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if chinese else "en"}"><head>{head}</head><body>\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


Rows = Sequence[tuple[str, str]]


def _facts(certificate: Certificate, words: dict[str, str], chinese: bool, zone: str) -> Rows:
    case = certificate.case
    said = case.checkpoint.split("\n")
    checkpoint = " · ".join(said[:3]) if len(said) > 2 else words["none"]
    rows = [
        (words["id"], case.id),
        (words["floor"], case.floor),
        (words["at"], _moment(case.at, zone)),
        (words["place"], case.place),
        (words["count"], str(len(case.items))),
        (words["class"], case.class_),
        (words["month"], case.month),
        (words["basis"], "\n".join(_stated(each, chinese) for each in case.basis)),
        (words["method"], words["ce"]),
        (words["technique"], _stated(case.technique, chinese)),
        (words["tool"], case.tool),
        (words["items_sha256"], certificate.items_sha256),
        (words["holds"], f"{case.holds}\nSHA-256 {case.holds_sha256}"),
        (words["checkpoint"], checkpoint),
    ]
    return [(name, value) for name, value in rows if value]


def _redacted(case: Case, words: dict[str, str]) -> Rows:
    def said(each: Redacted) -> str:
        spans = ", ".join(f"{since / 1000:g}–{until / 1000:g}" for since, until in each.spans)
        return f"{each.into}\nSHA-256 {each.sha256}\n{words['silent']}: {spans}"

    if case.kind == "redaction" and not case.redacted:
        return [(words["none"], words["lost"])]
    return [(each.item, said(each)) for each in case.redacted]


def _keys(case: Case, words: dict[str, str], chinese: bool) -> Rows:
    rows = []
    for key in case.keys:
        results = [f"{each.store}: {words.get(each.result) or each.result}{_why(each.why, chinese)}" for each in key.stores]
        more = [f"{key.exchanged} {words['exchanged']}"] if key.exchanged else []
        rows.append((key.key, "\n".join([*results, *more])))
    return rows + ([(words["none"], f"{case.unkeyed} {words['unkeyed']}")] if case.unkeyed else [])


def _copies(case: Case, words: dict[str, str]) -> Rows:
    def said(files: int, failed: int) -> str:
        return f"{files} {words['files']}" + (f"; {failed} {words['left']}" if failed else "")

    return [(f"{words['vault']} {copies.vault}", said(copies.files, copies.failed)) for copies in case.copies]


def _discs(case: Case, words: dict[str, str]) -> Rows:
    def said(items: int, due: str) -> str:
        return f"{items} {words['disc_items']}" + (f"; {words['due']} {due}" if due else "")

    return [(f"{disc.disc} {disc.copy}", said(disc.items, disc.due)) for disc in case.discs] or [(words["none"], "")]


def _checks(case: Case, words: dict[str, str], chinese: bool) -> Rows:
    verdicts = {True: words["good"], False: words["bad"]}
    return [_checked(check, verdicts[check.good], chinese) for check in case.checks]


def _checked(check: Check, verdict: str, chinese: bool) -> tuple[str, str]:
    """One that this version does not know is shown as it is."""
    try:
        name, good, bad = CHECKED[check.what]
        return name[chinese].format_map(check.found), f"{verdict}: {(good if check.good else bad)[chinese].format_map(check.found)}"
    except (LookupError, ValueError):
        found = ", ".join(f"{name} {value}" for name, value in check.found.items())
        return check.what, f"{verdict}: {found}" if found else verdict


def _stated(text: str, chinese: bool) -> str:
    return STATEMENTS.get(text, text) if chinese else text


def _why(text: str, chinese: bool) -> str:
    said = both(text)["zh" if chinese else "en"]
    return f" ({said})" if said else ""


def _people(case: Case, words: dict[str, str]) -> Rows:
    rows = [(words["proposer"], case.proposer), (words["approvers"], "\n".join(case.approvers)), (words["operator"], case.operator)]
    return [(name, value) for name, value in rows if value]


def _verify(certificate: Certificate, sha256: str, words: dict[str, str]) -> str:
    command = "python3 -I verify_bundle.py certificate.json --vkey '...'"
    rows = [(words["file"], sha256), (words["key"], certificate.signed_by)]
    return f"<h2>{escape(words['verify'])}</h2><p>{escape(words['how'])}<br><code>{escape(command)}</code></p>{_table(rows)}"


def _signatures(words: dict[str, str]) -> str:
    cells = "".join(f"<td>{escape(words[name])}</td>" for name in ("operator", "approvers", "date"))
    return f'<h2>{escape(words["sign"])}</h2><table class="sign"><tr>{cells}</tr></table>'


def _annex(items: Sequence[str], words: dict[str, str]) -> str:
    shown = "".join(f"<li><code>{escape(item)}</code></li>" for item in items[:LISTED_MOST])
    more = f"<p>… {len(items) - LISTED_MOST} {escape(words['more'])}</p>" if len(items) > LISTED_MOST else ""
    return f'<div class="annex"><h2>{escape(words["annex"])}</h2><ul class="items">{shown}</ul>{more}</div>'


def _section(title: str, rows: Rows) -> str:
    return f"<h2>{escape(title)}</h2>{_table(rows)}" if rows else ""


def _list(title: str, lines: Iterable[str]) -> str:
    return f"<h2>{escape(title)}</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _table(rows: Rows) -> str:
    lines = (f"<tr><th>{escape(name)}</th><td>{_value(value)}</td></tr>" for name, value in rows)
    return f"<table>{''.join(lines)}</table>"


def _value(value: str) -> str:
    return "<br>".join(f"<code>{escape(line)}</code>" if len(line) > 60 and line.isascii() else escape(line) for line in value.split("\n"))


def _moment(at: Micros, zone: str) -> str:
    moment = datetime.fromtimestamp(at // SECOND, UTC)
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M:%S} {zone}" + ("" if zone == "UTC" else f" ({moment:%Y-%m-%d %H:%M:%S} UTC)")
