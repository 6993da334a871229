"""What users, teams and partners hold, as the `grants` of a document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from accessplan.model import GRANT, Address, Grant, State, Use, user_address
from accessplan.select import Catalogue, every, is_service_wide, service_of
from accessplan.services import RIGHTS, SERVICES, USE_ROLES, in_usual_order, rights_offered
from accessplan.want.export.words import Omissions
from accessplan.want.names import quote
from accessplan.want.syntax import control_in


class Grants:
    """Describes rights and uses, by whose they are."""

    def __init__(self, state: State, catalogue: Catalogue, omissions: Omissions) -> None:
        self._state = state
        self._catalogue = catalogue
        self._omissions = omissions
        self._rights: defaultdict[Address, list[Grant]] = defaultdict(list)
        self._uses: defaultdict[Address, list[Use]] = defaultdict(list)
        for _, entry in sorted(state.entries.items()):
            if isinstance(entry, Grant):
                self._rights[entry.subject].append(entry)
            elif isinstance(entry, Use):
                self._uses[user_address(entry.email)].append(entry)

    def of(self, subject: Address, *, rights: bool = True) -> dict[str, object]:
        """Describe what somebody holds, under `grants`: nothing where that cannot be said, or is not shown.

        Without `rights`, only the use of products counts.
        """
        grants, uses = self._rights[subject] if rights else [], self._uses[subject]
        held: list[Grant | Use] = [*grants, *uses]
        unsayable = [each.target for each in held if not self.is_sayable(each)]
        self._omissions.add(f"the grants of {subject.kind} {quote(subject.name)}", dict.fromkeys(unsayable))
        if unsayable or (not held and (not rights or self._are_hidden(subject))):
            return {}
        manage = {grant.target: written_rights(grant.rights) for grant in grants}
        use = {each.target: each.role for each in uses}
        return {"grants": {each: written_grant(manage.get(each), use.get(each)) for each in sorted({*manage, *use})}}

    def leave_out_strangers(self, emails: Collection[str]) -> None:
        """Remark on people who use products and are not among these users."""
        for uses in self._uses.values():
            strangers = [each.email for each in uses if each.email not in emails]
            self._omissions.add("people who use products and are no users", dict.fromkeys(strangers))

    def is_sayable(self, entry: Grant | Use) -> bool:
        """Tell whether a document can say what somebody holds."""
        service = service_of(entry.target)
        if isinstance(entry, Grant) and is_service_wide(entry.target):
            known = service in SERVICES or service in self._catalogue.services
        else:
            known = self._catalogue.by_label(entry.target) is not None
        if not known or control_in(entry.target):
            return False
        if isinstance(entry, Use):
            return entry.role in USE_ROLES.get(service, ())
        return bool(entry.rights) and entry.rights <= rights_offered(service) & frozenset(RIGHTS)

    def _are_hidden(self, subject: Address) -> bool:
        targets = (every(SERVICES[0]), SERVICES[0] + "/")
        return any(self._state.hides(Address(subject.kind, subject.name, GRANT, target)) for target in targets)


def written_grant(
    rights: str | list[str] | None, role: str | None
) -> str | list[str] | dict[str, str | list[str]] | None:
    """Write a right or rights as they are, and a map where there is a role inside the product."""
    if role is None:
        return rights
    return {"use": role} if rights is None else {"use": role, "manage": rights}


def written_rights(rights: frozenset[str]) -> str | list[str]:
    """Write rights in short: one by itself, several as a list."""
    written = list(in_usual_order(rights))
    return written[0] if len(written) == 1 else written
