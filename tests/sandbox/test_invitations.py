"""Invitations by request."""

import pytest

LEE, LATE, NORA = 3001, 3002, 3003
WEB, DATA = 2001, 2002
HOSTING, DOMAIN, DRIVE, E_TICKETING = 1, 14, 40, 18
DAY = 86_400


def test_invite(api, people, invitation):
    """An invited person is pending for 30 days, with the role, language, teams and billing right asked for."""
    reply = api(
        "POST",
        "invitations?with=teams",
        {**invitation, "teams": [WEB], "permissions": {"billing": True}, "notifications": {"products": True}},
    )
    assert reply.status == 201
    made = reply.data
    assert (made["id"], made["status"], made["locale"], made["language_id"]) == (3004, "pending", "en_GB", 2)
    assert (made["has_billing"], made["has_mailing"], made["has_billing_mailing"]) == (True, True, False)
    assert made["expired_at"] - made["created_at"] == 30 * DAY
    assert made["url_accept"] == "https://welcome.example/invitation/3004"
    assert [team["id"] for team in made["teams"]] == [WEB]
    assert people()["new@example.ch"]["invitation_id"] == 3004


def test_silent(api, invitation):
    """A silent invitation was not sent."""
    assert api("POST", "invitations", {**invitation, "silent": True}).data["sent_at"] is None


@pytest.mark.parametrize("email", ["ANA@example.ch", "lee@agency.example", "late@agency.example"])
def test_known_already(api, invitation, email):
    """Nobody who is a member, or invited, can be invited."""
    reply = api("POST", "invitations", {**invitation, "email": email})
    assert (reply.status, reply.error) == (409, "object_already_exists")


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("email", None, {"email": "validation_rule_string"}),
        ("email", "nobody", {"email": "validation_rule_email"}),
        ("email", "a@b", {"email": "validation_rule_min"}),
        ("first_name", " ", {"first_name": "validation_rule_required"}),
        ("locale", "rm_CH", {"locale": "validation_rule_in"}),
        ("role_type", "external", {"role_type": "validation_rule_in"}),
        ("strict", "yes", {"strict": "validation_rule_boolean"}),
        ("permissions", {"billing": 1}, {"permissions.billing": "validation_rule_boolean"}),
        ("permissions", [], {"permissions": "validation_rule_array"}),
        ("teams", [999], {"teams": "validation_rule_exists"}),
        ("teams", [2**70], {"teams.0": "validation_rule_min"}),
    ],
)
def test_bad_body(api, invitation, field, value, problem):
    """A body that breaks the rules is refused with the field and the rule."""
    assert api("POST", "invitations", {**invitation, field: value}).problems == problem


def test_nothing_given(api):
    """Every required field that is missing is named."""
    assert list(api("POST", "invitations", {}).problems) == ["email", "first_name", "last_name", "locale", "role_type"]


def test_teams_and_permissions_replace(api, people):
    """A PATCH with teams or permissions replaces those there were, and leaves the rest."""
    permissions = [
        {"service_id": DOMAIN, "product_id": 101, "types": ["technical"]},
        {"service_id": DRIVE, "apply_to_all": True, "types": ["statistic"]},
        {"service_id": DRIVE, "apply_to_all": True, "types": ["statistic"]},
    ]
    reply = api("PATCH", f"invitations/{LEE}", {"team_ids": [DATA], "permissions": permissions, "role_type": "admin"})
    assert (reply.data["role_type"], reply.data["has_billing"]) == ("admin", True)
    lee = people()["lee@agency.example"]
    assert [team["id"] for team in lee["teams"]] == [DATA]
    assert [grant["product_id"] for grant in lee["permissions"]] == [101]
    assert [grant["rights"] for grant in lee["service_permissions"]] == ["statistic"]


def test_patch_says_only_what_changes(api, people):
    """A PATCH without teams or permissions leaves both."""
    api("PATCH", f"invitations/{LEE}", {"has_billing": False, "language_id": 5})
    lee = people()["lee@agency.example"]
    assert (len(lee["teams"]), len(lee["permissions"]), lee["has_billing_access"]) == (1, 1, False)
    assert lee["invitation_details"]["locale"] == "es_ES"


@pytest.mark.parametrize(
    ("permission", "attribute", "rule"),
    [
        ({"product_id": 101}, "permissions.0.service_id", "required"),
        ({"service_id": 99}, "permissions.0.service_id", "in"),
        ({"service_id": HOSTING}, "permissions.0.product_id", "required"),
        ({"service_id": HOSTING, "product_id": 111, "apply_to_all": True}, "permissions.0.product_id", "required"),
        ({"service_id": HOSTING, "product_id": 101}, "permissions.0.product_id", "exists"),
        ({"service_id": HOSTING, "product_id": 111, "types": ["all"]}, "permissions.0.types.0", "in"),
        ({"service_id": DOMAIN, "product_id": 101, "types": ["statistic"]}, "permissions.0.types", "in"),
    ],
)
def test_bad_permissions(api, people, permission, attribute, rule):
    """A grant on nothing, or of a right the service does not offer, is refused as a whole."""
    reply = api("PATCH", f"invitations/{LEE}", {"team_ids": [], "permissions": [permission]})
    assert reply.problems == {attribute: f"validation_rule_{rule}"}
    assert len(people()["lee@agency.example"]["teams"]) == 1


def test_ticketing(api):
    """Ticketing offers all four rights."""
    types = ["check", "sale", "statistic", "technical"]
    body = {"permissions": [{"service_id": E_TICKETING, "apply_to_all": True, "types": types}]}
    api("PATCH", f"invitations/{LEE}", body)
    rows = api("GET", f"invitations/{LEE}?with=service_permissions").data["service_permissions"]
    assert [row["rights"] for row in rows] == types


def test_cancel(api, people, invitation):
    """A cancelled invitation leaves the list, stays readable, and the person can be invited anew."""
    assert api("DELETE", f"invitations/{LEE}").data is True
    assert "lee@agency.example" not in people()
    assert api("GET", f"invitations/{LEE}").data["status"] == "cancelled"
    assert api("PATCH", f"invitations/{LEE}", {"has_billing": True}).status == 404
    assert api("DELETE", f"invitations/{LEE}").status == 404
    assert api("POST", "invitations", {**invitation, "email": "lee@agency.example"}).status == 201


def test_answered_by_no(api):
    """A rejected invitation can be read, not changed."""
    assert api("GET", f"invitations/{NORA}").data["status"] == "rejected"
    assert api("DELETE", f"invitations/{NORA}").status == 404


def test_only_legal_representatives_name_one(api, invitation, as_user):
    """An administrator invites anybody but a legal representative."""
    max_ = as_user("max@example.ch")
    assert api("POST", "invitations", {**invitation, "role_type": "owner"}, door=max_).error == "access_denied"
    assert api("PATCH", f"invitations/{LEE}", {"role_type": "owner"}, door=max_).status == 403
    assert api("POST", "invitations", {**invitation, "role_type": "admin"}, door=max_).status == 201
    assert api("PATCH", f"invitations/{LEE}", {"role_type": "owner"}).data["role_type"] == "owner"


def test_of_a_user(api, accepted):
    """The invitations that a user had can be listed, by role."""
    accepted("lee@agency.example")
    assert [each["status"] for each in api("GET", "invitations/users/1005").data] == ["accepted"]
    assert api("GET", "invitations/users/1005?type=owner").data == []
    assert api("GET", "invitations/users/1001").data == []
    assert api("GET", "invitations/users/99").status == 404
