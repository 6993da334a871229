"""What a run wrote into the ledger, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from accessplan.model import Address
from accessplan.plain import address_of, few
from accessplan.report.safe import visible, visible_address

Body = Mapping[str, object]


def addresses(body: Body) -> Iterator[Address]:
    """List the entries that a row, or a change in it, is about."""
    named = body.get("addresses")
    of_changes = (each.get("address") for each in _changes(body))
    for row in (body.get("address"), *of_changes, *(named if isinstance(named, list) else ())):
        with suppress(ValueError):
            yield address_of(row)


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
            return f"{verb} {few(_deeds(body))} ({receipt})"
        case "outcome":
            state = f"died; found {_name(body['found'])}" if "found" in body else _name(body.get("status"))
            reason = f": {_name(body['reason'])}" if body.get("reason") else ""
            return f"{state}: {few(map(visible_address, addresses(body)))}{reason} ({receipt})"
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
    for change in _changes(body):
        if "effect" in change:
            yield from (f"{_name(change['effect'])} {visible_address(each)}" for each in addresses(change))


def _changes(body: Body) -> list[dict[str, object]]:
    changes = body.get("changes")
    return [each for each in changes if isinstance(each, dict)] if isinstance(changes, list) else []


def _name(value: object) -> str:
    return visible(str(value))
