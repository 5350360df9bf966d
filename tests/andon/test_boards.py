"""boards.toml: the example is right, and every mistake is told with its line, its key and what to do."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from andon.boards import BoardTable, DimTable, PageTable, load, read
from andon.demo import BOARDS
from tests.house.sources import ROOT
from wallboard.boards import WHOLE, BoardPage, BoardPlan, Boards, Dim

EXAMPLE = ROOT / "examples" / "plan" / "boards.toml"


def test_the_example_is_right_and_has_every_key() -> None:
    text = EXAMPLE.read_text("utf-8")
    plans, findings = read(text)
    assert findings == ()
    assert plans is not None
    floor, sales = plans
    assert floor.dim == Dim(since=22 * 60, until=7 * 60, to=0.4)
    assert [page.layout for page in sales.pages] == ["wall", "number"]
    for struct in (BoardTable, DimTable, PageTable):
        for field in msgspec.structs.fields(struct):
            key = "blank = true" if field.encode_name == "blank" else f"{field.encode_name} = "
            assert key in text or f"board.{field.encode_name}]" in text, field.encode_name


def test_without_a_file_there_is_one_board_of_everything(tmp_path: Path) -> None:
    assert load(tmp_path) == ((), ())
    assert load(tmp_path / "nowhere") == ((), ())
    (plan,) = Boards().all()
    assert (plan.id, plan.scope(), plan.pages) == (WHOLE, None, (BoardPage(),))


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "boards.toml").write_bytes(b"\xff")
    assert "not UTF-8" in str(load(tmp_path).findings[0])
    (tmp_path / "boards.toml").unlink()
    (tmp_path / "boards.toml").mkdir()
    assert load(tmp_path).plans is None


MISTAKES = [
    ("[[board]]\n", "boards.toml:1: board[1].id: it is missing; write up to 32"),
    ('[[board]]\nid = "Hall 7"\n', 'boards.toml:2: board.Hall 7.id: "Hall 7" cannot stand in an address'),
    ('[[board]]\nid = "a"\n[[board]]\nid = "a"\n', 'boards.toml:4: board[2].id: "a" is the id of a board above'),
    ('[[board]]\nid = "a"\nqueue = []\n', 'boards.toml:3: board.a.queue: there is no such key; did you mean "queues"?'),
    ('[[boards]]\nid = "a"\n', 'boards.toml:1: boards: there is no table "boards"; did you mean "board"?'),
    ('[board]\nid = "a"\n', "boards.toml:1: board: this table comes many times; write each as [[board]]"),
    ('[[board]]\nid = "a"\nqueues = "sales"\n', "boards.toml:3: board.a.queues: expected a list"),
    ('[[board]]\nid = "a"\nqueues = ["x", "x"]\n', "boards.toml:3: board.a.queues: a queue stands here twice"),
    ('[[board]]\nid = "a"\nlanguage = "de"\n', 'boards.toml:3: board.a.language: "de" is not known; known are zh, en.'),
    ('[[board]]\nid = "a"\ndistance = 30\n', "boards.toml:3: board.a.distance: 30 is out of range; write a number from 1 to 10."),
    ('[[board]]\nid = "a"\ndistance = "far"\n', "boards.toml:3: board.a.distance: expected a number, found text"),
    ('[[board]]\nid = "a"\nzone = "Asia/Shanghi"\n', 'boards.toml:3: board.a.zone: "Asia/Shanghi" is no time zone'),
    ('[[board]]\nid = "a"\nnetworks = ["ten"]\n', 'boards.toml:3: board.a.networks: "ten" is no IP address or network'),
    ('[[board]]\nid = "a"\ndim = {from = "22:00"}\n', "boards.toml:3: board.a.dim.until: it is missing"),
    ('[[board]]\nid = "a"\ndim = {from = "22", until = "07:00"}\n', 'boards.toml:3: board.a.dim.from: "22" is no time of day'),
    ('[[board]]\nid = "a"\ndim = {from = "22:00", until = "22:00"}\n', "boards.toml:3: board.a.dim: from and until are the same"),
    ('[[board]]\nid = "a"\ndim = {from = "22:00", until = "07:00", to = 7}\n', "boards.toml:3: board.a.dim.to: 7 is out of range"),
    ('[[board]]\nid = "a"\ndim = {till = "22:00"}\n', 'board.a.dim.till: there is no such key; did you mean "until"?'),
    ('[[board]]\nid = "a"\ndim = "22:00"\n', "boards.toml:3: board.a.dim: this is a table"),
    (
        '[[board]]\nid = "a"\n[[board.page]]\nlayout = "walls"\n',
        'boards.toml:4: board.a.page[1].layout: "walls" is not known; did',
    ),
    ('[[board]]\nid = "a"\n[[board.page]]\n[[board.page]]\nseconds = 5\n', "boards.toml:5: board.a.page[2].seconds: 5 is out of range"),
    ('[[board]]\nid = "a"\n[[board.page]]\nnumber = "waiting"\n', "boards.toml:4: board.a.page[1].number: the layout wall has no such"),
    (
        '[[board]]\nid = "a"\nqueues = ["x"]\n[[board.page]]\nqueues = ["y"]\n',
        'boards.toml:5: board.a.page[1].queues: "y" is not among the queues of this board',
    ),
    ('[[board]]\nid = "a\n', "boards.toml:2: this is not TOML at column"),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES, ids=[said for _, said in MISTAKES])
def test_a_mistake_is_told(text: str, said: str) -> None:
    plans, findings = read(text)
    assert plans is None
    assert any(said in str(finding) for finding in findings), [str(finding) for finding in findings]


def test_all_mistakes_are_told_at_once() -> None:
    _, findings = read('[[board]]\nid = "A"\nlanguage = "de"\n[[board.page]]\nlayout = "x"\nseconds = 1\nfoo = 2\n')
    assert len(findings) == 5, [str(finding) for finding in findings]


def test_which_address_a_board_takes() -> None:
    hall = BoardPlan(id="hall", networks=("10.1.0.0/16", "fd00::/8", "192.0.2.7"))
    assert [hall.takes(address) for address in ("10.1.2.3", "10.2.0.1", "fd00::1", "192.0.2.7", "", "host")] == [
        True, False, True, True, False, False,
    ]  # fmt: skip
    assert BoardPlan(id="any").takes("")


def test_a_board_and_its_pages_see_only_their_queues() -> None:
    hall = BoardPlan(id="hall", queues=("a", "b"), pages=(BoardPage(), BoardPage(layout="number", queues=("b",))))
    scope = hall.scope()
    assert scope is not None
    assert [scope.has(queue) for queue in ("n/a", "n/b", "n/c")] == [True, True, False]
    assert list(scope.parts) == ["1"]
    every = BoardPlan(id="all", pages=(BoardPage(queues=("b",)),)).scope()
    assert every is not None
    assert every.has("n/c")


def test_the_demo_s_boards_are_right() -> None:
    plans, findings = read(BOARDS)
    assert findings == ()
    assert plans is not None
    assert [plan.id for plan in plans] == ["sales", "lobby"]
    assert {page.layout for page in plans[1].pages} == {"wall", "number"}
