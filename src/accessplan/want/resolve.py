"""From a document to what is wanted of the live organization: selectors become products, and dates are applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from accessplan.finding import Finding, error
from accessplan.model import Address, State, Team, User, user_address
from accessplan.plan import Ended, Want
from accessplan.select import Catalogue
from accessplan.services import GOVERNING_ROLES
from accessplan.want.document import ALWAYS, Document, Period, Role, Said, WantedUser, memberships
from accessplan.want.draft import Draft
from accessplan.want.grants import want_grants
from accessplan.want.lists import lists_of
from accessplan.want.mailboxes import strange_delegates, want_mailboxes
from accessplan.want.names import Names, quote
from accessplan.want.partners import want_partners
from accessplan.want.partnerships import misfits
from accessplan.want.places import keep_drive_roles, keep_last_admins, keep_locked, unmanaged_places
from accessplan.want.reach import Reach
from accessplan.want.recognize import recognize
from accessplan.want.removed import contradictions, want_removed
from accessplan.want.roles import role_of
from accessplan.want.seats import lists_of_leavers, want_seats
from accessplan.want.slip import is_slip_of
from accessplan.want.spelling import in_live_words
from accessplan.want.suites import misfits_of_suite
from accessplan.want.uses import want_uses

NOTHING: Mapping[Address, str] = {}
"""What is not wanted any more, where nothing is."""


def resolve(
    document: Document,
    catalogue: Catalogue,
    live: State,
    today: date,
    unwanted: Mapping[Address, str] = NOTHING,
) -> tuple[Want, list[Finding]]:
    """Say what a document without errors wants of the live organization on a day.

    `unwanted` are entries that are to be gone whatever the mode, each with the reason, although the document names
    them, or lists all that it wants beside them. With errors among the findings the answer is incomplete.
    """
    document, findings = recognize(document, live, today)
    draft = Draft(today, Reach(catalogue), unwanted)
    lists = dict(lists_of(document))
    want = Want(State(draft.entries), draft.places, lists, document.modes, draft.ended)
    periods = {user.email: user.period for user in document.users.items}
    findings += want_removed(draft, document)
    _want_users(draft, document)
    _want_teams(draft, document, periods)
    want_partners(draft, document)
    findings += want_mailboxes(draft, document, periods, catalogue, live)
    want_seats(draft, document, periods, live, want)
    findings += [*contradictions(draft), *misfits(document, live)]
    for address, place in lists_of_leavers(draft, document, live, want):
        lists.setdefault(address, place)
    _let_go(draft, live, want)
    findings += misfits_of_suite(draft, catalogue, live, want)
    findings += keep_drive_roles(draft, live, want)
    findings += keep_locked(draft, live)
    findings += keep_last_admins(draft, live, want)
    findings += unmanaged_places(draft, document, live, want)
    if document.users.place is None:
        findings += _strangers(document, live)
    ended = {address: ended for address, ended in draft.ended.items() if address not in draft.entries}
    policy = in_live_words(document, live, draft.reach)
    return replace(want, ended=ended, records=draft.records, policy=policy), [*findings, *draft.findings.values()]


def _let_go(draft: Draft, live: State, want: Want) -> None:
    """Have what is not wanted any more be gone as it is live; what the document does not speak of stays."""
    for address, reason in draft.unwanted.items():
        ended = draft.ended.get(address)
        place = ended.place if ended else want.list_of(address)
        if address in live.entries and place is not None:
            draft.ended[address] = Ended(live.entries[address], place, reason)


def _want_users(draft: Draft, document: Document) -> None:
    for user in document.users.items:
        role = role_of(document.roles, user.role) or Role("")
        draft.note(_entry_of(user, role), user.place, user.period, user.record)
        grants = (*user.grants.items, *role.grants.items)
        if role.base in GOVERNING_ROLES:
            grants = tuple(replace(grant, rights=frozenset()) for grant in grants if grant.use)
        want_grants(draft, user.address, grants, user.period)
        want_uses(draft, user.email, grants, user.period)


def _entry_of(user: WantedUser, role: Role) -> User:
    settings = user.settings.over(role.settings)
    return User(
        user.email,
        role.base,
        billing=_answer(settings.billing) if role.base not in GOVERNING_ROLES else None,
        notify_billing=_answer(settings.notify_billing),
        notify_products=_answer(settings.notify_products),
        first_name=user.first_name,
        last_name=user.last_name,
        language=user.language,
    )


def _answer(said: Said | None) -> bool | None:
    return said.value if said else None


def _want_teams(draft: Draft, document: Document, periods: Mapping[str, Period]) -> None:
    for team in document.teams.items:
        leader = team.leader.name if team.leader else ""
        stays = leader and not draft.is_unwanted(user_address(leader))
        leads = stays and periods.get(leader, ALWAYS).covers(draft.today)
        draft.note(Team(team.name, leader if leads else None), team.place, ALWAYS)
        want_grants(draft, team.address, team.grants.items, ALWAYS)
    for membership, place in memberships(document):
        draft.note(membership, place, periods.get(membership.email, ALWAYS))


def _strangers(document: Document, live: State) -> Iterator[Finding]:
    """Name those who are no users: of the live organization, where the document does not list any."""
    known = Names((entry.email for entry in live.entries.values() if isinstance(entry, User)), is_slip_of)
    for team in document.teams.items:
        for mention in (*team.members.items, *([team.leader] if team.leader else ())):
            if mention.name not in known:
                message = f"{quote(mention.name)} is no user of the organization"
                hint = known.hint(mention.name, "invite them first, or describe them under users")
                yield error("unknown-member", message, mention.place, address=str(team.address), hint=hint)
    yield from strange_delegates(document, known)
