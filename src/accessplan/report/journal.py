"""What a run wrote into the ledger, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from accessplan.model import Address
from accessplan.report.safe import visible, visible_address

Body = Mapping[str, object]

FEW = 3
"""How many entries of an operation are named; the rest is counted."""


def addresses(body: Body) -> Iterator[Address]:
    """List the entries that a row of a run is about."""
    changes = body.get("changes")
    rows = [each.get("address") for each in changes if isinstance(each, dict)] if isinstance(changes, list) else []
    named = body.get("addresses")
    for row in (*rows, *(named if isinstance(named, list) else ())):
        match row:
            case [str(kind), str(name), str(part), str(key)]:
                yield Address(kind, name, part, key)


def said(kind: str, body: Body) -> str:
    """Say what a row of a run says; empty for one of another kind."""
    receipt = f"receipt {_name(body.get('run'))}"
    match kind:
        case "run":
            commit = f" at {_name(body['commit'])}" if body.get("commit") else ""
            what = f"plan {_name(body.get('plan'))[:12]} of {_name(body.get('document'))}{commit}"
            return f"{_name(body.get('who'))} began {_name(body.get('command'))}, {what} ({receipt})"
        case "intent" | "asked":
            verb = "about to" if kind == "intent" else "asked for by hand:"
            return f"{verb} {_listed(tuple(_deeds(body)))} ({receipt})"
        case "outcome":
            state = f"died; found {_name(body['found'])}" if "found" in body else _name(body.get("status"))
            reason = f": {_name(body['reason'])}" if body.get("reason") else ""
            return f"{state}: {_listed([visible_address(each) for each in addresses(body)])}{reason} ({receipt})"
        case "run ended":
            return f"{receipt} {_end(body)}"
        case _:
            return ""


def _end(body: Body) -> str:
    if body.get("died"):
        return "had not ended: it died, and what became of it is noted"
    counts = body.get("changes")
    told = [f"{_name(count)} {_name(state)}" for state, count in counts.items()] if isinstance(counts, dict) else []
    return f"ended with exit code {_name(body.get('exit'))}: {', '.join(told) or 'nothing was done'}"


def _deeds(body: Body) -> Iterator[str]:
    changes = body.get("changes")
    rows = [each for each in changes if isinstance(each, dict)] if isinstance(changes, list) else []
    for row in rows:
        if "effect" in row:
            yield from (f"{_name(row['effect'])} {visible_address(each)}" for each in addresses({"changes": [row]}))


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - FEW
    return ", ".join((*names[:FEW], *([f"and {rest} more"] if rest > 0 else [])))


def _name(value: object) -> str:
    return visible(str(value))
