"""Work teams by request."""

import pytest

from accessplan.sandbox import show

WEB, DATA = 2001, 2002
HOSTING, DOMAIN, DRIVE = 1, 14, 40


def rights(reply):
    return [(each["service_name"], each["rights"]) for each in reply.data["permissions"]]


def members(api, team_id):
    return [each["id"] for each in api("GET", f"teams/{team_id}/users").data]


@pytest.fixture
def team_grants(store):
    """What a team holds: listed services, then what was set by hand."""

    def read(name):
        (team,) = (each for each in show(store)["teams"] if each["name"] == name)
        return team.get("services", []), team.get("grants", [])

    return read


def test_rights_on_services(api):
    """A team shows its rights on whole services, a row a right; those on single products are not shown."""
    assert rights(api("GET", f"teams/{WEB}")) == [("hosting", "statistic"), ("hosting", "technical")]
    assert rights(api("GET", f"teams/{DATA}")) == [("drive", "statistic")]


def test_create(api):
    """A new team has a leader, its creator, and every right that the listed services offer."""
    reply = api("POST", "teams", {"name": "Ops", "owned_by_id": 1002, "permissions": {"services": [DOMAIN, HOSTING]}})
    assert reply.status == 201
    assert (reply.data["id"], reply.data["owned_by_id"], reply.data["created_by_id"]) == (2003, 1002, 1001)
    assert rights(reply) == [("hosting", "statistic"), ("hosting", "technical"), ("domain", "technical")]


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({}, {"name": "validation_rule_required"}),
        ({"name": ""}, {"name": "validation_rule_required"}),
        ({"name": "x" * 129}, {"name": "validation_rule_max"}),
        ({"name": 7, "owned_by_id": "x"}, {"name": "validation_rule_string", "owned_by_id": "validation_rule_integer"}),
        ({"name": "A", "owned_by_id": 999}, {"owned_by_id": "validation_rule_exists"}),
        ({"name": "A", "permissions": {"services": [999]}}, {"permissions.services.0": "validation_rule_in"}),
        ({"name": "A", "permissions": []}, {"permissions": "validation_rule_array"}),
        ({"name": "\ud800"}, {"name": "validation_rule_string"}),
    ],
)
def test_bad_body(api, body, problems):
    """A body that breaks the rules is refused with every problem, and nothing is made."""
    reply = api("POST", "teams", body)
    assert (reply.status, reply.error, reply.problems) == (422, "validation_failed", problems)
    assert len(api("GET", "teams").data) == 2


def test_name_taken(api):
    """Two teams cannot have one name."""
    assert api("POST", "teams", {"name": "Web"}).error == "object_already_exists"
    assert api("PATCH", f"teams/{DATA}", {"name": "Web"}).status == 409


def test_rename(api):
    """A PATCH changes only what it names."""
    reply = api("PATCH", f"teams/{WEB}", {"name": "Website"})
    assert (reply.data["name"], reply.data["owned_by_id"]) == ("Website", 1001)
    assert rights(reply) == [("hosting", "statistic"), ("hosting", "technical")]


def test_listing_services(api, team_grants):
    """Listed services replace: new ones come with every right, kept ones keep theirs, dropped ones go entirely."""
    api("PATCH", f"teams/{DATA}", {"permissions": {"services": [DRIVE, HOSTING]}})
    by_hand, on_drives = {"product": 111, "rights": ["technical"]}, {"service": "drive", "rights": ["statistic"]}
    assert team_grants("Data") == (["hosting"], [by_hand, {**on_drives, "apply_to_all": True}])
    api("PATCH", f"teams/{DATA}", {"permissions": {"services": [DRIVE]}})
    assert team_grants("Data") == ([], [{**on_drives, "apply_to_all": True}])


def test_unlisted_products_stay(api, team_grants):
    """Rights on single products of a service that was never listed outlive a list without it."""
    api("PATCH", f"teams/{DATA}", {"permissions": {"services": []}})
    assert team_grants("Data") == ([], [{"product": 111, "rights": ["technical"]}])


def test_delete(api, people):
    """A deleted team is gone, also from invitations."""
    assert api("DELETE", f"teams/{WEB}").data is True
    assert api("GET", f"teams/{WEB}").error == "object_not_found"
    assert people()["lee@agency.example"]["teams"] == []
    assert api("POST", "teams", {"name": "Next"}).data["id"] == 2003


def test_members(api):
    """Users come and go; who is in or out already stays so."""
    assert api("POST", f"teams/{WEB}/users", {"user_ids": [1002, 1003]}).status == 201
    assert members(api, WEB) == [1002, 1003]
    assert api("DELETE", f"teams/{WEB}/users", {"user_ids": [1002, 1001]}).data is True
    assert members(api, WEB) == [1003]


def test_delete_sent_as_post(api):
    """A DELETE may come as POST with the override header, or a parameter."""
    api("POST", f"teams/{WEB}/users", {"user_ids": [1002]}, headers={"X-HTTP-METHOD-OVERRIDE": "DELETE"})
    assert members(api, WEB) == []
    api("POST", f"teams/{WEB}?_method=DELETE")
    assert api("GET", f"teams/{WEB}").status == 404


@pytest.mark.parametrize(
    ("body", "attribute"),
    [
        ({}, "user_ids"),
        ({"user_ids": []}, "user_ids"),
        ({"user_ids": [0]}, "user_ids.0"),
        ({"user_ids": [3001]}, "user_ids"),
    ],
)
def test_members_must_be_active_users(api, body, attribute):
    """Only active users of the account can be members."""
    assert list(api("POST", f"teams/{WEB}/users", body).problems) == [attribute]
    assert members(api, WEB) == [1002]


def test_list(api):
    """Teams can be filtered, ordered and counted; leaders and creators can be loaded."""
    names = [each["name"] for each in api("GET", "teams?order_by=name").data]
    assert names == ["Data", "Web"]
    assert [each["name"] for each in api("GET", "teams?filter[user_ids][]=1002").data] == ["Web"]
    assert [each["name"] for each in api("GET", "teams?order_by=user_count&order=desc").data] == ["Web", "Data"]
    (web, data) = api("GET", "teams?with=owned_by,created_by,user_count,product_count").data
    assert (web["owned_by"]["email"], web["user_count"], web["product_count"]) == ("claire@example.ch", 1, 2)
    assert (data["owned_by"], data["user_count"], data["product_count"]) == (None, 0, 2)
