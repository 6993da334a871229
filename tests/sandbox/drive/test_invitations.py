"""Invitations to a kDrive, and what becomes of them."""

import pytest

from accessplan.sandbox import Refused, accept, accept_all

DRIVE = 500_301
SUITE_DRIVE = 500_302
ANA = 1002
GUEST = 800_001
USERS = f"/2/drive/{DRIVE}/users"


def test_invitations(api, names):
    """The invitations of a kDrive can be asked for by what became of them; their secrets are plainly none."""
    url = f"{USERS}/invitation"
    assert names(url) == {"eve": "pending", "old": "pending", "was": "accepted", "not": "cancelled"}
    assert names(f"{url}?status[]=pending", "is_valid") == {"eve": True}
    assert names(f"{url}?status[]=expired", "is_valid") == {"old": False}
    assert names(f"{url}?emails[]=EVE@agency.example&with=user_exist", "user_exist") == {"eve": False}
    assert names(f"{url}?user_ids[]={ANA}") == {}
    assert api("GET", f"{url}/700001").data == {
        "id": 700_001,
        "email": "eve@agency.example",
        "role": "user",
        "status": "pending",
        "lang": "fr",
        "message": "",
        "user_id": None,
        "invited_by": None,
        "type": "user",
        "is_private": False,
        "key": "fake-key-700001",
        "url": "https://kdrive.example/invitation/700001",
        "file_id": 0,
        "is_valid": True,
        "created_at": 1_795_257_000,
        "expired_at": 1_795_651_200,
        "access_name": "Team Drive",
    }


def test_change_an_invitation(api):
    """An open invitation can be changed, sent again and cancelled; one that was answered cannot."""
    url = f"{USERS}/invitation"
    assert api("PUT", f"{url}/700001", {"role": "admin", "email": "Eva@agency.example"}).data is True
    changed = api("GET", f"{url}/700001").data
    assert (changed["role"], changed["email"]) == ("admin", "Eva@agency.example")
    taken = api("PUT", f"{url}/700001", {"email": "ana@example.ch"})
    assert (taken.status, taken.error) == (400, "invitation_already_exists_with_this_email")
    assert api("POST", f"{url}/700002/send").data is True
    assert api("GET", f"{url}/700002").data["is_valid"]
    for method, path, body in (("PUT", "", {"role": "user"}), ("POST", "/send", {}), ("DELETE", "", {})):
        assert api(method, f"{url}/700003{path}", body).error == "invitation_is_already_accepted"
        assert api(method, f"{url}/700004{path}", body).error == "object_not_found"
    assert api("DELETE", f"{url}/700001").data is True
    assert api("GET", f"{url}/700001").data["status"] == "cancelled"


def test_accept_alone(store, api, now, people):
    """Who is invited to a kDrive alone becomes a guest with the role external, and is not in the organization."""
    assert accept(store, "eve@agency.example", now) == (
        "eve@agency.example accepted the invitation: external of the kDrive Team Drive"
    )
    assert "eve@agency.example" not in people()
    (eve,) = api("GET", f"{USERS}?search=eve").data
    assert (eve["role"], eve["status"], eve["type"]) == ("external", "active", "shared")
    assert api("GET", f"{USERS}/invitation/700001").data["status"] == "accepted"
    with pytest.raises(Refused):
        accept(store, "old@agency.example", now)


def test_accept_both(store, api, now):
    """Who accepts an invitation to the organization comes into the kDrives they are invited to, as invited."""
    api("POST", f"/2/drive/{SUITE_DRIVE}/users", {"role": "external", "emails": ["lee@agency.example"]})
    api("DELETE", f"{USERS}/invitation/700001")
    assert accept_all(store, now) == [
        "lee@agency.example accepted the invitation: active as collaborator, external of the kDrive Suite Drive"
    ]
    (lee,) = api("GET", f"{USERS}?search=lee").data
    assert (lee["role"], lee["status"]) == ("user", "active")


def test_a_guest_joins(store, api, invitation, now):
    """A guest who joins the organization keeps their place."""
    api("POST", "invitations", {**invitation, "email": "out@agency.example"})
    accept(store, "out@agency.example", now)
    (out,) = api("GET", f"{USERS}?search=out").data
    assert (out["id"], out["role"]) == (1005, "external")
    assert api("GET", f"{USERS}/{GUEST}").status == 400
