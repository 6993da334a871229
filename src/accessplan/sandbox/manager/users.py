"""The screens of users: invite, cancel, role, products, billing, remove.

[faq 1404] [faq 1440] [faq 1610] [faq 1633] [faq 1738]
"""

from collections.abc import Mapping

from accessplan.sandbox import people
from accessplan.sandbox.body import boolean, email, fields, listed, one_of, text
from accessplan.sandbox.errors import Refused
from accessplan.sandbox.manager.desk import (
    ACCESS,
    NAME,
    NOTHING,
    ROLE,
    Act,
    Desk,
    Step,
    keep_an_owner,
    person,
    role_type,
    set_rights,
    team,
    told,
    user,
    values,
)
from accessplan.sandbox.people import MANAGERS, ROLE_WORDS, Invitation
from accessplan.sandbox.services import LANGUAGE_IDS


def _invite_user(desk: Desk, act: Act) -> str:
    role, known = role_type(desk, act["role"]), people.find(desk.db, act["email"])
    if known is not None:
        state = "a user" if known["kind"] == "user" else "invited"
        if known["role_type"] == role:
            return f"{NOTHING}{act['email']} is {state} already"
        raise Refused(f"{act['email']} is {state} already, as {ROLE_WORDS[known['role_type']]}")
    notifications = act.get("notifications", {})
    invitation = Invitation(
        email=act["email"],
        first_name=act["first_name"],
        last_name=act["last_name"],
        role_type=role,
        language_id=LANGUAGE_IDS[act.get("language") or "fr"],
        has_billing=act.get("billing", False),
        has_billing_mailing=notifications.get("billing", False),
        has_mailing=notifications.get("products", False),
        created_at=desk.now,
    )
    who = ("invitation", people.add_invitation(desk.db, invitation))
    people.join_teams(desk.db, who, [team(desk.db, name)["id"] for name in act.get("teams", ())])
    rights = set_rights(desk, who, act["email"], act.get("access", ()))
    return told([f"invited {act['email']} as {act['role']}", *rights])


def _cancel_invitation(desk: Desk, act: Act) -> str:
    pending = "UPDATE invitations SET status = 'cancelled', updated_at = ? WHERE address = ? AND status = 'pending'"
    if desk.db.execute(pending, (desk.now, people.address(act["user"]))).rowcount:
        return f"cancelled the invitation of {act['user']}"
    return f"{NOTHING}{act['user']} has no pending invitation"


def _edit_role(desk: Desk, act: Act) -> str:
    who, role = user(desk.db, act["user"]), role_type(desk, act["role"])
    if who["role_type"] == role:
        return f"{NOTHING}{act['user']} is {act['role']} already"
    keep_an_owner(desk.db, who)
    desk.db.execute("UPDATE users SET role_type = ? WHERE id = ?", (role, who["id"]))
    return f"{act['user']} is {act['role']} now, was {ROLE_WORDS[who['role_type']]}"


def _edit_product_access(desk: Desk, act: Act) -> str:
    return told(set_rights(desk, people.subject(person(desk.db, act["user"])), act["user"], act["access"]))


def _edit_billing(desk: Desk, act: Act) -> str:
    who, wanted = user(desk.db, act["user"]), act["billing"]
    if who["role_type"] in MANAGERS:
        raise Refused(f"{act['user']} is {ROLE_WORDS[who['role_type']]}: the role has the billing right")
    said = "the billing right" if wanted else "no billing right"
    if bool(who["has_billing"]) == wanted:
        return f"{NOTHING}{act['user']} has {said} already"
    desk.db.execute("UPDATE users SET has_billing = ? WHERE id = ?", (wanted, who["id"]))
    return f"{act['user']} has {said} now"


def _edit_notifications(desk: Desk, act: Act) -> str:
    who = user(desk.db, act["user"])
    wanted = {column: act[name] for name, (column, _) in _NOTIFICATIONS.items() if name in act}
    if not wanted:
        raise Refused("edit_notifications needs billing or products")
    if wanted.get("has_billing_mailing") is False and people.is_last_owner(desk.db, who):
        raise Refused(f"{act['user']} is the sole legal representative, who gets the billing reminders")
    told_of = [
        f"{'gets' if act[name] else 'gets no'} {words}" for name, (_, words) in _NOTIFICATIONS.items() if name in act
    ]
    if all(bool(who[column]) == value for column, value in wanted.items()):
        return f"{NOTHING}{act['user']} {' and '.join(told_of)} already"
    desk.db.execute(
        "UPDATE users SET has_billing_mailing = ?, has_mailing = ? WHERE id = ?",
        (*(wanted.get(column, who[column]) for column, _ in _NOTIFICATIONS.values()), who["id"]),
    )
    return f"{act['user']} {' and '.join(told_of)} now"


def _remove_user(desk: Desk, act: Act) -> str:
    if people.find(desk.db, act["user"]) is None:
        return f"{NOTHING}{act['user']} is not in the organization"
    who = user(desk.db, act["user"])
    keep_an_owner(desk.db, who)
    people.remove_user(desk.db, who["id"])
    return f"removed {act['user']} from the organization"


_NOTIFICATIONS = {
    "billing": ("has_billing_mailing", "billing reminders"),
    "products": ("has_mailing", "product events"),
}
_TOLD = dict.fromkeys(_NOTIFICATIONS, boolean)

STEPS: Mapping[str, Step] = {
    "invite_user": Step(
        _invite_user,
        values(
            {"email": email, "first_name": text(), "last_name": text(), "role": ROLE},
            {
                "language": one_of(["", *LANGUAGE_IDS]),
                "teams": listed(NAME),
                "access": listed(ACCESS),
                "billing": boolean,
                "notifications": fields(optional=_TOLD),
            },
        ),
    ),
    "cancel_invitation": Step(_cancel_invitation, values({"user": NAME})),
    "edit_role": Step(_edit_role, values({"user": NAME, "role": ROLE})),
    "edit_product_access": Step(_edit_product_access, values({"user": NAME, "access": listed(ACCESS, at_least=1)})),
    "edit_billing": Step(_edit_billing, values({"user": NAME, "billing": boolean})),
    "edit_notifications": Step(_edit_notifications, values({"user": NAME}, _TOLD)),
    "remove_user": Step(_remove_user, values({"user": NAME})),
}
