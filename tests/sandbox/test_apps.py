"""kDrive, kSuite and kChat on invitations to the organization, and who has them."""

import pytest

from accessplan.sandbox import accept, open_store, seed, show

DRIVE, SUITE_DRIVE = 500_301, 500_302
LEE = "invitations/3001"
ROLES = {"kchat_role": "user", "kdrive_role": "admin"}


@pytest.fixture
def organization(organization):
    """The organization with a kDrive, and a kSuite with a kDrive."""
    organization["products"] += [
        {"id": 302, "service": "drive", "name": "Suite Drive"},
        {"id": 601, "service": "ksuite", "name": "Suite"},
    ]
    organization["drives"] += [{"product": 302, "ksuite": True, "quota": 3}]
    organization["ksuites"] = [
        {
            "product": 601,
            "quota": 3,
            "users": [{"email": "max@example.ch", "role": "admin", "kchat_role": "user", "mailbox_name": "max"}],
        }
    ]
    organization["kchats"] = [{"product": 601, "users": [{"email": "ana@example.ch", "role": "admin"}]}]
    return organization


@pytest.fixture
def store(store, organization, now):
    seed(store, organization, now)
    return store


@pytest.fixture
def apps(api):
    """What an invitation opens."""
    return lambda: api("GET", f"{LEE}?with=app_accesses").data["app_accesses"]


def test_drive(api, apps):
    """An invitation can carry a place in a kDrive, whose role can be changed, and which can be taken off it."""
    reply = api("POST", f"{LEE}/drive", {"drive_id": DRIVE, "role": "user"})
    assert (reply.status, reply.data["id"]) == (201, 3001)
    assert apps() == [{"type": "drive", "drive_id": DRIVE, "role": "user"}]
    assert api("POST", f"{LEE}/drive", {"drive_id": DRIVE, "role": "user"}).error == "object_already_exists"
    assert api("PATCH", f"{LEE}/drive/{DRIVE}", {"role": "admin", "right": "read"}).data["id"] == 3001
    assert apps() == [{"type": "drive", "drive_id": DRIVE, "role": "admin"}]
    assert api("DELETE", f"{LEE}/drive/{DRIVE}").data["id"] == 3001
    assert apps() == []
    for method in ("PATCH", "DELETE"):
        assert api(method, f"{LEE}/drive/{DRIVE}", {}).error == "object_not_found"


def test_drive_refused(api, store, organization, now, as_user):
    """A place is refused where there is no such kDrive, none left, or where the kSuite gives it."""
    assert api("POST", f"{LEE}/drive", {"drive_id": 301, "role": "user"}).error == "object_not_found"
    assert api("POST", f"{LEE}/drive", {"drive_id": SUITE_DRIVE, "role": "user"}).error == "product_is_part_of_ksuite"
    assert api("DELETE", f"{LEE}/drive/{SUITE_DRIVE}").error == "product_is_part_of_ksuite"
    assert api("POST", "invitations/3003/drive", {"drive_id": DRIVE, "role": "user"}).error == "object_not_found"
    ana = as_user("ana@example.ch")
    assert api("POST", f"{LEE}/drive", {"drive_id": DRIVE, "role": "user"}, door=ana).error == "access_denied"
    problems = api("POST", f"{LEE}/drive", {"drive_id": DRIVE, "role": "external"}).problems
    assert problems == {"role": "validation_rule_in"}
    organization["drives"][0]["quota"] = 1
    seed(store, organization, now)
    reply = api("POST", f"{LEE}/drive", {"drive_id": DRIVE, "role": "user"})
    assert (reply.status, reply.error) == (403, "drive_user_quota_reached")


def test_suite(api, apps):
    """An invitation can carry the kSuite, with a place in its kDrive, and kChat."""
    body = {"ksuite_access": ROLES, "mailbox_name": "lee", "mailbox_permissions": {"can_manage_filters": True}}
    reply = api("POST", f"{LEE}/ksuite", body)
    assert (reply.status, reply.data["has_ksuite"]) == (201, True)
    assert apps() == [{"type": "ksuite", "kchat_role": "user", "kdrive_role": "admin", "mailbox_name": "lee"}]
    assert [each["email"] for each in api("GET", f"/2/drive/{SUITE_DRIVE}/users?status[]=pending").data] == [
        "lee@agency.example"
    ]
    assert api("POST", f"{LEE}/ksuite", body).error == "object_already_exists"
    api("PATCH", f"{LEE}/drive/{SUITE_DRIVE}", {"role": "user"})
    api("PATCH", f"{LEE}/kchat", {"role": "admin"})
    assert apps() == [{"type": "ksuite", "kchat_role": "admin", "kdrive_role": "user", "mailbox_name": "lee"}]
    assert api("DELETE", f"{LEE}/ksuite").data["has_ksuite"] is False
    assert api("DELETE", f"{LEE}/ksuite").error == "object_not_found"
    assert apps() == []
    assert api("GET", f"/2/drive/{SUITE_DRIVE}/users?status[]=pending").data == []


def test_the_account_has_a_suite(api):
    """The account tells the kSuite of the organization."""
    assert api("GET", "/1/accounts/4242?with=ksuite_id").data["ksuite_id"] == 601


def test_suite_refused(api, store, organization, now):
    """The kSuite is refused where there is none or no place in it or its kDrive, or the signature is unknown."""
    signature = {"ksuite_access": ROLES, "mailbox_signature_model_id": "none"}
    assert api("POST", f"{LEE}/ksuite", signature).error == "signature_mailbox_id"
    assert api("POST", f"{LEE}/ksuite", {"ksuite_access": {"kchat_role": "user"}}).problems == {
        "ksuite_access.kdrive_role": "validation_rule_required"
    }
    for key, index, error in (("ksuites", 0, "ksuite_quota_reached"), ("drives", 1, "ksuite_drive_quota_reached")):
        seed(store, {**organization, key: _with_quota(organization[key], index)}, now)
        reply = api("POST", f"{LEE}/ksuite", {"ksuite_access": ROLES})
        assert (reply.status, reply.error) == (403, error)
    alone = {key: organization[key] for key in ("organization", "token_user")}
    seed(store, {**alone, "users": organization["users"][:1], "invitations": [_plain()]}, now)
    for method in ("POST", "DELETE"):
        assert api(method, f"{LEE}/ksuite", {"ksuite_access": ROLES}).error == "ksuite_not_found_for_account"
    assert api("PATCH", f"{LEE}/kchat", {"role": "user"}).error == "object_not_found"


def _with_quota(entries, index):
    return [entry | {"quota": 1} if number == index else entry for number, entry in enumerate(entries)]


def _plain():
    return {"email": "lee@agency.example", "first_name": "Lee", "last_name": "New", "role": "normal"}


def test_kchat(api, apps):
    """The role in kChat is set whether the invitation carried it or not."""
    for role in ("user", "admin"):
        assert api("PATCH", f"{LEE}/kchat", {"role": role}).data["id"] == 3001
        assert apps() == [{"type": "kchat", "role": role}]


def test_accept(api, store, now, people):
    """What an invitation carries goes over to the user who accepts it."""
    api("POST", f"{LEE}/drive", {"drive_id": DRIVE, "role": "user"})
    api("POST", f"{LEE}/ksuite", {"ksuite_access": ROLES})
    accept(store, "lee@agency.example", now)
    for drive, role in ((DRIVE, "user"), (SUITE_DRIVE, "admin")):
        (lee,) = api("GET", f"/2/drive/{drive}/users?search=lee").data
        assert (lee["id"], lee["role"], lee["status"]) == (people()["lee@agency.example"]["user_id"], role, "active")
    assert {"email": "lee@agency.example", "role": "admin", "kchat_role": "user"} in show(store)["ksuites"][0]["users"]
    assert api("GET", f"{LEE}?with=app_accesses").data["app_accesses"] == []


def test_cancelled(api, apps, people):
    """A cancelled invitation opens nothing, and takes no place."""
    api("POST", f"{LEE}/drive", {"drive_id": DRIVE, "role": "user"})
    api("POST", f"{LEE}/ksuite", {"ksuite_access": ROLES})
    api("DELETE", LEE)
    assert apps() == []
    assert not api("GET", LEE).data["has_ksuite"]
    assert "lee@agency.example" not in people("filter[has_ksuite]=true")
    counts = {each["id"]: each["users_count"] for each in api("GET", "/2/drive?account_id=4242").data}
    assert counts == {DRIVE: 1, SUITE_DRIVE: 1}


def test_filters(api, people):
    """The users list can be cut to who is in a kDrive, has kSuite or kChat, or opens nothing."""
    api("POST", f"{LEE}/ksuite", {"ksuite_access": ROLES})
    for query, names in [
        (f"drive_id]={DRIVE}", {"ana"}),
        (f"drive_id]={SUITE_DRIVE}", {"max", "lee"}),
        ("drive_id]=1", set()),
        ("has_ksuite]=true", {"max", "lee"}),
        ("has_kchat]=true", {"ana", "max", "lee"}),
        ("has_kchat]=false", {"claire", "guest", "late"}),
        ("has_no_app_access]=true", {"claire", "guest", "late"}),
        ("has_no_app_access]=false", {"ana", "max", "lee"}),
    ]:
        assert {email.partition("@")[0] for email in people(f"filter[{query}")} == names
    details = people("with=invitation_details")["lee@agency.example"]["invitation_details"]
    assert details["has_ksuite"] is True


def test_shown_and_seeded_again(api, store, now, tmp_path):
    """What is shown of kSuite and kChat seeds the same again, also while it is on an invitation."""
    api("POST", f"{LEE}/ksuite", {"ksuite_access": ROLES})
    shown = show(store)
    assert shown["ksuites"] == [
        {
            "product": 601,
            "quota": 3,
            "users": [
                {"email": "max@example.ch", "role": "admin", "kchat_role": "user", "mailbox_name": "max"},
                {"email": "lee@agency.example", "role": "admin", "kchat_role": "user"},
            ],
        }
    ]
    assert shown["kchats"] == [{"product": 601, "users": [{"email": "ana@example.ch", "role": "admin"}]}]
    with open_store(tmp_path / "again.db") as again:
        seed(again, shown, now)
        assert show(again) == shown
