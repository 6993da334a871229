"""What an oddity is, and the shapes that several have."""

from typing import Any, NamedTuple

ANY = "any operation"


class Oddity(NamedTuple):
    """What does not fit, and why it is accepted; `read_as` is the schema that holds instead, as documents write it."""

    operation: str
    what: str
    why: str
    read_as: dict[str, Any] | None = None


def listed(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def with_members(**members: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [*members], "properties": members}


NUMBER, TEXT, FLAG = {"type": "integer"}, {"type": "string"}, {"type": "boolean"}

NO_BODY = "every request but GET carries JSON, `{}` where nothing is to be said [portal]"
FEWER = "the operation lists fewer statuses than others do for the same refusal"
