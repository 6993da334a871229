"""The schema of the document, and what it finds wrong, in plain words."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import Finding
from accessplan.plan import MODE_KINDS, Mode
from accessplan.services import DRIVE, FULL, LANGUAGES, LIMITED, MAILBOX_PERMISSIONS, RIGHTS, USE_ROLES
from accessplan.want.document import BASE_ROLES
from accessplan.want.faults import explain
from accessplan.want.load import Loaded
from accessplan.want.mailboxes import READ, READ_WRITE
from accessplan.want.parse import parse
from accessplan.want.roles import LEVELS
from accessplan.want.schema import check, load, text_of

HEAD = "accessplan: 1\norganization: {id: 4242}\n"
ANA = HEAD + "users:\n  ana@example.ch: {first_name: Ana, last_name: Keller, role: collaborator, %s}"
GRANT = ANA % "grants: {domain/x.ch: %s}"

FAULTS = {
    "list for a document": "- accessplan: 1",
    "text for a document": "accessplan",
    "version missing": "organization: {id: 4242}",
    "version of the future": "accessplan: 2\norganization: {id: 4242}",
    "version as text": "accessplan: '1'\norganization: {id: 4242}",
    "unknown section": HEAD + "user: {}\nbilling: {}",
    "organization without id": "accessplan: 1\norganization: {name: Example}",
    "organization: id": "accessplan: 1\norganization: {id: 0, name: 7, live: '', timezone: [x]}",
    "organization: id as text": "accessplan: 1\norganization: {id: '4242'}",
    "organization: id true": "accessplan: 1\norganization: {id: true}",
    "policy": HEAD + "policy: {mode: {users: enforced, teams: [enforce], grants: null, mailbox: additive}}",
    "null sections": HEAD + "users:\nteams: ~\nroles: null\npolicy:",
    "lists for sections": HEAD + "users: [ana@example.ch]\nteams: []\nroles: x",
    "user is null": HEAD + "users:\n  ana@example.ch:",
    "user lacks all": HEAD + "users:\n  ana@example.ch: {}",
    "user: keys": ANA % "frist_name: x, phone: 1",
    "user: values": ANA % "language: ge, teams: Web, since: 1.1.2026, until: 20260101, owner: 5, reviewed: [x]",
    "user: names": HEAD + f"users:\n  ana@example.ch: {{first_name: '', last_name: {'x' * 129}, role: 5}}",
    "user: names of other kinds": HEAD + "users:\n  ana@example.ch: {first_name: true, last_name: null, role: [x]}",
    "user: teams": ANA % "teams: [Web, 2024, null, [x]]",
    "user: nulls": ANA % "teams: null, grants: null, until: null, language: null",
    "role": HEAD + "roles:\n  a: {}\n  b: {base: 3}\n  c: {base: external, grant: {}}\n  d: collaborator",
    "team": HEAD
    + "teams:\n  Web: {member: [], leader: [x], grants: []}\n  Ops: null\n  Dev: {members: ana@example.ch}",
    "billing and notifications": ANA % "billing: 'yes', notifications: {billing: 1, product: true}",
    "notifications of other kinds": ANA % "billing: null, notifications: true",
    "role: billing and notifications": HEAD + "roles: {a: {base: external, billing: [], notifications: {sms: true}}}",
    "grant: unknown right": GRANT % "technicl",
    "grant: unknown rights": GRANT % "[technical, statistics, max]",
    "grant: number": GRANT % "5",
    "grant: null": GRANT % "null",
    "grant: true": GRANT % "true",
    "grant: empty map": GRANT % "{}",
    "grant: map": GRANT % "{manage: technicl, future: 'no', use: user, since: soon, reason: 5}",
    "grant: manage of other kinds": GRANT % "{manage: {technical: true}}",
    "grant: manage null": GRANT % "{manage: null}",
    "date with more to it": GRANT % '{manage: technical, until: "2026-12-31\\n", since: 2026-12-31 at noon}',
    "tricks": ANA % '"\\u202e": 1, language: "\\u202ede"',
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faults(
    text: str,
    load_text: Callable[[str], Loaded],
    show: Callable[[Iterable[Finding]], str],
    snapshot: SnapshotAssertion,
) -> None:
    """Every fault gives one finding, with its place, its entry, and how to mend it."""
    findings = load_text(text).findings

    assert show(findings) == snapshot
    assert len({(each.place, each.message) for each in findings}) == len(findings)


def test_many_sound_entries_do_not_hide_a_faulty_one(load_text: Callable[[str], Loaded]) -> None:
    """One fault among many users is found, and only it."""
    users = "".join(f"  u{n}@example.ch: {{first_name: U, last_name: N, role: external}}\n" for n in range(300))

    findings = load_text(f"{HEAD}users:\n{users}  ana@example.ch: {{first_name: Ana, role: external}}\n").findings

    assert [(each.code, each.address) for each in findings] == [("missing-key", 'user["ana@example.ch"]')]


def test_the_schema_names_what_the_code_knows() -> None:
    """Rights, roles, permissions, languages and modes are the same in the schema and in the code."""
    definitions = load("access")["$defs"]

    assert definitions["right"]["enum"] == list(RIGHTS)
    assert definitions["right-or-max"]["enum"] == [*RIGHTS, "max"]
    assert definitions["user"]["properties"]["language"]["enum"] == list(LANGUAGES)
    assert definitions["mode"]["enum"] == list(Mode)
    assert set(definitions["policy"]["properties"]["mode"]["properties"]) == set(MODE_KINDS.values())
    assert definitions["permission"]["enum"] == list(MAILBOX_PERMISSIONS)
    assert definitions["access"]["enum"] == [READ, READ_WRITE]
    assert definitions["partner"]["properties"]["access"]["enum"] == [LIMITED, FULL]
    uses = definitions["grant-map"]["properties"]["use"]["enum"]
    assert uses == list(USE_ROLES[DRIVE])
    assert all(set(uses).issuperset(roles) for roles in USE_ROLES.values())
    for described in (definitions["user"]["properties"]["role"], definitions["role"]["properties"]["base"]):
        assert all(role in described["description"] for role in (*BASE_ROLES, *LEVELS))


def test_every_example_is_valid() -> None:
    """What the schema shows as an example, it allows."""

    def parts(schema: object) -> Iterator[dict[str, Any]]:
        if isinstance(schema, dict):
            yield schema
        for each in schema.values() if isinstance(schema, dict) else ():
            yield from parts(each)

    schema = load("access")
    for part in parts(schema):
        examples = part.get("examples", [])
        for example in examples if isinstance(examples, list) else ():
            assert jsonschema_rs.is_valid({**part, "$defs": schema["$defs"]}, example), example


def test_the_schema_helps_in_an_editor() -> None:
    """Every key has a description, and no map takes keys that are not named."""

    def properties(schema: object) -> Iterator[tuple[str, dict[str, Any]]]:
        if isinstance(schema, dict):
            if "properties" in schema:
                assert schema["additionalProperties"] is False
                yield from schema["properties"].items()
            for each in schema.values():
                yield from properties(each)

    schema = load("access")
    Draft202012Validator.check_schema(schema)
    for key, each in properties(schema):
        target = schema["$defs"][each["$ref"].rpartition("/")[2]] if "$ref" in each else each
        assert each.get("description") or target.get("description"), key
    assert json.loads(text_of("access")) == schema


def test_a_choice_between_schemas_is_explained_by_its_best_fit() -> None:
    """For schemas with anyOf, as others may write them, the fault of the nearest branch is told."""
    schema = {"anyOf": [{"type": "object", "properties": {"a": {"type": "integer"}}}, {"type": "string"}]}
    tree = parse(b"a: [x]", ("file.yaml",))

    faults = [
        finding for fault in Draft202012Validator(schema).iter_errors(tree.data) for *_, finding in explain(fault, tree)
    ]

    assert [each.message for each in faults] == ['"a" must be a whole number, not a list']


KEYS = st.sampled_from(
    [
        "accessplan",
        "organization",
        "id",
        "users",
        "ana@example.ch",
        "first_name",
        "role",
        "grants",
        "manage",
        "use",
        "until",
        "billing",
        "notifications",
        "mailboxes",
        "delegates",
        "access",
        "partners",
        "removed",
        "entry",
    ]
)
VALUES = st.sampled_from(
    [
        1,
        4242,
        True,
        None,
        "x",
        "",
        "max",
        "technical",
        "user",
        "read",
        "limited",
        "2026-12-31",
        "2026-12-31\n",
        "²026-12-31",
    ]
)
JUNK = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner), max_leaves=8)


@st.composite
def documents(draw: st.DrawFn) -> object:
    """Documents that are almost right: junk stands in some places."""

    def maybe(sound: object) -> object:
        return draw(JUNK) if draw(st.integers(0, 9)) == 0 else sound

    grant = maybe(draw(st.sampled_from(["technical", ["statistic"], "max", {"use": "user"}, {"manage": "max"}, {}])))
    access = maybe(draw(st.sampled_from(["read", ["can_access_logs"], [], {"access": "read", "until": "2026-12-31"}])))
    user = {
        "first_name": maybe("A"),
        "last_name": maybe("K"),
        "role": maybe("external"),
        "grants": maybe({"all": grant}),
        "billing": maybe(draw(st.booleans())),
        "notifications": maybe({"billing": maybe(draw(st.booleans()))}),
    }
    document = {
        "accessplan": maybe(1),
        "users": maybe({"ana@example.ch": maybe(user)}),
        "teams": maybe({"Web": {}}),
        "mailboxes": maybe({"b@x.ch": maybe({"delegates": maybe({"a@x.ch": access})})}),
        "partners": maybe({"Agency": maybe({"access": maybe("full"), "wallet": maybe(draw(st.booleans()))})}),
        "removed": maybe([maybe({"entry": maybe("x")})]),
    }
    return maybe(document | draw(st.sampled_from([{}, {"organization": maybe({"id": maybe(1)})}])))


@given(documents())
def test_the_fast_check_and_the_thorough_one_agree(document: object) -> None:
    """What one engine calls valid, the other does too."""
    schema = load("access")

    fast = jsonschema_rs.Draft202012Validator(schema).is_valid(document)

    assert fast == Draft202012Validator(schema).is_valid(document)


@given(documents())
def test_what_is_invalid_is_explained(document: object) -> None:
    """An invalid document has at least one finding, and a valid one has none."""
    tree = parse(json.dumps(document).encode(), ("access.yaml",))

    if tree.data is not None:
        assert bool(check(tree, "access")) != Draft202012Validator(load("access")).is_valid(tree.data)
