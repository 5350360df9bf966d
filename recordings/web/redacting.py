"""Card data found in an archived recording: the redaction proposed by whoever found it. Approved and refused where disposals are.

Not the deciding (`retention/redaction.py`) and not the doing, which is the archivist's. Who proposes is the one who asks.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from recordings.retention import redaction
from recordings.retention.ids import new_id
from recordings.retention.redaction import Wish, checked, list_hash, may_be_redacted
from recordings.web import keeping_shapes as shapes
from recordings.web.desk import Desk
from recordings.web.keeping_asked import said
from recordings.web.looking import line_of
from recordings.web.offer import Offer, Who
from recordings.web.reaching import reach_of
from recordings.web.reading import answered, body_of


@said
async def propose(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, shapes.RedactionWish)
    async with desk.catalogue.reading() as connection:
        id_ = (await line_of(connection, request, reach_of(desk, who))).id
        row = await redaction.line(connection, id_)
    if wish.dry:
        may_be_redacted(row)
        spans = checked(wish.spans, row["length_ms"])
        told = shapes.RedactionSaid(id="", sha256=list_hash(id_, spans), spans=[*spans], held=bool(row["holds"]))
        return answered(told)
    asked, zone = Wish(id_, wish.spans, wish.why), desk.settings.timezone
    made = await redaction.propose(desk.catalogue, new_id("r"), asked, who.name, zone, desk.clock())
    return answered(shapes.RedactionSaid(id=made.id, sha256=made.sha256, spans=[*made.spans], held=made.held), 201)


OFFERS: tuple[Offer, ...] = (
    Offer(
        "POST",
        "/api/recordings/{id}/redact",
        "recordings.hold",
        propose,
        "Card data was found in it: propose to silence these stretches for good; dry: say what would be proposed.",
        body=shapes.RedactionWish,
        gives=shapes.RedactionSaid,
        act="propose a redaction",
        shown=("why",),
    ),
)
