"""The description of the board's API, as OpenAPI 3.1, made from the one route table. Pure.

Not a second table: paths, parameters, bodies, answers and who may ask are what `routes.py` says, so they cannot drift from
what is served. Pages and their files are no API and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, Protocol

import msgspec

from wallboard.authorise import MAY, Action

VERSION: Final = "3.1.0"
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
BESIDE_API: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_PARAMETER: Final = re.compile(r"{(\w+)}")

Document = dict[str, Any]


class Error(msgspec.Struct, frozen=True, kw_only=True):
    """What every refusal and every fault looks like. `error` is for programs and does not change, `message` is for a person.

    Of the archive: `rule` is what refused, finer than `error`, and `text` its sentence by language (en, zh)."""

    error: str
    message: str
    reasons: list[str]
    rule: str = ""
    text: dict[str, str] = {}


class ApiDescription(msgspec.Struct, kw_only=True):
    """The parts of this document."""

    openapi: str
    info: dict[str, Any]
    paths: dict[str, Any]
    components: dict[str, Any]


class _Asked(Protocol):
    @property
    def action(self) -> Action | None: ...
    @property
    def bound(self) -> bool: ...
    @property
    def local(self) -> bool: ...


class Route(Protocol):
    """`routes.Row`, as far as it is described."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def asked(self) -> _Asked: ...
    @property
    def summary(self) -> str: ...
    @property
    def query(self) -> type[msgspec.Struct] | None: ...
    @property
    def body(self) -> type[msgspec.Struct] | None: ...
    @property
    def gives(self) -> Any: ...
    @property
    def engine(self) -> bool: ...


WHY: Final[Mapping[int, str]] = {
    400: "The query or the body is not as this address wants it.",
    401: "Nobody is signed in, or the token or session has ended.",
    403: "This role may not, a screen is bound to another board, or another site sent the request.",
    404: "There is no such thing.",
    409: "The rules refuse it, or ask to come back later: the same form as of a good answer, with every rule that was looked at.",
    413: "The body is larger than the board accepts.",
    429: "Too many requests; Retry-After says how many seconds to wait.",
    503: "The board cannot answer just now; the reasons say why.",
}


def describe(routes: Iterable[Route], version: str) -> Document:
    """The whole document. `version` is Andon's."""
    described = [route for route in routes if is_api(route)]
    types = {kind for route in described for kind in (route.query, route.body, *forms(route)) if isinstance(kind, type)}
    queries = {route.query.__name__ for route in described if route.query is not None}  # they are parameters, not bodies
    ordered = sorted({*types, Error}, key=lambda kind: kind.__name__)
    _, schemas = msgspec.json.schema_components(ordered, schema_hook=_anything, ref_template=_REF)
    paths: dict[str, Document] = {}
    for route in described:
        paths.setdefault(route.path, {})[route.method.lower()] = operation(route, schemas)
    return {
        "openapi": VERSION,
        "info": {"title": "Andon", "version": version, "description": ABOUT},
        "paths": paths,
        "components": {"schemas": {name: schema for name, schema in schemas.items() if name not in queries}, "securitySchemes": SECURITY},
    }


def _anything(kind: type) -> Document:
    """Rows that no rule has given a form yet hold `object`."""
    if kind is not object:
        raise NotImplementedError(f"{kind} has no description")
    return {"description": "In a form that its rules will give it."}


def is_api(route: Route) -> bool:
    return route.path.startswith("/api/") or route.path in BESIDE_API


def operation(route: Route, schemas: Mapping[str, Any]) -> Document:
    """One method of one path."""
    names = _PARAMETER.findall(route.path)
    said: Document = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "description": who_may(route.asked),
        "parameters": [*map(_in_path, names), *_in_query(route.query, schemas), *([KEY] if route.engine else [])],
        "responses": {**_success(route), **{str(status): _refusal(route, status) for status in refusals(route)}, "default": _refused(0)},
        "security": _security(route),
    }
    if route.body is not None:
        said["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(route.body)}}}
    return said


def refusals(route: Route) -> list[int]:
    """Which this route can give: it follows from what it asks."""
    found = {429, 503}
    if route.query is not None or route.body is not None:
        found.add(400)
    if route.body is not None:
        found.add(413)
    if route.asked.action is not None:
        found |= {401, 403}
    if route.method not in SAFE_METHODS:
        found.add(403)
    if "{" in route.path:
        found.add(404)
    if route.engine:
        found |= {400, 404, 409}
    return sorted(found)


def who_may(asked: _Asked) -> str:
    if asked.action is None:
        return "Open to everybody."
    roles = ", ".join(sorted(MAY[asked.action]))
    bound = " A screen that is bound to a board may ask, too." if asked.bound else ""
    local = " From the board's own machine it needs no token." if asked.local else ""
    return f"Needs `{asked.action}`, which these roles have: {roles}.{bound}{local}"


def _success(route: Route) -> Document:
    if route.gives is None:
        return {"204": {"description": "Done; there is nothing to say."}}
    return {"200": {"description": route.summary, "content": dict(map(_content, forms(route)))}}


def _content(form: str | type) -> tuple[str, Document]:
    return (form, {"schema": {"type": "string"}}) if isinstance(form, str) else ("application/json", {"schema": _ref(form)})


def forms(route: Route) -> tuple[str | type, ...]:
    """Of the answer: one, or those among which the asker chooses."""
    if route.gives is None:
        return ()
    return route.gives if isinstance(route.gives, tuple) else (route.gives,)


def _refusal(route: Route, status: int) -> Document:
    if status == HTTPStatus.CONFLICT:
        return {"description": WHY[status], "content": dict(map(_content, forms(route)))}
    return _refused(status)


def _refused(status: int) -> Document:
    said = WHY.get(status, "Any other refusal or fault, in the same form.")
    answer: Document = {"description": said, "content": {"application/json": {"schema": _ref(Error)}}}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        answer["headers"] = {"Retry-After": {"description": "Whole seconds.", "schema": {"type": "string"}}}
    return answer


def _in_path(name: str) -> Document:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _in_query(query: type[msgspec.Struct] | None, schemas: Mapping[str, Any]) -> list[Document]:
    """Each field of the struct is a parameter, its default included."""
    if query is None:
        return []
    schema = schemas[query.__name__]
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": field} for name, field in schema.get("properties", {}).items()
    ]


def _security(route: Route) -> Sequence[Document]:
    if route.asked.action is None:
        return []
    by_cookie: Document = {"session": []} if route.method in SAFE_METHODS else {"session": [], "csrf": []}
    anybody: list[Document] = [{}] if route.asked.local else []
    return [{"bearer": []}, by_cookie, *anybody]


def _operation_id(route: Route) -> str:
    words = [word for word in re.split(r"[^0-9a-zA-Z]+", route.path) if word and word != "api"]
    return "_".join([route.method.lower(), *words])


def _ref(kind: type) -> Document:
    return {"$ref": _REF.format(name=kind.__name__)}


_REF: Final = "#/components/schemas/{name}"

KEY: Final[Document] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "New for each deed, the same when it is asked again because no answer came: then it is done once.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,64}$"},
}

ABOUT: Final = (
    "Times are epoch seconds (UTC), durations seconds, an unknown number is null and never 0. "
    "Beside this there is a websocket, `/api/live?view=wall|floor`: first a message of type `snapshot`, which carries the floor as "
    "`GET /api/floor` gives it, then `delta` messages, each leading from one position to the next, and a `heartbeat` each second "
    "while nothing changes. `/api/me/live` is an agent's own row, `me`, again when something happens to this agent. "
    "Where neither header nor cookie can go, a ticket of `POST /api/tickets` lets a websocket in once."
)
SECURITY: Final[Document] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token, made by `andon token --role ROLE`."},
    "session": {"type": "apiKey", "in": "cookie", "name": "andon_session", "description": "A browser's; by https `__Host-andon_session`."},
    "csrf": {"type": "apiKey", "in": "header", "name": "X-Andon-CSRF", "description": "With a cookie: what `GET /api/session` said."},
}
