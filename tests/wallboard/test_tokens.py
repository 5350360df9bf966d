"""Tokens at rest: what the file holds, who may read it, and that two writers lose nothing."""

from __future__ import annotations

import re
import stat
import threading
from pathlib import Path

import pytest

from wallboard.authorise import Role
from wallboard.private_file import Unreadable
from wallboard.tokens import DAY, EXPIRES_AFTER_DAYS, USED_STEP, Refused, Token, TokenStore

NOW = 1_764_000_000_000_000


def test_the_secret_is_shown_once_and_only_its_hash_is_kept(tmp_path: Path) -> None:
    secret, kept = TokenStore(tmp_path).create(Role.SCREEN, "hall 3", NOW)
    file = tmp_path / "tokens.json"
    assert re.fullmatch(r"andon_[0-9A-Za-z]{43}", secret)
    assert secret not in file.read_text()
    assert secret[6:] not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept.expires == NOW + EXPIRES_AFTER_DAYS * DAY
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["tokens.json", "tokens.lock"]
    assert TokenStore(tmp_path).check(secret, NOW) == kept


def test_secrets_and_ids_do_not_repeat(tmp_path: Path) -> None:
    store = TokenStore(tmp_path)
    made = [store.create(Role.AGENT, "", NOW) for _ in range(50)]
    assert len({secret for secret, _ in made}) == len({kept.id for _, kept in made}) == 50
    assert len(store.list()) == 50


def test_a_change_by_another_process_counts_at_once(tmp_path: Path) -> None:
    board, command = TokenStore(tmp_path), TokenStore(tmp_path)
    secret, kept = command.create(Role.QA, "", NOW)
    assert isinstance(board.check(secret, NOW), Token)
    assert not command.revoke("nobody")
    assert command.revoke(kept.id)
    assert board.check(secret, NOW) == Refused("token_refused", "This token is not known here; ask for a new one: andon token --role ROLE.")


def test_a_token_ends_with_its_day(tmp_path: Path) -> None:
    store = TokenStore(tmp_path)
    secret, kept = store.create(Role.QA, "", NOW, days=1)
    assert isinstance(store.check(secret, kept.expires - 1), Token)
    assert isinstance(store.check(secret, kept.expires), Refused)
    assert store.living(kept.expires - 1) == {kept.id}
    assert store.living(kept.expires) == frozenset()
    with pytest.raises(ValueError, match="one day"):
        store.create(Role.QA, "", NOW, days=0)


def test_when_it_was_used_is_told_to_the_hour(tmp_path: Path) -> None:
    store = TokenStore(tmp_path)
    secret, _ = store.create(Role.QA, "", NOW)
    store.check(secret, NOW + 5 * USED_STEP + 123_456)
    store.save_used()
    (kept,) = TokenStore(tmp_path).list()
    assert kept.used % USED_STEP == 0
    assert kept.used == (NOW + 5 * USED_STEP + 123_456) // USED_STEP * USED_STEP


def test_a_revoked_token_does_not_come_back_with_its_use(tmp_path: Path) -> None:
    board, command = TokenStore(tmp_path), TokenStore(tmp_path)
    secret, kept = command.create(Role.QA, "", NOW)
    board.check(secret, NOW)
    command.revoke(kept.id)
    board.save_used()
    assert command.list() == []


def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    def write(name: str) -> None:
        store = TokenStore(tmp_path)
        for _ in range(20):
            store.create(Role.SCREEN, name, NOW)

    writers = [threading.Thread(target=write, args=(str(number),)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(TokenStore(tmp_path).list()) == 80


KING = '[{"id":"a","hash":"b","role":"king","label":"","created":1,"expires":2}]'


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"id":"a"}]', KING])
def test_a_broken_file_lets_nobody_in_and_is_not_overwritten(tmp_path: Path, content: str) -> None:
    store = TokenStore(tmp_path)
    secret, _ = store.create(Role.ADMIN, "", NOW)
    file = tmp_path / "tokens.json"
    file.write_text(content)
    with pytest.raises(Unreadable, match=re.escape(str(file))):
        store.check(secret, NOW)
    with pytest.raises(Unreadable):
        store.create(Role.ADMIN, "", NOW)
    assert file.read_text() == content


def test_a_file_of_before_boards_still_reads(tmp_path: Path) -> None:
    old = '[{"id":"a","hash":"b","role":"screen","label":"","created":1,"expires":2,"used":0}]'
    (tmp_path / "tokens.json").write_text(old)
    (kept,) = TokenStore(tmp_path).list()
    assert (kept.board, kept.user) == ("", "")


def test_a_screens_token_is_bound_to_its_board(tmp_path: Path) -> None:
    secret, kept = TokenStore(tmp_path).create(Role.SCREEN, "hall 3", NOW, board="sales", user="li.wei")
    assert (kept.board, kept.user) == ("sales", "li.wei")
    assert TokenStore(tmp_path).check(secret, NOW) == kept
