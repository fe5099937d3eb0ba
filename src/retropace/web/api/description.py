"""Description: the API as an OpenAPI document, made from the operations and their types, so that it cannot lag behind."""

import re
from functools import cache
from typing import Any

from starlette.responses import Response

from retropace import __version__
from retropace.web.api.operation import ROOT, Operation
from retropace.web.api.operations import OPERATIONS
from retropace.web.api.shapes import Failure
from retropace.web.doors import Door, Needs
from retropace.web.visit import Visit

_ABOUT = (
    "Everything the app does, as JSON. Times are seconds, instants ISO 8601, units SI, unknown is null. A program signs in "
    "with a token made under Settings: Authorization: Bearer TOKEN. The store of one person on their own machine needs none."
)
_SCHEMAS = "#/components/schemas/{name}"
_WORDS = {
    400: "The request cannot be used",
    401: "Nobody is signed in",
    403: "This may not be done",
    404: "There is none",
}
_WORDS |= {409: "It contradicts what is kept", 413: "Too long", 503: "The store is out of reach just now"}
_ALWAYS = (400, 401, 403, 409, 413, 503)
_IN_PATH = {
    "day": ({"type": "string", "format": "date"}, "2026-11-22"),
    "id": ({"type": "string", "pattern": "^[0-9a-f]{12}$"}, "0123456789ab"),
}


@cache
def description() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    import msgspec

    kinds = {Failure, *(kind for o in OPERATIONS for kind in (o.gives, o.brings) if kind not in (None, bytes))}
    ordered = sorted(kinds, key=str)
    schemas, components = msgspec.json.schema_components(ordered, ref_template=_SCHEMAS)
    by_kind = dict(zip(map(str, ordered), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(ROOT + operation.path, {})[operation.method.lower()] = _described(operation, by_kind)
    return {
        "openapi": "3.1.0",
        "info": {"title": "retropace", "version": __version__, "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}, {}],
    }


def description_text() -> str:
    """The document as it is written to docs/openapi.json."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(description()), indent=1).decode() + "\n"


def _described(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.key,
        "summary": operation.says,
        "parameters": [*map(_in_path, re.findall(r"{(\w+)}", operation.path)), *map(_in_query, operation.asks)],
        "responses": {"200": _answer(operation.says, operation.gives, schemas)}
        | {str(status): _answer(_WORDS[status], Failure, schemas) for status in sorted({*_ALWAYS, *operation.fails})},
    }
    if operation.brings is not None:
        told["requestBody"] = {"required": True, "content": _content(operation.brings, schemas)}
    if operation.needs is Needs.NOBODY:
        told["security"] = [{}]
    return told


def _in_path(name: str) -> dict[str, Any]:
    schema, example = _IN_PATH[name]
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": example}


def _in_query(asked: tuple[str, str]) -> dict[str, Any]:
    name, says = asked
    return {"name": name, "in": "query", "description": says, "schema": {"type": "string"}}


def _answer(says: str, kind: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    return {"description": says, "content": _content(kind, schemas)}


def _content(kind: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    if kind is bytes:
        return {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {"application/json": {"schema": schemas[str(kind)]}}


def _answered(_visit: Visit) -> Response:
    import msgspec

    return Response(msgspec.json.encode(description()), media_type="application/json")


DESCRIPTION = Door(f"{ROOT}/openapi.json", _answered, needs=Needs.NOBODY)
