"""A live organization becomes a document whose plan is empty."""

from collections.abc import Callable
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import has_errors
from accessplan.model import (
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
    normalize_email,
    partner_address,
    team_address,
    user_address,
)
from accessplan.plan import compare
from accessplan.select import Catalogue
from accessplan.services import MAILBOX_PERMISSIONS, ROLES
from accessplan.want.export import document_text
from accessplan.want.load import Loaded
from accessplan.want.resolve import resolve

ANA, BOB, CLAIRE = "ana@example.ch", "bob@agency.example", "claire@example.ch"
CATALOGUE = Catalogue(
    [Product(1, "domain", "example.ch"), Product(2, "drive", "Team: Drive"), Product(3, "drive", "*")],
    mailboxes=["director@example.ch", ANA],
)


def state(*entries: Entry, blind: tuple[BlindSpot, ...] = ()) -> State:
    return State({entry.address: entry for entry in entries}, blind)


def grant(email: str, target: str, *rights: str) -> Grant:
    return Grant(user_address(email), target, frozenset(rights))


ORGANIZATION = state(
    User(CLAIRE, "legal_representative", first_name="Claire", last_name="Favre", language="fr"),
    User(ANA, "collaborator", first_name="Ana", last_name="007", language="rm"),
    User(BOB, "external", last_name="Meyer", invited=True),
    Team("Web", CLAIRE),
    Team("Ops"),
    Membership("Web", ANA),
    Membership("Web", BOB),
    grant(ANA, "domain/*", "technical"),
    grant(ANA, "drive/Team: Drive", "technical", "statistic"),
    grant(ANA, "drive/#3", "technical"),
    Grant(team_address("Web"), "hosting/*", frozenset({"technical"})),
)
PEOPLE_AND_PRODUCTS = state(
    User(CLAIRE, "legal_representative", billing=True, notify_billing=False, notify_products=False),
    User(ANA, "collaborator", billing=False, notify_billing=True, notify_products=False),
    User(BOB, "external", billing=True, notify_products=True),
    grant(ANA, "drive/#3", "technical", "statistic"),
    grant(ANA, "domain/*", "technical"),
    grant(CLAIRE, "domain/*", "technical"),
    Use(ANA, "drive/#3", "user"),
    Use(BOB, "drive/Team: Drive", "external"),
    Use(CLAIRE, "drive/Team: Drive", "admin"),
    Delegation("director@example.ch", ANA, frozenset(), sends=None),
    Delegation("director@example.ch", BOB, frozenset(), sends=False),
    Delegation("director@example.ch", CLAIRE, frozenset({"can_manage_rules", "can_manage_filters"}), sends=True),
    Delegation(ANA, ANA, frozenset({"can_change_password"}), own=True),
    Partner("WebAgency", "limited"),
    Partner("Hoster", "full", wallet=True),
    Partner("Reseller", "full"),
    Grant(partner_address("WebAgency"), "domain/example.ch", frozenset({"technical"})),
)


def test_an_organization(snapshot: SnapshotAssertion) -> None:
    """The document is deterministic, quoted with care, and reads like one written by hand."""
    assert document_text(ORGANIZATION, CATALOGUE, 4242, "Example: SA", "sandbox:organization.yaml") == snapshot


def test_all_that_people_and_partners_hold(snapshot: SnapshotAssertion) -> None:
    """Uses stand beside rights in one map, own mailboxes are left out, and nobody who governs has billing."""
    assert document_text(PEOPLE_AND_PRODUCTS, CATALOGUE, 4242, "", "") == snapshot


def test_what_a_document_cannot_say_is_left_out(snapshot: SnapshotAssertion) -> None:
    """Unknown rights, products that are gone and members who are no users are left out, and that is said."""
    live = state(
        User(ANA, "external", first_name="A\x07na", last_name="Keller"),
        User("no address", "external"),
        Team("Web", "ghost@example.ch"),
        Team("web"),
        Team("x" * 129),
        Membership("Web", "ghost@example.ch"),
        grant(ANA, "domain/example.ch", "technical"),
        grant(ANA, "domain/gone.ch", "technical"),
        grant(ANA, "drive/*", "fly"),
        Use(ANA, "drive/Team: Drive", None),
        Use("guest@example.ch", "drive/Team: Drive", "external"),
        Delegation("director@example.ch", ANA, frozenset({"can_fly"})),
        Delegation(ANA, "ghost@example.ch", frozenset()),
        Delegation("gone@example.ch", ANA, frozenset()),
        Partner("WebAgency", "some"),
        Partner("Hoster", "limited", wallet=True),
        Partner("Other", "limited"),
        Partner("OTHER", "full"),
        Grant(partner_address("Other"), "domain/gone.ch", frozenset({"technical"})),
        blind=(BlindSpot("team", "grant", "The live system does not show the rights of teams."),),
    )

    assert document_text(live, CATALOGUE, 4242, "", "") == snapshot


def test_every_remark_is_one_line_of_comment(load_text: Callable[[str], Loaded]) -> None:
    """A remark that breaks its line, in whatever way, brings nothing into the document."""
    breaks = ("\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029")
    reasons = [f"hidden{each}teams: {{Web: {{}}}}" for each in (*breaks, "\x00", "\u202e", "\ud800", "\ufffe")]
    live = state(blind=tuple(BlindSpot("team", "grant", reason) for reason in reasons))

    text = document_text(live, CATALOGUE, 4242, "", "")

    assert text.isascii()
    assert not load_text(text).document.teams.items
    assert not load_text(text).findings
    assert [line for line in text.splitlines() if "Web" in line] == [
        "# hidden teams: {Web: {}}",
        *(f"# hidden\\{code}teams: {{Web: {{}}}}" for code in ("x00", "u202e", "ud800", "ufffe")),
    ]


NAMES = st.text(max_size=12) | st.sampled_from(
    ["007", "1e5", "null", "yes", "- x", "a: b", "*", "<<", "é", "\x00", "~"]
)
EMAILS = st.sampled_from([ANA, BOB, CLAIRE, "no address", "é@example.ch", "null@example.ch"])
MAYBE = st.none() | st.booleans()
USERS = st.builds(
    User, EMAILS.map(normalize_email), st.sampled_from(ROLES), MAYBE, MAYBE, MAYBE, NAMES, NAMES,
    st.sampled_from(["", "fr", "rm"]),
)  # fmt: skip
SUBJECTS = st.builds(user_address, EMAILS) | st.builds(team_address, NAMES) | st.builds(partner_address, NAMES)
TARGETS = st.sampled_from(
    ["domain/*", "hosting/*", "odd/*", "domain/example.ch", "drive/#3", "drive/Team: Drive", "gone/x"]
)
RIGHTS = st.frozensets(st.sampled_from(["technical", "statistic", "sale", "fly"]))
USE_ROLES = st.none() | st.sampled_from(["external", "user", "admin", "owner"])
MAILBOXES = st.sampled_from(["director@example.ch", ANA, "gone@example.ch"])
PERMISSIONS = st.frozensets(st.sampled_from([*MAILBOX_PERMISSIONS[:3], "can_fly"]))
ENTRIES = st.lists(
    USERS
    | st.builds(Team, NAMES, st.none() | EMAILS)
    | st.builds(Membership, NAMES, EMAILS)
    | st.builds(Grant, SUBJECTS, TARGETS, RIGHTS)
    | st.builds(Use, EMAILS, TARGETS, USE_ROLES)
    | st.builds(Delegation, MAILBOXES, EMAILS, PERMISSIONS, MAYBE, st.booleans())
    | st.builds(Partner, NAMES, st.sampled_from(["limited", "full", "some"]), st.booleans()),
    max_size=25,
)


@given(ENTRIES, NAMES)
def test_the_plan_of_an_export_is_empty(load_text: Callable[[str], Loaded], entries: list[Entry], name: str) -> None:
    """Whatever lives there, the exported document is valid and changes nothing."""
    live = state(*entries)

    loaded = load_text(document_text(live, CATALOGUE, 4242, name, ""))
    want, findings = resolve(loaded.document, CATALOGUE, live, date(2026, 6, 30))

    assert not has_errors([*loaded.findings, *findings])
    assert not compare(live, want).changes
