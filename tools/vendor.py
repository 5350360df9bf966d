"""Fetches the browser libraries by package-lock.json and copies what the pages load into wallboard/web/vendor.

    python tools/vendor.py           fetch and copy, as `make install` does
    python tools/vendor.py lock      write package-lock.json anew after a change of package.json

No bundler and no import map: a page may load modules of its own site only (its content security policy), so bare
specifiers become relative ones. npm checks each package against the hash in the lock; no package's script is run. It
needs npm on the path: tools/install.sh brings one in a wheel where there is none.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "wallboard" / "web" / "vendor"
FOR_TESTS = ROOT / "tests" / "wallboard" / "web" / "vendor"
MANIFESTS = ("package.json", "package-lock.json")


class Module(NamedTuple):
    """One file of a package, and the name that pages load it by."""

    specifier: str
    file: str
    name: str

    @property
    def package(self) -> str:
        """`@preact/signals-core` of `@preact/signals-core/dist/...`."""
        return "/".join(self.file.split("/")[: 2 if self.file.startswith("@") else 1])


MODULES = (
    Module("preact", "preact/dist/preact.mjs", "preact.mjs"),
    Module("htm", "htm/dist/htm.mjs", "htm.mjs"),
    Module("@preact/signals-core", "@preact/signals-core/dist/signals-core.mjs", "signals-core.mjs"),
    Module("wavesurfer.js", "wavesurfer.js/dist/wavesurfer.esm.js", "wavesurfer.mjs"),
    Module("wavesurfer.js/regions", "wavesurfer.js/dist/plugins/regions.esm.js", "wavesurfer-regions.mjs"),
)
TEST_MODULES = (Module("axe-core", "axe-core/axe.min.js", "axe.min.js"),)
"""Not for pages and not in the wheel: what the tests put into a page to judge it."""
NAMES = {module.specifier: module.name for module in MODULES}

SPECIFIER = re.compile(r"""(\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"'.][^"']*)\2""")
"""What follows `from` or `import` and is not relative. The files are minified, so spaces are optional."""

SOURCE_MAP = re.compile(r"\n?//# sourceMappingURL=\S+\s*$")


def main(arguments: list[str]) -> int:
    if shutil.which("npm") is None:
        return complain("npm is not on the path: run `make install`, which brings it, or install Node.js 18 or newer.")
    try:
        if arguments == ["lock"]:
            write_lock()
        else:
            vendor()
    except subprocess.CalledProcessError as failed:
        return complain(f"npm could not do it ({failed.returncode}); what it said last:\n{failed.stderr[-1500:]}")
    except UnknownSpecifier as unknown:
        return complain(str(unknown))
    return 0


def vendor() -> None:
    """All or nothing: the old folder stays until the new one is whole."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in MANIFESTS:
            shutil.copy2(ROOT / name, folder / name)
        npm(folder, "ci")
        for modules, goal in ((MODULES, VENDOR), (TEST_MODULES, FOR_TESTS)):
            ready = folder / f"{len(modules)} modules"
            ready.mkdir()
            for module in modules:
                copy(folder / "node_modules", module, ready)
            shutil.rmtree(goal, ignore_errors=True)
            shutil.copytree(ready, goal)


def copy(packages: Path, module: Module, to: Path) -> None:
    text = (packages / module.file).read_text("utf-8")
    if module in MODULES:
        text = relative(SOURCE_MAP.sub("\n", text), module.name)
    (to / module.name).write_text(text, "utf-8")
    licence = (packages / module.package / "LICENSE").read_text("utf-8")
    version = json.loads((packages / module.package / "package.json").read_text("utf-8"))["version"]
    (to / f"{module.name}.LICENSE.txt").write_text(f"{module.package} {version}\n\n{licence}", "utf-8")


class UnknownSpecifier(ValueError):
    pass


def relative(text: str, name: str) -> str:
    """The text with each bare specifier turned into the file beside it."""

    def beside(found: re.Match[str]) -> str:
        lead, quote, specifier = found.groups()
        if specifier not in NAMES:
            raise UnknownSpecifier(f"{name} imports {specifier}, which MODULES in tools/vendor.py does not have: add it.")
        return f"{lead}{quote}./{NAMES[specifier]}{quote}"

    return SPECIFIER.sub(beside, text)


def write_lock() -> None:
    """Without addresses: a lock says what is wanted, each machine knows where it gets packages."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shutil.copy2(ROOT / "package.json", folder / "package.json")
        npm(folder, "install", "--package-lock-only", "--omit-lockfile-registry-resolved")
        lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
        for package in lock["packages"].values():
            package.pop("funding", None)
            package.pop("resolved", None)
        (ROOT / "package-lock.json").write_text(json.dumps(lock, indent=2) + "\n", "utf-8")


def npm(folder: Path, *verb: str) -> None:
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
    # the machine's own npm
    subprocess.run(["npm", *verb, *quiet], cwd=folder, check=True, capture_output=True, text=True, timeout=300)  # noqa: S603, S607


def complain(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
