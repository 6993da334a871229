"""What is said to be gone goes, whatever the mode."""

from collections.abc import Callable, Iterable
from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import Finding
from accessplan.model import (
    PARTNER,
    BlindSpot,
    Delegation,
    Entry,
    Grant,
    Membership,
    Partner,
    Product,
    State,
    Team,
    Use,
    User,
    partner_address,
    team_address,
    user_address,
)
from accessplan.plan import Want, compare
from accessplan.select import Catalogue
from accessplan.want.load import Loaded
from accessplan.want.resolve import resolve

Resolve = Callable[..., tuple[Want, list[Finding]]]

HEAD = "accessplan: 1\norganization: {id: 4242}\n"
OLD = "old@example.ch"
TECHNICAL = frozenset({"technical"})


def removed(*entries: object) -> str:
    return HEAD + "removed:\n" + "".join(f"  - {{entry: '{entry}', reason: left}}\n" for entry in entries)


ENTRIES: list[Entry] = [
    User("new@example.ch", "external"),
    Team("Web"),
    Membership("Ops", OLD),
    Grant(user_address(OLD), "domain/example.ch", TECHNICAL),
    Grant(team_address("Ops"), "hosting/*", TECHNICAL),
    Use(OLD, "drive/Archive", "admin"),
    Delegation("director@example.ch", OLD, frozenset()),
    Partner("WebAgency", "full"),
    Grant(partner_address("Hoster"), "hosting/*", TECHNICAL),
]


def test_every_entry_can_be_removed(resolve_text: Resolve) -> None:
    """Named by its address, any entry goes, under the mode additive too, and its line is the cause."""
    admin = Use("boss@example.ch", "drive/Archive", "admin")
    others: list[Entry] = [User(OLD, "collaborator"), Team("Ops"), Partner("Hoster", "limited"), admin]
    live = State({entry.address: entry for entry in (*ENTRIES, *others)})

    want, findings = resolve_text(removed(*(entry.address for entry in ENTRIES)), live)
    plan = compare(live, want)

    assert not findings
    assert {(str(each.address), each.place and each.place.line, each.after) for each in plan.changes} == {
        (str(entry.address), line, None) for line, entry in enumerate(ENTRIES, 4)
    }


def test_what_is_gone_already_is_no_change(resolve_text: Resolve) -> None:
    """An entry that nothing has is as it should be, even where its product is gone."""
    want, findings = resolve_text(removed('user["old@example.ch"]', 'user["a@x.ch"].grant["domain/gone.ch"]'))

    assert not findings
    assert not compare(State({}), want).changes


def test_what_has_ended_and_is_removed_goes_as_a_whole(resolve_text: Resolve) -> None:
    """Of a grant whose days are over only its rights go; said to be gone, all of it does."""
    users = """\
users: {old@example.ch: {first_name: A, last_name: B, role: external,
  grants: {hosting/*: {manage: technical, until: 2026-01-01}}}}
"""
    there = Grant(user_address(OLD), "hosting/*", frozenset({"technical", "statistic"}))

    want, _ = resolve_text(removed(there.address) + users)

    assert [ended.entry for ended in want.ended.values()] == [None]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ('user["OLD@example.ch"]', User(OLD, "external")),
        ('team["WEB"]', Team("Web")),
        ('partner["webagency"].grant["hosting/*"]', Grant(partner_address("WebAgency"), "hosting/*", TECHNICAL)),
        ('user["old@example.ch"].grant["domain/#1"]', Grant(user_address(OLD), "domain/example.ch", TECHNICAL)),
        ('user["old@example.ch"].use["drive/archive"]', Use(OLD, "drive/Archive", "user")),
    ],
)
def test_an_entry_is_found_under_another_spelling(text: str, entry: Entry, resolve_text: Resolve) -> None:
    """Names of people, teams, partners and products are recognized as elsewhere."""
    live = [entry, Partner("WebAgency", "limited")]

    want, _ = resolve_text(removed(text), live)

    assert list(want.ended) == [entry.address]


def test_a_partner_who_is_said_to_be_gone_is_gone_under_any_spelling(resolve_text: Resolve) -> None:
    """Somebody's word that a partner is gone counts for a document that writes the name in another way."""
    blind = (BlindSpot(PARTNER, "", "Not shown.", by_word=True),)
    live = State({}, blind, gone=frozenset({partner_address("WebAgency")}))

    want, findings = resolve_text(removed('partner["WEBAGENCY"]'), live)

    assert (compare(live, want).changes, findings) == ((), [])


def test_a_name_of_two_products_is_a_fault(load_text: Callable[[str], Loaded], today: date) -> None:
    """Which of two products is meant must be said."""
    twins = Catalogue([Product(3, "drive", "Twin"), Product(4, "drive", "twin")])
    document = load_text(removed('user["old@example.ch"].use["drive/Twin"]')).document

    _, findings = resolve(document, twins, State({}), today)

    assert [each.code for each in findings] == ["ambiguous-selector"]
    assert findings[0].message == '"drive/Twin" means 2 products: drive/#3, drive/#4'


FAULTS = {
    "no address": removed("old@example.ch", 'users["old@example.ch"]'),
    "no e-mail address": removed('user["old"]', 'team["Web"].member["old"]'),
    "twice": removed('user["old@example.ch"]', 'user["OLD@example.ch"]'),
    "keys": HEAD + "removed: [{reason: x, until: 2026-01-01}, {entry: 5}, user, {entry: null, owner: x}]",
    "a map": HEAD + "removed: {old@example.ch: left}",
    "described": removed(
        'user["ana@example.ch"]', 'team["web"]', 'team["Web"].member["ana@example.ch"]', 'partner["Hoster"]',
        'user["ana@example.ch"].grant["domain/example.ch"]', 'user["ana@example.ch"].use["drive/Archive"]',
        'user["ana@example.ch"].grant["hosting/*"]',
        'mailbox["director@example.ch"].delegate["ana@example.ch"]', 'partner["Hoster"].grant["hosting/*"]',
    )
    + """\
roles: {dev: {base: external, grants: {hosting/*: technical}}}
users:
  ana@example.ch: {first_name: A, last_name: B, role: dev, teams: [Web],
    grants: {domain/example.ch: technical, drive/Archive: {use: user}}}
teams: {Web: {}}
mailboxes: {director@example.ch: {delegates: {ana@example.ch: read_write}}}
partners: {Hoster: {access: limited, grants: {hosting/*: technical}}}
""",
}  # fmt: skip


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faults(
    text: str,
    load_text: Callable[[str], Loaded],
    show: Callable[[Iterable[Finding]], str],
    snapshot: SnapshotAssertion,
) -> None:
    """What cannot be gone, or is wanted as well, is told with its place and how to mend it."""
    assert show(load_text(text).findings) == snapshot


def test_what_was_wanted_may_be_removed(load_text: Callable[[str], Loaded]) -> None:
    """An entry whose days are over, or a part of one that is not described, does not contradict."""
    text = removed('user["ana@example.ch"]', 'team["Web"].member["bob@example.ch"]', 'team["Web"].grant["domain/*"]')
    users = "users: {ana@example.ch: {first_name: A, last_name: B, role: external, until: 2026-06-29}}\n"

    findings = load_text(text + users + "teams: {Web: {members: [], grants: {hosting/*: technical}}}").findings

    assert [each.code for each in findings] == ["until-passed"]


def test_a_selector_may_describe_what_is_removed(
    resolve_text: Resolve, show: Callable[[Iterable[Finding]], str], snapshot: SnapshotAssertion
) -> None:
    """Where only the live products show that a removed entry is wanted too, that is told then."""
    users = "users: {ana@example.ch: {first_name: A, last_name: B, role: external, grants: {drive/@team: {use: user}}}}"

    _, findings = resolve_text(removed('user["ana@example.ch"].use["drive/Team Drive"]') + users)

    assert show(findings) == snapshot
