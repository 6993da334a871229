"""Roles, billing and notifications: what somebody holds by a role, and what does not suit it."""

from collections.abc import Callable, Iterable

import pytest
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import Finding
from accessplan.model import Grant, State, User
from accessplan.plan import Want, compare
from accessplan.want.load import Loaded

Resolve = Callable[..., tuple[Want, list[Finding]]]

HEAD = "accessplan: 1\norganization: {id: 4242}\n"


def user(email: str, extra: str) -> str:
    return f"  {email}: {{first_name: A, last_name: B, {extra}}}\n"


def ana(extra: str, roles: str = "") -> str:
    return HEAD + (f"roles: {roles}\n" if roles else "") + "users:\n" + user("ana@example.ch", extra)


def wanted(want: Want) -> User:
    entry = want.state.user("ana@example.ch")
    assert entry is not None
    return entry


ROLES = "{boss: {base: accountant}, accountant: {base: collaborator, billing: true, notifications: {billing: true}}}"


@pytest.mark.parametrize(
    ("written", "settings"),
    [
        ("role: collaborator", (None, None, None)),
        ("role: collaborator, billing: true", (True, None, None)),
        ("role: collaborator, billing: false, notifications: {}", (False, None, None)),
        ("role: collaborator, notifications: {billing: true, products: false}", (None, True, False)),
        ("role: accountant", (True, True, None)),
        ("role: boss, notifications: {billing: false}", (True, False, None)),
        ("role: accountant, billing: false, notifications: {products: true}", (False, True, True)),
        ("role: billing_access", (True, None, None)),
        ("role: billing_access, billing: false", (False, None, None)),
        ("role: administrator, billing: true, notifications: {products: true}", (None, None, True)),
    ],
)
def test_settings(written: str, settings: tuple[object, ...], resolve_text: Resolve) -> None:
    """The user's own word wins, then that of the nearest role; what nobody says is left as it is."""
    entry = wanted(resolve_text(ana(written, ROLES))[0])

    assert (entry.billing, entry.notify_billing, entry.notify_products) == settings


@pytest.mark.parametrize(
    ("role", "base", "rights"),
    [
        ("full_access", "administrator", {}),
        ("technical_access", "collaborator", dict.fromkeys(["domain", "drive", "hosting", "kchat"], "technical")),
        ("billing_access", "collaborator", {}),
        ("read_only_access", "collaborator", dict.fromkeys(["drive", "hosting", "kchat"], "statistic")),
    ],
)
def test_built_in_roles(role: str, base: str, rights: dict[str, str], resolve_text: Resolve) -> None:
    """The four levels of access are base roles with a right on everything, or with billing."""
    want, findings = resolve_text(ana(f"role: {role}"))
    grants = [entry for entry in want.state.entries.values() if isinstance(entry, Grant)]

    assert not findings
    assert wanted(want).role == base
    assert {grant.target: ", ".join(grant.rights) for grant in grants} == {f"{key}/*": rights[key] for key in rights}


def test_a_built_in_role_has_the_line_that_names_it(resolve_text: Resolve) -> None:
    """What a built-in role gives is placed at its mention; it lists rights, and says nothing of using products."""
    roles = "{base: {base: technical_access}}"

    own, _ = resolve_text(ana("role: technical_access"))
    custom, _ = resolve_text(ana("role: base", roles))

    assert {str(place) for address, place in own.places.items() if address.part} == {"access.yaml:4:55"}
    assert {str(place) for address, place in custom.places.items() if address.part} == {"access.yaml:3:22"}
    for want in (own, custom):
        assert [str(each) for each in want.lists if each.part] == ['user["ana@example.ch"].grant[""]']


def test_a_role_may_be_built_on_a_built_in_one(resolve_text: Resolve) -> None:
    """Grants of a custom role and of the built-in one beneath it add up, on the base role of that."""
    want, findings = resolve_text(ana("role: dev", "{dev: {base: read_only_access, grants: {hosting/*: technical}}}"))
    grant = want.state.entries[next(each for each in want.state.entries if each.key == "hosting/*")]

    assert not findings
    assert isinstance(grant, Grant)
    assert grant.rights == {"technical", "statistic"}
    assert wanted(want).role == "collaborator"


FAULTS = {
    "role with the name of a built-in one": ana("role: external", "{full_access: {base: collaborator}}"),
    "a built-in role misspelt": ana("role: readonly_access"),
    "billing of those who govern": ana("role: administrator, billing: true")
    + user("bob@example.ch", "role: full_access, billing: false")
    + user("eve@example.ch", "role: accountant"),
    "billing of a role that governs": ana("role: boss", "{boss: {base: full_access, billing: false}}"),
    "billing of somebody from outside": ana("role: external, billing: true")
    + user("bob@example.ch", "role: external, billing: false")
    + user("eve@example.ch", "role: guest")
    + "roles: {guest: {base: external, billing: true}}",
    "everything for somebody from outside": ana("role: external, grants: {all: {use: user}}")
    + user("bob@example.ch", "role: external, grants: {hosting/*: max}")
    + user("eve@example.ch", "role: guest")
    + "roles: {guest: {base: external, grants: {all: statistic}}}",
    "grants on a built-in role that governs": ana(
        "role: full_access, grants: {drive/Archive: {use: admin}, hosting/*: max}"
    ),
    "reminders of the sole legal representative": ana("role: legal_representative, notifications: {billing: false}"),
    "reminders switched off by a role": ana(
        "role: owner", "{owner: {base: legal_representative, notifications: {billing: false}}}"
    ),
    "reminders of the one who is left": ana("role: legal_representative, notifications: {billing: false}")
    + user("bob@example.ch", "role: legal_representative, until: 2026-06-29"),
}
FAULTS["reminders of the sole legal representative"] += "policy: {mode: {users: enforce}}"
FAULTS["billing of those who govern"] += "roles: {accountant: {base: collaborator, billing: true}}"


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faults(
    text: str,
    load_text: Callable[[str], Loaded],
    show: Callable[[Iterable[Finding]], str],
    snapshot: SnapshotAssertion,
) -> None:
    """What does not suit a role is told with its place, its entry, and how to mend it."""
    assert show(load_text(text).findings) == snapshot


SOUND = {
    "two legal representatives": ana("role: legal_representative, notifications: {billing: false}")
    + user("bob@example.ch", "role: legal_representative, notifications: {billing: false}"),
    "reminders on": ana("role: legal_representative, notifications: {billing: true, products: false}"),
    "somebody else's reminders": ana("role: administrator, notifications: {billing: false}"),
    "billing of a collaborator": ana("role: collaborator, billing: true"),
    "everything for a collaborator": ana("role: collaborator, grants: {all: max}"),
    "a place in a product for who governs": ana("role: administrator, grants: {drive/Archive: {use: admin}}"),
}


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND.keys())
def test_what_suits_a_role_is_not_flagged(text: str, load_text: Callable[[str], Loaded]) -> None:
    """There is nothing to say of what is as it should be."""
    assert not load_text(text).findings


def test_billing_is_compared_where_it_is_managed(resolve_text: Resolve) -> None:
    """A user whose billing right or mails differ changes; where the document is silent nothing does."""
    live = User("ana@example.ch", "collaborator", billing=False, notify_billing=False, notify_products=True)
    have = State({live.address: live})

    def effects(written: str) -> list[str]:
        return [change.effect for change in compare(have, resolve_text(ana(written), have)[0]).changes]

    assert effects("role: collaborator, billing: true") == ["strengthen"]
    assert effects("role: collaborator, notifications: {billing: true}") == ["update"]
    assert effects("role: collaborator") == []
