"""`andon lists` from outside: files in, a version out, in force by the engine's word; and what it says where it is not."""

from __future__ import annotations

import contextlib
import gzip
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from andon import command, list_floor
from andon.lists import BAD_KEPT
from andon.load import load
from realtime.lists.files import Mapped, path_of, versions
from realtime.lists.shelf import Shelf
from realtime.words import SECOND
from tests.valkeys import Server
from wallboard.audit import Entry
from wallboard.audit_log import AuditLog

Run = Callable[..., int]
Said = pytest.CaptureFixture[str]
HIT = "+8613912345678"
PATIENCE_S = 60.0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("ANDON_"):
            monkeypatch.delenv(name)
    text = '[floor]\ntimezone = "Asia/Shanghai"\n[[pbx]]\nnode = "hall7"\nusername = "andon"\nsecret = "s3cret"\n'
    (tmp_path / "andon.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def run(*words: str) -> int:
        try:
            return command.main(("lists", *words))
        except SystemExit as end:  # argparse leaves by itself
            return int(end.code or 0)

    return run


@contextlib.contextmanager
def a_floor(folder: Path) -> Iterator[None]:
    """Its log and an engine, as processes."""
    data = folder / "data"
    data.mkdir(exist_ok=True)
    server = Server(data)
    server.start()
    engine = subprocess.Popen([sys.executable, "-m", "tests.realtime.engine_process", server.url, "main"], cwd=Path(__file__).parents[2])
    try:
        yield
    finally:
        engine.kill()
        engine.wait()
        server.kill()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_floor, "PATIENCE_S", 20.0)  # the engine's process has to start, on a busy machine


def newest(folder: Path, name: str = "dnc") -> Mapped:
    version = versions(folder / "data" / "lists", name)[0]
    return Mapped(path_of(folder / "data" / "lists", name, version), version)


# ------------------------------------------------------------------ with a floor


@pytest.mark.usefixtures("patient")
def test_from_a_file_into_force(run: Run, folder: Path, capsys: Said) -> None:
    (folder / "numbers.csv").write_text("name,phone\nA,13912345678\nB,139 1234 5679\nC,1.39E+10\nD,+86400*\nE,13912345678\n")
    with a_floor(folder):
        assert run("import", "dnc", "numbers.csv", "--column", "phone", "--as-of", "2026-11-27", "--source", "the regulator") == 0
        said = capsys.readouterr()
        mapped = newest(folder)
        assert f"dnc@{mapped.version[:12]} is in force" in said.out
        assert "dnc: 2 numbers, 1 block; 1 came more than once, 1 rows were bad." in said.out
        assert "line 4: a spreadsheet has cut the number down" in said.err
        assert "13912345678" not in said.out + said.err, "numbers stay in the files"

        assert run("show") == 0
        out = capsys.readouterr().out.splitlines()
        assert out[1].split()[:5] == ["dnc", "dnc", mapped.version[:12], "2", "1"]
        assert out[1].endswith("yes")

        floor = list_floor.read_floor(settings_of(folder))
        announced = floor.owned.outbound.lists["dnc"]
        assert (announced.version, announced.bad, announced.who.partition(":")[0]) == (mapped.version, 1, "local")
        assert announced.as_of == 1_795_708_800 * SECOND, "midnight by the floor's clock"
        shelf = Shelf(folder / "data" / "lists")
        shelf.take(floor.owned.outbound.lists)
        assert shelf.settled(PATIENCE_S)
        assert shelf.seen(["dnc"], HIT)["dnc"].hit
        assert shelf.seen(["dnc"], "+864001234567")["dnc"].hit
        assert not shelf.seen(["dnc"], "+8613912345670")["dnc"].hit
        shelf.close()

        # An older one is a step back: the engine wants a reason, and the version of before stays in force until then.
        (folder / "old.csv").write_text("13812345678\n")
        assert run("import", "dnc", "old.csv", "--as-of", "2026-11-20") == 1
        assert "--reason WHY" in capsys.readouterr().err
        older = newest(folder).version
        assert list_floor.read_floor(settings_of(folder)).owned.outbound.lists["dnc"].version == mapped.version
        assert run("announce", "dnc", older[:8], "--reason", "the newer one was somebody else's") == 0
        assert list_floor.read_floor(settings_of(folder)).owned.outbound.lists["dnc"].version == older

        # What is announced and not on this machine is said.
        capsys.readouterr()
        path_of(folder / "data" / "lists", "dnc", older).unlink()
        assert run("show") == 1
        assert f"dnc@{older[:12]} is announced, and its file is not on this machine" in capsys.readouterr().err
    acts = [entry.action for entry in AuditLog(folder / "data").entries() if isinstance(entry, Entry)]
    assert acts.count("import a list") >= 2
    assert "announce a list" in acts


def settings_of(folder: Path):  # type: ignore[no-untyped-def]

    settings = load(folder / "andon.toml").settings
    assert settings is not None
    return settings


# ------------------------------------------------------------------ without one


def test_without_a_floor_the_file_stays_and_it_says_how(run: Run, folder: Path, capsys: Said) -> None:
    (folder / "n.txt").write_text("13912345678\n")
    assert run("import", "dnc", "n.txt") == 1
    err = capsys.readouterr().err
    assert f"andon lists announce dnc {newest(folder).version[:12]}" in err
    assert newest(folder).find(HIT)
    assert run("show") == 0
    said = capsys.readouterr()
    assert "cannot be told" in said.err
    assert said.out.splitlines()[1].endswith("?")


def test_gzip_in_gb18030(run: Run, folder: Path, capsys: Said) -> None:
    text = "姓名,手机号\n张三,13912345678\n李四,０１０－１２３４\n"
    (folder / "n.csv.gz").write_bytes(gzip.compress(text.encode("gb18030")))
    run("import", "dnc", "n.csv.gz", "--column", "手机号")
    assert newest(folder).find(HIT)
    bad = folder / "data" / "lists" / "dnc.bad.csv"
    assert bad.read_text(encoding="utf-8-sig").splitlines() == [
        "line,why,row",
        '3,it is no number that anybody could have,"李四,０１０－１２３４"',
    ]
    assert stat.S_IMODE(bad.stat().st_mode) == 0o600
    (folder / "n.csv.gz").write_bytes(gzip.compress(b"13912345678\n"))
    run("import", "dnc", "n.csv.gz")
    assert not bad.exists(), "it is the last import's"


def test_bad_rows_are_all_counted_and_the_first_are_kept(run: Run, folder: Path, capsys: Said) -> None:
    (folder / "n.txt").write_text("13912345678\n" + "=cmd()\n" * (BAD_KEPT + 7))
    run("import", "dnc", "n.txt")
    assert f"{BAD_KEPT + 7:,} rows were not taken" in capsys.readouterr().err
    lines = (folder / "data" / "lists" / "dnc.bad.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + BAD_KEPT
    assert lines[-1] == f"{BAD_KEPT + 1},it is no number that anybody could have,'=cmd()", "and is no formula"
    assert newest(folder).meta.bad == BAD_KEPT + 7


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x\ny\n", "Not one of 1 rows is a number"),
        (b"a,b\n1,2\n", "say which has the numbers"),
        (gzip.compress(b"13912345678\n" * 1000, mtime=0)[:-9], "no whole gzip file"),  # a time in it would be in the name of the test
        ("13912345678\n".encode("utf-16"), "save it as CSV in UTF-8"),
    ],
)
def test_what_is_no_list_makes_none(run: Run, folder: Path, capsys: Said, content: bytes, said: str) -> None:
    (folder / "n").write_bytes(content)
    assert run("import", "dnc", "n") == 1
    assert said in capsys.readouterr().err
    assert versions(folder / "data" / "lists", "dnc") == []
    assert [each.name for each in (folder / "data" / "lists" / "dnc").iterdir()] == []


def test_an_empty_file_is_not_announced_by_itself(run: Run, folder: Path, capsys: Said) -> None:
    (folder / "n").write_text("")
    assert run("import", "dnc", "n") == 1
    assert "There is nothing in it" in capsys.readouterr().err


def test_consents_say_to_whom_and_for_what(run: Run, folder: Path, capsys: Said) -> None:
    (folder / "n").write_text("13912345678\n")
    assert run("import", "yes", "n", "--kind", "consent") == 2
    assert "--client, --purpose and --wording" in capsys.readouterr().err
    assert run("import", "yes", "n", "--client", "bank") == 2
    words = ("--client", "bank", "--purpose", "service", "--wording", "v3", "--written", "--expires", "2027-06-30")
    assert run("import", "yes", "n", "--kind", "consent", *words) == 1
    meta = newest(folder, "yes").meta
    assert (meta.kind, meta.client, meta.purpose, meta.wording, meta.written) == ("consent", "bank", "service", "v3", True)
    assert meta.expires == 1_814_371_200 * SECOND, "the last day is a whole one, by the floor's clock"


@pytest.mark.parametrize(
    "words",
    [
        ("import",),
        ("import", "dnc"),
        ("import", "../dnc", "n"),
        ("import", "DNC", "n"),
        ("import", "dnc", "n", "--as-of", "yesterday"),
        ("import", "dnc", "n", "--as-of", "2099-01-01"),
        ("import", "dnc", "n", "--country", "ZZ"),
        ("announce",),
    ],
)
def test_what_cannot_be_meant_is_wrong(run: Run, folder: Path, words: tuple[str, ...]) -> None:
    (folder / "n").write_text("13912345678\n")
    assert run(*words) == 2
    assert not (folder / "data" / "lists").exists()


def test_what_is_not_there(run: Run, folder: Path, capsys: Said) -> None:
    assert run("import", "dnc", "nowhere.csv") == 1
    assert "nowhere.csv: No such file" in capsys.readouterr().err
    assert run("announce", "dnc") == 1
    assert run("show") == 0
    assert run("verify") == 0
    assert run("verify", "dnc") == 1


def test_verify_finds_a_spoilt_file(run: Run, folder: Path, capsys: Said) -> None:
    (folder / "n").write_text("13912345678\n")
    run("import", "dnc", "n")
    assert run("verify") == 0
    assert "is whole" in capsys.readouterr().out
    path = newest(folder).path
    content = bytearray(path.read_bytes())
    content[130] ^= 1
    path.write_bytes(content)
    assert run("verify") == 1
    assert "SHA-256" in capsys.readouterr().err
    assert run("announce", "dnc") == 1
    assert "cannot be announced" in capsys.readouterr().err


def test_the_date_is_the_files_where_none_is_said(run: Run, folder: Path) -> None:
    (folder / "n").write_text("13912345678\n")
    os.utime(folder / "n", (1_790_000_000, 1_790_000_000))
    run("import", "dnc", "n")
    assert newest(folder).meta.as_of == 1_790_000_000 * SECOND
