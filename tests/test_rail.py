"""Reasons to refuse a plan."""

from datetime import date

import pytest

from accessplan.finding import Place
from accessplan.judgement import Circumstances, judge
from accessplan.model import Address, State, User
from accessplan.plan import Mode, Want, compare
from accessplan.policy import Policy

OWNER, OTHER = (User(f"{name}@example.ch", "legal_representative") for name in ("owner", "other"))
INVITED = User("new@example.ch", "legal_representative", invited=True)
ANA = User("ana@example.ch", "collaborator")


def refused(have, want):
    lists = {Address("user", ""): Place("access.yaml", 3)}
    state = State({user.address: user for user in have})
    wanted = Want(State({user.address: user for user in want}), {}, lists, {"users": Mode.ENFORCE})
    plan = compare(state, wanted)
    judged = judge(state, wanted, plan, Policy(), Circumstances(date(2026, 11, 21)))
    return [refusal.finding.code for refusal in judged.refusals]


@pytest.mark.parametrize(
    ("have", "want"),
    [
        ([OWNER, ANA], [ANA]),
        ([OWNER, ANA], [User(OWNER.email, "collaborator"), ANA]),
        ([OWNER], []),
        ([OWNER], [User(INVITED.email, "legal_representative")]),
        ([OWNER, INVITED], [User(INVITED.email, "legal_representative")]),
        ([OWNER, OTHER], [User(OWNER.email, "administrator"), User(OTHER.email, "administrator")]),
    ],
)
def test_the_last_legal_representative_stays(have, want):
    """A plan after which nobody active represents the organization is refused; an invited one does not count."""
    assert refused(have, want) == ["legal-representative-stays"]


@pytest.mark.parametrize(
    ("have", "want"),
    [
        ([OWNER, OTHER], [OWNER]),
        ([OWNER, ANA], [User(ANA.email, "legal_representative")]),
        ([OWNER, ANA], [OWNER]),
        ([ANA], []),
    ],
)
def test_who_has_a_successor_may_go(have, want):
    """One of two may go, and the only one whose successor is active; a plan that is not about them is none of this."""
    assert refused(have, want) == []
