"""Nobody is invited again and again by a machine."""

from dataclasses import replace

import pytest

from accessplan.finding import Place
from accessplan.invitation import hold
from accessplan.model import State, User
from accessplan.plan import Want, compare

ANA = User("ana@example.ch", "collaborator")
EXPIRED = User(ANA.email, "collaborator", invited=True, expired=True)
PENDING = User(ANA.email, "collaborator", invited=True)


def waiting(live, *, sent=0, rejected=(), again=(), wanted=ANA):
    have = State({each.address: each for each in live}, rejected=frozenset(rejected))
    want = Want(State({ANA.address: wanted}), {ANA.address: Place("access.yaml", 4)}, {}, {})
    plan = compare(have, hold(want, have, {ANA.email: sent}, again))
    return [each.reason for each in plan.waiting], [str(each.effect) for each in plan.changes]


@pytest.mark.parametrize("sent", [0, 1])
def test_somebody_new_is_invited(sent):
    """Who is not there is invited, also if an invitation of theirs was cancelled before."""
    assert waiting([], sent=sent) == ([], ["invite"])


def test_an_expired_invitation_is_sent_anew_once():
    """An invitation that accessplan sent and that expired is sent anew, once."""
    assert waiting([EXPIRED], sent=1) == ([], ["invite"])


@pytest.mark.parametrize(("sent", "reason"), [(2, "the 2. that was sent"), (0, "does not show that accessplan sent")])
def test_an_expired_invitation_waits(sent, reason):
    """One that was sent anew already, or that the ledger does not know, waits for somebody's decision."""
    (told,), changes = waiting([EXPIRED], sent=sent)
    assert reason in told
    assert changes == []


def test_a_pending_invitation_is_left_alone():
    """An invitation that can still be accepted is neither sent anew nor waiting."""
    assert waiting([PENDING], sent=1) == ([], [])


@pytest.mark.parametrize("sent", [0, 1, 2, 3, 4])
def test_a_name_is_corrected_until_it_was_sent_three_times(sent):
    """Other names have a pending invitation sent anew, but from the third that was sent on somebody decides."""
    (told, changes) = waiting([replace(PENDING, first_name="Anna")], sent=sent, wanted=replace(ANA, first_name="Ana"))
    assert changes == (["invite"] if sent < 3 else [])
    assert [f"was sent {sent} times" in each for each in told] == ([] if sent < 3 else [True])


def test_a_rejected_invitation_waits():
    """Who turned an invitation down is not invited again by the tool."""
    (told,), changes = waiting([], sent=1, rejected=[ANA.email])
    assert told == "they rejected the invitation; to send one all the same: --invite-again ana@example.ch"
    assert changes == []


def test_who_never_joins_is_not_invited_for_ever():
    """After two invitations without an answer, it is somebody's turn to ask."""
    (told,), changes = waiting([], sent=2)
    assert "2 times" in told
    assert changes == []


@pytest.mark.parametrize("live", [[EXPIRED], []])
def test_asked_to_accessplan_invites_once_more(live):
    """Named by --invite-again, a person is invited whatever came before."""
    assert waiting(live, sent=5, rejected=[ANA.email], again=[ANA.email]) == ([], ["invite"])
