"""Signed notes: a published one verifies, and ours only as they were signed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.proof import note
from recordings.proof.note import BadNote, Checkpoint, SigningKey, VerifierKey

KEY = SigningKey(note.key_name("main"), bytes(range(32)))
OTHER = SigningKey(note.key_name("main"), bytes(32))
CHECKPOINT = Checkpoint(note.origin("main"), 20852163, bytes(range(32)))
NOTE = note.sign(CHECKPOINT, KEY)

PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\N{EM DASH} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
"""The example in the documentation of Go's package note, which signed-note was written down from."""


def test_a_note_that_others_signed_verifies() -> None:
    key = note.read_vkey(PUBLISHED_KEY)
    assert str(key) == PUBLISHED_KEY
    assert note.verified(PUBLISHED, [key]).endswith("problem is.\n")
    with pytest.raises(BadNote, match="no checkpoint"):
        note.verify(PUBLISHED, [key])
    with pytest.raises(BadNote, match="does not fit its text"):
        note.verified(PUBLISHED.replace("answer", "anSwer"), [key])


def test_a_checkpoint_is_written_as_the_specification_says() -> None:
    assert NOTE.startswith(
        "andon/main/recordings\n20852163\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n\N{EM DASH} andon/main/recordings "
    )
    assert note.verify(NOTE, [KEY.verifier]) == CHECKPOINT
    assert note.read_vkey(str(KEY.verifier)) == KEY.verifier


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_no_byte_of_it_can_be_another(at: int, change: int) -> None:
    changed = bytearray(NOTE.encode())
    changed[at] ^= change
    with pytest.raises((BadNote, UnicodeDecodeError)):
        note.verify(bytes(changed).decode(), [KEY.verifier])


def test_who_else_signed_it_does_not_matter_but_one_of_us_who_did_not() -> None:
    witness = SigningKey("witness.example", bytes(32))
    text = note.checkpoint_text(CHECKPOINT)
    both = NOTE + witness.line(text) + "\n"
    assert note.verify(both, [KEY.verifier]) == CHECKPOINT
    with pytest.raises(BadNote, match="not signed with"):
        note.verify(NOTE, [OTHER.verifier])
    with pytest.raises(BadNote, match="not signed with"):
        note.verify(NOTE, [VerifierKey("andon/elsewhere/recordings", KEY.verifier.public)])
    spoiled = NOTE + witness.line(text + "more") + "\n"
    with pytest.raises(BadNote, match=r"witness\.example does not fit"):
        note.verify(spoiled, [KEY.verifier, witness.verifier])
    many = NOTE + (witness.line(text) + "\n") * note.SIGNATURES
    with pytest.raises(BadNote, match="at most 16"):
        note.verify(many, [KEY.verifier])


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\n", "a\n01\nAAAA\n", "a\n-1\nAAAA\n", "a\n٣\nAAAA\n", "a\n1\nAAAA\n", f"a\n{'9' * 19}\n{'A' * 43}=\n", f"\n1\n{'A' * 43}=\n",
     f"a\n1\n{'A' * 43}=\nmore\n", f"a\n1\n{'A' * 42}B=\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        note.read_checkpoint(text)


@pytest.mark.parametrize("text", ["", "a+b+c", PUBLISHED_KEY.replace("c74f", "c74e"), "x y" + PUBLISHED_KEY, PUBLISHED_KEY + "A"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        note.read_vkey(text)


def test_a_floor_of_any_name_has_a_key_name() -> None:
    assert note.key_name("客服 1+1/x") == "andon/客服%201%2B1%2Fx/recordings"
    assert note.origin("main", bytes(range(32))) == "andon/main/recordings/gap-0001020304050607"
