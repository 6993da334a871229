"""How long a document lets things last, and what it exempts."""

from collections.abc import Callable
from datetime import date

import pytest

from accessplan.model import Address, State, Team
from accessplan.plan import Want
from accessplan.policy import Exemption, Life
from accessplan.select import Catalogue
from accessplan.want.load import Loaded
from accessplan.want.resolve import resolve

HEAD = "accessplan: 1\norganization: {id: 4242}\n"


def policy(text: str) -> str:
    return f"{HEAD}policy:\n  {text}\n"


def exempt(item: str) -> str:
    return policy(f"exempt:\n    - {{{item}}}")


def exemption(finding: str = "inactive-user", on: str = 'user["board@x.ch"]', until: str = "2026-09-30") -> str:
    return f"finding: {finding}, on: '{on}', reason: votes twice a year, until: {until}"


@pytest.mark.parametrize("text", ["", "policy: {}", "policy: {stale: {}, review: {}, exempt: [], break_glass: []}"])
def test_what_is_not_said_is_usual(text: str, load_text: Callable[[str], Loaded]) -> None:
    """Without a word on it, 90 days of silence are long, and a review is due twice a year."""
    loaded = load_text(HEAD + text)
    assert not loaded.findings
    assert loaded.document.policy.life == Life(90, 30, 14, 14, 180, 14, {}, (), frozenset())


def test_durations_are_read(load_text: Callable[[str], Loaded]) -> None:
    """What is said counts, and the rest is as usual."""
    loaded = load_text(policy("{stale: {inactive: 60d, young: 7d}, review: {every: 365d}}"))
    assert not loaded.findings
    life = loaded.document.policy.life
    assert (life.inactive, life.young, life.invitation, life.announce) == (60, 7, 14, 14)
    assert (life.every, life.remind) == (365, 14)


def test_those_for_emergencies_are_read(load_text: Callable[[str], Loaded]) -> None:
    """Their addresses are normalized, as everywhere."""
    loaded = load_text(policy("break_glass: [Emergency@x.ch]"))
    assert not loaded.findings
    assert loaded.document.policy.life.break_glass == {"emergency@x.ch"}
    assert [each.code for each in load_text(policy("break_glass: [nobody]")).findings] == ["invalid-email"]


def test_exemptions_are_read(load_text: Callable[[str], Loaded]) -> None:
    """An exemption names a rule, an address as plans print it, a reason and a last day."""
    loaded = load_text(exempt(exemption(on='mailbox["Info@x.ch"]', finding="unused-delegation")))
    assert not loaded.findings
    (found,) = loaded.document.policy.life.exemptions
    place = found.place
    assert found == Exemption(
        "unused-delegation", Address("mailbox", "info@x.ch"), date(2026, 9, 30), "votes twice a year", place
    )
    assert place.line == 5


def test_an_exemption_lasts_to_the_end_of_its_last_day(load_text: Callable[[str], Loaded]) -> None:
    """On its last day it holds; a day later it is left out, with a warning that says so."""
    last = load_text(exempt(exemption(until="2026-06-30")))
    assert (len(last.document.policy.life.exemptions), last.findings) == (1, ())
    over = load_text(exempt(exemption(until="2026-06-29")))
    (finding,) = over.findings
    assert (finding.code, str(finding.level), finding.place and finding.place.line) == ("exemption-ended", "warning", 5)
    assert over.document.policy.life.exemptions == ()


def test_a_long_exemption_is_a_warning(load_text: Callable[[str], Loaded]) -> None:
    """180 days ahead is the most that passes without a word; longer holds, and is said."""
    assert not load_text(exempt(exemption(until="2026-12-27"))).findings
    loaded = load_text(exempt(exemption(until="2026-12-28")))
    (finding,) = loaded.findings
    assert (finding.code, finding.hint) == ("long-exemption", "look at it again after 180 days: until 2026-12-27")
    assert len(loaded.document.policy.life.exemptions) == 1


FAULTS = {
    "a rule that is none": (exempt(exemption("inactive-users")), "unknown-finding", 'did you mean "inactive-user"?'),
    "no rule": (exempt(exemption("unpaid")), "unknown-finding", "write the code that accessplan stale shows"),
    "a name of code": (exempt(exemption("inactive_user")), "unknown-finding", 'did you mean "inactive-user"?'),
    "no address": (exempt(exemption(on="board@x.ch")), "invalid-address", "as in"),
    "no such day": (exempt(exemption(until="2026-06-31")), "invalid-date", "correct the month or the day"),
    "no last day": (exempt("finding: inactive-user, on: 'user[\"a@x.ch\"]', reason: x"), "missing-key", ""),
    "no reason": (exempt("finding: inactive-user, on: 'user[\"a@x.ch\"]', until: 2026-07-01"), "missing-key", ""),
    "another key": (policy("stale: {inactve: 90d}"), "unknown-key", 'did you mean "inactive"?'),
    "no duration": (policy("review: {every: 180}"), "wrong-format", ""),
    "nothing": (policy("stale: {young: null}"), "null-value", ""),
}


@pytest.mark.parametrize(("text", "code", "hint"), FAULTS.values(), ids=FAULTS)
def test_faults(text: str, code: str, hint: str, load_text: Callable[[str], Loaded]) -> None:
    """Each fault is one finding, with its line and how to mend it."""
    (finding,) = load_text(text).findings
    assert (finding.code, str(finding.level)) == (code, "error")
    assert finding.place
    assert hint in finding.hint


def test_in_the_names_of_the_organization(load_text: Callable[[str], Loaded]) -> None:
    """An exemption of a team counts for the team however its name is written; lifetimes come along."""
    text = exempt(exemption("empty-team", 'team["WEB"]')) + "  lifetime: {external: 365d}\n"
    document = load_text(text).document
    live = State({Address("team", "Web"): Team("Web")})
    want, _ = resolve(document, Catalogue((), ()), live, date(2026, 6, 30))
    assert isinstance(want, Want)
    assert [each.address for each in want.policy.life.exemptions] == [Address("team", "Web")]
    assert want.policy.life.lifetimes == {"external": 365}
