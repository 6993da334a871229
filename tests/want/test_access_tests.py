"""Access tests are read, and what they name is looked for in the document."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import Finding
from accessplan.model import PARTNER
from accessplan.policy import AccessTest, Quantity, Those
from accessplan.services import MAILBOX_PERMISSIONS, RIGHTS, ROLES, SEND
from accessplan.want.access_tests import ON_MAILBOXES, USE
from accessplan.want.load import Loaded
from accessplan.want.schema import load

NOBODY, EVERYBODY, COUNT = Quantity

HEAD = "accessplan: 1\norganization: {id: 4242}\n"
DESCRIBED = """\
roles: {accountant: {base: collaborator}, lost: {base: nothing}}
users: {ana@example.ch: {first_name: A, last_name: B, role: collaborator}}
teams: {Web: {}}
"""


def document(*texts: str) -> str:
    return HEAD + "tests:\n" + "".join(f"  - {{name: test {n}, {text}}}\n" for n, text in enumerate(texts, 1))


def test_tests_are_read(load_text: Callable[[str], Loaded]) -> None:
    """Each says who is meant, what they reach, with which rights, and how many."""
    loaded = load_text(
        document(
            "nobody: {role: external, reaches: mailbox/Billing@example.ch}",
            "count: {role: [administrator, partner], min: 2, max: 4}, warn_until: 2027-01-31",
            "everybody: {team: Web, reaches: hosting/*, with: technical}",
            "count: {user: [ANA@example.ch], reaches: mailbox/*, with: [read, send, can_manage_rules], max: 0}",
            "nobody: {user: bob@example.ch, reaches: organization}",
            "everybody: {reaches: drive/Team Drive, with: [use, statistic]}",
        )
    )

    assert not loaded.findings
    found = loaded.document.policy.tests
    assert [each.place and each.place.line for each in found] == [4, 5, 6, 7, 8, 9]
    assert [replace(each, place=None) for each in found] == [
        AccessTest("test 1", NOBODY, Those(frozenset({"external"})), "mailbox/billing@example.ch"),
        AccessTest(
            "test 2",
            COUNT,
            Those(frozenset({"administrator", "partner"})),
            at_least=2,
            at_most=4,
            warn_until=date(2027, 1, 31),
        ),
        AccessTest("test 3", EVERYBODY, Those(team="Web"), "hosting/*", frozenset({"technical"})),
        AccessTest(
            "test 4",
            COUNT,
            Those(users=frozenset({"ana@example.ch"})),
            "mailbox/*",
            frozenset({"read", SEND, "can_manage_rules"}),
            at_most=0,
        ),
        AccessTest("test 5", NOBODY, Those(users=frozenset({"bob@example.ch"})), "organization"),
        AccessTest("test 6", EVERYBODY, Those(), "drive/Team Drive", frozenset({"use", "statistic"})),
    ]


FAULTS = {
    "keys": document(
        "none: {}", "nobody: {who: x, reaches: a/b, min: 1}", "count: {role: external}", "warn_until: soon"
    )
    + "  - {count: {min: 1}}\n  - some text\n",
    "values": document(
        "nobody: x",
        "everybody: {role: [], team: '', user: 5, with: []}",
        "count: {min: -1, max: '4', reaches: [x], with: [tecnical, null]}, warn_until: 2027-02-30",
    )
    + "  - {name: '', count: null}\n",
    "a map": HEAD + "tests: {no outsider: {nobody: {reaches: domain/*}}}",
    "two in one": document("nobody: {reaches: domain/*}, count: {max: 4}"),
    "one name twice": document("count: {max: 1}") + "  - {name: TEST 1, count: {min: 1}}\n",
    "bounds": document("count: {min: 4, max: 2}", "count: {min: 2, max: 2}"),
    "roles": document("count: {role: [accountant, lost, full_access, externl, boss], min: 1}") + DESCRIBED,
    "teams and users": document(
        "count: {team: Wbe, user: anna@example.ch, min: 1}", "count: {team: Ops, user: [bob@x.ch, bob], max: 1}"
    )
    + DESCRIBED,
    "things": document(
        *(f"nobody: {{reaches: '{each}'}}" for each in ("", "all", "hosting", "hosting/@tag", "hosting/#1")),
        *(f"nobody: {{reaches: '{each}'}}" for each in ("hosting/a*", "hostings/*", "mailbox/", "mailbox/billing")),
        "nobody: {reaches: mailboxes/billing@example.ch}",
    ),
    "rights": document(
        "nobody: {reaches: domain/*, with: [statistic, use, read]}",
        "nobody: {reaches: mailbox/*, with: technical}",
        "nobody: {reaches: organization, with: send}",
        "count: {with: technical, max: 1}",
    ),
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faults(
    text: str,
    load_text: Callable[[str], Loaded],
    show: Callable[[Iterable[Finding]], str],
    snapshot: SnapshotAssertion,
) -> None:
    """A test that cannot mean what it says is told with its place and how to mend it."""
    assert show(load_text(text).findings) == snapshot


def test_what_is_not_described_is_not_missed(load_text: Callable[[str], Loaded]) -> None:
    """Where the document describes no users or teams, tests may name any."""
    assert not load_text(document("nobody: {team: Ops, user: bob@example.ch, reaches: domain/*}")).findings


def test_the_schema_names_what_tests_know() -> None:
    """Rights and roles are the same in the schema and in the code."""
    definitions = load("access")["$defs"]

    assert definitions["test-right"]["enum"] == [*RIGHTS, USE, *ON_MAILBOXES]
    assert set(ON_MAILBOXES) == {"read", "send", *MAILBOX_PERMISSIONS}
    assert all(role in definitions["test-role"]["description"] for role in (*ROLES, PARTNER))
    assert set(definitions["test"]["properties"]) - {"name", "warn_until"} == set(Quantity)
