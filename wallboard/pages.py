"""The files of the pages: read from one folder, each with its type, its ETag and its gzip; nothing outside of it.

Not what is on the pages (`web/`). A page asks at once for all modules that its script imports, and those for theirs: without
that a browser learns of them level by level, one way there and back for each. `build` names the whole folder: a page that
is older than its board sees that in the snapshot and reloads itself.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from posixpath import dirname, normpath

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}
_BUILD_MARK = b"{{build}}"
_SCRIPT = re.compile(rb'( *)<script type="module" src="/web/([^"]+)"')
_IMPORT = re.compile(rb"""^[ \t]*(?:(?:import|export)\b[^;"']*?\bfrom|import)\s*["'](\.[^"']+)["']""", re.MULTILINE)
_NO_GZIP = re.compile(r"q=0(\.0{0,3})?")
_WORTH = 0.9
"""Of its size: what gzip leaves larger than that (an image, a few bytes) goes as it is."""


@dataclass(frozen=True)
class Page:
    content: bytes
    content_type: str
    etag: str

    @cached_property
    def gzipped(self) -> bytes | None:
        """Made once, when it is first asked for: a millisecond, and a start need not wait for all. None where it does not pay."""
        zipped = gzip.compress(self.content, mtime=0)
        return zipped if len(zipped) < _WORTH * len(self.content) else None

    @property
    def gzip_etag(self) -> str:
        """Other bytes, so another tag (RFC 9110, 8.8.3.3)."""
        return f'{self.etag[:-1]}-gzip"'


class Pages:
    """Read once at the start: a few hundred kilobytes, and no request ever reaches the disk or leaves the folder."""

    def __init__(self, folder: Path) -> None:
        files = _files_of(folder)
        self.build = _digest(b"".join(name.encode() + b"\0" + content for name, content in sorted(files.items())))[:12]
        self._pages = {name: _page(name, self._stamped(name, content, files)) for name, content in files.items()}

    def get(self, name: str) -> Page | None:
        """By its path inside the folder, with `/`."""
        return self._pages.get(name)

    def _stamped(self, name: str, content: bytes, files: dict[str, bytes]) -> bytes:
        if not name.endswith(".html"):
            return content
        return _SCRIPT.sub(lambda found: _preloads(found, files) + found[0], content.replace(_BUILD_MARK, self.build.encode()))


def takes_gzip(accept_encoding: str) -> bool:
    """By the header of that name; gzip;q=0 is a no."""
    for part in accept_encoding.lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";")
        if coding in ("gzip", "x-gzip"):
            return not _NO_GZIP.fullmatch(weight)
    return False


def _preloads(script: re.Match[bytes], files: dict[str, bytes]) -> bytes:
    names = imported(script[2].decode(), files)
    return b"".join(script[1] + f'<link rel="modulepreload" href="/web/{name}">\n'.encode() for name in names)


def imported(name: str, files: dict[str, bytes]) -> list[str]:
    """All that a module needs, near ones first, without itself. Only by `import` and `export` at the beginning of a line."""
    found, at = [name], 0
    while at < len(found):
        beside = dirname(found[at])
        for match in _IMPORT.finditer(files.get(found[at], b"")):
            other = normpath(f"{beside}/{match[1].decode()}").lstrip("/")
            if other in files and other not in found:
                found.append(other)
        at += 1
    return found[1:]


def _files_of(folder: Path) -> dict[str, bytes]:
    root = folder.resolve()
    found = {}
    for path in root.rglob("*"):
        name = path.relative_to(root)
        hidden = any(part.startswith(".") for part in name.parts)
        inside = path.resolve().is_relative_to(root)  # a link that leads out is not one of our pages
        if path.is_file() and inside and not hidden and path.suffix in CONTENT_TYPES:
            found[name.as_posix()] = path.read_bytes()
    return found


def _page(name: str, content: bytes) -> Page:
    return Page(content, CONTENT_TYPES[Path(name).suffix], f'"{_digest(content)[:32]}"')


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
