"""Manual steps, acceptance, and what a person may not do."""

import pytest

from accessplan.sandbox import Refused, accept, accept_all, show

EXTERNAL = {"email": "eve@agency.example", "first_name": "Eve", "last_name": "East", "role": "external"}


def test_invite_an_external_user(do, people):
    """A person can invite an external user, which no request can, with teams and product access."""
    access = [{"service": "drive", "product": None, "rights": ["statistic"]}]
    done = do("invite_user", **EXTERNAL, language="de", teams=["Web"], access=access)
    assert done == "invited eve@agency.example as external; eve@agency.example has statistic on drive/* now"
    eve = people()["eve@agency.example"]
    assert (eve["role_type"], eve["state_in_account"], eve["language_id"]) == ("external", "pending", 3)
    assert [team["name"] for team in eve["teams"]] == ["Web"]
    assert do("invite_user", **EXTERNAL) == "nothing to do: eve@agency.example is invited already"


def test_cancel_an_invitation(do, people):
    """A person can cancel an invitation."""
    assert do("cancel_invitation", user="lee@agency.example") == "cancelled the invitation of lee@agency.example"
    assert "lee@agency.example" not in people()
    assert do("cancel_invitation", user="lee@agency.example").startswith("nothing to do: ")


def test_edit_role(do, people):
    """A person can change the role of an active user."""
    assert do("edit_role", user="ANA@example.ch", role="administrator") == (
        "ANA@example.ch is administrator now, was collaborator"
    )
    assert people()["ana@example.ch"]["role_type"] == "admin"
    assert do("edit_role", user="ana@example.ch", role="administrator").startswith("nothing to do: ")


def test_edit_product_access(do, people):
    """Rights on a product or a service are set as given, for active and pending people; none takes them away."""
    do("edit_product_access", user="ana@example.ch", service="drive", product=None, rights=["technical"])
    do("edit_product_access", user="ana@example.ch", service="domain", product=101, rights=[])
    do("edit_product_access", user="lee@agency.example", service="domain", product=101, rights=["technical"])
    ana, lee = people()["ana@example.ch"], people()["lee@agency.example"]
    assert [row["rights"] for row in ana["service_permissions"]] == ["technical"]
    assert ana["permissions"] == []
    assert [row["product_id"] for row in lee["permissions"]] == [112, 101]
    again = do("edit_product_access", user="ana@example.ch", service="domain", product=101, rights=[])
    assert again == "nothing to do: ana@example.ch has no rights on domain/#101 already"


def test_remove_user(do, store, people):
    """A removed user leaves teams, mailboxes and drives, and leads no team any more."""
    do("edit_team", team="Web", leader="ana@example.ch")
    assert do("remove_user", user="ana@example.ch") == "removed ana@example.ch from the organization"
    assert "ana@example.ch" not in people()
    left = show(store)
    assert "members" not in left["teams"][0]
    assert "leader" not in left["teams"][0]
    assert [access["user"] for access in left["mail_hostings"][0]["mailboxes"][0]["accesses"]] == ["max@example.ch"]
    assert left["drives"][0]["users"] == []
    assert do("remove_user", user="ana@example.ch") == "nothing to do: ana@example.ch is not in the organization"


def test_edit_team(do, store):
    """A person can set a team's leader, and its rights on single products."""
    access = {"service": "hosting", "product": 112, "rights": ["statistic"]}
    assert do("edit_team", team="Data", leader="max@example.ch", access=access) == (
        "max@example.ch leads Data now; team Data has statistic on hosting/#112 now"
    )
    assert {"product": 112, "rights": ["statistic"]} in show(store)["teams"][1]["grants"]
    assert do("edit_team", team="Data", leader=None) == "nobody leads Data now"
    assert do("edit_team", team="Data", leader=None) == "nothing to do: nobody leads Data already"


@pytest.mark.parametrize("email", ["max@example.ch", "late@agency.example"])
def test_edit_the_members_of_a_team(do, people, email):
    """A person can put somebody into a team, active or invited, and take them out of it."""
    for _ in range(2):
        assert do("edit_team", team="Web", add=email) == f"{email} is in Web now"
        assert do("edit_team", team="Web", add=email) == f"nothing to do: {email} is in Web already"
        assert [team["name"] for team in people()[email]["teams"]] == ["Web"]
        assert do("edit_team", team="Web", remove=email) == f"{email} is no longer in Web"
        assert do("edit_team", team="Web", remove=email) == f"nothing to do: {email} is not in Web"
        assert people()[email]["teams"] == []


ACCESS = {"service": "hosting", "product": None, "rights": ["technical"]}


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ({"act": "fire"}, "there is no act 'fire'"),
        ({"act": "edit_role", "user": "ana@example.ch"}, "role is required"),
        ({"act": "edit_role", "user": "ana@example.ch", "role": "king"}, "role must be one of the allowed values"),
        ({"act": "edit_role", "user": "nobody@x.ch", "role": "external"}, "nobody@x.ch is no user of the organization"),
        ({"act": "edit_role", "user": "lee@agency.example", "role": "external"}, "is invited, not active yet"),
        (
            {"act": "edit_role", "user": "claire@example.ch", "role": "administrator"},
            "is the last legal representative",
        ),
        (
            {"act": "edit_role", "user": "max@example.ch", "role": "legal_representative", "by": "max@example.ch"},
            "only one",
        ),
        ({"act": "remove_user", "user": "claire@example.ch"}, "is the last legal representative"),
        ({"act": "remove_user", "user": "lee@agency.example"}, "is invited, not active yet"),
        ({"act": "remove_user", "user": "max@example.ch", "by": "ana@example.ch"}, "ana@example.ch is collaborator"),
        ({"act": "remove_user", "user": "max@example.ch", "by": "who@x.ch"}, "who@x.ch is no active user"),
        ({"act": "edit_product_access", "user": "who@x.ch", **ACCESS}, "neither a user nor invited"),
        (
            {"act": "edit_product_access", "user": "ana@example.ch", **ACCESS, "product": 101},
            "hosting has no product 101",
        ),
        (
            {"act": "edit_product_access", "user": "ana@example.ch", **ACCESS, "rights": ["sale"]},
            "hosting does not offer sale",
        ),
        ({"act": "edit_team", "team": "None", "leader": None}, "there is no team 'None'"),
        ({"act": "edit_team", "team": "Web"}, "edit_team needs leader, access, add or remove"),
        ({"act": "edit_team", "team": "Web", "add": "who@x.ch"}, "neither a user nor invited"),
        ({"act": "edit_team", "team": "Web", "remove": "who@x.ch"}, "neither a user nor invited"),
        ({"act": "edit_team", "team": "Web", "leader": "lee@agency.example"}, "is invited, not active yet"),
        ({"act": "invite_user", **EXTERNAL, "email": "ana@example.ch"}, "is a user already, as collaborator"),
        ({"act": "invite_user", **EXTERNAL, "teams": ["None"]}, "there is no team 'None'"),
    ],
)
def test_refused(do, store, step, reason):
    """What a person could not do is refused with the reason, and nothing changes."""
    before = show(store)
    with pytest.raises(Refused, match=reason):
        do(**step)
    assert show(store) == before


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


def test_accept_all(store, now):
    """Everyone accepts whose invitation still stands."""
    assert accept_all(store, now) == ["lee@agency.example accepted the invitation: active as collaborator"]
    assert accept_all(store, now) == []
