"""Recordings found, one looked at, its comments and tags; what is missing."""

from __future__ import annotations

from recordings.web.offer import Offer

OFFERS: tuple[Offer, ...] = ()
