"""A drive, by xorriso: burns, closes, ejects, and tells what drive and medium it was.

Not what counts as burned (`register.py`: after reading all of it back). `stdio:PATH` instead of a device is a file to xorriso, which is
how this is tested where no drive is. Slow on purpose: DVD at 4x, BD at 4x, since faster writing raises the error rate of what is kept
for years (practice of archives, DA/T 38-2008).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from recordings.discs import mark
from recordings.discs.burner import Burned, BurnFailed, DriveAway
from recordings.discs.image import XORRISO, ImageFailed, run

STDIO: Final = "stdio:"
SPEEDS: Final = {"cd": "16c", "dvd": "4d", "dvd-r": "4d", "bd-r-25": "4b"}
BURN_S: Final = 6 * 3600
"""25 GB at 1x BD are 94 minutes; with defect management on, twice that, and again as much for a slow drive."""
TRAY_S: Final = 180
PAD: Final = "padsize=150s"
"""Empty blocks behind the image: drives that read ahead fail at the very end of a track without them (mkisofs(8), -pad)."""
_DRIVE = re.compile(r"^Drive type\s*: vendor '(.*?)' product '(.*?)' revision '(.*?)'", re.MULTILINE)
_PRODUCT = re.compile(r"^Media product: (.+)$", re.MULTILINE)
_KIND = re.compile(r"^Media current: (.+)$", re.MULTILINE)


BLANK: Final = re.compile(r"^Media status\s*: is blank", re.MULTILINE)


def told(toc: str) -> Burned:
    """From xorriso's table of contents."""
    drive, kind, product = _DRIVE.search(toc), _KIND.search(toc), _PRODUCT.search(toc)
    media = ", ".join(" ".join(found[1].split()) for found in (kind, product) if found is not None)
    return Burned(" ".join(" ".join(drive.groups()).split()) if drive else "", media)


class DriveBurner:
    def __init__(self, device: str) -> None:
        self._device = device
        self._path = Path(device.removeprefix(STDIO))
        self._tray = not device.startswith(STDIO)

    def ready(self, disc: str) -> None:
        self._empty(disc)

    def burn(self, image: Path, disc: str, medium: str) -> Burned:
        toc = self._empty(disc)
        command = [XORRISO, "-no_rc", "-as", "cdrecord", f"dev={self._device}", f"speed={SPEEDS[medium]}", "-data", PAD, str(image)]
        try:
            with _marked(image, disc):
                run(command, BURN_S)
        except ImageFailed as error:
            raise BurnFailed("burn.not_burned", disc=disc, why=error) from error
        except OSError as error:
            raise DriveAway("drive.not_ready", disc=disc, why=error.strerror or error) from error
        return told(toc)

    def reload(self, disc: str) -> None:
        """A drive without a motor for its tray needs a hand."""
        if not self._tray:
            return
        try:
            run([XORRISO, "-no_rc", "-outdev", self._device, "-eject", "all"], TRAY_S)
        except ImageFailed as error:
            raise DriveAway("drive.stuck", disc=disc, why=error) from error
        self._look(disc)

    def path(self, disc: str) -> Path:
        return self._path

    def _empty(self, disc: str) -> str:
        """Its table of contents. A rewritable medium with something on it is somebody's."""
        toc = self._look(disc)
        if BLANK.search(toc) is None:
            raise DriveAway("drive.not_empty", disc=disc)
        return toc

    def _look(self, disc: str) -> str:
        """xorriso's table of contents. Loads the tray, too. To xorriso any path is a drive, so that one is looked at first."""
        if self._tray and not self._path.is_block_device():
            raise DriveAway("drive.none", device=self._device)
        try:
            return run([XORRISO, "-no_rc", "-outdev", self._device, "-toc"], TRAY_S)
        except ImageFailed as error:
            raise DriveAway("drive.silent", why=error, disc=disc) from error


@contextmanager
def _marked(image: Path, disc: str) -> Iterator[None]:
    """With the disc's mark behind it, for as long: one track is one file to xorriso. A process killed here leaves it (`works.py`)."""
    size = image.stat().st_size
    try:
        with image.open("ab") as file:
            file.write(mark.behind(size, disc))
        yield
    finally:
        os.truncate(image, size)
