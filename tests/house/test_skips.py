"""tests/skips.py, tried by running pytest on small files of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT

SKIPS = {
    "by marker": "import pytest\n@pytest.mark.skip(reason='no chromium here')\ndef test_it(): ...",
    "by fixture": "import pytest\n@pytest.fixture\ndef lab(): pytest.skip('no chromium here')\ndef test_it(lab): ...",
    "by file": "import pytest\npytest.skip('no chromium here', allow_module_level=True)",
}

EXPECTED_FAILURE = "import pytest\n@pytest.mark.xfail(reason='known')\ndef test_it(): assert False"


def run_pytest(folder: Path, source: str, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_small.py").write_text(source)
    command = [sys.executable, "-m", "pytest", "-p", "tests.skips", "-c", os.devnull, "--rootdir", str(folder), "-rA", str(folder)]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = {**plain, "CI": ci, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("how", SKIPS)
def test_a_skip_fails_in_ci_and_says_why(tmp_path: Path, how: str) -> None:
    answer = run_pytest(tmp_path, SKIPS[how], ci="true")
    assert answer.returncode not in (0, 5), answer.stdout
    assert "no chromium here" in answer.stdout


@pytest.mark.parametrize("how", SKIPS)
def test_a_skip_is_a_skip_elsewhere(tmp_path: Path, how: str) -> None:
    answer = run_pytest(tmp_path, SKIPS[how], ci="")
    assert "1 skipped" in answer.stdout, answer.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    answer = run_pytest(tmp_path, EXPECTED_FAILURE, ci="true")
    assert answer.returncode == 0, answer.stdout
