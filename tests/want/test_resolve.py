"""A document becomes what is wanted of the live organization on a day."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import Finding
from accessplan.model import Entry, Grant, Membership, Product, State, Team, User, user_address
from accessplan.plan import Want, compare
from accessplan.select import Catalogue

Resolve = Callable[..., tuple[Want, list[Finding]]]

CATALOGUE = Catalogue(
    [
        Product(1, "domain", "example.ch", tags=frozenset({"production"})),
        Product(2, "domain", "example.com"),
        Product(3, "hosting", "shop.example.ch", internal_name="h-003"),
        Product(4, "hosting", "twin"),
        Product(5, "hosting", "twin"),
        Product(6, "e_ticketing", "Box office"),
    ]
)
HEAD = "accessplan: 1\norganization: {id: 4242}\n"
ANA = HEAD + "users:\n  ana@example.ch: {first_name: Ana, last_name: Keller, role: %s}\n"


@pytest.fixture
def catalogue() -> Catalogue:
    return CATALOGUE


def state(entries: Iterable[Entry]) -> State:
    return State({entry.address: entry for entry in entries})


def grants(want: Want) -> Mapping[str, list[str]]:
    entries = [entry for entry in want.state.entries.values() if isinstance(entry, Grant)]
    return {str(entry.address): sorted(entry.rights) for entry in entries}


@pytest.mark.parametrize(
    ("selector", "value", "targets"),
    [
        ("domain/example.ch", "technical", ["domain/example.ch"]),
        ("domain/EXAMPLE.CH", "technical", ["domain/example.ch"]),
        ("hosting/h-003", "technical", ["hosting/shop.example.ch"]),
        ("hosting/#4", "technical", ["hosting/#4"]),
        ("domain/@production", "technical", ["domain/example.ch"]),
        ("domain/example.*", "technical", ["domain/example.ch", "domain/example.com"]),
        ("domain/*", "technical", ["domain/*"]),
        ("domain/*", "{manage: technical, future: false}", ["domain/example.ch", "domain/example.com"]),
        ("all", "technical", ["domain/*", "e_ticketing/*", "hosting/*"]),
        ("all", "sale", ["e_ticketing/*"]),
        (
            "all",
            "{manage: statistic, future: false}",
            ["e_ticketing/Box office", "hosting/#4", "hosting/#5", "hosting/shop.example.ch"],
        ),
    ],
)
def test_selectors(selector: str, value: str, targets: list[str], resolve_text: Resolve) -> None:
    """A selector means whole services, later products included, or products of today by their labels."""
    want, findings = resolve_text(ANA % f"external, grants: {{{selector}: {value}}}")

    assert not findings
    assert sorted(address.key for address in want.state.entries if address.part) == targets


def test_max_is_what_a_service_offers(resolve_text: Resolve) -> None:
    """`all: max` gives every right that each service offers, and no other."""
    want, _ = resolve_text(ANA % "external, grants: {all: max}")

    assert {key.rpartition("[")[2]: rights for key, rights in grants(want).items()} == {
        '"domain/*"]': ["technical"],
        '"e_ticketing/*"]': ["check", "sale", "statistic", "technical"],
        '"hosting/*"]': ["statistic", "technical"],
    }


def test_rights_on_one_target_add_up(resolve_text: Resolve) -> None:
    """Several selectors that reach one product give it the rights of all, those of the role included."""
    roles = "roles: {web: {base: base}, base: {base: external, grants: {hosting/h-003: technical}}}"

    want, findings = resolve_text(ANA % "web, grants: {hosting/shop*: statistic}" + roles)

    assert not findings
    assert grants(want) == {'user["ana@example.ch"].grant["hosting/shop.example.ch"]': ["statistic", "technical"]}


FAULTS = {
    "a name that is no product": "domain/exampel.ch: technical",
    "a number that is no product": "hosting/#99: technical",
    "a name of two products": "hosting/twin: technical",
    "a tag that nothing has": "domain/@prod: technical",
    "a glob that nothing matches": "hosting/*.example.org: technical",
    "a service without products": "nas/*: technical",
    "a service nobody knows": "domains/*: technical",
}


@pytest.mark.parametrize("grant", FAULTS.values(), ids=FAULTS.keys())
def test_faults(
    grant: str, resolve_text: Resolve, show: Callable[[Iterable[Finding]], str], snapshot: SnapshotAssertion
) -> None:
    """What does not fit the live products is told; an exact selector must fit."""
    assert show(resolve_text(ANA % f"external, grants: {{{grant}}}")[1]) == snapshot


def test_a_fault_of_a_role_is_told_once(resolve_text: Resolve) -> None:
    """However many users have a role, a fault in its grants is one finding."""
    users = "".join(f"  u{n}@example.ch: {{first_name: U, last_name: N, role: web}}\n" for n in range(3))

    _, findings = resolve_text(HEAD + f"roles: {{web: {{base: external, grants: {{domain/x: max}}}}}}\nusers:\n{users}")

    assert [each.address for each in findings] == ['role["web"].grant["domain/x"]']


PERIODS = """\
  bob@example.ch: {first_name: B, last_name: M, role: external, since: 2026-02-01, until: 2026-03-31, teams: [Web],
    grants: {domain/example.ch: {manage: technical, since: 2026-03-01, until: 2026-04-30}}}
teams: {Web: {leader: bob@example.ch}}
"""
BOB = 'user["bob@example.ch"]'
BOBS = [BOB, f'{BOB}.grant["domain/example.ch"]', 'team["Web"].member["bob@example.ch"]']


@pytest.mark.parametrize(
    ("day", "wanted", "ended"),
    [
        (date(2026, 1, 31), [], []),
        (date(2026, 2, 1), [BOBS[0], BOBS[2]], []),
        (date(2026, 2, 28), [BOBS[0], BOBS[2]], []),
        (date(2026, 3, 1), BOBS, []),
        (date(2026, 3, 31), BOBS, []),
        (date(2026, 4, 1), [], BOBS),
    ],
)
def test_dates(day: date, wanted: list[str], ended: list[str], resolve_text: Resolve) -> None:
    """Both ends count; after the last day, what the document names has ended, with all that hangs on it."""
    want, _ = resolve_text(ANA % "external" + PERIODS, day=day)

    assert sorted(str(each) for each in want.state.entries if "bob" in str(each)) == sorted(wanted)
    assert sorted(str(each) for each in want.ended) == sorted(ended)
    web = want.state.team("Web")
    assert web is not None
    assert web.leader == ("bob@example.ch" if wanted else None)


def test_what_has_ended_goes_whatever_the_mode(resolve_text: Resolve) -> None:
    """Under additive, nothing is removed but what the document itself names with a date that has passed."""
    text = ANA % "external, grants: {domain/example.ch: {manage: technical, until: %s}, domain/example.com: technical}"
    have, _ = resolve_text(text % "2027-01-01")

    want, _ = resolve_text(text % "2026-01-01")
    plan = compare(have.state, want)

    assert [(str(change.address), change.effect) for change in plan.changes] == [
        ('user["ana@example.ch"].grant["domain/example.ch"]', "revoke")
    ]
    assert str(plan.changes[0].place) == "access.yaml:4:81"


def test_only_the_rights_that_have_ended_are_named_as_ended(resolve_text: Resolve) -> None:
    """Ended grants that meet on one product end together; rights that they do not name are not theirs to take."""
    text = (
        "external, grants: {e_ticketing/#6: {manage: check, until: 2026-01-01}, "
        "e_ticketing/Box*: {manage: [sale, check], until: 2026-02-01}}"
    )
    live = Grant(user_address("ana@example.ch"), "e_ticketing/Box office", frozenset({"check", "sale", "technical"}))

    want, _ = resolve_text(ANA % text)
    (ended,) = want.ended.values()
    (change, *_) = compare(state([live]), want).changes[-1:]

    assert ended.entry == Grant(live.subject, live.target, frozenset({"check", "sale"}))
    assert str(ended.place) == "access.yaml:4:81"
    assert change.rights_removed == ("check", "sale")


def test_what_another_line_still_wants_has_not_ended(resolve_text: Resolve) -> None:
    """An entry that two lines give is wanted as long as one of them holds."""
    want, _ = resolve_text(
        ANA % "external, grants: {domain/example.ch: {manage: max, until: 2026-01-01}, domain/#1: max}"
    )

    assert not want.ended
    assert list(grants(want)) == ['user["ana@example.ch"].grant["domain/example.ch"]']


ENFORCED = """\
policy: {mode: {users: enforce, teams: enforce, grants: enforce}}
teams: {Web: {leader: ana@example.ch, members: []}}
"""
LATER = "external, since: 2026-07-01, teams: [Web], grants: {domain/example.ch: technical}"
ANAS: list[Entry] = [
    User("ana@example.ch", "external"),
    Team("Web", "ana@example.ch"),
    Membership("Web", "ana@example.ch"),
    Grant(user_address("ana@example.ch"), "domain/example.ch", frozenset({"technical"})),
]


@pytest.mark.parametrize("invited", [False, True])
def test_who_is_there_before_their_time_stays(
    invited: bool,  # noqa: FBT001 - a parameter of the test
    resolve_text: Resolve,
    show: Callable[[Iterable[Finding]], str],
    snapshot: SnapshotAssertion,
) -> None:
    """A start that lies ahead takes nothing from somebody in the organization, and is remarked upon."""
    live: list[Entry] = [User("ana@example.ch", "external", invited=invited), *ANAS[1:]]

    want, findings = resolve_text(ANA % LATER + ENFORCED, live)

    assert not compare(state(live), want).changes
    assert show(findings) == snapshot


def test_who_comes_later_is_not_invited_yet(resolve_text: Resolve) -> None:
    """Before the first day, nothing of a new person is wanted: no invitation, place in a team, lead or grant."""
    want, findings = resolve_text(ANA % LATER + ENFORCED)

    assert not findings
    assert [str(each) for each in want.state.entries] == ['team["Web"]']
    web = want.state.team("Web")
    assert web is not None
    assert web.leader is None


def test_the_end_holds_for_who_is_there_before_their_time(resolve_text: Resolve) -> None:
    """Only the start is passed over: a grant that is to begin later still waits, and the last day counts."""
    text = ANA % "external, since: 2026-07-01, until: 2026-08-01, grants: {domain/*: {manage: max, since: 2026-07-15}}"

    assert list(resolve_text(text, ANAS)[0].state.entries) == [user_address("ana@example.ch")]
    assert list(resolve_text(text, ANAS, date(2026, 8, 2))[0].ended)[:1] == [user_address("ana@example.ch")]


def test_a_grant_that_comes_later_is_the_cause_of_its_removal(resolve_text: Resolve) -> None:
    """Under enforce, who has a right before its first day loses it, and the line of that grant says why."""
    text = "external, grants: {domain/example.com: max, domain/example.ch: {manage: technical, since: 2026-07-01}}"
    live = [ANAS[0], ANAS[3], Grant(user_address("ana@example.ch"), "domain/example.com", frozenset({"technical"}))]

    want, _ = resolve_text(ANA % text + "policy: {mode: {grants: enforce}}", live)
    (change,) = compare(state(live), want).changes

    assert (change.effect, str(change.place)) == ("revoke", "access.yaml:4:106")


@pytest.mark.parametrize(
    "grants", [("since: 2026-07-01", "since: 2026-01-01"), ("since: 2026-01-01", "since: 2026-07-01")]
)
def test_the_line_that_holds_is_the_place(grants: tuple[str, str], resolve_text: Resolve) -> None:
    """Of several lines that name an entry, one that wants it today is its place."""
    early, late = (f"{{manage: technical, {each}}}" for each in grants)

    want, _ = resolve_text(ANA % f"external, grants:\n    {{domain/example.ch: {early},\n     domain/#1: {late}}}")

    (place,) = (place for address, place in want.places.items() if address.part)
    assert place.line == (6 if "07" in grants[0] else 5)


ALIKE = """\
policy: {mode: {users: enforce, teams: enforce, grants: enforce}}
teams: {%s: {leader: ana@example.ch}}
"""


@pytest.mark.parametrize(("name", "live"), [("Web", "web"), ("Büro", "Bu\u0308ro"), ("BU\u0308RO", "büro")])
def test_a_team_is_recognized_under_another_spelling(
    name: str, live: str, resolve_text: Resolve, show: Callable[[Iterable[Finding]], str], snapshot: SnapshotAssertion
) -> None:
    """A team whose name looks like that of one live team is that team, with all its members, and no other."""
    there = [ANAS[0], Team(live, "ana@example.ch"), Membership(live, "ana@example.ch")]

    want, findings = resolve_text(ANA % f"external, teams: [{name}]" + ALIKE % name, there)

    assert not compare(state(there), want).changes
    assert {address.name for address in want.lists if address.kind == "team"} <= {"", live}
    assert show(findings) == snapshot


@pytest.mark.parametrize("others", [["Web", "web"], ["web", "WEB"], ["Webb"], []])
def test_a_team_is_not_taken_for_another(others: list[str], resolve_text: Resolve) -> None:
    """A team of exactly that name, or several that look like it, leave the document's spelling alone."""
    want, findings = resolve_text(ANA % "external, teams: [Web]" + ALIKE % "Web", map(Team, others))

    assert not findings
    assert {str(address) for address in want.state.entries} == {
        'user["ana@example.ch"]',
        'team["Web"]',
        'team["Web"].member["ana@example.ch"]',
    }


def test_a_grant_that_has_ended_may_name_what_is_gone(resolve_text: Resolve) -> None:
    """No finding comes from a selector that is no longer wanted; one to come must fit already."""
    text = ANA % "external, grants: {domain/gone.ch: {manage: technical, %s}}"

    assert not resolve_text(text % "until: 2026-01-01")[1]
    assert resolve_text(text % "since: 2027-01-01")[1]


def test_who_governs_has_no_grants(resolve_text: Resolve) -> None:
    """Grants of administrators and legal representatives change nothing, and are left out."""
    want, _ = resolve_text(ANA % "boss, grants: {all: max}" + "roles: {boss: {base: administrator}}")

    assert [str(each) for each in want.state.entries] == ['user["ana@example.ch"]']


def test_lists_and_places(resolve_text: Resolve) -> None:
    """Each wanted entry knows its line, and each list that the document gives in full is noted."""
    want, _ = resolve_text(
        """\
accessplan: 1
organization: {id: 4242}
roles:
  web:
    base: external
    grants:
      hosting/*: technical
users:
  ana@example.ch: {first_name: A, last_name: K, role: web}
  bob@example.ch:
    first_name: B
    last_name: M
    role: external
    teams: [Web, Ops]
teams:
  Web:
    members:
      - Ana@Example.ch
      - bob@example.ch
    grants: {}
  Ops: {}
"""
    )

    assert {str(address): place.line for address, place in want.places.items()} == {
        'user["ana@example.ch"]': 9,
        'user["ana@example.ch"].grant["hosting/*"]': 7,
        'user["bob@example.ch"]': 10,
        'team["Web"]': 16,
        'team["Web"].member["ana@example.ch"]': 18,
        'team["Web"].member["bob@example.ch"]': 19,
        'team["Ops"]': 21,
        'team["Ops"].member["bob@example.ch"]': 14,
    }
    assert {str(address): place.line for address, place in want.lists.items()} == {
        'user[""]': 8,
        'user["ana@example.ch"].grant[""]': 6,
        'user["ana@example.ch"].use[""]': 6,
        'user["bob@example.ch"].member[""]': 14,
        'team[""]': 15,
        'team["Web"].member[""]': 17,
        'team["Web"].grant[""]': 20,
    }
    assert set(want.places) == set(want.state.entries)


def test_without_users_members_are_live_users(resolve_text: Resolve) -> None:
    """Where the document does not say who the users are, the live organization does."""
    text = HEAD + "teams: {Web: {leader: pia@example.ch, members: [ana@example.ch, bbo@example.ch]}}"
    live = [User("ana@example.ch", "external"), User("bob@example.ch", "external")]

    want, findings = resolve_text(text, live)

    assert [(each.code, each.hint) for each in findings] == [
        ("unknown-member", 'did you mean "bob@example.ch"?'),
        ("unknown-member", "invite them first, or describe them under users"),
    ]
    assert 'team["Web"].member["ana@example.ch"]' in map(str, want.state.entries)
