"""The verifier that we ship, run as a stranger runs it: plain Python, nothing installed, an empty environment, an empty folder.

The bundle is made once from a real catalogue; what is tampered with is each of its parts, and, in this process, each of its bytes.
"""

from __future__ import annotations

import ast
import asyncio
import base64
import json
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.proof import bundle, note, verify_bundle
from recordings.proof.bundle import BUNDLE, CERTIFICATE, README, VERIFIER, Older, Signed
from recordings.proof.entries import Entry, canonical
from recordings.proof.merkle import leaf_hash, node_hash
from recordings.proof.note import SigningKey
from recordings.proof.signer import Signer
from recordings.retention import certificate
from recordings.retention.tables import disposal_items, disposals
from recordings.words import Kind
from tests.recordings.proof.certificates import case
from tests.recordings.proof.desk import NOON, ONE, OTHER, SOUND, Desk

SCRIPT = Path(verify_bundle.__file__)
Body = dict[str, Any]


class Made:
    """Bundles of two recordings of one log, of the same log from another floor, and the checkpoint that a client kept."""

    files: dict[str, bytes]
    other: dict[str, bytes]
    strange: dict[str, bytes]
    disposed: dict[str, bytes]
    early: dict[str, bytes]
    key: SigningKey
    vkey: str
    older: str

    @property
    def body(self) -> Body:
        body: Body = json.loads(self.files[BUNDLE])
        return body


async def make(folder: Path, floor: str) -> Made:
    catalogue = Catalogue(sqlite_url(folder / floor), writes=True)
    await catalogue.open()
    desk, made = Desk(catalogue, Signer(folder / floor / "keys", floor), folder / floor / "checkpoints"), Made()
    for number in range(5):
        await desk.seal(f"cccccccccccccccccc{number:02}", b"%d" % number)
    await desk.seal()
    older = await desk.publish()
    await desk.hear()
    await desk.seal(OTHER, b"another")
    key = desk.signer.key()
    paper = certificate.make(case(items=(ONE, OTHER)), key)
    public = {"certificate_sha256": certificate.digest(paper), "items": 2}
    before = await desk.publish()
    await desk.append(Entry(kind=Kind.DISPOSAL, at=NOON, subject="disposal-1", public=public, private={"by": "user:wang"}))
    newest = await desk.publish(day=1)
    signed, kept = Signed(newest.checkpoint, newest.note, [key.verifier]), Older(older.checkpoint, older.note)
    async with catalogue.reading() as connection:
        made.files = await bundle.gather(connection, [ONE], signed, private=True, older=kept)
        made.other = await bundle.gather(connection, [OTHER], signed)
    await dispose(desk, paper)
    async with catalogue.reading() as connection:
        made.disposed = await bundle.gather(connection, [ONE], signed, private=True, older=kept)
        made.early = await bundle.gather(connection, [ONE], Signed(before.checkpoint, before.note, [key.verifier]))
    made.key, made.vkey, made.older = key, str(key.verifier), older.note
    await catalogue.close()
    return made


async def dispose(desk: Desk, paper: bytes) -> None:
    """The tables say that the recording went with a disposal, and have its certificate."""
    line = {"id": "disposal-1", "kind": "disposal", "standing": "done", "items": 1, "sha256": bytes(32), "by": "user:li", "at": NOON}
    async with desk.catalogue.change() as change:
        await change.connection.execute(insert(disposals).values(**line, certificate=paper))
        await change.connection.execute(insert(disposal_items).values(disposal="disposal-1", recording=1, id=ONE, standing="gone"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made")
    made = asyncio.run(make(folder, "main"))
    made.strange = asyncio.run(make(folder, "elsewhere")).files
    return made


def run(folder: Path, *arguments: str, expect: int) -> str:
    """Isolated, without site-packages, in a folder that is not ours."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), *arguments]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, timeout=60, encoding="utf-8")
    assert done.stderr == ""
    assert done.returncode == expect, done.stdout
    return done.stdout


def packed(folder: Path, files: dict[str, bytes]) -> str:
    (folder / "proof.zip").write_bytes(bundle.pack(files, NOON))
    return "proof.zip"


def test_a_bundle_verifies_on_plain_python(made: Made, tmp_path: Path) -> None:
    (tmp_path / "old.note").write_text(made.older)
    (tmp_path / "sound.wav").write_bytes(SOUND)
    said = run(tmp_path, packed(tmp_path, made.files), "--vkey", made.vkey, "--older", "old.note", "--file", "sound.wav", expect=0)
    assert said.count("ok ") == len(said.splitlines()) == 7
    assert "ok entry 6: access at 2026-11-28 12:00:01 UTC of aaaaaaaaaaaaaaaaaaaa, private part" in said
    assert "投诉 复核" in said
    assert "ok older checkpoint: the log goes on from the 6 entries of then" in said
    assert "ok file sound.wav: byte for byte what was sealed as aaaaaaaaaaaaaaaaaaaa" in said


def test_a_key_that_came_along_is_trusted_aloud(made: Made, tmp_path: Path) -> None:
    assert "-- this key came with the bundle: compare it" in run(tmp_path, packed(tmp_path, made.files), expect=0)
    (tmp_path / "log.vkey").write_text(f"{SigningKey('andon/main/recordings', bytes(32)).verifier}\n{made.vkey}\n")
    assert "--" not in run(tmp_path, "proof.zip", "--vkey", "log.vkey", expect=0)
    other = str(SigningKey("andon/main/recordings", bytes(32)).verifier)
    assert f"NO proof.zip: checkpoint: it is not signed with {other[:30]}" in run(tmp_path, "proof.zip", "--vkey", other, expect=1)


def exchanged(made: Made) -> SigningKey:
    """A new key of the log, since others may have the one of before."""
    return SigningKey(made.key.verifier.name, bytes(range(32)))


def signed_with(body: Body, key: SigningKey) -> None:
    body["checkpoint"] = note.sign(note.read_checkpoint(body["checkpoint"].rpartition("\n\n")[0] + "\n"), key)


def test_after_an_exchange_the_newest_key_alone_is_enough(made: Made, tmp_path: Path) -> None:
    """A bundle has every key that the log ever had; whoever is given one knows the last."""
    new, body = exchanged(made), made.body
    signed_with(body, new)
    body["keys"], body["older"], body["consistency"] = [made.vkey, str(new.verifier)], None, None
    (tmp_path / BUNDLE).write_bytes(canonical(body) + b"\n")
    assert "ok key: " + str(new.verifier) in run(tmp_path, BUNDLE, "--vkey", str(new.verifier), expect=0)
    run(tmp_path, BUNDLE, "--vkey", made.vkey, expect=1)
    run(tmp_path, packed(tmp_path, made.files), "--vkey", made.vkey, expect=0)


def test_a_key_that_was_exchanged_signs_no_checkpoint_any_more(made: Made, tmp_path: Path) -> None:
    """It was exchanged because others may have it: of a kept checkpoint it is believed, of a bundle's own not."""
    new, body = exchanged(made), made.body
    (tmp_path / "log.vkey").write_text(f"{made.vkey}\n{new.verifier}\n")
    body["keys"] = [made.vkey, str(new.verifier)]
    (tmp_path / BUNDLE).write_bytes(canonical(body) + b"\n")
    assert "NO bundle.json: checkpoint: it is not signed with" in run(tmp_path, BUNDLE, "--vkey", "log.vkey", expect=1)
    assert "checkpoint: it is not signed with" in run(tmp_path, BUNDLE, expect=1)
    signed_with(body, new)
    (tmp_path / BUNDLE).write_bytes(canonical(body) + b"\n")
    (tmp_path / CERTIFICATE).write_bytes(made.disposed[CERTIFICATE])
    assert "ok older checkpoint" in run(tmp_path, BUNDLE, "--vkey", "log.vkey", expect=0)
    assert "ok certificate" in run(tmp_path, CERTIFICATE, "--vkey", "log.vkey", expect=0)


ASKED: dict[str, tuple[tuple[str, ...], str]] = {
    "an older checkpoint of a certificate": ((CERTIFICATE, "--older", "old.note"), "a certificate has no log that could go on"),
    "an older checkpoint that is none": ((BUNDLE, "--older", "empty"), "older checkpoint: it is no signed note"),
    "an empty name of an older checkpoint": ((BUNDLE, "--older", ""), "one of them is empty"),
    "an empty name of a file": ((BUNDLE, "--file", ""), "one of them is empty"),
    "an empty key": ((BUNDLE, "--vkey", ""), "one of them is empty"),
    "an empty file of keys": ((BUNDLE, "--vkey", "empty"), "one of them is empty"),
    "a certificate of nothing": (("bare",), "bare: certificate: "),
    "a bundle of nothing": (("hollow",), "hollow: it is not JSON as Andon writes it"),
}


@pytest.mark.parametrize("what", ASKED)
def test_what_was_asked_for_is_checked_or_said_no_to(made: Made, tmp_path: Path, what: str) -> None:
    files = {BUNDLE: made.files[BUNDLE], CERTIFICATE: made.disposed[CERTIFICATE], "empty": b"", "old.note": made.older.encode()}
    files |= {f"bare/{BUNDLE}": made.files[BUNDLE], f"bare/{CERTIFICATE}": b"\n"}
    files |= {f"hollow/{BUNDLE}": b"{}\n", f"hollow/{CERTIFICATE}": made.disposed[CERTIFICATE]}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    arguments, said = ASKED[what]
    assert said in run(tmp_path, *arguments, expect=1)


def test_a_kept_checkpoint_may_be_witnessed_by_others(made: Made, tmp_path: Path) -> None:
    text = made.older.rpartition("\n\n")[0] + "\n"
    witness = SigningKey("witness.example", bytes(32)).line(text) + "\n"
    packed(tmp_path, made.files)
    for lines, expect in ((1, 0), (15, 0), (16, 1)):
        (tmp_path / "old.note").write_text(made.older + witness * lines)
        run(tmp_path, "proof.zip", "--vkey", made.vkey, "--older", "old.note", expect=expect)
    (tmp_path / "old.note").write_text(f"{text}\n{witness}")
    run(tmp_path, "proof.zip", "--vkey", made.vkey, "--older", "old.note", expect=1)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_zip_inflates_to_no_more_than_it_says(tmp_path: Path, method: int) -> None:
    """64 MB in a file that says it is of 100 bytes; the limit of memory is a process's own."""
    name, much = b"bundle.json", bytes(1 << 26)
    inner = zipfile.ZipFile(tmp_path / "whole.zip", "w", method)
    with inner:
        inner.writestr(name.decode(), much)
    whole = bytearray((tmp_path / "whole.zip").read_bytes())
    size, crc = struct.pack("<I", 100), struct.pack("<I", zlib.crc32(bytes(100)))
    central = whole.rindex(b"PK\x01\x02")
    whole[22:26], whole[14:18], whole[central + 24 : central + 28], whole[central + 16 : central + 20] = size, crc, size, crc
    (tmp_path / "bomb.zip").write_bytes(whole)
    limited = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, (1 << 26, 1 << 26)); sys.argv = ['v', 'bomb.zip']; "
    command = [sys.executable, "-I", "-S", "-c", limited + f"runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"]
    done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, "")
    assert "there is nothing whole in it" in done.stdout if method == zipfile.ZIP_DEFLATED else "packed otherwise" in done.stdout


def test_the_script_of_the_bundle_verifies_the_folder_that_it_lies_in(made: Made, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(tmp_path / packed(tmp_path, made.files)) as archive:
        assert sorted(archive.namelist()) == [README, BUNDLE, VERIFIER]
        archive.extractall(folder)
    done = subprocess.run([sys.executable, "-I", "-S", str(folder / VERIFIER)], cwd="/", env={}, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "private part" in done.stdout
    assert str(made.body["keys"][0]) in (folder / README).read_text()


def test_what_nobody_asked_for_is_not_in_it(made: Made, tmp_path: Path) -> None:
    assert b"user:li" in made.files[BUNDLE]
    assert b"zhao.min" not in made.other[BUNDLE]
    assert "private part not shown" in run(tmp_path, packed(tmp_path, made.other), expect=0)


def test_another_file_is_not_the_recording(made: Made, tmp_path: Path) -> None:
    (tmp_path / "sound.wav").write_bytes(SOUND + b"\0")
    said = run(tmp_path, packed(tmp_path, made.files), "--file", "sound.wav", expect=1)
    assert "NO file sound.wav: these bytes were never sealed" in said


def test_a_certificate_goes_with_the_bundle(made: Made, tmp_path: Path) -> None:
    said = run(tmp_path, packed(tmp_path, made.disposed), expect=0)
    assert "ok certificate: disposal d1, 2 recordings, complete" in said
    assert "disposal at 2026-11-28 12:00:00 UTC of disposal-1" in said


def test_a_certificate_that_no_entry_of_the_log_names_is_none(made: Made, tmp_path: Path) -> None:
    """Signed with the right key, and about this recording; it was never written down."""
    another = certificate.make(case(items=(ONE, "zzzzzzzzzzzzzzzzzzzz")), made.key)
    said = run(tmp_path, packed(tmp_path, made.files | {CERTIFICATE: another}), "--vkey", made.vkey, expect=1)
    assert "NO proof.zip: certificate: no entry of the log here names it" in said
    run(tmp_path, packed(tmp_path, made.disposed | {CERTIFICATE: another}), expect=1)


def test_a_bundle_up_to_a_checkpoint_before_the_disposal_has_no_certificate(made: Made, tmp_path: Path) -> None:
    assert CERTIFICATE not in made.early
    run(tmp_path, packed(tmp_path, made.early), "--vkey", made.vkey, expect=0)


# ---------------------------------------------------------------- tampering, part by part

LEAF = 0


def put(*path: str | int, value: Any) -> Callable[[Body], None]:
    def change(body: Body) -> None:
        inner: Any = body
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value(inner[path[-1]]) if callable(value) else value

    return change


def flip(text: str) -> str:
    return ("0" if text[0] != "0" else "1") + text[1:]


def note_with(line: int, value: Callable[[str], str]) -> Callable[[Body], None]:
    def change(body: Body) -> None:
        lines = body["checkpoint"].split("\n")
        lines[line] = value(lines[line])
        body["checkpoint"] = "\n".join(lines)

    return change


def forge(body: Body) -> None:
    """Signed again, whole and right, with a key of the forger's."""
    body["checkpoint"] = note.sign(note.read_checkpoint(body["checkpoint"].rpartition("\n\n")[0] + "\n"), SigningKey(NAME, bytes(32)))


NAME = "andon/main/recordings"
TAMPERED: dict[str, Callable[[Body], None]] = {
    "leaf": put("entries", 0, "leaf", value=lambda leaf: leaf.replace('"sha256":"', '"sha256":"0')),
    "leaf of another recording": put("entries", 0, "leaf", value=lambda leaf: leaf.replace("aaaa", "dddd")),
    "leaf written otherwise": put("entries", 0, "leaf", value=lambda leaf: leaf.replace(",", ", ")),
    "private": put("entries", 1, "private", value=lambda text: text.replace("li", "wu")),
    "private left out, salt not": put("entries", 1, "private", value=None),
    "salt": put("entries", 1, "salt", value=flip),
    "salt cut": put("entries", 1, "salt", value=lambda text: text[:-2]),
    "hash of a proof": put("entries", 0, "proof", 0, value=flip),
    "proof too long": put("entries", 0, "proof", value=lambda proof: [*proof, "00" * 32]),
    "proof too long in front": put("entries", 0, "proof", value=lambda proof: ["00" * 32, *proof]),
    "proof too short": put("entries", 0, "proof", value=lambda proof: proof[:-1]),
    "no proof": put("entries", 0, "proof", value=[]),
    "hash in capitals": put("entries", 0, "proof", 0, value=str.upper),
    "index": put("entries", 0, "index", value=lambda index: index ^ 1),
    "index negative": put("entries", 0, "index", value=-1),
    "index as a truth": put("entries", 0, "index", value=True),
    "index beyond": put("entries", 0, "index", value=10**9),
    "entry left out": lambda body: body["entries"].pop(0),
    "entry twice": lambda body: body["entries"].append(body["entries"][0]),
    "entries exchanged": lambda body: body["entries"][0].update(leaf=body["entries"][1]["leaf"]),
    "no entry": put("entries", value=[]),
    "entry of another form": put("entries", 0, value={}),
    "entries of another form": put("entries", value=7),
    "size": note_with(1, lambda size: str(int(size) + 1)),
    "size with a zero": note_with(1, lambda size: "0" + size),
    "root": note_with(2, lambda root: base64.b64encode(bytes(32)).decode()),
    "origin": note_with(0, lambda origin: origin.replace("main", "maim")),
    "extension line": note_with(2, lambda root: root + "\nmore"),
    "signature": note_with(4, lambda line: line[:-8] + ("A" if line[-8] != "A" else "B") + line[-7:]),
    "name of the signature": note_with(4, lambda line: line.replace("main", "maim")),
    "signed by another": forge,
    "second signature": put("checkpoint", value=lambda text: text + text.rstrip("\n").rpartition("\n")[2] + "\n"),
    "no signature": put("checkpoint", value=lambda text: text.rpartition("\n\n")[0] + "\n\n"),
    "no checkpoint": put("checkpoint", value=""),
    "key": put("keys", 0, value=lambda key: key.replace("+", "+0", 1)),
    "key of another": put("keys", value=[str(SigningKey(NAME, bytes(32)).verifier)]),
    "no key": put("keys", value=[]),
    "recording": put("recordings", value=["dddddddddddddddddddd"]),
    "recordings as text": put("recordings", value=ONE),
    "no recording": put("recordings", value=[]),
    "recording more": put("recordings", value=[ONE, OTHER]),
    "older": put("older", value=lambda text: text.replace("\n6\n", "\n5\n")),
    "consistency": put("consistency", 0, value=flip),
    "consistency too long": put("consistency", value=lambda proof: [*proof, "00" * 32]),
    "consistency too short": put("consistency", value=lambda proof: proof[:-1]),
    "no consistency": put("consistency", value=[]),
    "consistency left out": put("consistency", value=None),
    "more": lambda body: body.update(more=1),
    "less": lambda body: body.pop("consistency"),
    "version": put("v", value=2),
}


@pytest.mark.parametrize("part", TAMPERED)
def test_a_bundle_that_was_tampered_with_does_not_verify(made: Made, tmp_path: Path, part: str) -> None:
    body = made.body
    TAMPERED[part](body)
    (tmp_path / BUNDLE).write_bytes(canonical(body) + b"\n")
    said = run(tmp_path, ".", expect=1)
    assert "NO " in said


def swapped(one: dict[str, bytes], other: dict[str, bytes], part: str) -> bytes:
    return canonical(json.loads(one[BUNDLE]) | {part: json.loads(other[BUNDLE])[part]}) + b"\n"


@pytest.mark.parametrize("part", ["entries", "checkpoint", "recordings", "keys"])
def test_parts_of_another_bundle_do_not_verify(made: Made, tmp_path: Path, part: str) -> None:
    other = made.strange if part in ("checkpoint", "keys") else made.other
    (tmp_path / BUNDLE).write_bytes(swapped(made.files, other, part))
    run(tmp_path, BUNDLE, expect=1)


def test_the_bundle_of_another_floor_does_not_verify_with_the_key_of_this_one(made: Made, tmp_path: Path) -> None:
    run(tmp_path, packed(tmp_path, made.strange), expect=0)
    run(tmp_path, "proof.zip", "--vkey", made.vkey, expect=1)


def test_a_checkpoint_that_the_log_does_not_go_on_from_is_told(made: Made, tmp_path: Path) -> None:
    (tmp_path / "old.note").write_text(json.loads(made.strange[BUNDLE])["older"])
    assert "NO proof.zip: older checkpoint: " in run(tmp_path, packed(tmp_path, made.files), "--older", "old.note", expect=1)
    (tmp_path / "old.note").write_text(made.older)
    said = run(tmp_path, packed(tmp_path, made.other), "--older", "old.note", expect=1)
    assert "ask for a bundle that goes on from this checkpoint" in said


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"{}\n", b"[]\n", b"null\n", b"{", b"PK\x03\x04", b"\xff\xfe\n", b"[" * 100_000, b'{"keys":[]}\n']
)
def test_what_is_no_bundle_does_not_verify(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "what").write_bytes(content)
    assert "NO " in run(tmp_path, "what", expect=1)


def test_what_is_not_there_or_twice_does_not_verify(made: Made, tmp_path: Path) -> None:
    run(tmp_path, "nothing", expect=1)
    run(tmp_path, ".", expect=1)
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive:
        archive.writestr(BUNDLE, made.other[BUNDLE])
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(BUNDLE, made.files[BUNDLE])
    assert "it has a file twice" in run(tmp_path, "twice.zip", expect=1)
    body = made.files[BUNDLE].replace(b'"v":1}', b'"v":2,"v":1}')
    (tmp_path / BUNDLE).write_bytes(body)
    run(tmp_path, BUNDLE, expect=1)


def test_a_bundle_steers_no_terminal(tmp_path: Path) -> None:
    (tmp_path / BUNDLE).write_bytes(canonical({"keys": ["a\x1b[2J+b+c"]}) + b"\n")
    assert "\x1b" not in run(tmp_path, BUNDLE, expect=1)


REFUSED = "it is not what this key signed|a point is not on the curve"

# ---------------------------------------------------------------- byte by byte, in this process


def holds(body: bytes, folder: Path, more: bytes | None = None) -> bool:
    (folder / BUNDLE).write_bytes(body)
    if more is not None:
        (folder / CERTIFICATE).write_bytes(more)
    try:
        return bool(list(verify_bundle.verify(str(folder), None, None, {})))
    except Exception:  # as its main does
        return False


def test_no_byte_of_a_bundle_can_be_another(made: Made, tmp_path: Path) -> None:
    body, paper = made.disposed[BUNDLE], made.disposed[CERTIFICATE]
    assert holds(body, tmp_path, more=paper)
    for at in range(0, len(body), 7):
        changed = bytearray(body)
        changed[at] ^= 1
        assert not holds(bytes(changed), tmp_path), (at, body[at - 20 : at + 20])
    assert holds(body, tmp_path)
    for at in range(0, len(paper), 11):
        changed = bytearray(paper)
        changed[at] ^= 1
        assert not holds(body, tmp_path, more=bytes(changed)), (at, paper[at - 20 : at + 20])


@settings(deadline=None)  # arithmetic of big numbers on a busy machine
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_signatures_verify_as_others_make_them(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    verify_bundle.check_signature(public, message, signature)
    wrong = bytearray(signature)
    wrong[bit // 8] ^= 1 << bit % 8
    for other in ((public, message + b".", signature), (public, message, bytes(wrong)), (public, message, signature + b"\0")):
        with pytest.raises(ValueError, match=REFUSED):
            verify_bundle.check_signature(*other)


def test_a_signature_has_one_way_to_be_written() -> None:
    """RFC 8032 5.1.7: S is below the order of the group, and a point is written with y below p."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"m")
    more = int.from_bytes(signature[32:], "little") + verify_bundle.L
    with pytest.raises(ValueError, match=REFUSED):
        verify_bundle.check_signature(public, b"m", signature[:32] + more.to_bytes(32, "little"))
    with pytest.raises(ValueError, match=REFUSED):
        verify_bundle.point((verify_bundle.P + 1).to_bytes(32, "little"))


def test_the_published_vector_of_rfc_8032_verifies() -> None:
    """7.1, test 3."""
    public = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
    signature = bytes.fromhex(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    verify_bundle.check_signature(public, bytes.fromhex("af82"), signature)


def test_it_is_the_python_of_old_machines_and_of_nothing_else() -> None:
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 8))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported <= sys.stdlib_module_names
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_its_tree_is_ours(made: Made) -> None:
    entry = made.body["entries"][0]
    assert verify_bundle.sha256(b"\0", entry["leaf"].encode()) == leaf_hash(entry["leaf"].encode())


def test_its_tree_knows_the_traps() -> None:
    leaf, other = (leaf_hash(text) for text in (b"0", b"1"))
    root = node_hash(leaf, other)
    verify_bundle.check_inclusion(leaf, 0, [other], 2, root)
    verify_bundle.check_inclusion(other, 1, [leaf], 2, root)
    verify_bundle.check_inclusion(leaf, 0, [], 1, leaf)
    wrong: list[tuple[Any, list[bytes], int, bytes, str]] = [
        (-1, [], 1, leaf, "no such leaf"),
        (1, [], 1, leaf, "no such leaf"),
        (False, [], 1, leaf, "no such leaf"),
        (0.0, [], 1, leaf, "no such leaf"),
        (0, [], 0, leaf, "no such leaf"),
        (0, [], 2, leaf, "too short"),
        (0, [other, other], 2, root, "too long"),
        (0, [other], 1, root, "too long"),
        (0, [leaf], 2, root, "not in the tree"),
    ]
    for index, path, size, claimed, said in wrong:
        with pytest.raises(ValueError, match=said):
            verify_bundle.check_inclusion(leaf, index, path, size, claimed)
    for first, second, path, said in [
        (0, 1, [], "empty"),
        (2, 1, [], "longer"),
        (1, 2, [], "too short"),
        (1, 2, [other, other], "too long"),
    ]:
        with pytest.raises(ValueError, match=said):
            verify_bundle.check_consistency(first, leaf, second, root, path)
    verify_bundle.check_consistency(1, leaf, 2, root, [other])
    with pytest.raises(ValueError, match="two logs"):
        verify_bundle.check_consistency(2, root, 2, leaf, [])


def test_a_key_signs_for_its_own_log_alone() -> None:
    key = SigningKey(NAME, bytes(32))
    keys = dict([verify_bundle.read_key(str(key.verifier))])
    for origin, good in ((NAME, True), (f"{NAME}/gap-0001020304050607", True), ("andon/other/recordings", False), (f"{NAME}2", False)):
        text = note.sign(note.Checkpoint(origin, 1, bytes(32)), key)
        if good:
            assert verify_bundle.read_checkpoint(text, keys) == (1, bytes(32))
        else:
            with pytest.raises(ValueError, match="no checkpoint of this log"):
                verify_bundle.read_checkpoint(text, keys)


def pythons() -> list[str]:
    """Those of this machine that run at all: a name on the path may be a shim of nothing."""
    found = [path for path in (shutil.which(f"python3.{minor}") for minor in range(8, 15)) if path]
    return [each for each in found if not subprocess.run([each, "-I", "-S", "-c", ""], capture_output=True, check=False).returncode]


def test_it_runs_with_every_python_of_this_machine(made: Made, tmp_path: Path) -> None:
    packed(tmp_path, made.disposed)
    for python in pythons():
        done = subprocess.run([python, "-I", "-S", str(SCRIPT), "proof.zip"], cwd=tmp_path, env={}, capture_output=True, timeout=60)
        assert done.returncode == 0, (python, done.stdout)
