"""What a document asks of plans: limits, who must stay, what is protected."""

from collections.abc import Callable, Iterable

import pytest
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import Finding
from accessplan.model import Address
from accessplan.plan import MODE_KINDS
from accessplan.policy import USUAL_LIMITS, Limit, Policy, Rails
from accessplan.want.load import Loaded
from accessplan.want.schema import load

HEAD = "accessplan: 1\norganization: {id: 4242}\n"


def rails(text: str) -> str:
    return HEAD + f"policy:\n  rails: {text}\n"


def user(email: str, extra: str) -> str:
    return f"  {email}: {{first_name: A, last_name: B, {extra}}}\n"


@pytest.mark.parametrize(
    "text", ["", "policy: {}", "policy: {rails: {}}", "policy: {rails: {removals: {}}}\ntests: []"]
)
def test_what_is_not_said_is_usual(text: str, load_text: Callable[[str], Loaded]) -> None:
    """Without a word on plans, one legal representative must stand and the usual limits hold."""
    loaded = load_text(HEAD + text)

    assert not loaded.findings
    assert loaded.document.policy == Policy()
    assert loaded.document.policy.rails == Rails(1, (), USUAL_LIMITS, ())


def test_rails_are_read(load_text: Callable[[str], Loaded]) -> None:
    """Limits, people and addresses are taken as written, e-mail addresses normalized."""
    loaded = load_text(
        rails(
            "{legal_representatives: {min: 2, required: [Claire@example.ch]},\n"
            "    removals: {users: {count: 0, share: 100%}, teams: {count: 7}, partners: {share: 0%}},\n"
            """    protect: ['user["Claire@example.ch"]', 'team["Web"].grant["hosting/*"]',\n"""
            """      'mailbox["Billing@example.ch"]', 'user["nobody@knows.example"]']}"""
        )
    )

    assert not loaded.findings
    found = loaded.document.policy.rails
    assert (found.representatives, found.required) == (2, ("claire@example.ch",))
    assert found.limits == {
        **USUAL_LIMITS,
        "users": Limit(0, 100),
        "teams": Limit(7, 25),
        "partners": Limit(1, 0),
    }
    assert [(each.address, each.place.line) for each in found.protected] == [
        (Address("user", "claire@example.ch"), 6),
        (Address("team", "Web", "grant", "hosting/*"), 6),
        (Address("mailbox", "billing@example.ch"), 7),
        (Address("user", "nobody@knows.example"), 7),
    ]


FAULTS = {
    "keys": rails("{legal_representative: {}, removal: {}, protected: []}"),
    "values": rails(
        "{legal_representatives: {min: 0, required: claire@example.ch, max: 3}, protect: x,\n"
        "    removals: {users: {count: -1, share: 10}, teams: 5, delegates: {}, grants: {count: 1.5, share: 101%}}}"
    ),
    "nulls": rails("{legal_representatives: null, removals: {users: ~}, protect: [null]}"),
    "no addresses": rails(
        """{protect: [claire@example.ch, 'mailbox["billing"]', 'user["x"]', 'mailboxes["a@x.ch"]', 'role["x"]', 5,\n"""
        """    'team["Web"].grant["hosting/@tag"]', 'team["Web"].member["x"]']}"""
    ),
    "no e-mail address": rails("{legal_representatives: {required: [claire, a@x.ch, A@x.ch]}}"),
    "described as something else": rails("{legal_representatives: {required: [a@x.ch, b@x.ch, c@x.ch, d@x.ch]}}")
    + "roles: {boss: {base: legal_representative}, accountant: {base: collaborator}}\nusers:\n"
    + user("a@x.ch", "role: administrator")
    + user("b@x.ch", "role: accountant")
    + user("c@x.ch", "role: boss"),
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faults(
    text: str,
    load_text: Callable[[str], Loaded],
    show: Callable[[Iterable[Finding]], str],
    snapshot: SnapshotAssertion,
) -> None:
    """What rails cannot mean is told with its place and how to mend it."""
    assert show(load_text(text).findings) == snapshot


def test_the_schema_names_the_kinds_that_have_limits() -> None:
    """Limits are given for the kinds of `policy.mode`, and their descriptions say what is usual."""
    described = load("access")["$defs"]["rails"]["properties"]["removals"]["properties"]

    assert set(described) == set(USUAL_LIMITS) == set(MODE_KINDS.values())
    for kind, limit in USUAL_LIMITS.items():
        assert (
            f"Usual: {limit.count}{f', and {limit.share}%' if limit.share < 100 else ''}."
            in (described[kind]["description"])
        )
