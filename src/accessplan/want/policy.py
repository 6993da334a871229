"""What a document asks of plans: how much one may take away, who must stay, what is protected, how long things last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from accessplan.policy import USUAL_LIMITS, Life, Limit, Policy, Protected, Rails
from accessplan.services import LEGAL_REPRESENTATIVE
from accessplan.want.access_tests import read_tests
from accessplan.want.addresses import PROTECTABLE, read_address
from accessplan.want.consents import read_consents
from accessplan.want.document import Document, Mention
from accessplan.want.life import read_life
from accessplan.want.names import quote
from accessplan.want.notes import Notes
from accessplan.want.roles import role_of
from accessplan.want.tree import Node
from accessplan.want.values import read_emails

_USUAL = Rails()
_USUAL_LIFE = Life()
_SHARE = re.compile(r"([0-9]{1,3})%")


def read_policy(root: Node, document: Document, notes: Notes) -> Policy:
    """Read `policy`, `tests` and `acknowledge`, and see that they fit what the document says otherwise."""
    policy, rails = root.get("policy"), root.find("policy", "rails")
    return Policy(
        rails=_read_rails(rails, document, notes) if rails else _USUAL,
        tests=read_tests(root, document, notes),
        consents=read_consents(root, notes),
        life=read_life(policy, notes) if policy else _USUAL_LIFE,
    )


def _read_rails(rails: Node, document: Document, notes: Notes) -> Rails:
    representatives = rails.get("legal_representatives")
    least = representatives.plain("min") if representatives else None
    required = read_emails(representatives, "required", None, notes).items if representatives else ()
    _check_required(required, document, notes)
    return Rails(
        representatives=least if isinstance(least, int) else _USUAL.representatives,
        required=tuple(mention.name for mention in required),
        limits=_read_limits(rails.get("removals")),
        protected=tuple(_read_protected(rails.get("protect"), notes)),
    )


def _check_required(required: Iterable[Mention], document: Document, notes: Notes) -> None:
    """See that nobody who must stay a legal representative is described as something else."""
    names = {mention.name: mention for mention in required}
    for user in document.users.items if names else ():
        role = role_of(document.roles, user.role)
        if user.email in names and role is not None and role.base not in ("", LEGAL_REPRESENTATIVE):
            message = f"{quote(user.email)} must stay a legal representative, and is described as {role.base}"
            hint = f"correct one of the two; the role is at {user.role.place}"
            notes.error("required-role", message, names[user.email].place, user.address, hint)


def _read_limits(removals: Node | None) -> Mapping[str, Limit]:
    if removals is None:
        return USUAL_LIMITS
    return {kind: _read_limit(removals.get(kind), usual) for kind, usual in USUAL_LIMITS.items()}


def _read_limit(limit: Node | None, usual: Limit) -> Limit:
    if limit is None:
        return usual
    count, share = limit.plain("count"), _SHARE.fullmatch(limit.text("share"))
    return Limit(count if isinstance(count, int) else usual.count, int(share[1]) if share else usual.share)


def _read_protected(protect: Node | None, notes: Notes) -> Iterator[Protected]:
    for node in protect.elements() if protect else ():
        if isinstance(node.value, str) and (address := read_address(node.value, node.place, notes, PROTECTABLE)):
            yield Protected(address, node.place)
