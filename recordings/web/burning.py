"""Disc sets: made, burned, read back, signed, labelled."""

from __future__ import annotations

from recordings.web.offer import Offer

OFFERS: tuple[Offer, ...] = ()
