"""What the archivist does beside taking recordings in, and how often: calls, orphans, terms, disposals, keys, checkpoints, fixity,
discs, whom scores send to training.

Not the doing (`recordings/`), and not the loop (`recordings/archivist.py`). Each task is asked again and again and is quick when there is
nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from andon.archive.opened import tool
from realtime.plan.difference import version_of
from realtime.plan.model import Plan
from realtime.words import SECOND, Micros
from recordings.archivist import Periodic
from recordings.calls.ledger import Ledger
from recordings.calls.orphans import Orphans
from recordings.catalogue.catalogue import Catalogue
from recordings.crypt import keeping
from recordings.crypt.stores import KeyStores
from recordings.discs import works
from recordings.discs.opening import works_of
from recordings.proof import publishing
from recordings.proof.published import folder_of
from recordings.proof.signer import Signer
from recordings.quality import training
from recordings.quality.frame import say_rules
from recordings.retention.carrying import carry_out
from recordings.retention.erasure import wake
from recordings.retention.ids import new_id
from recordings.retention.judging import Policy, policy_of
from recordings.retention.recompute import recompute
from recordings.retention.tools import Tools
from recordings.sealing import in_thread
from recordings.settings import ArchiveSettings
from recordings.vault.fixity import check
from recordings.vault.folder import FolderVault

MINUTE_S: Final = 60.0
DISCS_S: Final = 10.0
"""Somebody stands beside the drive."""
HOUR_S: Final = 3600.0
DAY: Final[Micros] = 86_400 * SECOND
TERMS_S: Final = 24 * HOUR_S
"""A term ends with a day."""


class Parts(NamedTuple):
    settings: ArchiveSettings
    catalogue: Catalogue
    stores: KeyStores
    vaults: Sequence[FolderVault]
    ledger: Ledger
    orphans: Orphans
    plan: Callable[[], Plan]
    clock: Callable[[], Micros]
    tell_training: training.Tell


def tasks_of(parts: Parts) -> tuple[Periodic, ...]:
    catalogue, clock, settings = parts.catalogue, parts.clock, parts.settings
    signer = Signer(Path(settings.data_dir) / "keys", settings.floor)
    published = folder_of(settings.folder)
    room = works_of(settings, catalogue, lambda: parts.plan().archive, clock)

    def policy() -> Policy:
        return policy_of(parts.plan(), settings.timezone)

    cut = partial(publishing.cut, catalogue, signer, published)
    tools = Tools(catalogue, parts.stores, parts.vaults, policy, signer.key, clock, settings.floor, tool(), settings.folder, cut)

    async def terms() -> None:
        await recompute(catalogue, policy(), clock())
        await wake(catalogue, policy(), clock(), lambda: new_id("e"))

    async def fixity() -> None:
        await check(catalogue, parts.vaults, clock, parts.plan().archive.check_days * DAY)

    async def leftovers() -> None:
        for vault in parts.vaults:
            await in_thread(vault.sweep)

    async def schooling() -> None:
        await training.look(catalogue, parts.plan().archive.quality, settings.timezone, clock(), parts.tell_training)

    return (
        Periodic("The ledger of calls", MINUTE_S, parts.ledger.reconcile),
        Periodic("Linking of orphans", MINUTE_S, parts.orphans.adopt),
        Periodic("The carrying out of disposals", MINUTE_S, lambda: carry_out(tools, "archivist")),
        Periodic("The reckoning of terms", TERMS_S, terms),
        Periodic("The destroying of keys", HOUR_S, lambda: keeping.finish(catalogue, parts.stores, clock)),
        Periodic("The checkpoint of the day", HOUR_S, lambda: _checkpoint(parts, signer, published)),
        Periodic("Fixity", MINUTE_S, fixity),
        Periodic("The work on discs", DISCS_S, lambda: works.carry_out(room)),
        Periodic("Discs and images of what was disposed of", MINUTE_S, lambda: works.let_gone_go(room)),
        Periodic("The vaults' leftovers", 24 * HOUR_S, leftovers),
        Periodic("Whom scores send to training", training.EVERY_S, schooling),
    )


async def _checkpoint(parts: Parts, signer: Signer, published: Path) -> None:
    """With the rules of samples in it, so that they are those of then whenever somebody draws."""
    plan = parts.plan()
    await say_rules(parts.catalogue, plan.archive.quality.sampling, version_of(plan), parts.clock())
    await publishing.daily(parts.catalogue, signer, published, parts.clock())
