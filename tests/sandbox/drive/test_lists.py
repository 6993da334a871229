"""Who is in a kDrive: lists, and whom they are shown to."""

import pytest

DRIVE = 500_301
SUITE_DRIVE = 500_302
CLOSED = 500_303
ANA = 1002
MAX = 1003
GUEST = 800_001
USERS = f"/2/drive/{DRIVE}/users"


def test_drives(api):
    """The list of kDrives tells ids, seats and the caller's role; with more where it is asked for."""
    drives = api("GET", "/2/drive?account_id=4242&with=users,teams,rights,k_suite,invitations_count&per_page=1000").data
    team, suite, closed = drives
    assert [(each["id"], each["product_id"], each["name"]) for each in drives] == [
        (DRIVE, 301, "Team Drive"),
        (SUITE_DRIVE, 302, "Suite Drive"),
        (CLOSED, 303, "Closed"),
    ]
    assert (team["users_count"], team["users_quota"], team["role"], team["account_admin"]) == (6, 8, "none", True)
    assert team["users"] == {
        "account": [1001, ANA, MAX, 1004],
        "drive": [ANA, MAX, GUEST],
        "external": [GUEST],
        "internal": [ANA, MAX],
    }
    assert team["teams"] == {"account": [2001, 2002], "drive": []}
    assert team["rights"] == {"check": False, "sale": False, "statistic": True, "technical": True}
    assert team["invitations_count"] == 2
    assert "k_suite" not in team
    assert suite["k_suite"] == {"id": 601, "name": "Suite", "pack_id": 1, "pack": "standard"}
    assert suite["users"]["drive"] == [ANA]
    assert suite["users_quota"] == 1_000_000
    assert (closed["in_maintenance"], closed["maintenance_reason"]) == (True, "technical")


def test_drives_are_pages(api):
    """Lists of kDrive are cut to 10 without being asked, to at most 1000 a page, and counted when that is asked."""
    assert api("GET", "/2/drive?account_id=4242").envelope.keys() == {"result", "data"}
    envelope = api("GET", "/2/drive?account_id=4242&page=2&per_page=2&total=true").envelope
    assert [each["id"] for each in envelope.pop("data")] == [CLOSED]
    assert envelope == {"result": "success", "page": 2, "items_per_page": 2, "total": 3, "pages": 2}
    assert api("GET", "/2/drive?account_id=4242&per_page=1001").problems == {"per_page": "validation_rule_max"}
    assert api("GET", "/2/drive").problems == {"account_id": "validation_rule_required"}
    assert api("GET", "/2/drive?account_id=1").error == "object_not_found"


def test_drives_chosen(api, as_user):
    """One may ask for maintenance, reasons and tags; a collaborator sees the kDrives they are in."""
    for query, ids in [
        ("in_maintenance=true", [CLOSED]),
        ("maintenance_reasons[]=technical", [CLOSED]),
        ("maintenance_reasons[]=not_renew", []),
        ("tags[]=1", []),
    ]:
        assert [each["id"] for each in api("GET", f"/2/drive?account_id=4242&{query}").data] == ids
    ana = api("GET", "/2/drive?account_id=4242&with=rights", door=as_user("ana@example.ch")).data
    assert [(each["id"], each["role"], each["rights"]["technical"]) for each in ana] == [
        (DRIVE, "user", True),
        (SUITE_DRIVE, "user", True),
    ]


def test_people_of_a_drive(names):
    """The newer list shows the active people of the organization, unless types or statuses are asked for."""
    people = f"/3/drive/{DRIVE}/users?limit=1000&with=role,drive_user"
    assert names(people, "role") == {"claire": None, "ana": "user", "guest": None}
    everybody = names(f"{people}&status[]=active&status[]=locked&status[]=pending", "role")
    assert everybody == {
        "claire": None,
        "ana": "user",
        "max": "admin",
        "guest": None,
        "lee": "user",
        "out": "external",
        "eve": "user",
    }
    assert names(f"{people}&types[]=external", "role") == {"out": "external"}
    assert names(f"{people}&types[]=pending", "role") == {"lee": "user", "eve": "user"}
    assert names(f"{people}&types[]=expired", "role") == {"old": "user"}
    assert names(f"{people}&types[]=admin&status[]=locked", "role") == {"max": "admin"}
    assert names(f"{people}&status[]=deleted", "role") == {}


def test_person_of_a_drive(api):
    """A person of the newer list holds their place in the kDrive, when they have one."""
    people = f"/3/drive/{DRIVE}/users?with=drive_user,teams,security&search="
    (claire,) = api("GET", f"{people}claire").data
    assert "drive_user" not in claire
    assert claire["security"]["has_double_auth"]
    (ana,) = api("GET", f"{people}Keller").data
    assert (ana["id"], ana["deleted_at"], ana["teams"]) == (ANA, None, [2001])
    place = ana["drive_user"]
    assert (place["id"], place["drive_id"], place["product_id"], place["account_id"]) == (ANA, DRIVE, 301, 4242)
    assert (place["role"], place["status"], place["type"]) == ("user", "active", "main")
    assert place["last_connection_at"] == 1_795_046_400


def test_cursor(api):
    """The newer list goes on where the cursor says, in the order asked for."""
    url = f"/3/drive/{DRIVE}/users?limit=5&status[]=active&status[]=locked&status[]=pending&order_by=display_name"
    first = api("GET", url).envelope
    assert [each["first_name"] for each in first["data"]] == ["Ana", "Claire", "eve", "Gus", "Lee"]
    assert first["has_more"]
    last = api("GET", f"{url}&cursor={first['cursor']}").envelope
    assert [each["first_name"] for each in last["data"]] == ["Max", "out"]
    assert (last["cursor"], last["has_more"]) == (None, False)
    down = api("GET", f"{url}&order_for[display_name]=desc").data
    assert down[0]["first_name"] == "out"
    for query in ("cursor=x", "cursor=eHg=", "limit=4", "limit=1001"):
        assert api("GET", f"/3/drive/{DRIVE}/users?{query}").status == 422


def test_drive_users(api, names):
    """The older list shows who is in the kDrive; those who will be when they are asked for."""
    assert names(USERS) == {"ana": "active", "max": "locked", "out": "active"}
    assert names(f"{USERS}?status[]=pending") == {"lee": "pending"}
    assert names(f"{USERS}?types[]=admin&types[]=external") == {"max": "locked", "out": "active"}
    assert names(f"{USERS}?user_ids[]={ANA}&with=capabilities", "capabilities")["ana"]["has_technical_permission"]
    assert api("GET", f"{USERS}?{'user_ids[]=1&' * 101}").problems == {"user_ids": "validation_rule_max"}
    assert api("GET", f"{USERS}/{GUEST}").data["display_name"] == "out"
    assert api("GET", f"{USERS}/1001").error == "user_not_associated_with_drive"


def test_drives_of_a_user(api, as_user):
    """One may ask for all kDrives of a person; who does not govern asks for their own."""
    url = f"/2/drive/users/{ANA}/drives?account_id=4242"
    assert [each["drive_id"] for each in api("GET", url).data] == [DRIVE, SUITE_DRIVE]
    assert [each["drive_id"] for each in api("GET", url, door=as_user("ana@example.ch")).data] == [DRIVE, SUITE_DRIVE]
    assert api("GET", f"{url}&roles[]=admin").data == api("GET", f"{url}&status[]=locked").data == []
    assert api("GET", url, door=as_user("guest@agency.example")).error == "object_not_found"
    assert api("GET", "/2/drive/users/1/drives?account_id=4242").error == "object_not_found"


@pytest.mark.parametrize("email", ["ana@example.ch", "guest@agency.example"])
def test_not_for_everyone(api, as_user, email):
    """Who neither governs the organization nor administers the kDrive is refused, as is a kDrive that is not there."""
    for url in (USERS, f"/3/drive/{DRIVE}/users", f"{USERS}/invitation", f"{USERS}/{ANA}"):
        assert api("GET", url, door=as_user(email)).error == "access_denied"
    assert api("GET", "/2/drive/1/users").error == "access_denied"


def test_maintenance(api):
    """A kDrive in maintenance can be listed, and nothing else."""
    users = f"/2/drive/{CLOSED}/users"
    calls = [("GET", users), ("GET", f"/3/drive/{CLOSED}/users"), ("POST", users), ("PUT", f"{users}/{ANA}")]
    for method, url in [*calls, ("DELETE", f"{users}/{ANA}"), ("GET", f"{users}/invitation")]:
        reply = api(method, url, None if method == "GET" else {})
        assert (reply.status, reply.error) == (503, "drive_is_in_maintenance_error")
