"""A live organization becomes a document whose plan is empty."""

from collections.abc import Callable
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import has_errors
from accessplan.model import (
    BlindSpot,
    Entry,
    Grant,
    Membership,
    Product,
    State,
    Team,
    User,
    normalize_email,
    team_address,
    user_address,
)
from accessplan.plan import compare
from accessplan.select import Catalogue
from accessplan.services import ROLES
from accessplan.want.export import document_text
from accessplan.want.load import Loaded
from accessplan.want.resolve import resolve

ANA, BOB, CLAIRE = "ana@example.ch", "bob@agency.example", "claire@example.ch"
CATALOGUE = Catalogue(
    [Product(1, "domain", "example.ch"), Product(2, "drive", "Team: Drive"), Product(3, "drive", "*")]
)


def state(*entries: Entry, blind: tuple[BlindSpot, ...] = ()) -> State:
    return State({entry.address: entry for entry in entries}, blind)


def grant(email: str, target: str, *rights: str) -> Grant:
    return Grant(user_address(email), target, frozenset(rights))


ORGANIZATION = state(
    User(CLAIRE, "legal_representative", "Claire", "Favre", "fr"),
    User(ANA, "collaborator", "Ana", "007", "rm"),
    User(BOB, "external", "", "Meyer", invited=True),
    Team("Web", CLAIRE),
    Team("Ops"),
    Membership("Web", ANA),
    Membership("Web", BOB),
    grant(ANA, "domain/*", "technical"),
    grant(ANA, "drive/Team: Drive", "technical", "statistic"),
    grant(ANA, "drive/#3", "technical"),
    Grant(team_address("Web"), "hosting/*", frozenset({"technical"})),
)


def test_an_organization(snapshot: SnapshotAssertion) -> None:
    """The document is deterministic, quoted with care, and reads like one written by hand."""
    assert document_text(ORGANIZATION, CATALOGUE, 4242, "Example: SA", "sandbox:organization.yaml") == snapshot


def test_what_a_document_cannot_say_is_left_out(snapshot: SnapshotAssertion) -> None:
    """Unknown rights, products that are gone and members who are no users are left out, and that is said."""
    live = state(
        User(ANA, "external", "A\x07na", "Keller"),
        User("no address", "external"),
        Team("Web", "ghost@example.ch"),
        Team("web"),
        Team("x" * 129),
        Membership("Web", "ghost@example.ch"),
        grant(ANA, "domain/example.ch", "technical"),
        grant(ANA, "domain/gone.ch", "technical"),
        grant(ANA, "drive/*", "fly"),
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
USERS = st.builds(
    User, EMAILS.map(normalize_email), st.sampled_from(ROLES), NAMES, NAMES, st.sampled_from(["", "fr", "rm"])
)
SUBJECTS = st.builds(user_address, EMAILS) | st.builds(team_address, NAMES)
TARGETS = st.sampled_from(
    ["domain/*", "hosting/*", "odd/*", "domain/example.ch", "drive/#3", "drive/Team: Drive", "gone/x"]
)
RIGHTS = st.frozensets(st.sampled_from(["technical", "statistic", "sale", "fly"]))
ENTRIES = st.lists(
    USERS
    | st.builds(Team, NAMES, st.none() | EMAILS)
    | st.builds(Membership, NAMES, EMAILS)
    | st.builds(Grant, SUBJECTS, TARGETS, RIGHTS),
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
