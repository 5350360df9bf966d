"""The pages' files: their types, their ETags, and that nothing else can be had through them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from tests.wallboard.house import House, running
from wallboard.board import WEB
from wallboard.pages import Pages

FILES = {
    "wall.html": '<!doctype html><meta name="build" content="{{build}}"><script type="module" src="/web/wall.js"></script>',
    "wall.js": 'export const build = "{{build}}";',
    "lib/htm.mjs": "export default 1;",
    "wall.css": ":root { --ground: #0c1117 }",
    "icon.svg": "<svg/>",
    "notes.py": "kept = 'kept to ourselves'",
    ".hidden.js": "1",
}


@pytest.fixture
def web(tmp_path: Path) -> Path:
    folder = tmp_path / "web"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    (tmp_path / "outside.js").write_text("kept to ourselves")
    (folder / "link.js").symlink_to(tmp_path / "outside.js")
    return folder


async def test_types_etags_and_the_build(tmp_path: Path, web: Path) -> None:
    async with running(tmp_path, web=web) as house:
        page = await house.http.get("/wall")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert f'content="{house.board.pages.build}"' in page.text
        for name, kind in (("wall.js", "text/javascript"), ("lib/htm.mjs", "text/javascript"), ("wall.css", "text/css")):
            answer = await house.http.get(f"/web/{name}")
            assert (answer.status_code, answer.text) == (200, FILES[name])
            assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
            assert answer.headers["cache-control"] == "no-cache"
            again = await house.http.get(f"/web/{name}", headers={"If-None-Match": f'"other", W/{answer.headers["etag"]}'})
            assert (again.status_code, again.content) == (304, b"")
        assert (await house.http.get("/web/icon.svg")).headers["content-type"] == "image/svg+xml"
        root = await house.http.get("/")
        assert (root.status_code, root.headers["location"]) == (307, "/wall")
        assert (await house.http.head("/web/wall.js")).content == b""


async def test_gzip_for_those_who_take_it(tmp_path: Path, web: Path) -> None:
    (web / "long.js").write_text(LONG)
    async with running(tmp_path, web=web) as house:
        answers = {}
        for takes in ("", "identity", "gzip;q=0", "br, GZIP;q=0.5", "gzip"):
            answer = answers[takes] = await house.http.get("/web/long.js", headers={"Accept-Encoding": takes})
            assert (answer.text, answer.headers["vary"]) == (LONG, "Accept-Encoding")
        zipped = {takes for takes, answer in answers.items() if answer.headers.get("content-encoding") == "gzip"}
        assert zipped == {"br, GZIP;q=0.5", "gzip"}
        assert int(answers["gzip"].headers["content-length"]) < len(LONG) / 10
        assert answers["gzip"].headers["etag"] != answers[""].headers["etag"], "two sets of bytes, two tags"
        again = await house.http.get("/web/long.js", headers={"If-None-Match": answers["gzip"].headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        short = await house.http.get("/web/icon.svg", headers={"Accept-Encoding": "gzip"})
        assert "content-encoding" not in short.headers, "it would be longer"


def test_a_page_asks_for_all_that_its_script_imports(web: Path) -> None:
    (web / "wall.js").write_text('import { a,\n  b } from "./lib/one.js";\nimport "./side.js";\nimport gone from "./gone.js";\n')
    (web / "lib/one.js").write_text(
        "export { two } from \"./two.js\";\nimport htm from './htm.mjs';\nconst said = \"from './notes.js'\";\n"
    )
    (web / "lib/two.js").write_text('import "../wall.js";\nimport "../side.js";\nimport "../../outside.js";\n')
    for name in ("side.js", "notes.js"):
        (web / name).write_text("1")
    page = Pages(web).get("wall.html")
    assert page is not None
    asked = re.findall(r'<link rel="modulepreload" href="/web/([^"]+)">', page.content.decode())
    assert asked == ["lib/one.js", "side.js", "lib/two.js", "lib/htm.mjs"]


@pytest.mark.parametrize("name", ["wall.html", "floor.html", "login.html", "reports.html"])
def test_no_module_of_ours_is_found_late(name: str) -> None:
    """The graph by our pattern is that by the word `from` or `import` before a quoted path, wherever it stands."""
    page = Pages(WEB).get(name)
    assert page is not None
    told = set(re.findall(r'(?:href|src)="/web/([^"]+js)"', page.content.decode()))
    for module in told:
        for path in re.findall(r"""(?:from|import)\s*["'](\.[^"']+)["']""", (WEB / module).read_text("utf-8")):
            assert (WEB / module).parent.joinpath(path).resolve().relative_to(WEB.resolve()).as_posix() in told
    assert len(told) > 5


LONG = "/* the same line */\n" * 200
ESCAPES = (
    "/web/../outside.js", "/web/..%2foutside.js", "/web/%2e%2e/outside.js", "/web//etc/passwd", "/web/%2fetc%2fpasswd",
    "/web/..%5coutside.js", "/web/link.js", "/web/notes.py", "/web/.hidden.js", "/web/lib", "/web/", "/web/wall.js%00",
    "/web/lib/../wall.js",
)  # fmt: skip


async def test_nothing_outside_of_the_folder(tmp_path: Path, web: Path) -> None:
    async with running(tmp_path, web=web, open_floor=False) as house:
        for path in ESCAPES:
            status, body = await raw_get(house, path)
            assert status == 404, path
            assert b"kept to ourselves" not in body
            assert b"root:" not in body
        assert (await raw_get(house, "/web/lib/htm.mjs"))[0] == 200, "the way of asking is right"


async def raw_get(house: House, path: str) -> tuple[int, bytes]:
    """As it is typed: HTTP clients tidy paths up before they send them."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return int(answer.split()[1]), answer.partition(b"\r\n\r\n")[2]
