"""Manual steps, and what a person may not do."""

import pytest

from accessplan.sandbox import Refused, show

EXTERNAL = {"email": "eve@agency.example", "first_name": "Eve", "last_name": "East", "role": "external"}


def test_invite_an_external_user(do, people):
    """A person can invite an external user, which no request can, with teams and product access."""
    access = [{"service": "drive", "product": None, "rights": ["statistic"]}]
    more = {"billing": True, "notifications": {"billing": True, "products": False}}
    done = do("invite_user", **EXTERNAL, language="de", teams=["Web"], access=access, **more)
    assert done == "invited eve@agency.example as external; eve@agency.example has statistic on drive/* now"
    eve = people()["eve@agency.example"]
    assert (eve["role_type"], eve["state_in_account"], eve["language_id"]) == ("external", "pending", 3)
    assert (eve["has_billing_access"], eve["is_correspondent_billing"], eve["is_correspondent"]) == (True, True, False)
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
    drives = {"service": "drive", "product": None, "rights": ["technical"]}
    none = {"service": "domain", "product": 101, "rights": []}
    assert do("edit_product_access", user="ana@example.ch", access=[drives, none]) == (
        "ana@example.ch has technical on drive/* now; ana@example.ch has no rights on domain/#101 now"
    )
    do("edit_product_access", user="lee@agency.example", access=[none | {"rights": ["technical"]}])
    ana, lee = people()["ana@example.ch"], people()["lee@agency.example"]
    assert [row["rights"] for row in ana["service_permissions"]] == ["technical"]
    assert ana["permissions"] == []
    assert [row["product_id"] for row in lee["permissions"]] == [112, 101]
    again = do("edit_product_access", user="ana@example.ch", access=[none])
    assert again == "nothing to do: ana@example.ch has no rights on domain/#101 already"


def test_edit_billing(do, people):
    """A person can give the billing right to a collaborator or external user, and take it."""
    for _ in range(2):
        assert do("edit_billing", user="guest@agency.example", billing=True) == (
            "guest@agency.example has the billing right now"
        )
        assert people()["guest@agency.example"]["has_billing_access"] is True
        assert do("edit_billing", user="guest@agency.example", billing=False).endswith("has no billing right now")
    again = do("edit_billing", user="guest@agency.example", billing=False)
    assert again == "nothing to do: guest@agency.example has no billing right already"


def test_edit_notifications(do, people):
    """A person can choose what mails an active user gets; what is not named stays."""
    assert do("edit_notifications", user="ana@example.ch", billing=True, products=True) == (
        "ana@example.ch gets billing reminders and gets product events now"
    )
    assert do("edit_notifications", user="ana@example.ch", products=False) == (
        "ana@example.ch gets no product events now"
    )
    ana = people()["ana@example.ch"]
    assert (ana["is_correspondent_billing"], ana["is_correspondent"]) == (True, False)
    assert do("edit_notifications", user="ana@example.ch", billing=True).startswith("nothing to do: ")


def test_sole_legal_representative(do, people):
    """One legal representative of several may be freed of billing reminders."""
    do("edit_notifications", user="claire@example.ch", billing=True)
    do("edit_role", user="max@example.ch", role="legal_representative")
    do("edit_notifications", user="claire@example.ch", billing=False)
    assert people()["claire@example.ch"]["is_correspondent_billing"] is False


def test_remove_user(do, store, people):
    """A removed user leaves teams, mailboxes and drives, and leads no team any more."""
    do("edit_team", team="Web", leader="ana@example.ch")
    assert do("remove_user", user="ana@example.ch") == "removed ana@example.ch from the organization"
    assert "ana@example.ch" not in people()
    left = show(store)
    assert "members" not in left["teams"][0]
    assert "leader" not in left["teams"][0]
    assert [access["user"] for access in left["mail_hostings"][0]["mailboxes"][0]["accesses"]] == ["max@example.ch"]
    assert "drives" not in left
    assert do("remove_user", user="ana@example.ch") == "nothing to do: ana@example.ch is not in the organization"


def test_edit_team(do, store):
    """A person can set a team's leader, and its rights on single products."""
    access = {"service": "hosting", "product": 112, "rights": ["statistic"]}
    assert do("edit_team", team="Data", leader="max@example.ch", access=[access]) == (
        "max@example.ch leads Data now; team Data has statistic on hosting/#112 now"
    )
    assert {"product": 112, "rights": ["statistic"]} in show(store)["teams"][1]["grants"]
    assert do("edit_team", team="Data", leader=None) == "nobody leads Data now"
    assert do("edit_team", team="Data", leader=None) == "nothing to do: nobody leads Data already"


@pytest.mark.parametrize("email", ["max@example.ch", "late@agency.example"])
def test_edit_the_members_of_a_team(do, people, email):
    """A person can put somebody into a team, active or invited, and take them out of it."""
    for _ in range(2):
        assert do("edit_team", team="Web", add=[email]) == f"{email} is in Web now"
        assert do("edit_team", team="Web", add=[email]) == f"nothing to do: {email} is in Web already"
        assert [team["name"] for team in people()[email]["teams"]] == ["Web"]
        assert do("edit_team", team="Web", remove=[email]) == f"{email} is no longer in Web"
        assert do("edit_team", team="Web", remove=[email]) == f"nothing to do: {email} is not in Web"
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
        ({"act": "edit_product_access", "user": "who@x.ch", "access": [ACCESS]}, "neither a user nor invited"),
        (
            {"act": "edit_product_access", "user": "ana@example.ch", "access": [ACCESS | {"product": 101}]},
            "hosting has no product 101",
        ),
        (
            {"act": "edit_product_access", "user": "ana@example.ch", "access": [ACCESS | {"rights": ["sale"]}]},
            "hosting does not offer sale",
        ),
        ({"act": "edit_product_access", "user": "ana@example.ch", "access": []}, "access must not be empty"),
        ({"act": "edit_billing", "user": "max@example.ch", "billing": True}, "the role has the billing right"),
        ({"act": "edit_billing", "user": "lee@agency.example", "billing": True}, "is invited, not active yet"),
        (
            {"act": "edit_notifications", "user": "claire@example.ch", "billing": False},
            "is the sole legal representative",
        ),
        ({"act": "edit_notifications", "user": "ana@example.ch"}, "edit_notifications needs billing or products"),
        ({"act": "edit_team", "team": "None", "leader": None}, "there is no team 'None'"),
        ({"act": "edit_team", "team": "Web"}, "edit_team needs leader, access, add or remove"),
        ({"act": "edit_team", "team": "Web", "add": ["who@x.ch"]}, "neither a user nor invited"),
        ({"act": "edit_team", "team": "Web", "remove": ["who@x.ch"]}, "neither a user nor invited"),
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
