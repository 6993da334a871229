"""Places in kDrives that are part of a kSuite: they come and go with that."""

from collections.abc import Callable, Iterable

import pytest
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import Finding
from accessplan.model import USE, USER, BlindSpot, Entry, Membership, Product, State, Team, Use, User
from accessplan.plan import Want
from accessplan.select import Catalogue

Resolve = Callable[..., tuple[Want, list[Finding]]]
Show = Callable[[Iterable[Finding]], str]

ANA, BOB = "ana@example.ch", "bob@example.ch"
DRIVE, OTHER, SUITE = "drive/Shared", "drive/Archive", "ksuite/Work"
MODES = "policy: {mode: {grants: %s}}\n"
ENFORCE, ADDITIVE = MODES % "enforce", MODES % "additive"
PLACE, SEAT = f"{DRIVE}: {{use: user}}", f"{SUITE}: {{use: user}}"
EXTERNAL = f"{DRIVE}: {{use: external}}"

PRODUCTS = [Product(1, "drive", "Shared"), Product(2, "drive", "Archive"), Product(3, "ksuite", "Work")]


@pytest.fixture
def catalogue() -> Catalogue:
    """Two kDrives, one of them part of the kSuite."""
    return Catalogue(PRODUCTS, of_suite=[DRIVE])


def document(ana: str, more: str = ENFORCE) -> str:
    grants = f", grants: {{{ana}}}" if ana else ""
    return (
        "accessplan: 1\norganization: {id: 4242}\nusers:\n"
        f"  {ANA}: {{first_name: A, last_name: B, role: collaborator{grants}}}\n"
        f"  {BOB}: {{first_name: A, last_name: B, role: collaborator, grants: {{}}}}\n{more}"
    )


def live(*uses: Use) -> list[Entry]:
    return [User(ANA, "collaborator"), User(BOB, "collaborator"), Team("Web"), Membership("Web", ANA), *uses]


def faults(findings: Iterable[Finding]) -> list[str]:
    return [each.code for each in findings if each.level == "error"]


REMOVED = f'removed: [{{entry: \'user["{ANA}"].use["{SUITE}"]\'}}]\n'
TEAM = f"teams: {{Web: {{members: [{ANA}, {BOB}], grants: {{{PLACE}}}}}}}\n"
ENDED = f"{SUITE}: {{use: user, until: 2026-01-01}}"
AHEAD = f"{SUITE}: {{use: user, since: 2027-01-01}}"


@pytest.mark.parametrize(
    "text",
    [
        document(PLACE),
        document(f"{PLACE}, {AHEAD}"),
        document(f"{PLACE}, {ENDED}", more=ADDITIVE),
        document(PLACE, more=ADDITIVE + REMOVED),
        document("", more=ENFORCE + TEAM),
        document(SEAT, more=ENFORCE + TEAM),
    ],
    ids=["alone", "later", "ended", "removed", "by a team", "by a team to several, of whom one has it"],
)
def test_a_place_without_the_ksuite_that_brings_it_is_a_fault(
    text: str, resolve_text: Resolve, show: Show, snapshot: SnapshotAssertion
) -> None:
    """A place in a kDrive of a kSuite cannot be wanted while the kSuite is taken, whatever is live."""
    seats = Use(ANA, SUITE, None), Use(ANA, DRIVE, "user", implied=True)

    found = [resolve_text(text, live(*uses))[1] for uses in ((), seats)]

    one, other = ([each for each in findings if each.level == "error"] for findings in found)
    assert show(one) == show(other) == snapshot


@pytest.mark.parametrize(
    "text",
    [
        document(f"{PLACE}, {SEAT}"),
        document(f"{PLACE}, {SUITE}: {{use: admin}}"),
        document("all: {use: user}"),
        document(PLACE, more=ADDITIVE),
        document(f"{OTHER}: {{use: user}}"),
        document(f"{DRIVE}: {{use: user, until: 2026-01-01}}"),
        document(EXTERNAL),
        document("", more=ENFORCE + TEAM.replace(f", {BOB}", "")),
    ],
    ids=["with it", "with another role in it", "all", "additive", "another kDrive", "ended", "external", "not managed"],
)
def test_a_place_whose_ksuite_nobody_takes_is_none(text: str, resolve_text: Resolve) -> None:
    """A place is given by giving the kSuite: all is well as long as the document wants that, or leaves it."""
    _, findings = resolve_text(text, live())

    assert faults(findings) == []


def test_a_ksuite_that_is_not_shown_is_taken_from_nobody(resolve_text: Resolve) -> None:
    """Where the live system shows nobody's kSuite, none is taken, and a place may stand alone."""
    blind = (BlindSpot(USER, USE, "Not shown.", service="ksuite", by_word=True),)

    _, findings = resolve_text(document(PLACE), State({each.address: each for each in live()}, blind))

    assert faults(findings) == []


@pytest.mark.parametrize("text", [document(f"{EXTERNAL}, {SEAT}"), document(EXTERNAL, more=ADDITIVE)])
def test_nobody_is_external_who_has_the_ksuite(
    text: str, resolve_text: Resolve, show: Show, snapshot: SnapshotAssertion
) -> None:
    """Who has the kSuite, or keeps it, is within its kDrives: to want them external there is a fault."""
    _, findings = resolve_text(text, live(Use(ANA, SUITE, None), Use(ANA, DRIVE, "user", implied=True)))

    assert show(findings) == snapshot


@pytest.mark.parametrize(
    "catalogue", [Catalogue([*PRODUCTS, Product(4, "ksuite", "Play")], of_suite=[DRIVE]), Catalogue(PRODUCTS)]
)
def test_what_is_not_known_of_ksuites_is_no_fault(resolve_text: Resolve) -> None:
    """Of several kSuites nobody knows which one a kDrive is part of, and of one that was not read not even whether."""
    _, findings = resolve_text(document(PLACE), live())

    assert faults(findings) == []
