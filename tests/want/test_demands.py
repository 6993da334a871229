"""What must be written of users and partners, and when they must end."""

from collections.abc import Callable, Iterable
from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import Finding
from accessplan.model import PARTNER
from accessplan.services import ROLES
from accessplan.want.demands import EXAMPLES
from accessplan.want.document import UNRECORDED, Demands, Record
from accessplan.want.load import Loaded
from accessplan.want.schema import load

HEAD = "accessplan: 1\norganization: {id: 4242}\n"
ALL = "owner: claire@example.ch, reason: Shop, until: 2027-06-30, since: 2026-06-30, ticket: 5, reviewed: 2026-06-01"


def document(policy: str, **users: str) -> str:
    lines = (f"  {name}@x.ch: {{first_name: A, last_name: B, role: {extra}}}\n" for name, extra in users.items())
    roles = "roles: {guest: {base: external}, visitor: {base: guest}}\n"
    return HEAD + f"policy: {{{policy}}}\n" + roles + "users:\n" + "".join(lines)


def test_demands_are_read(load_text: Callable[[str], Loaded]) -> None:
    """Fields and days are demanded of users by their base role, and of partners."""
    text = HEAD + "policy: {metadata: {external: [until, owner], partner: []}, lifetime: {administrator: 180d}}"

    assert load_text(text).document.demands == Demands(
        {"external": ("owner", "until"), "partner": ()}, {"administrator": 180}
    )


def test_what_is_noted_of_entries_is_read(load_text: Callable[[str], Loaded]) -> None:
    """Users, grants, delegates and partners may say who answers for them, why, and who asked for them."""
    text = document("", ana=f"external, {ALL}, grants: {{domain/*: {{manage: max, {ALL}}}, hosting/*: technical}}")
    text += f"mailboxes: {{m@example.ch: {{delegates: {{ana@x.ch: {{access: read_write, {ALL}}}}}}}}}\n"
    text += f"partners: {{WebAgency: {{access: full, {ALL}}}}}\n"

    found = load_text(text).document

    (ana,), (mailbox,), (partner,) = found.users.items, found.mailboxes.items, found.partners.items
    on_domains, on_hostings = ana.grants.items
    (delegate,) = mailbox.delegates.items
    for record in (ana.record, on_domains.record, delegate.record, partner.record):
        assert record.owner is not None
        assert record == Record(record.owner, "Shop", "5", date(2026, 6, 1))
        assert record.owner.name == "claire@example.ch"
    assert on_hostings.record is UNRECORDED


@pytest.mark.parametrize(
    "text",
    [
        document(f"metadata: {{external: [{', '.join(EXAMPLES)}]}}", ana=f"visitor, {ALL}", bob="collaborator"),
        document("metadata: {administrator: [owner]}", ana="external", bob="unheard-of"),
        document("lifetime: {external: 365d}", ana="visitor, until: 2027-06-30", bob="collaborator"),
        document("lifetime: {external: 365d}", ana="external, since: 2026-07-01, until: 2027-07-01"),
        document("lifetime: {external: 9999d}", ana="external, since: 9999-12-30, until: 9999-12-31"),
        document("metadata: {partner: [owner]}, lifetime: {partner: 1d}")
        + "partners: {WebAgency: {access: full, owner: a@x.ch, until: 2026-07-01}}",
    ],
)
def test_what_is_demanded_is_there(text: str, load_text: Callable[[str], Loaded]) -> None:
    """Nothing is said of entries that carry what is demanded, or of whom nothing is."""
    codes = {each.code for each in load_text(text).findings}

    assert codes.isdisjoint({"metadata-missing", "lifetime-exceeded"})


FAULTS = {
    "keys": HEAD + "policy: {metadata: {guest: [owner], external: [price, reason]}, lifetime: {team: 5d}}",
    "values": HEAD
    + "policy: {metadata: {external: owner, partner: null}, lifetime: {external: 365, partner: 0d, administrator: 1y}}",
    "fields missing": document(
        "metadata: {external: [owner, reason, until], collaborator: [ticket], partner: [owner]}",
        ana="external",
        bob="visitor, owner: a@x.ch, until: 2027-01-01, reason: ' '",
        eve="collaborator, owner: a@x.ch",
    )
    + "partners: {WebAgency: {access: full}}",
    "days": document(
        "lifetime: {external: 365d, partner: 10d}",
        ana="external",
        bob="external, until: 2027-07-01",
        eve="visitor, since: 2026-01-01, until: 2027-06-30",
        zoe="external, since: 9999-12-30",
    )
    + "partners: {WebAgency: {access: full, until: 2026-07-11}}",
    "no until": document("metadata: {external: [until]}, lifetime: {external: 365d}", ana="external"),
    "no until that the calendar has": document("metadata: {external: [until]}", ana="external, until: 2027-02-30"),
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faults(
    text: str,
    load_text: Callable[[str], Loaded],
    show: Callable[[Iterable[Finding]], str],
    snapshot: SnapshotAssertion,
) -> None:
    """What is demanded and not there is told at the entry, with how to mend it."""
    assert show(load_text(text).findings) == snapshot


def test_the_schema_names_what_may_be_demanded() -> None:
    """Fields and whom they are demanded of are the same in the schema and in the code."""
    definitions = load("access")["$defs"]
    policy = definitions["policy"]["properties"]

    assert set(definitions["fields"]["items"]["enum"]) == set(EXAMPLES)
    assert set(policy["metadata"]["properties"]) == set(policy["lifetime"]["properties"]) == {*ROLES, PARTNER}
