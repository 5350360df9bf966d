"""Screens: the board server, who may see what, the live feed, and the pages in `web/`.

Imports `realtime` and nothing else of Andon. Reading order: `protocol.py` (what screens get), `feed.py` (when),
`clients.py` (how a slow one is kept from harming others), `routes.py` (every address and who may use it), `door.py`
(who is asking), `app.py`, `server.py`.
"""
