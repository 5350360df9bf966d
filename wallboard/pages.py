"""The files of the pages: read from one folder, each with its type and its ETag; nothing outside of it.

Not what is on the pages (`web/`). `build` names the whole folder: a page that is older than its board sees that in the
snapshot and reloads itself.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

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


class Page(NamedTuple):
    content: bytes
    content_type: str
    etag: str


class Pages:
    """Read once at the start: a few hundred kilobytes, and no request ever reaches the disk or leaves the folder."""

    def __init__(self, folder: Path) -> None:
        files = _files_of(folder)
        self.build = _digest(b"".join(name.encode() + b"\0" + content for name, content in sorted(files.items())))[:12]
        self._pages = {name: _page(name, self._stamped(name, content)) for name, content in files.items()}

    def get(self, name: str) -> Page | None:
        """By its path inside the folder, with `/`."""
        return self._pages.get(name)

    def _stamped(self, name: str, content: bytes) -> bytes:
        return content.replace(_BUILD_MARK, self.build.encode()) if name.endswith(".html") else content


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
