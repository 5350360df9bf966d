"""A certificate of disposal: what was destroyed, how, by whom, on what ground, and what nobody can say; signed. Pure.

Not the disposal itself (`disposal.py`, `erasure.py`; `carrying.py` gives a `Case`) and not the page to print (`certificate_page.py`). One
JSON object: `certificate` is signed, as a line of text after a first line that no checkpoint begins with; `items` is the list that
`certificate.items_sha256` is the hash of. `verify_bundle.py certificate.json` checks both with plain Python.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final, Literal

import msgspec

from realtime.words import Micros
from recordings.proof import note
from recordings.proof.entries import Json, canonical
from recordings.proof.note import BadNote, SigningKey, VerifierKey

VERSION: Final = 1
HEADING: Final = "andon certificate of disposal v1\n"
"""First line of what is signed: the log's key signs checkpoints, too, and neither can be passed off as the other."""
LONGEST: Final = 64 << 20
"""Bytes: some two million items, more than a run may have."""
DONE: Final = ("destroyed", "absent")
"""Results of a key store after which the key is gone there. `absent`: it was not there, as asked for a second time."""

CANNOT_SAY: Final[tuple[tuple[str, str], ...]] = (
    (
        "Copies of keys that were made outside of Andon, as by a backup of the folder of keys or by the service behind a key command, are "
        "not known to it. Whoever has such a copy and a copy of the recording can still read it.",
        "Andon 不掌握在其之外制作的密钥副本，例如对密钥文件夹的备份，或密钥命令背后的服务所留的副本。"
        "同时持有密钥副本和录音副本的人仍可读取录音。",
    ),
    (
        "Recordings that were exported before this moment left Andon; the access log says which ones, when and to whom.",
        "在此时刻之前导出的录音已离开 Andon；访问日志载有何时、向何人导出了哪些录音。",
    ),
    (
        "A deleted file may remain on its disk until it is written over. It is encrypted, and its key is destroyed.",
        "已删除的文件在被覆盖之前可能仍留在磁盘上；它是加密的，其密钥已销毁。",
    ),
)


TECHNIQUE: Final = (
    "AES-256-GCM; the key of each recording wrapped (RFC 3394) with a key of keys; wrapped keys deleted, keys of keys destroyed",
    "AES-256-GCM；每条录音的密钥用上级密钥封装（RFC 3394）；封装的密钥已删除，上级密钥已销毁",
)
WISHED: Final = ("a person's wish to be erased, against which no duty stands", "当事人要求删除，且没有保存义务与之抵触")
CARD_DATA: Final = (
    "PCI DSS 3.3.1: sensitive authentication data is not kept after authorisation, not even encrypted",
    "PCI DSS 3.3.1：授权之后不得保存敏感认证数据，加密的也不得保存",
)
STATEMENTS: Final = dict((TECHNIQUE, WISHED, CARD_DATA))
"""What is signed as a sentence, in English, and how a Chinese page says it."""
CHECKS: Final = ("wrapped_keys", "texts", "key", "files")
"""What is looked at afterwards: wrapped keys, and texts of people, that are `left` in the catalogue; whether a `store` still gives a
`key`; of so many `names` of files, how many are `left` in a `vault`."""


class StoreResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """`result`: a word of DONE, or failed; `why`, of one that failed: a sentence as it is stored (`refusals/stored.py`)."""

    store: str
    result: str
    why: str = ""


class KeyGone(msgspec.Struct, frozen=True):
    """A key of keys, by its name, in each key store. `exchanged`: recordings that stay were wrapped anew first."""

    key: str
    stores: tuple[StoreResult, ...]
    exchanged: int = 0


class CopiesGone(msgspec.Struct, frozen=True):
    """In which vault; how many of their files are not there any more, whoever deleted them (a vault that was set later may have had none of
    them, a lost one had lost some), and how many could not be deleted."""

    vault: int
    files: int
    failed: int = 0


class DiscLeft(msgspec.Struct, frozen=True):
    """A disc that still bears some of the items, unreadable without the keys. `due`: month in which the whole disc may go, where known."""

    disc: str
    copy: str
    items: int
    due: str = ""


class Check(msgspec.Struct, frozen=True):
    """What was looked at afterwards. `what`: of CHECKS; `found`: of which thing, and how many. The page has the words."""

    what: str
    good: bool
    found: dict[str, str | int]


class Redacted(msgspec.Struct, frozen=True):
    """`into`: the recording that took its place, with the SHA-256 of its bytes; `spans`: what is silent in it, milliseconds from and to."""

    item: str
    into: str
    sha256: str
    spans: tuple[tuple[int, int], ...]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever disposed knows. Names of people as the trail writes them; the case is about recordings, never about numbers."""

    id: str  # of the disposal, erasure or redaction
    kind: Literal["disposal", "erasure", "redaction"] = "disposal"
    floor: str
    at: Micros  # when it was carried out
    items: tuple[str, ...]  # recording ids
    class_: str = msgspec.field(name="class")
    month: str = ""  # of disposal; empty: before it was due
    method: Literal["CE"] = "CE"
    technique: str = TECHNIQUE[0]
    tool: str  # "Andon 0.1.0"
    keys: tuple[KeyGone, ...]
    unkeyed: int = 0  # of the items, so many never had a key: they were lost before they were encrypted
    copies: tuple[CopiesGone, ...] = ()
    discs: tuple[DiscLeft, ...] = ()
    checks: tuple[Check, ...] = ()
    operator: str  # who carried it out
    proposer: str = ""
    approvers: tuple[str, ...] = ()
    place: str = ""
    basis: tuple[str, ...]  # rules with their sources
    holds_sha256: str  # of the list of holds that were looked at in that moment, 64 hex digits
    holds: int = 0
    checkpoint: str = ""  # note of the newest one
    redacted: tuple[Redacted, ...] = ()  # of a redaction: what took the place of each; none: they were lost


class Certificate(msgspec.Struct, frozen=True):
    """As read and verified."""

    case: Case
    items_sha256: str
    complete: bool
    signed_by: str  # name of the key


def items_sha256(items: Iterable[str]) -> str:
    """As `sort items.txt | sha256sum` says it: in the order of bytes, a newline after each."""
    return hashlib.sha256("".join(f"{item}\n" for item in sorted(items)).encode()).hexdigest()


def complete(case: Case) -> bool:
    """Everything is gone that should be: otherwise the certificate says that it is not one of a finished disposal."""
    known = bool(case.keys) or case.unkeyed == len(case.items)
    keys = all(key.stores and all(store.result in DONE for store in key.stores) for key in case.keys)
    return known and keys and not any(copies.failed for copies in case.copies) and all(check.good for check in case.checks)


def make(case: Case, key: SigningKey) -> bytes:
    """The file. The same case gives the same bytes. Raises ValueError where something is missing without which it says nothing."""
    if not case.items or len(set(case.items)) != len(case.items):
        raise ValueError("a certificate lists the recordings that it speaks of, each once")
    if case.kind == "disposal" and len(set(case.approvers)) < 2:
        raise ValueError("a disposal is approved by two people")
    if case.redacted and (case.kind != "redaction" or {each.item for each in case.redacted} != set(case.items)):
        raise ValueError("a redaction names what took the place of each recording, or of none, where they were lost")
    body = _body(case)
    whole: Json = {
        "certificate": body,
        "items": [*sorted(case.items)],
        "key": str(key.verifier),
        "signature": key.line(_signed(body)),
    }
    return canonical(whole) + b"\n"


def digest(file: bytes) -> str:
    """What the log's entry of the disposal says of it."""
    return hashlib.sha256(file).hexdigest()


def read(file: bytes, keys: Iterable[VerifierKey]) -> Certificate:
    """Raises BadNote: not signed by one of these keys, or changed."""
    try:
        found = msgspec.json.decode(file[: LONGEST + 1], type=_File)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadNote("paper.none", why=error) from error
    if file != canonical({name: getattr(found, name) for name in _File.__struct_fields__}) + b"\n":
        raise BadNote("paper.otherwise")
    note.verify_lines(_signed(found.certificate), [found.signature], keys)
    body = dict(found.certificate)
    said = {name: body.pop(name) for name in ("v", "items_sha256", "count", "complete", "cannot_say")}
    if said["items_sha256"] != items_sha256(found.items) or said["count"] != len(found.items):
        raise BadNote("paper.other_list")
    try:
        case = msgspec.convert({**body, "items": found.items}, type=Case)
    except msgspec.ValidationError as error:
        raise BadNote("paper.unknown", why=error) from error
    return Certificate(case, str(said["items_sha256"]), said["complete"] is True, found.signature.split(" ")[1])


class _File(msgspec.Struct, forbid_unknown_fields=True):
    certificate: dict[str, Any]
    items: list[str]
    key: str
    signature: str


def _body(case: Case) -> dict[str, Json]:
    body: dict[str, Json] = msgspec.to_builtins(case)
    del body["items"]
    for name in ("redacted", "unkeyed"):
        if not body[name]:
            del body[name]
    return {
        **body,
        "v": VERSION,
        "items_sha256": items_sha256(case.items),
        "count": len(case.items),
        "complete": complete(case),
        "cannot_say": [{"en": english, "zh": chinese} for english, chinese in CANNOT_SAY],
    }


def _signed(body: dict[str, Json]) -> str:
    return HEADING + canonical(body).decode() + "\n"
