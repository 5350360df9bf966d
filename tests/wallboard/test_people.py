"""People, passwords and sessions at rest: what the files hold, what ends a session, and that nobody else can read them."""

from __future__ import annotations

import asyncio
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from wallboard import passwords
from wallboard.authorise import Role
from wallboard.passwords import Busy, PasswordDesk, hash_of, is_outdated, matches, problem_with
from wallboard.people import SEEN_STEP, NotPossible, People, name_problem
from wallboard.private_file import Unreadable, locked
from wallboard.sessions import SESSIONS_EACH, Life, Sessions
from wallboard.signing import HOUR, MINUTE

NOW = 1_764_000_000_000_000
PASSWORD = "correct horse battery"
LIFE = Life(NOW + 12 * HOUR, HOUR)


# ------------------------------------------------------------------ people


def test_a_person_is_found_however_the_name_is_written(tmp_path: Path) -> None:
    people = People(tmp_path)
    kept = people.add("Li.Wei", "hash", Role.QA, NOW, "zh")
    assert people.get("li.wei") == people.get("LI.WEI") == people.get("Ｌi.Wei") == kept
    assert people.get("li") is None
    with pytest.raises(NotPossible, match="already"):
        people.add("LI.wei", "other", Role.ADMIN, NOW)
    assert [person.role for person in people.all()] == [Role.QA]
    assert stat.S_IMODE((tmp_path / "users.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["", " ", "li wei", "li\n", "a:b", "x" * 65, "<b>", "a/b", "a\u202eb"])
def test_nobody_can_be_called_so(name: str) -> None:
    assert name_problem(name)
    assert not name_problem("李伟")
    assert not name_problem("li.wei@example.com")


def test_what_ends_sessions_gives_a_new_stamp_and_nothing_else_does(tmp_path: Path) -> None:
    people = People(tmp_path)
    stamps = [people.add("li", "hash", Role.QA, NOW).stamp]

    def stamp() -> str:
        person = People(tmp_path).get("li")
        assert person is not None
        return person.stamp

    changes: list[Callable[[], None]] = [
        lambda: people.set_password("li", "new"),
        lambda: people.set_role("li", Role.ADMIN),
        lambda: people.set_disabled("li", True),
        lambda: people.set_disabled("li", False),
    ]
    for change in changes:
        change()
        stamps.append(stamp())
    people.remove("li")
    stamps.append(people.add("li", "hash", Role.QA, NOW).stamp)
    assert len(set(stamps)) == len(stamps), "one who is removed and added again is another person"
    person = people.get("li")
    assert person is not None
    people.signed_in(person, NOW + SEEN_STEP + 5)
    assert stamp() == stamps[-1]
    assert people.all()[0].seen == (NOW + SEEN_STEP + 5) // SEEN_STEP * SEEN_STEP


def test_who_is_not_there_cannot_be_changed(tmp_path: Path) -> None:
    people = People(tmp_path)
    changes: list[Callable[[], None]] = [
        lambda: people.set_password("li", "new"),
        lambda: people.set_role("li", Role.ADMIN),
        lambda: people.set_disabled("li", True),
        lambda: people.remove("li"),
    ]
    for change in changes:
        with pytest.raises(NotPossible, match="andon user list"):
            change()


def test_a_sign_in_does_not_undo_a_change_that_was_faster(tmp_path: Path) -> None:
    board, command = People(tmp_path), People(tmp_path)
    before = board.add("li", "weak", Role.QA, NOW)
    command.set_password("li", "new")
    board.signed_in(before, NOW, "the old password hashed anew")
    assert [person.password for person in command.all()] == ["new"]


def test_a_broken_file_of_people_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text("[{")
    with pytest.raises(Unreadable, match=r"users\.json"):
        People(tmp_path).get("li")


def test_what_root_writes_is_given_to_the_folders_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if by root: whoever else runs this may give nothing away."""
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda _handle, user, group: given.append((user, group)))
    monkeypatch.setattr(os, "chown", lambda _path, user, group: given.append((user, group)))
    People(tmp_path).add("li", "hash", Role.QA, NOW)
    assert len(given) == 2, "the file and its lock"
    with locked(tmp_path / "audit" / "audit.lock"):
        pass
    assert len(given) == 4, "the folder, too"
    owner = tmp_path.stat()
    assert set(given) == {(owner.st_uid, owner.st_gid)}


# ------------------------------------------------------------------ passwords


@pytest.mark.parametrize(
    ("password", "name", "why"),
    [
        ("short", "li", "at least 10"),
        ("x" * 201, "li", "at most 200"),
        ("Li.Wei.Zhang", "li.wei.zhang", "is the name"),
        ("aaaaaaaaaaaa", "li", "very few"),
    ],
)
def test_a_bad_password_is_refused_with_its_reason(password: str, name: str, why: str) -> None:
    assert why in problem_with(password, name)


def test_good_passwords_are_taken() -> None:
    for good in (PASSWORD, "三个词语就够了吗是的", "p" * 5 + "assw0rd!!"):
        assert problem_with(good, "li.wei") == ""


def test_a_password_is_kept_as_a_slow_salted_hash() -> None:
    kept = hash_of(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=32768,t=3,p=1$")
    assert kept != hash_of(PASSWORD)
    assert matches(kept, PASSWORD)
    assert not matches(kept, PASSWORD + " ")
    assert not matches("not a hash", PASSWORD)
    assert not is_outdated(kept)
    assert is_outdated("$argon2id$v=19$m=8,t=1,p=1$" + kept.rpartition("$")[0].rpartition("$")[2] + "$" + kept.rpartition("$")[2])


def test_nobody_takes_as_long_as_somebody_with_a_wrong_password() -> None:
    kept = hash_of(PASSWORD)

    def took(of: str | None) -> float:
        def once() -> float:
            began = time.process_time()
            assert not matches(of, "wrong password")
            return time.process_time() - began

        return min(once() for _ in range(5))

    somebody, nobody = took(kept), took(None)
    assert 0.5 < nobody / somebody < 2


async def test_hashing_leaves_the_loop_free_and_the_crowd_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAITING_MAX", 4)
    desk, kept = PasswordDesk(), hash_of(PASSWORD)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    asked = [asyncio.create_task(desk.matches(kept, PASSWORD)) for _ in range(6)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    counting.cancel()
    assert answers[:4] == [True] * 4
    assert [type(answer) for answer in answers[4:]] == [Busy, Busy]
    assert turns > 50, "the loop turned while four passwords were hashed"
    desk.close()


# ------------------------------------------------------------------ sessions


def test_a_session_is_kept_as_a_hash_and_outlives_the_process(tmp_path: Path) -> None:
    secret, session = Sessions(tmp_path).begin(LIFE, NOW, user="li", stamp="s")
    assert secret not in (tmp_path / "sessions.json").read_text()
    assert stat.S_IMODE((tmp_path / "sessions.json").stat().st_mode) == 0o600
    again = Sessions(tmp_path).check(secret, NOW + MINUTE)
    assert again is not None
    assert (again.id, again.user, again.stamp) == (session.id, "li", "s")
    for wrong in ("", "x", secret[:-1], secret + "0", secret[:-1] + ("a" if secret[-1] != "a" else "b")):
        assert Sessions(tmp_path).check(wrong, NOW) is None


def test_a_session_ends_at_its_time_and_when_nobody_uses_it(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path)
    used, _ = sessions.begin(LIFE, NOW, user="li")
    idle, _ = sessions.begin(LIFE, NOW, user="li")
    for hour in range(24):
        moment = NOW + hour * HOUR // 2
        assert sessions.check(used, moment) is not None
    assert sessions.check(idle, NOW + HOUR) is None
    assert sessions.check(used, NOW + 12 * HOUR) is None


def test_an_open_page_counts_as_use_and_a_restart_remembers_it(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path)
    secret, session = sessions.begin(LIFE, NOW, user="li")
    sessions.touch([session.id, "unknown"], NOW + 55 * MINUTE)
    sessions.save_used()
    assert Sessions(tmp_path).check(secret, NOW + 100 * MINUTE) is not None


def test_a_screen_is_never_idle(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path)
    secret, _ = sessions.begin(Life(NOW + 90 * 24 * HOUR, 0), NOW, token="t")
    assert sessions.check(secret, NOW + 89 * 24 * HOUR) is not None


def test_one_holder_has_so_many_browsers_and_the_ended_are_swept(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path)
    first, _ = sessions.begin(LIFE, NOW, user="li")
    other, _ = sessions.begin(LIFE, NOW, user="wang")
    for number in range(SESSIONS_EACH):
        sessions.begin(LIFE, NOW + number + 1, user="li")
    assert sessions.check(first, NOW + MINUTE) is None
    assert sessions.check(other, NOW + MINUTE) is not None
    assert len(sessions.all()) == SESSIONS_EACH + 1
    sessions.begin(Life(NOW + 26 * HOUR, HOUR), NOW + 25 * HOUR, user="zhao")
    assert [session.user for session in sessions.all()] == ["zhao"]


def test_a_session_that_was_ended_is_gone_for_every_process(tmp_path: Path) -> None:
    here, there = Sessions(tmp_path), Sessions(tmp_path)
    secret, session = here.begin(LIFE, NOW, user="li")
    assert there.check(secret, NOW) is not None
    here.end(session.id)
    assert there.check(secret, NOW) is None
    there.save_used()
    assert there.all() == []
