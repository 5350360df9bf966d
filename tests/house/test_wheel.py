"""The built package, as a stranger gets it: it carries its data, and it runs from an empty folder.

Builds the wheel from a copy of the source, so that no build folder of the checkout leaks in or out, and installs it
into an environment of its own. Its dependencies are those of the environment that runs the tests (a path file).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.house.sources import PACKAGES, ROOT, our_files

DATA = ("presets", "deploy")
"""Folders at the top that a wheel carries as andon/NAME."""

VENDOR = Path("wallboard/web/vendor")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("source")
    for path in our_files():
        (source / path.parent).mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, source / path, follow_symlinks=False)
    for name in DATA:  # git lists a link, but only as long as it is no folder to it
        link = source / "andon" / name
        if not link.exists():
            link.symlink_to(Path("..") / name)
    if (ROOT / VENDOR).is_dir():
        shutil.copytree(ROOT / VENDOR, source / VENDOR)
    out = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)], cwd=source)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def andon(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that has nothing of the checkout in it."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(home), "platbase": str(home)}))
    python = home / "bin" / "python"
    run([sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)], cwd=home)
    # A line that is a path adds only that folder: the path files in it, as the one of our editable install, are not read.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    where = run([str(python), "-c", "import realtime.words as words; print(words.__file__)"], cwd=home).stdout
    assert where.startswith(str(home)), f"the checkout shows through: {where}"
    return home / "bin" / "andon"


def run(command: list[str], cwd: Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ANDON_"))}
    answer = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120)
    assert answer.returncode == expect, f"{' '.join(command)} ended with {answer.returncode}\n{answer.stdout}{answer.stderr}"
    return answer


def test_it_carries_every_file_of_the_packages(names: set[str]) -> None:
    ours = {path.as_posix() for path in our_files() if path.parts[0] in PACKAGES and not (ROOT / path).is_symlink()}
    assert not ours - names


@pytest.mark.parametrize("folder", DATA)
def test_it_carries_data(names: set[str], folder: str) -> None:
    ours = {f"andon/{path.as_posix()}" for path in our_files() if path.parts[0] == folder}
    assert ours
    assert not ours - names


def test_it_carries_the_browser_libraries(names: set[str]) -> None:
    vendored = {path.relative_to(ROOT).as_posix() for path in (ROOT / VENDOR).rglob("*") if path.is_file()}
    assert vendored, f"{VENDOR} is empty here: run make install"
    assert not vendored - names


def test_it_carries_nothing_else(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_its_data_is_found_where_it_is_looked_for(andon: Path, tmp_path: Path) -> None:
    for folder in DATA:
        look = f"from importlib.resources import files; print((files('andon') / '{folder}').is_dir())"
        assert run([str(andon.with_name("python")), "-c", look], cwd=tmp_path).stdout.strip() == "True"


def test_help_teaches(andon: Path, tmp_path: Path) -> None:
    answer = run([str(andon), "--help"], cwd=tmp_path)
    assert "check" in answer.stdout
    assert "up" in answer.stdout


def test_check_in_an_empty_folder_says_what_to_do(andon: Path, tmp_path: Path) -> None:
    answer = run([str(andon), "check"], cwd=tmp_path, expect=1)
    said = answer.stdout + answer.stderr
    assert "andon.toml" in said
    assert "Traceback" not in said
