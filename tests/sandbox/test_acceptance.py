"""Invited people answer."""

import pytest

from accessplan.sandbox import Refused, accept, accept_all, reject


def test_accept(accepted, people):
    """Who accepts becomes an active user with all that the invitation gave."""
    before = people()["lee@agency.example"]
    assert accepted("lee@agency.example") == "lee@agency.example accepted the invitation: active as collaborator"
    after = people()["lee@agency.example"]
    assert (after["user_id"], after["invitation_id"], after["state_in_account"]) == (1005, None, "valid")
    same = ("role_type", "teams", "permissions", "service_permissions", "has_billing_access", "language_id")
    assert [after[key] for key in same] == [before[key] for key in same]


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("ana@example.ch", "has no pending invitation"),
        ("no@agency.example", "has no pending invitation"),
        ("late@agency.example", "expired on 2026-11-11"),
    ],
)
def test_cannot_accept(store, now, email, reason):
    """Without a pending invitation, or when it expired, there is nothing to accept."""
    with pytest.raises(Refused, match=reason):
        accept(store, email, now)


def test_reject(store, now, api, people):
    """Who rejects is no longer listed, has nothing, and cannot accept any more."""
    assert reject(store, "LEE@agency.example", now) == "LEE@agency.example rejected the invitation"
    assert "lee@agency.example" not in people()
    assert api("GET", "invitations/3001").data["status"] == "rejected"
    for answer in (accept, reject):
        with pytest.raises(Refused, match="has no pending invitation"):
            answer(store, "lee@agency.example", now)


def test_accept_all(store, now):
    """Everyone accepts whose invitation still stands."""
    assert accept_all(store, now) == ["lee@agency.example accepted the invitation: active as collaborator"]
    assert accept_all(store, now) == []
