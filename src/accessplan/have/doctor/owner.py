"""Whose token it is, and what they are in the organization."""

from __future__ import annotations

from collections.abc import Iterator

from accessplan.check import Check, Status
from accessplan.errors import LiveError
from accessplan.have import shapes
from accessplan.have.answer import plain
from accessplan.have.doctor.tried import failed, tried
from accessplan.have.fields import Fields
from accessplan.have.read import ACCOUNT_DETAILS
from accessplan.have.reader import Reader
from accessplan.model import normalize_email
from accessplan.services import ADMINISTRATOR, COLLABORATOR, EXTERNAL, LEGAL_REPRESENTATIVE

_ROLES = {
    LEGAL_REPRESENTATIVE: (Status.OK, "Whatever has a request can be carried out."),
    ADMINISTRATOR: (
        Status.NOTE,
        "Inviting legal representatives is refused; they, and partners, are steps for a legal representative.",
    ),
    COLLABORATOR: (
        Status.WARNING,
        (
            "Invitations and teams cannot be changed, and products they have no right on look as if they did not exist:"
            " do not plan with this token."
        ),
    ),
    EXTERNAL: (Status.WARNING, "Hardly anything can be read or changed: do not plan with this token."),
    "": (Status.NOTE, "What the token may do shows when it is used."),
}
"""What the role of the token's owner means: a token acts as its owner (infomaniak.md 1.3, 5.1)."""


def owner(reader: Reader) -> Iterator[Check]:
    """Say whose token it is."""
    profile = tried(lambda: reader.get("/2/profile"))
    if isinstance(profile, LiveError):
        yield failed(
            "token", profile, "Whom accessplan acts as is not known. A token needs the scopes accounts, mail and drive."
        )
        return
    fields = Fields(profile, "the profile")
    name = plain(fields.text_if_any("display_name") or fields.text_if_any("login"))
    email = plain(normalize_email(fields.text_if_any("email") or fields.text_if_any("login")))
    yield Check("token", Status.OK, f"It is that of {name} <{email}>.", "accessplan acts as this person.")


def organization(reader: Reader, account_id: int) -> Iterator[Check]:
    """Say which organization it is, and what the token's owner may do there."""
    row = tried(lambda: shapes.account(reader.get(f"/1/accounts/{account_id}", want=ACCOUNT_DETAILS)))
    if isinstance(row, LiveError):
        yield failed("organization", row, f"It is asked for by the number {account_id}.")
        return
    role = row.role
    status, meaning = _ROLES[role]
    shown = role.replace("_", " ") if role else "not shown"
    yield Check("organization", Status.OK, f"{plain(row.name)}, number {account_id}.", "It can be read.")
    yield Check("owner's role", status, f"{shown.capitalize()}.", meaning)
    kinds = {"full": row.full_partner, "limited": row.limited_partner}
    if None in kinds.values():
        fact, meaning = "Not shown.", "Partners are steps by hand, and taken on somebody's word."
    else:
        there = [kind for kind, shown_ in kinds.items() if shown_]
        fact = f"A partnership with {' and '.join(there)} access." if there else "No partnership."
        meaning = "Which partner, and what they reach, is not shown: it is taken on somebody's word."
    yield Check("partners", Status.NOTE, fact, meaning)
