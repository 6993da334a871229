"""The sandbox described by itself: an OpenAPI document made of its routes, and of the checks its endpoints use."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from accessplan.sandbox import routes
from accessplan.sandbox.endpoint import Endpoint

PATH = "/_sandbox/openapi.json"

_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["code", "description", "context"],
    "properties": {"code": _TEXT, "description": _TEXT, "context": {"type": "object"}},
}
_PROBLEM = {
    **_ERROR,
    "properties": {
        "code": {"type": "string", "pattern": "^validation_rule_"},
        "description": _TEXT,
        "context": {"type": "object", "required": ["attribute"], "properties": {"attribute": _TEXT, "values": {}}},
    },
}
_ENVELOPES = {
    "Success": {
        "type": "object",
        "required": ["result", "data"],
        "properties": {
            "result": {"const": "success"},
            "data": {},
            "total": _COUNT,
            "page": _COUNT,
            "pages": _COUNT,
            "items_per_page": _COUNT,
        },
    },
    "Error": {
        "type": "object",
        "required": ["result", "error"],
        "properties": {
            "result": {"const": "error"},
            "error": {**_ERROR, "properties": {**_ERROR["properties"], "errors": {"type": "array", "items": _PROBLEM}}},
        },
    },
}
_ANYWHERE = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


def document() -> dict[str, Any]:
    """Describe every route. What a body or parameter may be is asked of the check that reads it."""
    paths: dict[str, dict[str, Any]] = {}
    for method, path, endpoint in routes.ROUTES:
        paths.setdefault(path, {})[method.lower()] = _operation(method, path, endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "The sandbox of accessplan", "version": "1"},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _ENVELOPES,
        },
    }


def _operation(method: str, path: str, endpoint: Endpoint) -> dict[str, Any]:
    names = [
        {"name": name, "in": "path", "required": True, "schema": schema} for name, schema in routes.names(path).items()
    ]
    body = {} if endpoint.body is None else {"requestBody": _json(endpoint.body.schema) | {"required": True}}
    return {
        "operationId": f"{endpoint.do.__module__.partition('.api.')[2]}.{endpoint.do.__name__}",
        "summary": endpoint.summary,
        "parameters": [*names, *(parameter.described() for parameter in endpoint.query)],
        **body,
        "responses": {str(int(status)): _answer(status) for status in sorted(_statuses(method, path, endpoint))},
    }


def _statuses(method: str, path: str, endpoint: Endpoint) -> Iterator[int]:
    """Every status that an endpoint can answer; a write may come with a body that is no JSON."""
    yield from (
        {endpoint.status, *endpoint.refuses, *_ANYWHERE}
        | ({HTTPStatus.NOT_FOUND} if routes.names(path) else set())
        | ({HTTPStatus.UNPROCESSABLE_ENTITY} if endpoint.query or method != "GET" else set())
    )


def _answer(status: int) -> dict[str, Any]:
    envelope = "Success" if status < HTTPStatus.BAD_REQUEST else "Error"
    return {"description": HTTPStatus(status).phrase, **_json({"$ref": f"#/components/schemas/{envelope}"})}


def _json(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}
