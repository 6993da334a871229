"""Using products: a role inside a kDrive, kSuite or kChat, given to people, by roles and by teams."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import Finding
from accessplan.model import Entry, Membership, State, Team, Use, User
from accessplan.plan import Want, compare
from accessplan.want.load import Loaded

Resolve = Callable[..., tuple[Want, list[Finding]]]

HEAD = "accessplan: 1\norganization: {id: 4242}\n"
PEOPLE = ANA, BOB = "ana@example.ch", "bob@example.ch"


def people(*extra: str) -> str:
    lines = (
        f"  {email}: {{first_name: A, last_name: B, {each}}}\n" for email, each in zip(PEOPLE, extra, strict=False)
    )
    return HEAD + "users:\n" + "".join(lines)


def uses(want: Want) -> Mapping[str, str | None]:
    return {
        f"{entry.email} {entry.target}": entry.role for entry in want.state.entries.values() if isinstance(entry, Use)
    }


@pytest.mark.parametrize(
    ("selector", "value", "found"),
    [
        ("drive/Team Drive", "{use: user}", {"drive/Team Drive": "user"}),
        ("drive/#3", "{use: external}", {"drive/Team Drive": "external"}),
        ("drive/@team", "{use: admin, manage: technical}", {"drive/Team Drive": "admin"}),
        ("drive/A*", "{use: user}", {"drive/Archive": "user"}),
        ("drive/*", "{use: user}", {"drive/Archive": "user", "drive/Team Drive": "user"}),
        ("drive/*", "{use: user, manage: max, future: false}", {"drive/Archive": "user", "drive/Team Drive": "user"}),
        ("all", "{use: external}", {"drive/Archive": "external", "drive/Team Drive": "external"}),
        ("all", "{use: user}", {"drive/Archive": "user", "drive/Team Drive": "user", "kchat/Chat": "user"}),
        ("drive/*", "technical", {}),
    ],
)
def test_selectors(selector: str, value: str, found: dict[str, str], resolve_text: Resolve) -> None:
    """A use is on products of today, by their labels; with `all`, on those that have such a role."""
    want, findings = resolve_text(people(f"role: collaborator, grants: {{{selector}: {value}}}"))

    assert not findings
    assert uses(want) == {f"{ANA} {target}": role for target, role in found.items()}


def test_of_several_uses_the_strongest_wins(resolve_text: Resolve) -> None:
    """Whatever the order, the strongest role counts, and its line is the place."""
    roles = "roles: {guest: {base: external, grants: {drive/*: {use: external}}}}\n"
    want, _ = resolve_text(people("role: guest, grants: {drive/Archive: {use: user}, drive/#4: {use: admin}}") + roles)

    assert uses(want) == {f"{ANA} drive/Archive": "admin", f"{ANA} drive/Team Drive": "external"}
    assert str(want.places[Use(ANA, "drive/Archive", "admin").address]) == "access.yaml:4:99"


def test_a_use_has_its_days(resolve_text: Resolve) -> None:
    """A use begins and ends as its grant and its person do; the last one to end has ended it."""
    text = people(
        "role: external, until: 2026-12-31, grants: {drive/Archive: {use: user, until: 2026-07-31}, "
        "drive/#4: {use: external, since: 2026-07-01}}"
    )

    assert uses(resolve_text(text, day=date(2026, 6, 30))[0]) == {f"{ANA} drive/Archive": "user"}
    assert uses(resolve_text(text, day=date(2026, 8, 1))[0]) == {f"{ANA} drive/Archive": "external"}
    after, _ = resolve_text(text, day=date(2027, 1, 1))
    assert uses(after) == {}
    assert Use(ANA, "drive/Archive", "user").address in after.ended


FAULTS = {
    "services that nobody uses": people("role: collaborator, grants: {domain/*: {use: user}, nas/x: {use: admin}}"),
    "a service misspelt": people("role: collaborator, grants: {kdrive/*: {use: user}}"),
    "a role that a service does not have": people("role: collaborator, grants: {kchat/*: {use: external}}"),
    "no role at all": people("role: collaborator, grants: {drive/*: {use: owner}}"),
    "later products": people(
        "role: collaborator, grants: {drive/*: {use: user, future: false}, drive/x: {use: user, future: true}}"
    ),
    "neither of two": people("role: collaborator, grants: {drive/*: {reason: why}}"),
    "null": people("role: collaborator, grants: {drive/*: {use: null}}"),
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faults(
    text: str,
    load_text: Callable[[str], Loaded],
    show: Callable[[Iterable[Finding]], str],
    snapshot: SnapshotAssertion,
) -> None:
    """A use that nothing offers is told with its place, its entry, and how to mend it."""
    assert show(load_text(text).findings) == snapshot


def test_a_use_must_find_a_product(resolve_text: Resolve) -> None:
    """What a use is on must be there today; a service without products is remarked upon."""
    text = "role: collaborator, grants: {drive/Achive: {use: user}, ksuite/*: {use: user}, drive/x*: {use: user}}"

    _, findings = resolve_text(people(text))

    assert [(each.level, each.code, each.hint) for each in findings] == [
        ("error", "selector-matches-nothing", 'did you mean "drive/Archive"?'),
        ("warning", "selector-matches-nothing", ""),
        ("warning", "selector-matches-nothing", ""),
    ]


def test_who_governs_uses_products_too(resolve_text: Resolve) -> None:
    """Rights change nothing for an administrator, and a place in a product does."""
    text = people("role: administrator, grants: {drive/Archive: {use: admin, manage: technical}}")

    want, findings = resolve_text(text)

    assert not findings
    assert [str(each) for each in want.state.entries if each.part] == [f'user["{ANA}"].use["drive/Archive"]']


def test_the_drive_role_of_who_governs_stays(
    resolve_text: Resolve, show: Callable[[Iterable[Finding]], str], snapshot: SnapshotAssertion
) -> None:
    """While somebody governs, their role in a kDrive is not lowered, and that is said."""
    text = people(
        "role: administrator, grants: {drive/*: {use: user}, kchat/Chat: {use: user}}",
        "role: collaborator, grants: {drive/Archive: {use: user}}",
    )
    live = [
        User(ANA, "administrator"),
        User(BOB, "collaborator"),
        Use(ANA, "drive/Archive", "admin"),
        Use(ANA, "drive/Team Drive", "external"),
        Use(ANA, "kchat/Chat", "admin"),
        Use(BOB, "drive/Archive", "admin"),
    ]

    want, findings = resolve_text(text, live)

    assert uses(want) == {
        f"{ANA} drive/Archive": "admin",
        f"{ANA} drive/Team Drive": "user",
        f"{ANA} kchat/Chat": "user",
        f"{BOB} drive/Archive": "user",
    }
    assert show(findings) == snapshot


def test_lists(resolve_text: Resolve) -> None:
    """Who has the grants key, or a role that has it, uses nothing else; without it nothing is said of them."""
    text = people("role: collaborator, grants: {}", "role: guest") + "roles: {guest: {base: external, grants: {}}}"

    want, _ = resolve_text(text)
    silent, _ = resolve_text(people("role: collaborator"))

    assert [str(each) for each in want.lists if each.part == "use"] == [
        f'user["{ANA}"].use[""]',
        f'user["{BOB}"].use[""]',
    ]
    assert [str(each) for each in silent.lists] == ['user[""]']


MODES = "policy: {mode: {users: %s, teams: %s, grants: %s}}\n"
ENFORCE = MODES % ("enforce", "enforce", "enforce")
SEAT = "teams: {Web: {%s grants: {drive/Archive: {use: user}}}}\n"
LIVE: list[Entry] = [
    User(ANA, "collaborator"),
    User(BOB, "collaborator"),
    Team("Web"),
    Membership("Web", ANA),
    Membership("Web", BOB),
    Use(BOB, "drive/Archive", "user"),
    Use(BOB, "drive/Team Drive", "user"),
]


def planned(want: Want, live: Iterable[Entry] = tuple(LIVE)) -> list[str]:
    plan = compare(State({entry.address: entry for entry in live}), want)
    return [f"{change.effect} {change.address}" for change in plan.changes]


def test_a_team_gives_its_members_places(resolve_text: Resolve) -> None:
    """Each member uses what the team does, however they are named, as long as they are there."""
    text = people("role: collaborator, teams: [Web]", "role: external, until: 2026-06-29")

    want, _ = resolve_text(text + SEAT % f"members: [{BOB}],")

    assert uses(want) == {f"{ANA} drive/Archive": "user"}
    assert str(want.places[Use(ANA, "drive/Archive", "user").address]) == "access.yaml:6:51"
    assert Use(BOB, "drive/Archive", "user").address in want.ended


def test_a_place_goes_with_the_membership(resolve_text: Resolve) -> None:
    """Who is a member no more loses what came with the team, and nothing else."""
    text = people("role: collaborator", "role: collaborator") + SEAT % f"members: [{ANA}]," + ENFORCE

    want, _ = resolve_text(text, LIVE)

    assert planned(want) == [
        f'grant user["{ANA}"].use["drive/Archive"]',
        f'revoke team["Web"].member["{BOB}"]',
        f'revoke user["{BOB}"].use["drive/Archive"]',
    ]
    assert str(want.lists[Use(BOB, "drive/Archive", "user").address]) == "access.yaml:6:51"


@pytest.mark.parametrize("modes", [("additive", "additive", "enforce"), ("enforce", "additive", "enforce")])
def test_a_place_stays_with_the_membership(modes: tuple[str, ...], resolve_text: Resolve) -> None:
    """Where a membership that nobody names is held back, its place in a product is as well."""
    text = people("role: collaborator", "role: collaborator") + SEAT % f"members: [{ANA}]," + MODES % modes

    want, _ = resolve_text(text, LIVE)

    assert planned(want) == [f'grant user["{ANA}"].use["drive/Archive"]']


def test_a_place_that_never_came_does_not_go(resolve_text: Resolve) -> None:
    """What a team is to use later takes nothing from those who leave it before."""
    team = f"teams: {{Web: {{members: [{ANA}], grants: {{drive/*: {{use: user, since: 2026-07-01}}}}}}}}\n"

    want, _ = resolve_text(people("role: collaborator", "role: collaborator") + team + ENFORCE, LIVE)

    assert planned(want) == [f'revoke team["Web"].member["{BOB}"]']


def test_a_place_goes_with_a_removed_membership(resolve_text: Resolve) -> None:
    """A membership that is said to be gone takes the place with it, in the mode of grants."""
    removed = f'removed: [{{entry: \'team["Web"].member["{BOB}"]\'}}]\n'
    text = people("role: collaborator", "role: collaborator") + SEAT % "" + MODES % ("additive", "additive", "enforce")

    want, _ = resolve_text(text + removed, LIVE)

    assert planned(want) == [
        f'revoke team["Web"].member["{BOB}"]',
        f'grant user["{ANA}"].use["drive/Archive"]',
        f'revoke user["{BOB}"].use["drive/Archive"]',
    ]


def test_members_who_are_not_managed_use_what_the_team_does(resolve_text: Resolve) -> None:
    """A team without the members key gives its places to the members it has, unless they leave the organization."""
    anonymous, _ = resolve_text(HEAD + SEAT % "", LIVE)
    leaving, _ = resolve_text(people("role: collaborator") + SEAT % "" + ENFORCE, LIVE)
    elsewhere, _ = resolve_text(people("role: collaborator, teams: []", "role: collaborator") + SEAT % "", LIVE)

    assert uses(anonymous) == {f"{ANA} drive/Archive": "user", f"{BOB} drive/Archive": "user"}
    assert uses(leaving) == {f"{ANA} drive/Archive": "user"}
    assert uses(elsewhere) == {f"{BOB} drive/Archive": "user"}
