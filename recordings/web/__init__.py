"""What the archive offers over HTTP: `offer.py` says how a route is offered; `andon/offers.py` makes rows of the board's table of them."""
