"""Certificates of disposal: signed, read back, verified by a stranger's plain Python, printed."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from recordings.proof import verify_bundle
from recordings.proof.note import BadNote, SigningKey
from recordings.refusals import Remark
from recordings.refusals.stored import written
from recordings.retention import certificate, certificate_page
from recordings.retention.certificate import Check, CopiesGone, KeyGone, StoreResult
from tests.recordings.proof.certificates import CASE, GONE, case
from tests.recordings.proof.desk import ONE, OTHER

KEY = SigningKey("andon/main/recordings", bytes(range(32)))
FORGER = SigningKey("andon/main/recordings", bytes(32))
FILE = certificate.make(CASE, KEY)
SCRIPT = verify_bundle.__file__


def verify(folder: Path, *arguments: str) -> tuple[int, str]:
    """On another machine's plain Python, as far as one machine can be another: isolated, no packages, no environment, an empty folder."""
    script = folder / "script"
    script.mkdir(exist_ok=True)
    (script / "verify_bundle.py").write_bytes(Path(SCRIPT).read_bytes())
    command = [sys.executable, "-I", "-S", str(script / "verify_bundle.py"), *arguments]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, timeout=60, encoding="utf-8")
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_it_is_read_as_it_was_made() -> None:
    read = certificate.read(FILE, [KEY.verifier])
    assert read.case == case(items=(ONE, OTHER))  # in the order of the list
    assert (read.complete, read.signed_by) == (True, "andon/main/recordings")
    assert read.items_sha256 == certificate.items_sha256([ONE, OTHER])
    assert certificate.make(CASE, KEY) == FILE


def test_its_list_is_hashed_as_plain_tools_do(tmp_path: Path) -> None:
    (tmp_path / "items").write_text(f"{OTHER}\n{ONE}\n")
    said = subprocess.run(["sh", "-c", "LC_ALL=C sort items | sha256sum"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert said.split()[0] == certificate.items_sha256([OTHER, ONE])


def test_a_stranger_verifies_it(tmp_path: Path) -> None:
    (tmp_path / "certificate.json").write_bytes(FILE)
    code, said = verify(tmp_path, "certificate.json", "--vkey", str(KEY.verifier))
    assert (code, said.splitlines()[-1]) == (0, "ok certificate: disposal d1, 2 recordings, complete")
    assert verify(tmp_path, "certificate.json", "--vkey", str(FORGER.verifier))[0] == 1
    code, said = verify(tmp_path, "certificate.json")
    assert code == 0
    assert "-- this key came with the bundle" in said


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"count":2', b'"count":3'), (OTHER.encode(), b"c" * 20), (b"user:wang", b"user:wu"), (b'"complete":true', b'"complete":false'),
     (b'"kind":"disposal"', b'"kind":"erasure"'), (b"2031-11/1", b"2031-12/1"), (b"\n", b""), (b"{", b"{ "),
     (b'"items":[', b'"items":["x",'), (b'"key":', b'"more":1,"key":')],
)  # fmt: skip
def test_one_that_was_changed_does_not_verify(tmp_path: Path, old: bytes, new: bytes) -> None:
    assert old in FILE
    changed = new.join(FILE.split(old, 1))
    (tmp_path / "certificate.json").write_bytes(changed)
    assert verify(tmp_path, "certificate.json")[0] == 1
    with pytest.raises(BadNote):
        certificate.read(changed, [KEY.verifier])


def test_one_of_a_forger_is_none_of_ours(tmp_path: Path) -> None:
    forged = certificate.make(CASE, FORGER)
    with pytest.raises(BadNote, match="not signed with"):
        certificate.read(forged, [KEY.verifier])
    named = forged.replace(str(FORGER.verifier).encode(), str(KEY.verifier).encode())
    (tmp_path / "certificate.json").write_bytes(named)
    assert verify(tmp_path, "certificate.json")[0] == 1


AWAY = Remark("keys.away", store="b", why="Read-only file system")
INCOMPLETE: dict[str, dict[str, Any]] = {
    "no key": {"keys": ()},
    "no key of one of two that had one": {"keys": (), "unkeyed": 1},
    "a key of no store": {"keys": (KeyGone("k", ()),)},
    "a store that failed": {"keys": (GONE, KeyGone("k", (StoreResult("b", "failed", written(AWAY)),)))},
    "a file that stayed": {"copies": (CopiesGone(0, 5, failed=1),)},
    "a check": {"checks": (Check("files", False, {"vault": 1, "left": 2, "names": 6}),)},
}


@pytest.mark.parametrize(("language", "claims"), [("en", "deleted</h2>"), ("zh", "已删除的副本")])
def test_what_is_not_in_a_vault_is_not_said_to_have_been_deleted_there(language: str, claims: str) -> None:
    """A vault that was set later may never have had it."""
    assert claims not in certificate_page.page(certificate.read(FILE, [KEY.verifier]), language, "ab")


def test_of_what_never_had_a_key_no_key_is_left(tmp_path: Path) -> None:
    made = certificate.make(case(keys=(), unkeyed=2), KEY)
    (tmp_path / "certificate.json").write_bytes(made)
    assert verify(tmp_path, "certificate.json")[0] == 0
    read = certificate.read(made, [KEY.verifier])
    assert (read.complete, read.case.unkeyed) == (True, 2)
    assert "2 recordings never had one" in certificate_page.page(read, "en", "ab")
    assert b"unkeyed" not in FILE


@pytest.mark.parametrize("part", INCOMPLETE)
def test_what_is_not_gone_is_said(tmp_path: Path, part: str) -> None:
    made = certificate.make(case(**INCOMPLETE[part]), KEY)
    read = certificate.read(made, [KEY.verifier])
    assert not read.complete
    assert "NOT COMPLETE" in certificate_page.page(read, "en", "ab")
    assert "未完成" in certificate_page.page(read, "zh", "ab")
    (tmp_path / "certificate.json").write_bytes(made)
    assert "NOT COMPLETE" in verify(tmp_path, "certificate.json")[1]


def test_a_certificate_says_something() -> None:
    for wrong in (case(items=()), case(items=(ONE, ONE)), case(approvers=("user:li",)), case(approvers=("user:li", "user:li"))):
        with pytest.raises(ValueError, match=r"certificate lists|two people"):
            certificate.make(wrong, KEY)
    assert certificate.make(case(kind="erasure", approvers=()), KEY)


class Seen(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self.lines: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert all(name in ("charset", "class", "lang") for name, _ in attrs), attrs
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data
        if not data.startswith(certificate_page.STYLE[:20]):
            self.lines.append(data)


BAD_AND_GOOD = tuple(
    Check(what, good, found)
    for good in (True, False)
    for what, found in (
        ("wrapped_keys", {"left": 4}),
        ("texts", {"left": 3}),
        ("key", {"key": "7/2031-11/1", "store": "/k"}),
        ("files", {"vault": 1, "left": 2, "names": 6}),
    )
)


@pytest.mark.parametrize("basis", [certificate.WISHED, certificate.CARD_DATA])
def test_on_a_chinese_page_nothing_is_said_in_english(basis: tuple[str, str]) -> None:
    assert {each.what for each in BAD_AND_GOOD} == set(certificate.CHECKS) == set(certificate_page.CHECKED)
    failed = KeyGone("7", (StoreResult("/k", "failed", written(AWAY)),))
    made = certificate.make(case(checks=BAD_AND_GOOD, basis=(basis[0],), keys=(failed,), tool="", place=""), KEY)
    read = certificate.read(made, [KEY.verifier])
    words = "\n".join(Seen(certificate_page.page(read, "zh", "ab")).lines)
    for section in ("核验", "已不存在的文件", "已销毁的密钥", "法律依据", "技术"):
        assert section in words
    assert "密钥库/k中的密钥7/2031-11/1" in words
    assert "否: 6个文件名中仍有2个" in words
    assert basis[1] in words
    names = "Andon|SHA-256|AES|GCM|RFC|PCI|DSS|CE|Python|UTC|Read-only file system"  # of things, and what the system said
    left = [line for line in re.sub(names, "", words).splitlines() if not line.startswith("python3 ")]
    assert [line for line in left if re.search(r"[A-Za-z]{2,} [a-z]{2,}", line)] == []
    assert [line for line in left if re.search(r"[一-鿿]", line) and re.search(r"[A-Za-z]{3,}", line)] == []
    english = "\n".join(Seen(certificate_page.page(read, "en", "ab")).lines)
    for words_of_ours in ("wrapped keys in the catalogue", "cannot be had any more", "can still be had", "none is there", basis[0]):
        assert words_of_ours in english
        assert words_of_ours not in words


def test_a_check_that_is_not_known_is_shown_as_it_is() -> None:
    read = certificate.read(certificate.make(case(checks=(Check("moon", True, {"phase": 4}), Check("key", True, {}))), KEY), [KEY.verifier])
    words = Seen(certificate_page.page(read, "zh", "ab")).lines
    assert words[words.index("moon") + 1] == "是: phase 4"
    assert words[words.index("key") + 1] == "是"


@pytest.mark.parametrize(("language", "title"), [("en", "Certificate of disposal of recordings"), ("zh", "录音销毁证明")])
def test_it_prints_as_a_page_of_that_language(language: str, title: str) -> None:
    read = certificate.read(FILE, [KEY.verifier])
    seen = Seen(certificate_page.page(read, language, certificate.digest(FILE), "Asia/Shanghai"))
    assert not {"script", "link", "img", "iframe", "a"} & set(seen.tags)
    for said in (
        title,
        "2026-11-28 20:00:00 Asia/Shanghai",
        ONE,
        OTHER,
        certificate.digest(FILE),
        "user:zhao",
        "D-7 A",
        "insurance/2031-11/1",
    ):
        assert said in seen.words
    for pair in certificate.CANNOT_SAY:
        assert pair[language == "zh"] in seen.words


def test_nothing_in_it_is_markup() -> None:
    bad = '<script>alert("x")</script>&amp;'
    texts = ("id", "floor", "class_", "month", "technique", "tool", "operator", "proposer", "place", "checkpoint")
    many: dict[str, Any] = dict.fromkeys(texts, bad)
    made = case(
        **many,
        items=(bad, "b"),
        approvers=(bad, "b"),
        basis=(bad,),
        keys=(KeyGone(bad, (StoreResult(bad, bad, bad),)),),
        copies=(CopiesGone(0, 1, 1),),
        checks=(Check(bad, False, {bad: bad}), Check("key", False, {"key": bad, "store": bad})),
        holds_sha256=bad,
    )
    page = certificate_page.page(certificate.read(certificate.make(made, KEY), [KEY.verifier]), "en", bad)
    assert "script" not in Seen(page).tags
    assert page.count("<script") == 0


def test_a_long_list_is_in_the_file_and_not_on_paper() -> None:
    items = tuple(f"{number:020}" for number in range(certificate_page.LISTED_MOST + 5))
    read = certificate.read(certificate.make(case(items=items), KEY), [KEY.verifier])
    page = certificate_page.page(read, "en", "ab")
    assert items[certificate_page.LISTED_MOST - 1] in page
    assert items[certificate_page.LISTED_MOST] not in page
    assert "… 5 more are in the file" in page
