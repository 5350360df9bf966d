"""Why kept until when, what is due; holds, disposals, clocks, erasures."""

from __future__ import annotations

from recordings.web.offer import Offer

OFFERS: tuple[Offer, ...] = ()
