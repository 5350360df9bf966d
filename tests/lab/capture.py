"""Plays a scene on a real pair and keeps what AMI said of it, with the queue_log of the same minutes.

    python -m tests.lab.capture SCENE RELEASE       # e.g. hold sid; `all` plays every scene
    python -m tests.lab.capture --list

Writes tests/transcripts/asterisk-VERSION/SCENE.ami and SCENE.queue_log; a scene that ends its session (a restart)
gives SCENE.1.ami and SCENE.2.ami. Each session begins with the banner, the login's answer, QueueStatus (ActionID
snap1) and CoreShowChannels (snap2), and ends with a fence (VarSet of ANDON_FENCE) when the floor is quiet.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
import time
from pathlib import Path

from tests.lab.drive import quiet
from tests.lab.pair import NoTree, Pair
from tests.lab.people import World
from tests.lab.scenarios import SCENES, Scene, Stage
from tests.lab.trees import RELEASES

TRANSCRIPTS = Path(__file__).parent.parent / "transcripts"
PLAIN_BYTES = 80_000
"""Larger ones are kept gzipped."""
SCENE_SECONDS = 120.0


async def play(scene: Scene, release: str) -> tuple[list[bytes], bytes]:
    """The sessions' bytes and the queue_log."""
    async with Pair.open(release, parking_seconds=scene.parking_seconds) as pair:
        world = await World.enter(pair)
        record, hands = await pair.pbx.ami("record", keep_raw=True), await pair.pbx.ami()
        stage = Stage(pair, world, record, hands)
        try:
            await record.send("QueueStatus", action_id="snap1")
            await record.send("CoreShowChannels", action_id="snap2")
            async with asyncio.timeout(SCENE_SECONDS):
                await scene.play(stage)
                await stage.world.everybody_hangs_up()
                await quiet(pair)
            mark = stage.mark
            await stage.hands.send("Setvar", Variable="ANDON_FENCE", Value="end")
            await stage.event("VarSet", mark, Variable="ANDON_FENCE")
            return [*stage.sessions, bytes(stage.record.raw)], pair.queue_log.read_bytes()
        finally:
            for session in (stage.world.ami, stage.record, stage.hands):
                await session.close()


def keep(scene: Scene, release: str, sessions: list[bytes], queue_log: bytes) -> list[Path]:
    """Write the files of a scene in place of earlier ones."""
    folder = TRANSCRIPTS / f"asterisk-{RELEASES[release]}"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{scene.name}.*"):
        old.unlink()
    paths = [folder / f"{scene.name}.queue_log"]
    paths[0].write_bytes(queue_log)
    for number, data in enumerate(sessions, start=1):
        name = f"{scene.name}.{number}.ami" if len(sessions) > 1 else f"{scene.name}.ami"
        paths.append(folder / (f"{name}.gz" if len(data) > PLAIN_BYTES else name))
        paths[-1].write_bytes(gzip.compress(data, mtime=0) if len(data) > PLAIN_BYTES else data)
    return paths


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[1] not in RELEASES or (arguments[0] not in SCENES and arguments[0] != "all"):
        lines = [f"{scene.name:32} {scene.shows}" for scene in SCENES.values()]
        sys.stdout.write("\n".join([*(__doc__ or "").splitlines(), *lines, ""]))
        return int(arguments != ["--list"])
    failed = [name for name in (SCENES if arguments[0] == "all" else [arguments[0]]) if not _capture(SCENES[name], arguments[1])]
    return int(bool(failed))


def _capture(scene: Scene, release: str) -> bool:
    began = time.monotonic()
    try:
        paths = keep(scene, release, *asyncio.run(play(scene, release)))
    except (TimeoutError, NoTree) as fault:
        sys.stdout.write(f"{scene.name}: FAILED after {time.monotonic() - began:.1f} s: {fault}\n")
        return False
    sizes = ", ".join(f"{path.name} {path.stat().st_size}" for path in paths)
    sys.stdout.write(f"{scene.name}: {time.monotonic() - began:.1f} s: {sizes}\n")
    sys.stdout.flush()
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
