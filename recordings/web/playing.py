"""A recording heard: its sound by ranges, its peaks, what was heard of it; exports."""

from __future__ import annotations

from recordings.web.offer import Offer

OFFERS: tuple[Offer, ...] = ()
