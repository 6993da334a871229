"""Partners: resellers with limited or full access."""

from collections.abc import Callable, Iterable
from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import Finding
from accessplan.model import Grant, Partner, State, partner_address
from accessplan.plan import Want, compare
from accessplan.want.load import Loaded

Resolve = Callable[..., tuple[Want, list[Finding]]]

HEAD = "accessplan: 1\norganization: {id: 4242}\n"


def partner(value: str, name: str = "WebAgency") -> str:
    return HEAD + f"partners:\n  {name}: {value}\n"


def test_a_partner_and_its_grants(resolve_text: Resolve) -> None:
    """A partner is wanted with its access, its wallet and the rights on what its selectors reach."""
    want, findings = resolve_text(
        partner("{access: limited, owner: claire@example.ch, reason: Hosting, grants: {hosting/*: max}}")
        + "  Hoster: {access: full, wallet: true}\n"
    )

    assert not findings
    assert list(want.state.entries.values()) == [
        Partner("WebAgency", "limited"),
        Grant(partner_address("WebAgency"), "hosting/*", frozenset({"technical", "statistic"})),
        Partner("Hoster", "full", wallet=True),
    ]
    assert {str(each): place.line for each, place in want.lists.items()} == {
        'partner[""]': 3,
        'partner["WebAgency"].grant[""]': 4,
    }


def test_a_partner_has_its_days(resolve_text: Resolve) -> None:
    """A partnership that is over has ended, with its grants."""
    text = partner("{access: limited, since: 2026-02-01, until: 2026-03-31, grants: {hosting/*: technical}}")

    assert not resolve_text(text, day=date(2026, 1, 31))[0].state.entries
    assert len(resolve_text(text, day=date(2026, 3, 31))[0].state.entries) == 2
    assert len(resolve_text(text, day=date(2026, 4, 1))[0].ended) == 2


FAULTS = {
    "access missing": partner("{wallet: true}"),
    "values": partner("{access: limit, wallet: 'yes', until: soon, grants: [], price: 5}"),
    "of other kinds": partner("full") + "  Other:\n",
    "a list of partners": HEAD + "partners: [WebAgency]",
    "wallet without full access": partner("{access: limited, wallet: true, grants: {hosting/*: max}}"),
    "grants with full access": partner("{access: full, grants: {hosting/*: max}}"),
    "limited to nothing": partner("{access: limited, grants: {}}") + "  Other: {access: limited}\n",
    "use": partner("{access: limited, grants: {drive/*: {use: user, manage: max}}}"),
    "names too alike": partner("{access: full}") + "  webagency: {access: full}\n",
    "no name": partner("{access: full, owner: Claire}", "' '"),
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faults(
    text: str,
    load_text: Callable[[str], Loaded],
    show: Callable[[Iterable[Finding]], str],
    snapshot: SnapshotAssertion,
) -> None:
    """What is wrong with a partner is told with its place, its entry, and how to mend it."""
    assert show(load_text(text).findings) == snapshot


@pytest.mark.parametrize(
    "value",
    [
        "{access: full}",
        "{access: full, wallet: true, grants: {}}",
        "{access: limited, wallet: false, grants: {hosting/*: technical}}",
    ],
)
def test_sound_partners_are_not_flagged(value: str, load_text: Callable[[str], Loaded]) -> None:
    """There is nothing to say of a partner whose wallet and grants suit the access."""
    assert not load_text(partner(value)).findings


def test_grants_change_nothing_with_full_access(resolve_text: Resolve) -> None:
    """A partner with full access reaches every product, so no grant is wanted."""
    want, _ = resolve_text(partner("{access: full, grants: {hosting/*: max}}"))

    assert list(want.state.entries.values()) == [Partner("WebAgency", "full")]
    assert [str(each) for each in want.lists] == ['partner[""]']


def test_a_partner_is_recognized_under_another_spelling(
    resolve_text: Resolve, show: Callable[[Iterable[Finding]], str], snapshot: SnapshotAssertion
) -> None:
    """A partner whose name looks like that of one live partner is that partner."""
    live = [Partner("WEBAGENCY", "full")]

    want, findings = resolve_text(partner("{access: full}") + "policy: {mode: {partners: enforce}}", live)

    assert not compare(State({entry.address: entry for entry in live}), want).changes
    assert show(findings) == snapshot


def test_partners_follow_their_own_mode(resolve_text: Resolve) -> None:
    """Under enforce, a partner that is not named goes; an absent section says nothing."""
    have = State({partner_address("Old"): Partner("Old", "full")})
    enforce = "policy: {mode: {partners: enforce}}\n"

    def removals(text: str) -> list[str]:
        return [str(each.address) for each in compare(have, resolve_text(text, have)[0]).changes]

    assert removals(HEAD + "partners: {}\n" + enforce) == ['partner["Old"]']
    assert removals(HEAD + "partners: {}\n") == []
    assert removals(HEAD + enforce) == []
