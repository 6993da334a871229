"""The operations that the published OpenAPI documents describe."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.conformance.notation import Notation, Schema

FOLDER = Path(__file__).parents[3] / "shared" / "reference" / "openapi"


@dataclass(frozen=True)
class Operation:
    """A documented method and path, with a schema for each of its places; answers by status."""

    method: str
    path: str
    names: Schema
    query: Schema
    body: Schema | None
    answers: Mapping[int, Schema]
    notation: Notation

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@cache
def _paths() -> list[tuple[str, Mapping[str, Any], Notation]]:
    """Read the documents; fixed paths stand before those with names in them."""
    documents = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.json"))]
    paths = [
        (path, operations, Notation(document["components"]))
        for document in documents
        for path, operations in document["paths"].items()
    ]
    return sorted(paths, key=lambda each: each[0].count("{"))


def find(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """Find the operation of a request, and what its path names. The path may be a template itself."""
    for template, operations, _ in _paths():
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), path)
        if found and method.lower() in operations:
            return _operation(method, template), found.groupdict()
    return None


@cache
def _operation(method: str, path: str) -> Operation:
    operations, notation = next((operations, notation) for each, operations, notation in _paths() if each == path)
    written = operations[method.lower()]
    parameters = written.get("parameters", ())
    return Operation(
        method,
        path,
        names=notation.parameters(parameters, "path"),
        query=notation.parameters(parameters, "query"),
        body=_schema(written["requestBody"], notation) if "requestBody" in written else None,
        answers={int(status): _schema(each, notation) for status, each in written["responses"].items()},
        notation=notation,
    )


def _schema(content: Any, notation: Notation) -> Schema:
    return notation.schema(content["content"]["application/json"]["schema"])


def notations_met() -> set[str]:
    """The notations that were needed for the operations found so far."""
    return set().union(*(notation.met for _, _, notation in _paths()))
