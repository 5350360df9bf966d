"""Bags: what we write is complete and valid, says nothing that must be forgotten, and what a stranger wrote is not followed anywhere."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.discs.bag import About, Piece, build, encoded
from recordings.discs.bagging import NoGoodCopy, files_of, reader_of, write_bag
from recordings.discs.sets import Group, Item
from recordings.discs.validating import Complaint, unsafe, validate
from recordings.vault.port import VaultAway
from tests.recordings.discs.desk import NOON

ABOUT = About(floor="main", timezone="Asia/Shanghai", set_id="ABCD2345", number=1, of=2, group=Group("lin", "half", "2027-05"), at=NOON)
NASTY = '=cmd|<script>alert(1)</script>"&\u202e'


def item(place: int, **more: str) -> Item:
    content = bytes([place]) * place * 1000
    return Item(
        place=place, id=f"{'a' * 19}{'abcdefgh'[place]}", state="kept", began=NOON + place, length_ms=1500, class_="half", month="2027-05",
        container=hashlib.sha256(content).digest(), container_bytes=len(content), sha256=bytes(32), entry=place, **more,
    )  # fmt: skip


def content_of(item: Item) -> list[bytes]:
    return [bytes([item.place]) * item.place * 1000]


def name_of(item: Item) -> str:
    return f"2026/11/28/{item.id}.sound"


ITEMS = [item(1), item(2, campaign=NASTY, queue=NASTY, call=NASTY), item(3)]
PROOFS = {"checkpoint.txt": b"note\n", "0001/bundle.json": b"{}\n"}


def bag() -> tuple[Piece, ...]:
    return build(ITEMS, ABOUT, name_of, PROOFS, b"# verifier\n")


def files(**changed: bytes | None) -> dict[str, bytes]:
    told = {piece.path: piece.content if piece.item is None else content_of(piece.item)[0] for piece in bag()}
    found = {**told, **{name.replace("__", "/").replace("_txt", ".txt"): content for name, content in changed.items()}}
    return {name: content for name, content in found.items() if content is not None}


def complaints(told: dict[str, bytes]) -> set[tuple[str, str]]:
    return {(each.code, each.path) for each in validate(told, lambda name: [told[name]])}


def test_a_bag_is_complete_and_valid_and_the_same_each_time(tmp_path: Path) -> None:
    write_bag(bag(), tmp_path / "bag", [content_of])
    assert validate(files_of(tmp_path / "bag"), reader_of(tmp_path / "bag")) == ()
    assert bag() == build(list(reversed(ITEMS)), ABOUT, name_of, dict(reversed(PROOFS.items())), b"# verifier\n")
    info = (tmp_path / "bag" / "bag-info.txt").read_text()
    assert "Bagging-Date: 2026-11-28\n" in info
    assert "External-Identifier: ABCD2345-1\n" in info
    data = [path for path in (tmp_path / "bag" / "data").rglob("*") if path.is_file()]
    assert f"Payload-Oxum: {sum(path.stat().st_size for path in data)}.{len(data)}\n" in info


def test_no_client_is_named_and_everything_is_escaped() -> None:
    told = files()
    assert not [name for name, content in told.items() if b"lin" in content.replace(b"line", b"").replace(b"inline", b"")]
    page = told["data/index.html"].decode()
    assert "<script" not in page

    class Tags(HTMLParser):
        found: set[str] = set()  # noqa: RUF012

        def handle_starttag(self, tag: str, _attributes: object) -> None:
            self.found.add(tag)

    Tags().feed(page)
    assert Tags.found == {"html", "head", "meta", "title", "style", "body", "h1", "p", "table", "thead", "tbody", "tr", "th", "td"}
    rows = list(csv.DictReader(io.StringIO(told["data/catalogue.csv"].decode("utf-8-sig"))))
    assert rows[1]["campaign"] == f"'{NASTY}"
    lines = [json.loads(line) for line in told["data/catalogue.jsonl"].splitlines()]
    assert [line["file"] for line in lines] == [f"data/{name_of(item)}" for item in ITEMS]
    assert lines[1]["container_sha256"] == ITEMS[1].container.hex()


def test_a_vault_that_is_away_or_wrong_is_passed_over(tmp_path: Path) -> None:
    def away(_item: Item) -> list[bytes]:
        raise VaultAway("vault.none")

    def wrong(item: Item) -> list[bytes]:
        return [*content_of(item), b"more"]

    write_bag(bag(), tmp_path / "bag", [away, wrong, content_of])
    assert validate(files_of(tmp_path / "bag"), reader_of(tmp_path / "bag")) == ()
    with pytest.raises(NoGoodCopy, match=ITEMS[0].id):
        write_bag(bag(), tmp_path / "other", [wrong, away])
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda told: told.pop("bagit.txt"), ("missing", "bagit.txt")),
        (lambda told: told.update({"bagit.txt": b"BagIt-Version: 0.97\n"}), ("changed", "bagit.txt")),
        (lambda told: told.pop("data/catalogue.csv"), ("missing", "data/catalogue.csv")),
        (lambda told: told.update({"data/more": b""}), ("extra", "data/more")),
        (lambda told: told.update({"more.txt": b""}), ("extra", "more.txt")),
        (lambda told: told.update({"data/index.html": b"x"}), ("changed", "data/index.html")),
        (lambda told: told.update({"proof/checkpoint.txt": b"x"}), ("changed", "proof/checkpoint.txt")),
        (lambda told: told.update({"fetch.txt": b"http://x 1 data/x\n"}), ("unsafe", "fetch.txt")),
        (lambda told: told.pop("tagmanifest-sha256.txt"), ("missing", "tagmanifest-sha256.txt")),
        (lambda told: told.update({"manifest-sha256.txt": b"nonsense\n"}), ("malformed", "manifest-sha256.txt")),
        (
            lambda told: told.update({"manifest-sha256.txt": told["manifest-sha256.txt"] + b"0" * 64 + b"  data/../../etc/passwd\n"}),
            ("unsafe", "data/../../etc/passwd"),
        ),
        (
            lambda told: told.update({"manifest-sha256.txt": told["manifest-sha256.txt"] * 2}),
            ("malformed", "data/catalogue.csv"),
        ),
    ],
)
def test_a_bag_that_is_not_as_it_says_is_told(change: Callable[[dict[str, bytes]], object], expected: tuple[str, str]) -> None:
    told = files()
    change(told)
    assert expected in complaints(told)


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../x", "data/../x", "data/..",
     "C:/x", "c:x", "data\\x", "~/x", "data//x", "./data/x", "data/x%0Ay", "data/x%0d", "", "a\x00b"],
)  # fmt: skip
def test_a_path_that_leads_away_is_unsafe(path: str) -> None:
    assert unsafe(path)


@given(st.text(max_size=40))
def test_what_is_written_is_one_line_and_read_again(path: str) -> None:
    line = encoded(path)
    assert "\n" not in line
    assert "\r" not in line
    assert line.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%") == path or "%" in path


@given(st.dictionaries(st.text(max_size=20), st.binary(max_size=200), max_size=5))
def test_a_strangers_bag_is_judged_and_raises_nothing(told: dict[str, bytes]) -> None:
    base = files()
    base.update({name or "x": content for name, content in told.items()})
    for each in validate(base, lambda name: [base[name]]):
        assert isinstance(each, Complaint)


def test_links_are_not_followed(tmp_path: Path) -> None:
    write_bag(bag(), tmp_path / "bag", [content_of])
    os.symlink("/etc/passwd", tmp_path / "bag" / "data" / "x")
    with pytest.raises(ValueError, match="neither a file nor a folder"):
        files_of(tmp_path / "bag")


def test_two_recordings_of_one_name_are_refused() -> None:
    twice = [ITEMS[0], msgspec.structs.replace(ITEMS[1], id=ITEMS[0].id)]
    with pytest.raises(ValueError, match="one name"):
        build(twice, ABOUT, name_of, {}, b"")
