"""Quality: forms, scores, samples, calibration, appeals, results."""

from __future__ import annotations

from recordings.web.offer import Offer

OFFERS: tuple[Offer, ...] = ()
