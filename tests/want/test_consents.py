"""Consent to single changes that a rail refuses."""

from collections.abc import Callable, Iterable
from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from accessplan.change import Effect
from accessplan.finding import Finding
from accessplan.model import Address
from accessplan.want.load import Loaded
from accessplan.want.schema import load

HEAD = "accessplan: 1\norganization: {id: 4242}\n"


def consents(*items: str) -> str:
    return HEAD + "acknowledge:\n" + "".join(f"  - {{{item}}}\n" for item in items)


def consent(change: str, until: str = "2026-07-31") -> str:
    return f"change: '{change}', until: {until}, reason: left"


def test_consents_are_read(load_text: Callable[[str], Loaded]) -> None:
    """Each names an effect and an address, as plans print them, and lasts to the end of its last day."""
    loaded = load_text(
        consents(
            consent('revoke user["OLD@example.ch"]', "2026-06-30"),
            consent('weaken team["Web"].grant["hosting/*"]', "2026-09-28"),
        )
    )

    assert not loaded.findings
    first, second = loaded.document.policy.consents
    assert (first.effect, first.address, first.until) == ("revoke", Address("user", "old@example.ch"), loaded.today)
    assert (first.reason, first.place.line, first.place.column) == ("left", 4, 14)
    assert (second.effect, str(second.address)) == ("weaken", 'team["Web"].grant["hosting/*"]')
    assert second.until == date(2026, 9, 28)


FAULTS = {
    "keys": consents("change: 'revoke user[\"a@x.ch\"]'", "reason: x, until: 2026-07-01, by: me") + "  - text\n",
    "values": consents("change: 5, until: tomorrow, reason: ''", "change: null, until: 20260701, reason: [x]"),
    "a map": HEAD + "acknowledge: {}",
    "no change": consents(
        *map(consent, ('user["a@x.ch"]', "", 'remove user["a@x.ch"]', 'revok user["a@x.ch"]', "revoke a@x.ch")),
        *map(consent, ("revoke", 'revoke  mailbox["a@x.ch"]', 'revoke user["a"]', 'Revoke user["a@x.ch"]')),
    ),
    "days": consents(
        consent('revoke user["a@x.ch"]', "2026-06-29"),
        consent('revoke user["b@x.ch"]', "2026-09-29"),
        consent('revoke user["c@x.ch"]', "2026-06-31"),
    ),
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faults(
    text: str,
    load_text: Callable[[str], Loaded],
    show: Callable[[Iterable[Finding]], str],
    snapshot: SnapshotAssertion,
) -> None:
    """A consent to nothing, or for too long, is told with its place and how to mend it."""
    assert show(load_text(text).findings) == snapshot


def test_an_ended_consent_lifts_nothing(load_text: Callable[[str], Loaded]) -> None:
    """The day after its last it is left out, one that lasts long is not."""
    policy = load_text(FAULTS["days"]).document.policy

    assert [each.address.name for each in policy.consents] == ["b@x.ch"]


def test_the_schema_names_every_effect() -> None:
    """A consent may name every effect that a change can have."""
    description = load("access")["$defs"]["consent"]["properties"]["change"]["description"]

    assert all(effect in description for effect in Effect)
