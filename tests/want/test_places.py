"""Places in products that stay whatever the document says, and those it says nothing of."""

from collections.abc import Callable, Iterable

import pytest
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import Finding
from accessplan.model import Entry, Membership, State, Team, Use, User
from accessplan.plan import Want, compare

Resolve = Callable[..., tuple[Want, list[Finding]]]
Show = Callable[[Iterable[Finding]], str]

ANA, BOB, EVE = "ana@example.ch", "bob@example.ch", "eve@example.ch"
DRIVE = "drive/Archive"
MODES = "policy: {mode: {users: %s, teams: enforce, grants: %s}}\n"
ENFORCE = MODES % ("additive", "enforce")


def document(*people: str, more: str = ENFORCE) -> str:
    lines = "".join(
        f"  {email}: {{first_name: A, last_name: B, {each}}}\n" for email, each in zip((ANA, BOB), people, strict=False)
    )
    return f"accessplan: 1\norganization: {{id: 4242}}\nusers:\n{lines}{more}"


def live(*uses: Use, ana: str = "collaborator", bob: str = "collaborator") -> list[Entry]:
    return [User(ANA, ana), User(BOB, bob), Team("Web"), Membership("Web", ANA), *uses]


def planned(want: Want, entries: Iterable[Entry]) -> list[str]:
    plan = compare(State({entry.address: entry for entry in entries}), want)
    return [f"{change.effect} {change.address}" for change in plan.changes]


def codes(findings: Iterable[Finding]) -> list[str]:
    return [each.code for each in findings]


@pytest.mark.parametrize(
    "team", ["", "teams: {Web: {}}\n", f"teams: {{Web: {{members: [{ANA}], grants: {{kchat/Chat: {{use: user}}}}}}}}\n"]
)
def test_a_place_that_nothing_gives_any_more_is_told(
    team: str, resolve_text: Resolve, show: Show, snapshot: SnapshotAssertion
) -> None:
    """Once the team that gave a place says nothing of it, who has no grants keeps it, and that is said."""
    entries = live(Use(ANA, DRIVE, "user"), Use(EVE, DRIVE, "admin"))

    want, findings = resolve_text(document("role: collaborator", more=ENFORCE + team), entries)

    assert f'user["{ANA}"].use["{DRIVE}"]' not in str(planned(want, entries))
    assert show(findings) == snapshot


def test_many_places_are_one_finding(resolve_text: Resolve) -> None:
    """However many people use a product that nothing gives them, they are counted, and five are named."""
    emails = [f"u{number}@example.ch" for number in range(7)]
    people = "".join(f"  {each}: {{first_name: U, last_name: N, role: external}}\n" for each in emails)
    text = f"accessplan: 1\norganization: {{id: 4242}}\nusers:\n{people}{ENFORCE}"

    _, (finding,) = resolve_text(text, [Use(each, DRIVE, "external") for each in emails])

    named = ", ".join(f'"{each}"' for each in emails[:5])
    assert finding.message == f'7 people use "{DRIVE}", and nothing in the document says so: {named} and 2 more'


@pytest.mark.parametrize(
    ("text", "use"),
    [
        (document("role: collaborator", more=MODES % ("enforce", "additive")), Use(ANA, DRIVE, "user")),
        (document("role: collaborator"), Use(ANA, DRIVE, "user", implied=True)),
        (document("role: collaborator"), Use(EVE, DRIVE, "user")),
        (document("role: administrator"), Use(ANA, DRIVE, "user")),
        (document("role: collaborator, grants: {}"), Use(ANA, DRIVE, "user")),
        (document("role: collaborator, teams: [Web]"), Use(ANA, "kchat/Chat", "user")),
        (document("role: collaborator, until: 2026-01-01"), Use(ANA, DRIVE, "user")),
    ],
    ids=["additive", "implied", "nobody of the document", "who governs", "managed", "given by a team", "left"],
)
def test_places_that_are_accounted_for(text: str, use: Use, resolve_text: Resolve) -> None:
    """Nothing is said of a place that is given, taken, or comes by itself, nor of people the document does not name."""
    team = "teams: {Web: {grants: {kchat/Chat: {use: user}}}}\n"

    _, findings = resolve_text(text + team, live(use))

    assert "place-unmanaged" not in codes(findings)


REMOVED = f'removed: [{{entry: \'user["{ANA}"].use["{DRIVE}"]\'}}]\n'


@pytest.mark.parametrize(
    "text", [document("role: administrator, grants: {}"), document("role: administrator", more=REMOVED)]
)
def test_the_place_of_who_governs_stays(
    text: str, resolve_text: Resolve, show: Show, snapshot: SnapshotAssertion
) -> None:
    """Nobody takes the place in a kDrive from who governs, and that is said."""
    entries = live(Use(ANA, DRIVE, "user"), Use(EVE, DRIVE, "admin"), ana="administrator")

    want, findings = resolve_text(text, entries)

    assert not planned(want, entries)
    assert show(findings) == snapshot


def test_other_places_of_who_governs_go(resolve_text: Resolve) -> None:
    """A place in another product goes, and so does an invitation into a kDrive, and a place of who governs no more."""
    entries = live(
        Use(ANA, "kchat/Chat", "user"), Use(ANA, DRIVE, "user", pending=True), Use(BOB, DRIVE, "user"),
        ana="administrator", bob="administrator",
    )  # fmt: skip

    want, findings = resolve_text(document("role: administrator, grants: {}", "role: external, grants: {}"), entries)

    assert not findings
    assert sum(each.startswith("revoke") for each in planned(want, entries)) == 3


@pytest.mark.parametrize("wanted", ["user", "external"])
def test_who_governs_is_not_let_in_again_with_less(
    wanted: str, resolve_text: Resolve, show: Show, snapshot: SnapshotAssertion
) -> None:
    """Who governs and is locked out of a kDrive as admin stays so where they are to have less, and that is said."""
    state = State(
        {each.address: each for each in live(ana="administrator")},
        locked={each.address: each for each in (Use(ANA, DRIVE, "admin"), Use(BOB, DRIVE, "admin"))},
    )
    grants = f"grants: {{{DRIVE}: {{use: {wanted}}}}}"
    text = document(f"role: administrator, {grants}", f"role: collaborator, {grants}")

    want, findings = resolve_text(text, state)

    assert [str(each.address) for each in compare(state, want).changes] == [f'user["{BOB}"].use["{DRIVE}"]']
    assert show(findings) == snapshot


def test_a_role_that_is_not_shown_is_not_lowered(
    resolve_text: Resolve, show: Show, snapshot: SnapshotAssertion
) -> None:
    """What who governs has in a kDrive stays also where it is not shown: it may be more than is wanted."""
    entries = live(Use(ANA, DRIVE, None), Use(BOB, DRIVE, "admin"), ana="administrator")

    want, findings = resolve_text(document(f"role: administrator, grants: {{{DRIVE}: {{use: user}}}}"), entries)

    assert not planned(want, entries)
    assert show(findings) == snapshot


LEAVING = MODES % ("enforce", "enforce")
LAST = {
    "taken": (document("role: collaborator, grants: {}"), []),
    "removed": (document("role: collaborator", more=REMOVED), []),
    "lowered": (document(f"role: collaborator, grants: {{{DRIVE}: {{use: user}}}}"), []),
    "handed over": (
        document("role: collaborator, grants: {}", f"role: collaborator, grants: {{{DRIVE}: {{use: admin}}}}"),
        [f'grant user["{BOB}"].use["{DRIVE}"]'],
    ),
}


@pytest.mark.parametrize(("text", "changes"), LAST.values(), ids=LAST.keys())
def test_the_last_admin_of_a_drive_stays(
    text: str, changes: list[str], resolve_text: Resolve, show: Show, snapshot: SnapshotAssertion
) -> None:
    """A kDrive keeps its last admin until another one is active there, not only invited, and that is said."""
    entries = live(Use(ANA, DRIVE, "admin"), Use(EVE, DRIVE, "admin", pending=True))

    want, findings = resolve_text(text, entries)

    assert planned(want, entries) == changes
    assert show(findings) == snapshot


def test_an_admin_may_go_while_another_stays(resolve_text: Resolve) -> None:
    """Of several admins, all may go but one; it is who stays in the organization."""
    entries = live(Use(ANA, DRIVE, "admin"), Use(BOB, DRIVE, "admin"))
    taken = document("role: collaborator, grants: {}", "role: collaborator", more=MODES % ("enforce", "enforce"))
    leaving = document("role: external, until: 2026-01-01", f"role: collaborator, grants: {{{DRIVE}: {{use: user}}}}")

    one, _ = resolve_text(taken, entries)
    _, findings = resolve_text(leaving, entries)

    assert planned(one, entries) == [f'revoke user["{ANA}"].use["{DRIVE}"]']
    assert [each.address for each in findings if each.code == "last-drive-admin"] == [f'user["{BOB}"].use["{DRIVE}"]']


def test_the_last_admin_who_leaves_is_told(resolve_text: Resolve) -> None:
    """Who leaves the organization as the last admin of a kDrive is named, at the line that has them leave."""
    text = document("role: external, until: 2026-01-01")

    _, findings = resolve_text(text, live(Use(ANA, DRIVE, "admin")))

    (finding,) = (each for each in findings if each.code == "last-drive-admin")
    assert finding.message == f'"{ANA}" is the last admin of "{DRIVE}", and leaves the organization'
    assert str(finding.place) == "access.yaml:4:3"
