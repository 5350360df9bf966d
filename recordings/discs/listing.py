"""The texts of a disc: its catalogue as JSON lines, as a table and as a page, and how to verify it without us. Pure.

They hold ids, times, hashes, the class and places in the log; no number and no person, since a disc cannot forget a line; and nothing
that may change later, so that an image can be made again. Everything that somebody else wrote is escaped.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from realtime.words import SECOND, Micros
from recordings.discs.sets import Group, Item

if TYPE_CHECKING:
    from recordings.discs.bag import About

COLUMNS: Final = ("id", "began", "length_s", "campaign", "queue", "direction", "call", "file", "sha256_container")
HEADS: Final[dict[str, str]] = {
    "id": "录音编号 Recording",
    "began": "开始时间 Began",
    "length_s": "时长（秒） Seconds",
    "campaign": "项目 Campaign",
    "queue": "队列 Queue",
    "direction": "方向 Direction",
    "call": "通话编号 Call",
    "file": "文件 File",
    "sha256_container": "SHA-256",
}
STYLE: Final = (
    "body{font:14px/1.5 sans-serif;margin:2em;color:#000;background:#fff}table{border-collapse:collapse}"
    "td,th{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top}td.hash{font-family:monospace;font-size:11px}"
)


def when(at: Micros, timezone: str) -> str:
    """By the floor's clock, with its offset; empty for a moment that is not known."""
    return datetime.fromtimestamp(at // SECOND, ZoneInfo(timezone)).isoformat(" ") if at else ""


def json_lines(items: Sequence[Item], files: Mapping[str, str], group: Group) -> bytes:
    return "".join(json.dumps(_line(item, files[item.id], group), ensure_ascii=False, sort_keys=True) + "\n" for item in items).encode()


def _line(item: Item, file: str, group: Group) -> dict[str, str | int]:
    return {
        "id": item.id,
        "file": file,
        "began": datetime.fromtimestamp(item.began // SECOND, UTC).isoformat(),
        "began_us": item.began,
        "length_ms": item.length_ms,
        "class": group.class_,
        "month_of_disposal": group.month,
        "campaign": item.campaign,
        "queue": item.queue,
        "direction": item.direction,
        "call": item.call,
        "format": item.format,
        "rate": item.rate,
        "sides": item.sides,
        "bytes": item.size,
        "sha256": item.sha256.hex(),
        "container_bytes": item.container_bytes,
        "container_sha256": item.container.hex(),
        "log_entry": item.entry,
    }


def cells(item: Item, file: str, timezone: str) -> tuple[str, ...]:
    """In the order of COLUMNS."""
    return (
        item.id,
        when(item.began, timezone),
        f"{item.length_ms / 1000:.1f}",
        item.campaign,
        item.queue,
        item.direction,
        item.call,
        file,
        item.container.hex(),
    )


def table(items: Sequence[Item], files: Mapping[str, str], timezone: str) -> bytes:
    """For spreadsheets: with the mark that makes them read UTF-8, and nothing in it that they would take for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for item in items:
        writer.writerow(
            [f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in cells(item, files[item.id], timezone)]
        )
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def page(items: Sequence[Item], files: Mapping[str, str], about: About) -> bytes:
    """Opens in any browser, asks for nothing from anywhere."""
    heads = "".join(f"<th>{escape(HEADS[name])}</th>" for name in COLUMNS)
    rows = "\n".join(_row(cells(item, files[item.id], about.timezone)) for item in items)
    title = f"{about.set_id}-{about.number}"
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><style>{STYLE}</style></head><body>
<h1>录音光盘 Disc of recordings {escape(title)} ({about.number}/{about.of})</h1>
<p>保管期限 Class: {escape(about.group.class_)} · 销毁月份 Month of disposal: {escape(about.group.month)}
· 件数 Recordings: {len(items)}</p>
<p>录音均已加密，密钥不在光盘上；密钥销毁后，这些文件无法再还原。校验方法见 VERIFY.txt。</p>
<p>The recordings are encrypted and their keys are not on this disc; once a key is destroyed, its file cannot be read by anybody.
VERIFY.txt says how to check this disc.</p>
<table><thead><tr>{heads}</tr></thead><tbody>
{rows}
</tbody></table></body></html>
""".encode()


def _row(values: Sequence[str]) -> str:
    plain = "".join(f"<td>{escape(value)}</td>" for value in values[:-1])
    return f'<tr>{plain}<td class="hash">{escape(values[-1])}</td></tr>'


def verify_text(about: About, proofs: Sequence[str]) -> bytes:
    """Needs coreutils for the files, and Python without anything for the proofs."""
    name = f"{about.set_id}-{about.number}"
    bundles = [each.rpartition("/")[0] for each in proofs if each.endswith("/bundle.json")]
    proof = "".join(f"  python3 -I -S verify_bundle.py proof/{each}\n" for each in bundles)
    steps = f"  sha256sum -c tagmanifest-sha256.txt\n  sha256sum -c manifest-sha256.txt\n{proof}"
    return (
        f"光盘 {name} 的校验方法（无需本系统）\n\n"
        f"1. 在光盘所在目录中依次执行：\n{steps}"
        "2. 每个文件都应显示 OK，每项证明都应显示 ok。FAILED 或 NO 表示该项已损坏或被改动。\n"
        "3. proof 目录中的 checkpoint.txt 是日志的签名检查点；请与您在别处保存的检查点核对。\n"
        "4. 录音已加密。目录见 data/index.html、data/catalogue.csv、data/catalogue.jsonl。\n\n"
        f"How to verify disc {name} without our software\n\n"
        f"1. In the folder of the disc, one after the other:\n{steps}"
        "2. Every file says OK and every proof ok. FAILED or NO names what is damaged or was changed.\n"
        "3. proof/checkpoint.txt is a signed checkpoint of the log: compare it with one that you keep elsewhere.\n"
        "4. The recordings are encrypted. What is on the disc: data/index.html, data/catalogue.csv, data/catalogue.jsonl.\n"
    ).encode()
