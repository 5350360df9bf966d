"""Chroot trees that hold a real Asterisk, made once by debootstrap and kept outside the clone.

`sid` brings Asterisk 22, `bullseye` brings 16. A tree is built in a temporary name and renamed when it is complete,
under a file lock, so parallel tests build it once and nobody sees half of one. What cannot be done comes back as an
`Impossible` with its reason; nothing here asks a question. It starts no Asterisk: that is `server.py` and `pair.py`.

    python -m tests.lab.trees sid bullseye
"""

from __future__ import annotations

import fcntl
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

RELEASES = {"sid": 22, "bullseye": 16}
"""Debian suite -> the major version of Asterisk that it carries."""

STEP_SECONDS = 900
"""A tree takes 45 s on a fast mirror; a slow line may need minutes, a dead one must not hang a test run."""

PACKAGES = ("asterisk", "asterisk-core-sounds-en-gsm")
"""The prompts matter: a feature transfer whose prompt is missing is given up by Asterisk."""


@dataclass(frozen=True)
class Tree:
    """A complete tree: `path` is the root for chroot."""

    release: str
    asterisk: int
    path: Path


@dataclass(frozen=True)
class Impossible:
    """Why there is no tree here, and what would change that."""

    release: str
    reason: str
    next_step: str

    def __str__(self) -> str:
        return f"No Asterisk tree of {self.release}: {self.reason}. {self.next_step}"


class StepFailed(Exception):
    """A command of the build ended badly; carries the last lines it wrote."""


def lab_dir() -> Path:
    """Where trees live: ANDON_LAB, else a place that outlives the clone and the boot."""
    return Path(os.environ.get("ANDON_LAB") or "/var/tmp/andon-lab")


def find_tree(release: str) -> Tree | None:
    """The finished tree, if it is there; builds nothing."""
    path = lab_dir() / release
    return Tree(release, RELEASES[release], path) if (path / "usr/sbin/asterisk").exists() else None


def ensure_tree(release: str) -> Tree | Impossible:
    """The finished tree, built now if need be (one builder at a time on this machine)."""
    if release not in RELEASES:
        return Impossible(release, "unknown release", f"Known: {', '.join(RELEASES)}.")
    if os.geteuid() != 0:
        return Impossible(release, "chroot needs root", "Run the tests as root to have them.")
    with _locked(lab_dir() / f"{release}.lock"):
        tree = find_tree(release)
        if tree is None:
            refusal = _build(release)
            tree = find_tree(release)
            if refusal is not None or tree is None:
                return refusal or Impossible(release, "the build left no Asterisk", f"See {_log_path(release)}.")
        _write_names(tree.path)
        return tree


def _build(release: str) -> Impossible | None:
    if not _have_debootstrap():
        return Impossible(release, "debootstrap is missing and could not be installed", "Run: apt-get install debootstrap")
    target = lab_dir() / f"{release}.building"
    _remove(target)  # a build that was killed; we hold the lock, so nobody is in it
    try:
        _debootstrap(release, target)
        _keep_services_down(target)
        _install(release, target)
    except (StepFailed, subprocess.TimeoutExpired, OSError) as fault:
        _remove(target)
        return Impossible(release, f"the build failed ({fault})", f"See {_log_path(release)}; it needs a Debian mirror.")
    (target / "etc/resolv.conf").write_text("")
    target.rename(lab_dir() / release)
    return None


def _have_debootstrap() -> bool:
    if shutil.which("debootstrap") is None and shutil.which("apt-get") is not None:
        command = ["apt-get", "install", "-y", "--no-install-recommends", "debootstrap"]
        subprocess.run(command, env=_quiet_environment(), capture_output=True, timeout=STEP_SECONDS, check=False)
    return shutil.which("debootstrap") is not None


def _debootstrap(release: str, target: Path) -> None:
    mirror = debian_mirror()
    keyring = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
    command = ["debootstrap", "--variant=minbase"]
    command += [f"--keyring={keyring}"] if keyring.exists() else []
    command += [release, str(target)]
    command += [mirror] if mirror else []  # else debootstrap's own default for the suite
    _run(release, command)


def _keep_services_down(target: Path) -> None:
    """Debian's way to install a daemon without starting it: policy-rc.d that answers 101."""
    policy = target / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    (target / "etc/apt/apt.conf.d/90host").write_text(_host_apt_settings())


def _install(release: str, target: Path) -> None:
    _run(release, ["chroot", str(target), "apt-get", "install", "-y", "--no-install-recommends", *PACKAGES])
    _run(release, ["chroot", str(target), "apt-get", "clean"])


def debian_mirror() -> str | None:
    """The mirror this machine's own apt uses, if this machine is a Debian; no host is written in our code."""
    system = platform.freedesktop_os_release()
    if system.get("ID") != "debian":
        return None
    codename = system.get("VERSION_CODENAME", "")
    for address, suites, components in _apt_sources(Path("/etc/apt")):
        if codename in suites and "main" in components and address.startswith(("http:", "https:", "file:", "copy:")):
            return address
    return None


def _apt_sources(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """(address, suites, components) of each source, from one-line files and deb822 files."""
    for file in [folder / "sources.list", *sorted(folder.glob("sources.list.d/*.list"))]:
        for line in file.read_text().splitlines() if file.exists() else []:
            words = re.sub(r"\[.*?\]", "", line).split()
            if len(words) >= 4 and words[0] == "deb":
                yield words[1], [words[2]], words[3:]
    for file in sorted(folder.glob("sources.list.d/*.sources")):
        for stanza in file.read_text().split("\n\n"):
            pairs = (line.split(":", 1) for line in stanza.splitlines() if ":" in line and not line.startswith("#"))
            fields = {key.strip(): value.split() for key, value in pairs}
            for address in fields.get("URIs", []):
                yield address, fields.get("Suites", []), fields.get("Components", [])


def _host_apt_settings() -> str:
    """How this machine reaches its mirror (proxies, stale dates allowed) holds inside the tree too."""
    dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=False).stdout
    wanted = ("Acquire::http", "Acquire::Check-Valid-Until", "Acquire::Retries")
    return "".join(f"{line}\n" for line in dump.splitlines() if line.startswith(wanted))


def _write_names(tree: Path) -> None:
    """Without its own name in etc/hosts each call waits for DNS; PJSIP asks for the root server's name as well."""
    text = f"127.0.0.1 localhost {platform.node()} A.ROOT-SERVERS.NET\n"
    hosts = tree / "etc/hosts"
    if not hosts.exists() or hosts.read_text() != text:
        hosts.write_text(text)


def _run(release: str, command: list[str]) -> None:
    with _log_path(release).open("ab") as log:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_quiet_environment(), timeout=STEP_SECONDS, check=False
        )
    if done.returncode:
        last = _log_path(release).read_text(errors="replace").strip().splitlines()[-1:]
        raise StepFailed(f"{command[0]} exited {done.returncode}: {' '.join(last)}")


def _quiet_environment() -> dict[str, str]:
    return os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}


def _log_path(release: str) -> Path:
    return lab_dir() / f"{release}.build.log"


def _remove(target: Path) -> None:
    """Delete a half-built tree; first unmount what a killed debootstrap left mounted in it (deepest first)."""
    if not target.exists():
        return
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for mount in sorted((m for m in mounts if m.startswith(f"{target}/")), key=len, reverse=True):
        subprocess.run(["umount", mount], capture_output=True, check=True)
    shutil.rmtree(target)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main(releases: list[str]) -> int:
    """Build what is asked for; 0 if all of it is there."""
    results = [ensure_tree(release) for release in releases or list(RELEASES)]
    for result in results:
        text = str(result) if isinstance(result, Impossible) else f"Asterisk {result.asterisk} in {result.path}"
        sys.stdout.write(f"{text}\n")
    return int(any(isinstance(result, Impossible) for result in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
