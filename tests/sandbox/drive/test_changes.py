"""People come into a kDrive, change there, and go."""

DRIVE = 500_301
SUITE_DRIVE = 500_302
ANA = 1002
MAX = 1003
GUEST = 800_001
USERS = f"/2/drive/{DRIVE}/users"


def test_add(api):
    """People of the organization come in at once, others are invited; each who cannot has an error."""
    body = {"role": "user", "user_ids": [1004, ANA, 7], "emails": ["new@agency.example", "eve@agency.example"]}
    added, *failed, invited, again = api("POST", USERS, body).data
    assert (added["drive_user"]["id"], added["drive_user"]["role"]) == (1004, "user")
    assert failed == [
        {"error": "object_already_exists", "user_id": ANA},
        {"error": "user_not_attached_to_account", "user_id": 7},
    ]
    assert invited["invitation"]["email"] == "new@agency.example"
    assert invited["invitation"]["invited_by"] == 1001
    assert again == {"error": "invitation_already_exists_with_this_email", "email": "eve@agency.example"}


def test_add_by_address(api, as_user):
    """The address of somebody in the organization lets them in; an admin of the kDrive may do that too."""
    api("POST", f"{USERS}/{MAX}/unlock")
    added = api("POST", USERS, {"role": "admin", "emails": ["CLAIRE@example.ch"]}, door=as_user("max@example.ch"))
    assert added.data[0]["drive_user"]["id"] == 1001


def test_quota(api):
    """When no place is left, who comes too late has an error; when nobody can come in, the request has."""
    body = {"role": "external", "emails": [f"{n}@agency.example" for n in range(3)]}
    assert [each.get("error") for each in api("POST", USERS, body).data] == [None, None, "drive_user_quota_reached"]
    reply = api("POST", USERS, {"role": "external", "emails": ["4@agency.example"]})
    assert (reply.status, reply.error) == (400, "drive_user_quota_reached")
    assert api("POST", USERS, {"role": "user"}).error == "one_email_or_user_at_least_required"
    many = {"role": "user", "emails": [f"{n}@agency.example" for n in range(101)]}
    assert api("POST", USERS, many).problems == {"emails": "validation_rule_max"}


def test_role(api, do):
    """A role can be changed; not lowered for an administrator, and a guest stays external."""
    assert api("PUT", f"{USERS}/{ANA}", {"role": "admin"}).data is True
    assert api("GET", f"{USERS}/{ANA}").data["role"] == "admin"
    assert api("PUT", f"{USERS}/{MAX}", {"role": "user"}).error == "can_not_update_role_error"
    assert api("PUT", f"{USERS}/{GUEST}", {"role": "user"}).error == "can_not_update_role_error"
    do("edit_role", user="max@example.ch", role="collaborator")
    assert api("PUT", f"{USERS}/{MAX}", {"role": "user"}).data is True


def test_manager(api, people):
    """The rights to manage a kDrive are those on its product: they replace those that were, none clears them."""

    def rights():
        return [row["rights"] for row in people()["ana@example.ch"]["permissions"] if row["product_id"] == 301]

    assert rights() == [["statistic"]]
    assert api("PATCH", f"{USERS}/{ANA}/manager", {"roles": ["technical"]}).data is True
    assert rights() == [["technical"]]
    api("PATCH", f"{USERS}/{ANA}/manager", {"roles": []})
    assert rights() == []
    assert api("PATCH", f"{USERS}/{GUEST}/manager", {"roles": ["technical"]}).status == 403
    assert api("PATCH", f"{USERS}/1001/manager", {"roles": ["technical"]}).status == 400


def test_lock(api, names):
    """Who is locked out stays in the list, and can be let in again."""
    assert api("POST", f"{USERS}/{ANA}/lock").data is True
    assert names(USERS)["ana"] == "locked"
    assert api("POST", f"{USERS}/{ANA}/unlock").data is True
    assert names(USERS)["ana"] == "active"


def test_delete(api, names, people):
    """Who is taken out is gone, a guest altogether; rights to manage the product stay."""
    for user in (ANA, GUEST):
        assert api("DELETE", f"{USERS}/{user}", {"notify": False}).data is True
        assert api("DELETE", f"{USERS}/{user}").error == "user_not_associated_with_drive"
    assert names(USERS) == {"max": "locked"}
    assert api("GET", f"/2/drive/users/{GUEST}/drives?account_id=4242").status == 404
    assert 301 in [row["product_id"] for row in people()["ana@example.ch"]["permissions"]]


def test_part_of_a_suite(api):
    """Places in a kDrive of a kSuite come and go with the kSuite; guests may come in."""
    users = f"/2/drive/{SUITE_DRIVE}/users"
    assert api("POST", users, {"role": "user", "user_ids": [MAX]}).error == "access_denied"
    assert api("DELETE", f"{users}/{ANA}").error == "access_denied"
    assert "invitation" in api("POST", users, {"role": "external", "emails": ["x@agency.example"]}).data[0]


def test_remove_user(do, api, names):
    """Who leaves the organization leaves its kDrives."""
    do("remove_user", user="ana@example.ch")
    assert names(USERS) == {"max": "locked", "out": "active"}
    assert api("GET", f"/2/drive/{SUITE_DRIVE}/users").data == []
