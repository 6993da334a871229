"""The part of the tour that goes round Mail Services: one on each family of endpoints."""

from collections.abc import Callable, Mapping
from typing import Any

from accessplan.sandbox import Door, RateLimit

NEW, OLD = 9201, 9202
NEW_MAILBOX = f"/1/mail_hostings/{NEW}/mailboxes/tour"
OLD_MAILBOX = f"/1/mail_hostings/{OLD}/mailboxes/tour"
WEBMAIL = f"{NEW_MAILBOX}/accesses/webmail"
ACCOUNTS = "/1/mail_hostings/accesses/webmail/accounts/4242/users"

NINE = dict.fromkeys(
    [
        *("can_access_logs", "can_change_password", "can_configure_mail_folders", "can_manage_aliases"),
        *("can_manage_auto_reply", "can_manage_filters", "can_manage_redirections", "can_manage_security"),
        "can_manage_signatures",
    ],
    False,
)


def hostings(users: list[str], invited: str) -> list[dict[str, Any]]:
    """Mail Services for the tour; the first mailbox of each is the first user's own."""
    own, *others = users
    accesses = [
        {"user": own, "primary": True, "last_used": "-2d"},
        *({"user": each, "permissions": ["can_manage_filters"]} for each in [*others, invited]),
    ]
    tour, free = {"name": "tour", "accesses": accesses}, {"name": "free"}
    return [
        {"id": NEW, "domain": "tour.example", "quota": {"mailboxes": 1}, "mailboxes": [tour, free]},
        {"id": OLD, "domain": "old.example", "family": "legacy", "shows_send": True, "mailboxes": [tour]},
    ]


def names(path: str) -> Mapping[str, object]:
    """Fill in a path of Mail Services: its hosting is on the family that the path is of."""
    is_old = path.endswith(("{mailbox_name}/users", "{mailbox_name}/invitations"))
    return {"service_mail": OLD if is_old else NEW, "mailbox_name": "tour", "key": "none", "mail_id": NEW}


def visit(ask: Callable[..., Any], user: int, invitation: int) -> None:
    """Change what can be changed."""
    ask("DELETE", f"{WEBMAIL}/users/{user}")
    ask("POST", WEBMAIL, {"user_id": user, "permissions": {"can_manage_rules": True}})
    ask("PATCH", f"{WEBMAIL}/users/{user}", {"permissions": ["can_manage_filters"]})
    person = {"firstname": "Eve", "lastname": "East", "force_email": True, "signature_template_id": "none"}
    link = ask("POST", f"{WEBMAIL}/invitations", {**person, "permissions": {"can_manage_rules": True}})
    send = f"{WEBMAIL}/invitations/{link['key']}/send"
    for _ in range(2):
        ask("POST", send, {"email": "eve@agency.example", "language": "de"})
    ask("PATCH", f"{OLD_MAILBOX}/users/{user}", {"permissions": {"can_manage_chat": True}})
    ask("DELETE", f"{OLD_MAILBOX}/users/{user}")
    on_invitation = f"/1/accounts/4242/invitations/{invitation}/mailbox/{NEW}"
    body = {"mailbox_name": "tour", "mailbox_permissions": NINE}
    ask("POST", f"{on_invitation.replace(str(NEW), str(OLD))}", body)
    for method in ("POST", "PATCH"):
        ask(method, on_invitation, body)
    for path in (f"/1/accounts/4242/invitations/{invitation}", "/2/accounts/4242/users"):
        ask("GET", f"{path}?with={'app_accesses' if 'invitations' in path else 'invitation_details.app_accesses'}")
    ask("DELETE", on_invitation, {"mailbox_name": "tour"})


def stumble(ask: Callable[..., Any], owner: int, invitation: int, email: str) -> None:
    """Do what is refused."""
    user, missing = f"{WEBMAIL}/users/{owner}", f"{WEBMAIL}/users/1"
    on_invitation = f"/1/accounts/4242/invitations/{invitation}/mailbox/{NEW}"
    body = {"mailbox_name": "tour", "mailbox_permissions": NINE}
    changes = [
        ("POST", WEBMAIL, {"user_id": owner}),
        ("POST", WEBMAIL, {"user_id": 1}),
        ("PATCH", user, {"permissions": ["can_manage_rules"]}),
        ("PATCH", missing, {"permissions": ["can_manage_rules"]}),
        ("DELETE", user, {}),
        ("DELETE", missing, {}),
        ("POST", f"{WEBMAIL}/invitations", {}),
        ("POST", f"{WEBMAIL}/invitations/none/send", {"email": "eve@agency.example"}),
        ("PATCH", f"{OLD_MAILBOX}/users/{owner}", {"permissions": {}}),
        ("DELETE", f"{OLD_MAILBOX}/users/{owner}", {}),
        ("PATCH", f"{OLD_MAILBOX}/users/1", {"permissions": {}}),
        ("POST", on_invitation, body),
        ("POST", on_invitation, body | {"mailbox_name": "free"}),
        ("PATCH", on_invitation, body | {"mailbox_name": "free"}),
        ("DELETE", on_invitation, {"mailbox_name": "free"}),
    ]
    doors = [Door(), Door(token_required=True), Door(as_user=email), Door(limit=RateLimit(1))]
    for method, path, asked in changes:
        for door in doors:
            ask(method, path, asked, door=door)
        ask(method, path, {"user_id": "a", "permissions": "a"})
        for other in (path.replace(str(NEW), str(OLD)), path.replace(str(OLD), str(NEW)), path.replace("tour", "none")):
            ask(method, other, asked)
    reads = (WEBMAIL, f"{WEBMAIL}/users", f"{OLD_MAILBOX}/users", f"{OLD_MAILBOX}/invitations", NEW_MAILBOX)
    hosting = f"/1/mail_hostings/{NEW}"
    for path in (*reads, f"{hosting}/mailboxes", f"{hosting}/preferences", f"{ACCOUNTS}/{owner}"):
        ask("GET", path, door=Door(as_user=email))
        ask("GET", path.replace(str(NEW), str(OLD)))
        ask("GET", path.replace(str(OLD), str(NEW)))
