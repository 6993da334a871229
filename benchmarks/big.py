"""A big organization: 10,000 users, 300 teams, 1,000 products, 30,000 grants; every hundredth user differs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

USERS, TEAMS, PRODUCTS, GRANTS_EACH = 10_000, 300, 1_000, 3

Data = dict[str, Any]


def organization() -> Data:
    """Return the live side, as an organization file."""
    return {
        "organization": {"id": 4242, "name": "Big SA"},
        "token_user": "u0@example.ch",
        "products": [{"id": 1000 + n, "service": "hosting", "name": _product(n)} for n in range(PRODUCTS)],
        "users": [_live_user(n) for n in range(USERS)],
        "teams": [
            {"name": f"Team {t}", "services": [], "members": [_email(n) for n in range(t, USERS, TEAMS)]}
            for t in range(TEAMS)
        ],
    }


def document_lines() -> Iterator[str]:
    """Give the document line by line: 21 lines a user, as people write it."""
    yield "accessplan: 1"
    yield "organization: {id: 4242, name: Big SA, live: snapshot.json}"
    yield "policy: {mode: {users: enforce, teams: enforce, grants: enforce}}"
    yield "users:"
    for n in range(USERS):
        yield f"  {_email(n)}:"
        yield "    first_name: First"
        yield f"    last_name: Last{n}"
        yield f"    role: {'legal_representative' if n == 0 else 'collaborator'}"
        yield "    language: fr"
        yield f"    owner: {_email(0)}"
        yield "    reason: Works here"
        yield "    teams:"
        yield f"      - Team {n % TEAMS}"
        if n == 0:
            continue
        yield "    grants:"
        for product, rights in _grants(n, differs=n % 100 == 1):
            yield f"      hosting/{_product(product)}:"
            yield f"        manage: [{', '.join(rights)}]"
            yield f"        reason: Needed for task {n}"
            yield "        since: 2026-01-01"
    yield "teams:"
    for t in range(TEAMS):
        yield f"  Team {t}: {{members: []}}"


def _live_user(n: int) -> Data:
    user: Data = {
        "email": _email(n),
        "first_name": "First",
        "last_name": f"Last{n}",
        "role": "normal" if n else "owner",
        "last_login": "-3d",
    }
    if n:
        user["grants"] = [
            {"product": 1000 + product, "rights": rights} for product, rights in _grants(n, differs=False)
        ]
    return user


def _grants(n: int, *, differs: bool) -> list[tuple[int, list[str]]]:
    rights = ["technical", "statistic"] if differs else ["technical"]
    return [((n * 7 + each * 13) % PRODUCTS, rights) for each in range(GRANTS_EACH)]


def _email(n: int) -> str:
    return f"u{n}@example.ch"


def _product(n: int) -> str:
    return f"site{n}.example.ch"


def main() -> None:
    """Write both sides into the folder that is named."""
    folder = Path(sys.argv[1])
    (folder / "access.yaml").write_text("\n".join(document_lines()) + "\n")
    (folder / "organization.yaml").write_text(yaml.dump(organization(), Dumper=yaml.CSafeDumper, sort_keys=False))


if __name__ == "__main__":
    main()
