"""The folder of keys: made once, by whoever comes first, for nobody else to read."""

from __future__ import annotations

import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from realtime.keys import HASH_KEY, Keys
from realtime.words import SECOND

NOVEMBER = 1795510800 * SECOND


def digest_and_month(folder: str) -> tuple[str, bytes | None]:
    keys = Keys(Path(folder), make=True)
    sealed = keys.sealer().seal("13900000148", NOVEMBER)
    assert sealed is not None
    return sealed.digest, keys.month("2026-11")


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    folders = [str(tmp_path / str(number)) for number in range(6)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        pairs = [[processes.submit(digest_and_month, folder) for _ in range(2)] for folder in folders]
        for one, other in pairs:
            assert one.result(timeout=30) == other.result(timeout=30)
    assert sorted(path.name for path in (tmp_path / "0").iterdir()) == ["2026-11.key", "hash.key"]


def test_only_their_owner_reads_them(tmp_path: Path) -> None:
    digest_and_month(str(tmp_path / "keys"))
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}


def test_a_reader_makes_no_months_key(tmp_path: Path) -> None:
    assert Keys(tmp_path, make=False).month("2026-11") is None
    assert list(tmp_path.iterdir()) == []


def test_deleting_a_months_key_forgets_its_numbers(tmp_path: Path) -> None:
    sealed = Keys(tmp_path, make=True).sealer().seal("13900000148", NOVEMBER)
    assert sealed is not None
    reader = Keys(tmp_path, make=False).sealer()
    assert reader.open(sealed) == "13900000148"
    (tmp_path / "2026-11.key").unlink()
    reader.forget_keys()
    assert reader.open(sealed) is None


def test_months_have_keys_of_their_own(tmp_path: Path) -> None:
    keys = Keys(tmp_path, make=True)
    november, december = keys.month("2026-11"), keys.month("2026-12")
    assert november is not None
    assert len(november) == 64
    assert november != december
    assert keys.month("2026-11") == november
    assert (tmp_path / HASH_KEY).exists() is False
