"""Certificates of disposal: signed, read back, verified by a stranger's plain Python, printed."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from recordings.proof import verify_bundle
from recordings.proof.note import BadNote, SigningKey
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


INCOMPLETE: dict[str, dict[str, Any]] = {
    "no key": {"keys": ()},
    "a key of no store": {"keys": (KeyGone("k", ()),)},
    "a store that failed": {"keys": (GONE, KeyGone("k", (StoreResult("b", "failed: disk is read-only"),)))},
    "a file that stayed": {"copies": (CopiesGone("vault 0", 5, failed=1),)},
    "a check": {"checks": (Check("copy on the second vault", False, "still there"),)},
}


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
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert all(name in ("charset", "class", "lang") for name, _ in attrs), attrs
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


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
        keys=(KeyGone(bad, (StoreResult(bad, bad),)),),
        copies=(CopiesGone(bad, 1, 1),),
        checks=(Check(bad, False, bad),),
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
