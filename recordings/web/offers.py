"""Every route that the archive offers, in one table."""

from __future__ import annotations

from recordings.web import burning, exporting, finding, judging, keeping, losing, playing, training
from recordings.web.offer import Offer

OFFERS: tuple[Offer, ...] = (
    *finding.OFFERS,
    *playing.OFFERS,
    *exporting.OFFERS,
    *keeping.OFFERS,
    *losing.OFFERS,
    *burning.OFFERS,
    *judging.OFFERS,
    *training.OFFERS,
)
