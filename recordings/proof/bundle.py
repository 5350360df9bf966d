"""What `andon recordings prove` writes, for whoever does not trust us: entries of recordings with their proofs, a checkpoint, the verifier.

Not the verifying (`verify_bundle.py`, which goes along) and not the signing. A bundle is three or four files:
    bundle.json         everything that is verified: entries, proofs, the signed checkpoint, the key, and how an older checkpoint grew to it
    certificate.json    of its disposal, where there is one and the log says so up to this checkpoint
    verify_bundle.py    the verifier; README.txt   how, in Chinese and English
The private part of an entry (who, why, whose call) goes in only when it is asked for: most who get a bundle need only that nothing changed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import resources
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import SECOND, Micros
from recordings.catalogue import tree
from recordings.catalogue.schema import log
from recordings.proof.entries import Json, canonical
from recordings.proof.note import Checkpoint, VerifierKey
from recordings.refusals import Worded
from recordings.retention.certificate import digest
from recordings.retention.tables import disposal_items, disposals
from recordings.words import Kind

VERSION: Final = 1
BUNDLE, CERTIFICATE, VERIFIER, README = "bundle.json", "certificate.json", "verify_bundle.py", "README.txt"
ENTRIES_MOST: Final = 100_000
"""Of one bundle: a disc of 10,000 recordings has two or three of each."""
BATCH: Final = 500
"""Recordings in one select."""


Found = Row[*tuple[Any, ...]]


class Signed(NamedTuple):
    """A checkpoint with its note, and the keys that the log ever had: certificates may be older than the last one."""

    checkpoint: Checkpoint
    note: str
    keys: Sequence[VerifierKey]


class Older(NamedTuple):
    """A checkpoint that whoever asks kept."""

    checkpoint: Checkpoint
    note: str


class NotInLog(Worded):
    """What was asked for cannot be proven."""


def verifier() -> bytes:
    return (resources.files("recordings.proof") / VERIFIER).read_bytes()


async def gather(
    connection: AsyncConnection,
    recordings: Sequence[str],
    signed: Signed,
    *,
    private: bool = False,
    older: Older | None = None,
    kinds: Sequence[Kind] = (),
) -> dict[str, bytes]:
    """The files of a bundle about these recordings, up to the checkpoint. `kinds`: only those; empty: all. Raises NotInLog, LogDamaged."""
    size = signed.checkpoint.size
    disposal, certificate = await _certificate(connection, recordings[0]) if len(recordings) == 1 and not kinds else ("", b"")
    subjects = [*recordings, *([disposal] if certificate else [])]
    rows = await _rows(connection, subjects, size, kinds)
    if missing := set(recordings) - {row.subject for row in rows if row.kind == Kind.SEAL.value}:
        raise NotInLog("proof.no_seal", recording=min(missing))
    ours, names = set(recordings), f'"certificate_sha256":"{digest(certificate)}"'
    kept = [row for row in rows if row.subject in ours or names in row.leaf]
    if not any(names in row.leaf for row in kept):
        certificate = b""  # its entry came after this checkpoint: nobody could see that it is in the log
    proofs = await tree.inclusions(connection, [row.place for row in kept], size)
    entries: list[Json] = [_entry(row, proof, private) for row, proof in zip(kept, proofs, strict=True)]
    consistency = await tree.consistency(connection, older.checkpoint.size, size) if older else None
    body: Json = {
        "v": VERSION,
        "recordings": [*sorted(recordings)],
        "entries": entries,
        "checkpoint": signed.note,
        "keys": [str(key) for key in signed.keys],
        "older": older.note if older else None,
        "consistency": [each.hex() for each in consistency] if consistency is not None else None,
    }
    files = {BUNDLE: canonical(body) + b"\n", VERIFIER: verifier(), README: readme(recordings, signed).encode()}
    return files | ({CERTIFICATE: certificate} if certificate else {})


def pack(files: Mapping[str, bytes], at: Micros) -> bytes:
    """A zip: the same files and moment give the same bytes."""
    moment = datetime.fromtimestamp(max(at // SECOND, 315_532_800), UTC)  # a zip knows nothing before 1980
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, moment.timetuple()[:6])
            member.external_attr = 0o644 << 16
            archive.writestr(member, files[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def readme(recordings: Sequence[str], signed: Signed) -> str:
    about = recordings[0] if len(recordings) == 1 else str(len(recordings))
    return README_TEXT.format(about=about, key="\n     ".join(map(str, signed.keys)), size=signed.checkpoint.size)


async def _rows(connection: AsyncConnection, subjects: Sequence[str], size: int, kinds: Sequence[Kind]) -> list[Found]:
    found: list[Found] = []
    for begin in range(0, len(subjects), BATCH):
        of = select(log.c.index.label("place"), log.c.kind, log.c.subject, log.c.leaf, log.c.private, log.c.salt)
        of = of.where(log.c.subject.in_(subjects[begin : begin + BATCH]), log.c.index < size)
        if kinds:
            of = of.where(log.c.kind.in_([kind.value for kind in kinds]))
        found += (await connection.execute(of.limit(ENTRIES_MOST + 1))).all()
        if len(found) > ENTRIES_MOST:
            raise NotInLog("proof.too_many", most=ENTRIES_MOST)
    return sorted(found, key=lambda row: int(row.place))


def _entry(row: Found, proof: Sequence[bytes], private: bool) -> Json:
    shown = private and row.private is not None and row.salt is not None
    return {
        "index": row.place,
        "leaf": row.leaf,
        "proof": [each.hex() for each in proof],
        "private": row.private if shown else None,
        "salt": bytes(row.salt).hex() if shown else None,
    }


async def _certificate(connection: AsyncConnection, recording: str) -> tuple[str, bytes]:
    """Of the disposal that let it go, with its id; empty: there is none."""
    of = select(disposals.c.id, disposals.c.certificate).join(disposal_items, disposal_items.c.disposal == disposals.c.id)
    of = of.where(disposal_items.c.id == recording, disposal_items.c.standing == "gone", disposals.c.certificate.is_not(None))
    row = (await connection.execute(of.order_by(disposals.c.id).limit(1))).one_or_none()
    return ("", b"") if row is None else (row.id, bytes(row.certificate))


README_TEXT: Final = """\
证明 Proof · {about}

本文件包说明一条录音自封存以来没有被改动：每个条目都在日志的默克尔树中，树根由检查点签名（{size} 个条目）。
验证只需要 Python 3.8 或更高版本，不需要 Andon，也不需要网络：

    python3 -I verify_bundle.py 本文件包.zip --vkey '您从别处得到的密钥'

* 密钥请向本中心以另外的途径索取（例如以前的报告、光盘、合同附件），并与下面的密钥核对。
  不核对时，您相信的只是把文件包交给您的人。
* 如果您保存过以前的检查点，请加上 --older 该文件：它证明日志自那时起没有被改写。
* 如果您有录音文件，请加上 --file 该文件：它必须与封存时逐字节相同。
* 文件包不能说明：其中没有的内容，以及当初写入日志的内容是否属实。
* verify_bundle.py 也可能被改动：请使用您从别处得到的同名文件，或先读一遍，它不长。

This bundle says that nothing of the recording was changed since it was sealed: each entry is in the Merkle tree of the log, whose root
is signed by a checkpoint ({size} entries). To verify it takes Python 3.8 or later, no Andon and no network:

    python3 -I verify_bundle.py THIS.zip --vkey 'the key as you got it another way'

* Ask the centre for the key by another way (an earlier report, a disc, an annex of the contract) and compare it with the one below.
  Without that you trust only whoever gave you the bundle.
* If you kept an earlier checkpoint, add --older FILE: it proves that the log was not rewritten since.
* If you have the recording, add --file FILE: it must be the one that was sealed, byte for byte.
* What a bundle cannot say: what is not in it, and whether what was written into the log was true at the time.
* verify_bundle.py itself may have been changed: use one that you got elsewhere, or read it first, it is not long.

key, the newest last: {key}
"""
