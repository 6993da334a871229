"""Read who has kSuite and kChat, and what invitations into the organization open [openapi core]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from accessplan.errors import RequestRefused
from accessplan.have import shapes
from accessplan.have.app_rows import Known, hidden, opened
from accessplan.have.reader import Reader
from accessplan.have.selected import only, selected
from accessplan.model import DELEGATE, MAILBOX, USE, USER, BlindSpot, Delegation, Use
from accessplan.scope import Scope
from accessplan.select import Catalogue, Kind, Selector, service_of
from accessplan.services import KCHAT, KSUITE

APPS = {KSUITE: "kSuite", KCHAT: "kChat"}
"""What people call the services that only tell who has them."""

INVITATION_DETAILS = ("app_accesses",)


@dataclass(frozen=True, slots=True)
class AppsSeen:
    """Active users who have kSuite or kChat; their roles there are shown nowhere."""

    uses: tuple[Use, ...] = ()
    blind: tuple[BlindSpot, ...] = ()


@dataclass(frozen=True, slots=True)
class GuestsSeen:
    """What invited people will use and open.

    `partial` are the e-mail addresses of those whose invitation opens more than that, or was not looked at: what is
    sent anew would lack it.
    """

    uses: tuple[Use, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    partial: frozenset[str] = frozenset()
    blind: tuple[BlindSpot, ...] = ()
    not_covered: tuple[str, ...] = ()


def read_apps(reader: Reader, account_id: int, scope: Scope, catalogue: Catalogue) -> AppsSeen:
    """Read which active users have the kSuite and the kChat that the scope asks for, in a request each.

    kChat comes with kSuite [faq 879]: who has the one is asked for with the other, whichever kSuite it is.

    Raises:
        LiveError: a request was not answered, or the answer is incomplete or unreadable.
    """
    wanted = {service for service in APPS if selected(service, scope, catalogue)}
    asked = {service for service in wanted if only(service, catalogue)}
    if KCHAT in asked and catalogue.find(Selector(Kind.SERVICE, KSUITE)):
        asked.add(KSUITE)
    calls = [partial(_who_has, reader, account_id, each) for each in sorted(asked)]
    people = dict(zip(sorted(asked), reader.together(calls), strict=True))
    found = [
        _seen(service, people.get(service), catalogue)
        for service in APPS
        if service in wanted or (service in asked and only(service, catalogue))
    ]
    with_suite = people.get(KSUITE) or ()
    uses = (use for each in found for use in each.uses)
    return AppsSeen(
        tuple(replace(use, implied=service_of(use.target) == KCHAT and use.email in with_suite) for use in uses),
        tuple(spot for each in found for spot in each.blind),
    )


def _who_has(reader: Reader, account_id: int, service: str) -> list[str] | None:
    """List the e-mail addresses of active users who have an app; None where the filter that tells is refused."""
    try:
        rows = reader.pages(f"/2/accounts/{account_id}/users", {f"filter[has_{service}]": 1})
    except RequestRefused:
        return None
    return [each.email for each in map(shapes.person, rows) if not each.invited]


def _seen(service: str, people: Sequence[str] | None, catalogue: Catalogue) -> AppsSeen:
    """Say who has an app, where there is one product alone that it can be."""
    name = APPS[service]
    target = only(service, catalogue)
    if target is None:
        return _unseen(service, f"The live system shows who has a {name}, not which one, and there are several.")
    if people is None:
        return _unseen(service, f"The live system did not show who has {name}.")
    reason = f"The live system does not show which role people have in {name}."
    return AppsSeen(
        uses=tuple(Use(each, target, role=None) for each in people),
        blind=(BlindSpot(USER, USE, reason, service=service, attribute="role", by_word=True),),
    )


def _unseen(service: str, reason: str) -> AppsSeen:
    return AppsSeen(blind=(BlindSpot(USER, USE, reason, service=service, by_word=True),))


def read_guests(
    reader: Reader,
    account_id: int,
    scope: Scope,
    invitations: Mapping[str, int],
    catalogue: Catalogue,
    drives: Mapping[str, int],
    mailboxes: Mapping[tuple[int, str], str],
    shown: Mapping[str, object] = MappingProxyType({}),
) -> GuestsSeen:
    """Read what invited people will use and open, in a request each: of those in `scope.guests`, or of all.

    `invitations` are the numbers of invitations by e-mail address; `drives` those of kDrives by label; `mailboxes` the
    addresses of mailboxes by Mail Service and name, where they are known; `shown` is what was shown of invitations
    already, by e-mail address.

    Raises:
        LiveError: a request was not answered, or the answer is unreadable.
    """
    asked = {
        email: number
        for email, number in invitations.items()
        if email not in shown and (scope.everything or email in scope.guests)
    }
    paths = {email: f"/1/accounts/{account_id}/invitations/{number}" for email, number in sorted(asked.items())}
    rows = reader.together([partial(reader.get, path, want=INVITATION_DETAILS) for path in paths.values()])
    known = Known(catalogue, {number: label for label, number in drives.items()}, mailboxes)
    seen = [opened(email, value, known) for email, value in sorted(shown.items())]
    seen += [
        opened(email, row["app_accesses"], known)
        if "app_accesses" in row and not reader.refused(path, INVITATION_DETAILS)
        else hidden(email)
        for (email, path), row in zip(paths.items(), rows, strict=True)
    ]
    return GuestsSeen(
        uses=tuple(use for each in seen for use in each.uses),
        delegations=tuple(delegation for each in seen for delegation in each.delegations),
        partial=frozenset(each.email for each in seen if not each.is_whole)
        | (invitations.keys() - shown.keys() - asked.keys()),
        blind=tuple(spot for each in seen if not each.is_shown for spot in _hidden(each.email)),
        not_covered=tuple(note for each in seen for note in each.notes),
    )


def _hidden(email: str) -> tuple[BlindSpot, ...]:
    """Say that nobody knows what one invited person will use and open."""
    reason = f"The live system did not show what the invitation of {email} opens."
    return (
        BlindSpot(USER, USE, reason, by_word=True, person=email),
        BlindSpot(MAILBOX, DELEGATE, reason, by_word=True, person=email),
    )
