"""The part of the tour that goes round kDrive, kSuite and kChat."""

from collections.abc import Callable, Mapping
from typing import Any

from accessplan.sandbox import Door, RateLimit

OPEN, SUITE, CLOSED, FULL, KSUITE, KCHAT = range(9401, 9407)
"""The products: kDrives to use, of the kSuite, in maintenance, and without a place; kSuite and kChat."""

DRIVE, OF_SUITE, IN_MAINTENANCE, NO_PLACE = (product + 500_000 for product in (OPEN, SUITE, CLOSED, FULL))
OWNER, ANSWERED, INVITED = 1001, 700_001, 700_002
GUEST = "outside@agency.example"
ROLES = {"kchat_role": "user", "kdrive_role": "admin"}


def organization(content: Mapping[str, Any], invited: str) -> dict[str, Any]:
    """Add kDrives, a kSuite and a kChat to an organization."""
    owner, admin, other, *_ = [user["email"] for user in content["users"]]
    users = [
        {"email": owner, "role": "admin", "last_connection": "-1d"},
        {"email": admin, "role": "admin", "status": "locked"},
        {"email": GUEST, "role": "external"},
        {"email": invited, "role": "user"},
    ]
    invitations = [
        {"email": "was@agency.example", "role": "user", "status": "accepted"},
        {"email": other, "role": "user"},
        {"email": "late@agency.example", "role": "external", "expires": "-1d"},
    ]
    services = {OPEN: "drive", SUITE: "drive", CLOSED: "drive", FULL: "drive", KSUITE: "ksuite", KCHAT: "kchat"}
    products = [{"id": id_, "service": service, "name": f"Tour {id_}"} for id_, service in services.items()]
    added = {
        "products": [product | {"tags": ["tour"]} for product in products],
        "drives": [
            {"product": OPEN, "users": users, "invitations": invitations},
            {"product": SUITE, "ksuite": True, "quota": 3},
            {"product": CLOSED, "maintenance": True},
            {"product": FULL, "quota": 0},
        ],
        "ksuites": [{"product": KSUITE, "quota": 3, "users": [{"email": owner, "role": "admin"}]}],
        "kchats": [{"product": KCHAT, "users": [{"email": admin, "role": "user"}]}],
    }
    return {**content, **{key: content.get(key, []) + entries for key, entries in added.items()}}


NAMES = {"drive_id": DRIVE, "user_id": OWNER, "invitation_id": INVITED}


def visit(ask: Callable[..., Any], invitation: int) -> None:
    """Change what can be changed."""
    people, users = f"/3/drive/{DRIVE}/users", f"/2/drive/{DRIVE}/users"
    every = "with=role,teams,security,drive_user&status[]=active&status[]=locked&status[]=pending"
    ask("GET", f"{people}?{every}&limit=1000&search=e&order_by=last_name&order_for[last_name]=desc")
    ask("GET", f"{people}?cursor=NQ==&limit=5")
    ask("GET", f"{users}?page=1&per_page=2&total=true&status[]=pending")
    outside = {
        "emails": ["tour@agency.example", "tour2@agency.example"],
        "lang": "de",
        "message": "Hi",
        "right": "read",
    }
    more = {"name": "Tour", "send_email": False, "type": "main", "file_id": None, "team_ids": []}
    added = ask("POST", users, {"role": "user", "user_ids": [OWNER + 4, OWNER, 1], **outside, **more})
    user, sent = added[0]["drive_user"]["id"], added[-1]["invitation"]["id"]
    ask("PUT", f"{users}/{user}", {"role": "admin", "name": "Mine"})
    ask("PATCH", f"{users}/{user}/manager", {"roles": ["statistic", "technical"]})
    ask("GET", f"/2/drive/users/{user}/drives?account_id=4242&with=capabilities,teams,security")
    for act in ("lock", "unlock"):
        ask("POST", f"{users}/{user}/{act}")
    ask("DELETE", f"{users}/{user}", {"notify": True})
    change = {"role": "admin", "right": "none", "email": "tour3@agency.example", "name": "Tour", "message": ""}
    ask("PUT", f"{users}/invitation/{sent}", change)
    ask("POST", f"{users}/invitation/{sent}/send")
    ask("DELETE", f"{users}/invitation/{sent}")
    ask("GET", f"{users}/invitation?page=1&total=true&emails[]=late@agency.example&status[]=expired")
    on_invitation = f"/1/accounts/4242/invitations/{invitation}"
    ask("POST", f"{on_invitation}/drive", {"drive_id": DRIVE, "role": "user"})
    ask("PATCH", f"{on_invitation}/drive/{DRIVE}", {"role": "admin", "right": "none"})
    mailbox: dict[str, Any] = {"mailbox_name": "tour", "mailbox_permissions": {}, "mailbox_signature_model_id": None}
    ask("POST", f"{on_invitation}/ksuite", {"ksuite_access": ROLES, **mailbox})
    ask("PATCH", f"{on_invitation}/kchat", {"role": "admin"})
    ask("GET", f"{on_invitation}?with=app_accesses")
    ask("GET", "/2/accounts/4242/users?with=invitation_details.app_accesses&filter[has_ksuite]=true")
    ask("DELETE", f"{on_invitation}/drive/{DRIVE}")
    ask("DELETE", f"{on_invitation}/ksuite")


def stumble(ask: Callable[..., Any], invitation: int, email: str) -> None:
    """Do what is refused."""
    doors = [Door(), Door(token_required=True), Door(as_user=email), Door(limit=RateLimit(1))]
    on_invitation = f"/1/accounts/4242/invitations/{invitation}"
    for drive in (DRIVE, IN_MAINTENANCE, OF_SUITE, NO_PLACE, 1):
        users = f"/2/drive/{drive}/users"
        for path in (users, users.replace("/2/", "/3/"), f"{users}/{OWNER}", f"{users}/1", f"{users}/invitation"):
            ask("GET", path)
        for invited in (ANSWERED, 1):
            ask("GET", f"{users}/invitation/{invited}")
        changes: list[tuple[str, str, dict[str, Any]]] = [
            ("POST", users, {"role": "user"}),
            ("POST", users, {"role": "external", "user_ids": [OWNER + 2]}),
            ("PUT", f"{users}/{OWNER}", {"role": "user"}),
            ("PUT", f"{users}/1", {"role": "user"}),
            ("PATCH", f"{users}/1/manager", {"roles": []}),
            ("POST", f"{users}/1/lock", {}),
            ("POST", f"{users}/1/unlock", {}),
            ("DELETE", f"{users}/{OWNER if drive == OF_SUITE else 1}", {}),
            *(("PUT", f"{users}/invitation/{invited}", {"role": "user"}) for invited in (ANSWERED, 1)),
            *(("POST", f"{users}/invitation/{invited}/send", {}) for invited in (ANSWERED, 1)),
            *(("DELETE", f"{users}/invitation/{invited}", {}) for invited in (ANSWERED, 1)),
            ("PUT", f"{users}/invitation/{INVITED}", {"email": "late@agency.example"}),
            ("POST", f"{on_invitation}/drive", {"drive_id": drive, "role": "user"}),
            ("PATCH", f"{on_invitation}/drive/{drive + 1}", {"role": "user"}),
            ("DELETE", f"{on_invitation}/drive/{drive}", {}),
        ]
        for method, path, body in changes:
            for door in doors:
                ask(method, path, body, door=door)
            ask(method, path, {"role": "x", "roles": "x", "user_ids": "x", "notify": "x", "email": ""})
    suite = {"ksuite_access": ROLES}
    changes = [
        ("POST", f"{on_invitation}/ksuite", suite | {"mailbox_signature_model_id": "none"}),
        ("POST", f"{on_invitation}/ksuite", suite),
        ("POST", f"{on_invitation}/ksuite", suite),
        ("DELETE", f"{on_invitation}/ksuite", {}),
        ("DELETE", f"{on_invitation}/ksuite", {}),
        ("PATCH", f"{on_invitation}/kchat", {"role": "admin"}),
    ]
    for method, path, body in changes:
        ask("PATCH" if path.endswith("kchat") else "POST", path, {"role": "x"})
        for door in reversed(doors):
            ask(method, path, body, door=door)
        ask(method, path.replace(str(invitation), "1"), body)
    for path in (f"/2/drive/users/{OWNER}/drives", "/2/drive"):
        for door in doors:
            ask("GET", f"{path}?account_id=4242", door=door)
