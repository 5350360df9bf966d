"""What is printed for discs: the label of one, and the register of all; A4, black on white, Chinese or English. Pure.

Nothing is stuck onto a disc (a sticker unbalances it and its glue eats the layer): the hub is written by hand, in ink for discs, and the
rest goes into the case. Everything that somebody else wrote is escaped; no script, no link, nothing from anywhere else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from realtime.words import SECOND, Micros
from recordings.discs.media import MEDIA
from recordings.discs.rows import DiscRow, Signature
from recordings.discs.schedule import ToCheck
from recordings.discs.states import DESTROYED, MADE

STYLE: Final = """
@page { size: A4; margin: 15mm }
body { font: 10pt/1.45 "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #000; background: #fff }
h1 { font-size: 15pt; margin: 0 0 2mm } h2 { font-size: 11pt; margin: 6mm 0 1mm }
table { border-collapse: collapse; width: 100% } tr { break-inside: avoid }
td, th { border: .2mm solid #000; padding: .8mm 1.5mm; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { font-weight: 600 } thead { display: table-header-group }
code { font: 9pt/1.3 "DejaVu Sans Mono", Menlo, Consolas, monospace }
.case { width: 118mm; min-height: 118mm; border: .3mm solid #000; padding: 4mm; box-sizing: border-box }
.case th { width: 34mm } .secret { font-size: 14pt; font-weight: 700; letter-spacing: .3em }
.hub { border: .3mm dashed #000; padding: 3mm; width: 118mm; box-sizing: border-box; font-size: 12pt }
.sign td { height: 12mm } .register { font-size: 8pt }
"""
POLICY: Final = f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""Content-Security-Policy of whoever serves it."""

WORDS: Final[dict[str, tuple[str, str]]] = {
    "label": ("Label of disc", "光盘标签"),
    "hub": ("To be written on the hub, by hand, with a pen for discs", "请用光盘专用笔手写于盘芯处（不得粘贴标签）"),
    "case": ("To be cut out and put into the case", "剪下后放入盘盒"),
    "secret": ("CONFIDENTIAL", "机密"),
    "disc": ("Disc", "光盘编号"),
    "copy": ("Copy", "套别"),
    "of": ("Disc of the set", "盘次"),
    "client": ("Client", "委托方"),
    "class": ("Retention class", "保管期限"),
    "calls": ("Calls", "通话日期"),
    "recordings": ("Recordings", "录音件数"),
    "image": ("Image SHA-256", "映像 SHA-256"),
    "burned": ("Burned", "刻录日期"),
    "verified": ("Read back", "校验日期"),
    "medium": ("Medium", "介质"),
    "drive": ("Drive", "刻录机"),
    "month": ("Month of disposal", "销毁月份"),
    "open": ("not known yet", "未定"),
    "register": ("Register of discs", "刻录光盘登记簿"),
    "printed": ("Printed", "打印时间"),
    "state": ("State", "状态"),
    "signed": ("Signed by", "签字人"),
    "destroyed": ("Destruction witnessed by", "销毁监督人"),
    "checked": ("Last read in full", "最近一次全盘校验"),
    "place": ("Where it is kept", "存放位置"),
    "due": ("To be read again", "待复检光盘"),
    "why": ("Why", "原因"),
    "hand": ("Signatures by hand", "手写签字"),
    "burner": ("Burned by, date", "刻录人及日期"),
    "second": ("Checked by, date", "复核人及日期"),
    "full": ("its years are over", "到期全检"),
    "sample": ("this year's sample", "年度抽检"),
    "batch": ("another disc of its batch is bad", "同批次光盘损坏"),
    "none": ("none", "无"),
    "gathered": ("gathered", "已组盘"),
    "imaged": ("image made", "已制作映像"),
    "burned_": ("burned", "已刻录"),
    "verified_": ("read back", "已校验"),
    "signed_": ("signed", "已签字"),
    "discarded": ("discarded", "已作废"),
    "damaged": ("damaged", "已损坏"),
    "destroyed_": ("destroyed", "已销毁"),
    "withdrawn": ("withdrawn", "已撤回"),
}


def words_of(language: str) -> dict[str, str]:
    return {key: pair[1 if language == "zh" else 0] for key, pair in WORDS.items()}


def day(at: Micros, timezone: str) -> str:
    return datetime.fromtimestamp(at // SECOND, ZoneInfo(timezone)).date().isoformat() if at else ""


def label(disc: DiscRow, class_name: str, timezone: str, language: str) -> str:
    words = words_of(language)
    hub = f"{disc.id} · {disc.image[:16]} · {day(disc.burned_at, timezone)} · {disc.month if disc.month != 'open' else words['open']}"
    rows = (
        ("disc", disc.id),
        ("copy", disc.copy),
        ("of", f"{disc.number} / {disc.of}"),
        ("client", disc.client),
        ("class", f"{disc.class_} {class_name}".strip()),
        ("calls", f"{day(disc.first, timezone)} - {day(disc.last, timezone)}"),
        ("recordings", str(disc.recordings)),
        ("image", disc.image[:16]),
        ("burned", day(disc.burned_at, timezone)),
        ("verified", day(disc.verified_at, timezone)),
        ("medium", f"{MEDIA[disc.medium].name} {disc.media}".strip()),
        ("month", disc.month if disc.month != "open" else words["open"]),
    )
    table = "".join(f"<tr><th>{escape(words[key])}</th><td>{escape(value)}</td></tr>" for key, value in rows)
    hand = f"<tr><th>{words['burner']}</th><td></td></tr><tr><th>{words['second']}</th><td></td></tr>"
    body = (
        f"<h2>{words['hub']}</h2><p class=hub>{escape(hub)}</p>"
        f"<h2>{words['case']}</h2><div class=case><p class=secret>{words['secret']}</p><table>{table}</table></div>"
        f"<h2>{words['hand']}</h2><table class=sign>{hand}</table>"
    )
    return _page(f"{words['label']} {disc.id}", body, language)


def register_page(
    discs: Sequence[DiscRow], signed: Mapping[str, Sequence[Signature]], due: Sequence[ToCheck], now: Micros, timezone: str, language: str
) -> str:
    words = words_of(language)
    names = (
        "disc",
        "state",
        "client",
        "class",
        "month",
        "recordings",
        "calls",
        "image",
        "burned",
        "checked",
        "signed",
        "destroyed",
        "place",
    )
    head = "".join(f"<th>{words[name]}</th>" for name in names)
    rows = "".join(_row(disc, signed.get(disc.id, ()), words, timezone) for disc in discs)
    lines = "".join(f"<tr><td>{escape(each.disc)}</td><td>{words[each.why]}</td></tr>" for each in due)
    checks = f"<table>{lines}</table>" if lines else f"<p>{words['none']}</p>"
    body = (
        f"<p>{words['printed']} {day(now, timezone)} · {len(discs)}</p>"
        f"<table class=register><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<h2>{words['due']}</h2>{checks}"
    )
    return _page(words["register"], body, language)


def _row(disc: DiscRow, signatures: Sequence[Signature], words: Mapping[str, str], timezone: str) -> str:
    by = {what: ", ".join(each.who for each in signatures if each.what == what) for what in (MADE, DESTROYED)}
    cells = (
        disc.id,
        words.get(f"{disc.state}_") or words.get(disc.state, disc.state),
        disc.client,
        disc.class_,
        disc.month if disc.month != "open" else words["open"],
        str(disc.recordings),
        f"{day(disc.first, timezone)} - {day(disc.last, timezone)}",
        disc.image[:16],
        day(disc.burned_at, timezone),
        day(disc.checked_at, timezone),
        by[MADE],
        by[DESTROYED],
        "",
    )
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _page(title: str, body: str, language: str) -> str:
    lang = "zh-CN" if language == "zh" else "en"
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{body}</body></html>"
    )
