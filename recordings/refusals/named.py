"""Values of refusals that are codes, each with its words: where a recording, a disc, a disposal stands. Pure."""

from __future__ import annotations

from typing import Final

Words = dict[str, tuple[str, str]]
LANGUAGES: Final = ("en", "zh")

STATES: Final[Words] = {
    "captured": ("captured", "已采集"),
    "stored": ("stored", "已入库"),
    "kept": ("kept", "保存中"),
    "due": ("due", "待销毁"),
    "disposed": ("disposed", "已销毁"),
    "quarantined": ("quarantined", "已隔离"),
    "lost": ("lost", "已丢失"),
}
STANDINGS: Final[Words] = {
    "proposed": ("proposed", "待批准"),
    "approved": ("approved", "已批准"),
    "refused": ("refused", "已拒绝"),
    "carrying": ("carrying", "执行中"),
    "done": ("done", "已完成"),
}
DISC_STATES: Final[Words] = {
    "gathered": ("gathered", "已整理"),
    "imaged": ("imaged", "已制映像"),
    "burned": ("burned", "已刻录"),
    "verified": ("verified", "已回读"),
    "signed": ("signed", "已签字"),
    "discarded": ("discarded", "作废"),
    "damaged": ("damaged", "损坏"),
    "destroyed": ("destroyed", "已销毁"),
    "withdrawn": ("withdrawn", "已放弃"),
}
LACKS: Final[Words] = {
    "answer": ("answer", "缺评分"),
    "comment": ("comment", "缺评语"),
    "range": ("range", "超出范围"),
}
NAMED: Final[dict[str, Words]] = {"state": STATES, "standing": STANDINGS, "disc_state": DISC_STATES, "wanted": DISC_STATES, "lack": LACKS}
"""By the name of the value."""
