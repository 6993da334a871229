"""The one table of routes: how each change is carried out, who may, and whether it can be read back.

Sources: infomaniak.md sections 3 and 4. `docs/routes.md` is made of it, each operation names its row, and a test sees
that every row is exercised.
"""

from __future__ import annotations

from dataclasses import dataclass

from accessplan.have.manager.apps import DRIVE_ADMINISTRATORS, DRIVE_USERS, KCHAT_ADMINISTRATORS, KCHAT_MEMBERS
from accessplan.have.manager.mail import MAIL, MAIL_MANAGERS
from accessplan.have.manager.screens import ADMINISTRATORS, LEGAL_REPRESENTATIVES, PARTNERS, TEAMS, USERS

READ = "yes"
BY_WORD = "no: attest it"


@dataclass(frozen=True, slots=True)
class Row:
    """One way to carry a change out.

    `requests` are documented ones, `screen` is the way through the menus where there is no request. `needs` says what
    must hold before, `read_back` whether the next plan can see that it was done.
    """

    name: str
    change: str
    requests: tuple[str, ...] = ()
    screen: str = ""
    who: str = ADMINISTRATORS
    needs: str = ""
    read_back: str = READ


_INVITATION = "/1/accounts/{account}/invitations/{invitation}"
_TEAM = "/1/accounts/{account}/teams/{team}"
_WEBMAIL = "/1/mail_hostings/{service_mail}/mailboxes/{mailbox_name}/accesses/webmail"
_OLD_MAILBOX = "/1/mail_hostings/{mail_hosting_id}/mailboxes/{mailbox_name}"
_DRIVE_USERS = "/2/drive/{drive_id}/users"
_DRIVE_USER = f"{_DRIVE_USERS}/{{user_id}}"
_DRIVE_INVITATION = f"{_DRIVE_USERS}/invitation/{{invitation_id}}"
_ON_INVITATION = f"{_INVITATION}/mailbox/{{mail_id}}"

ROWS = (
    # people
    Row(
        "invite",
        "add a user, with role, billing right, notifications, teams and grants",
        ("POST /1/accounts/{account}/invitations", f"PATCH {_INVITATION}"),
        needs="a legal representative for the role legal representative",
    ),
    Row(
        "invite-external",
        "add an external user: the API has no role for them",
        (f"DELETE {_INVITATION}",),
        f"{USERS} › Add a user",
        needs="a pending invitation with another role is cancelled first",
    ),
    Row(
        "invite-representative",
        "add a legal representative, or make somebody invited one, with the token of an administrator",
        (f"DELETE {_INVITATION}",),
        f"{USERS} › Add a user",
        who=LEGAL_REPRESENTATIVES,
        needs="a pending invitation with another role is cancelled first",
    ),
    Row(
        "invite-again",
        "send an invitation anew, with all it opens: it expired, or the name changed",
        (
            f"DELETE {_INVITATION}",
            "POST /1/accounts/{account}/invitations",
            f"PATCH {_INVITATION}",
            f"POST {_INVITATION}/drive",
            f"POST {_INVITATION}/ksuite",
            f"PATCH {_INVITATION}/kchat",
            f"POST {_ON_INVITATION}",
        ),
        needs="what the old one gives is shown in full",
    ),
    Row(
        "change-invitation",
        "change role, billing right, notifications, teams or grants of an invited person",
        (f"PATCH {_INVITATION}",),
        needs="what the invitation gives is shown in full: a PATCH sends whole sets",
    ),
    Row("cancel-invitation", "cancel an invitation", (f"DELETE {_INVITATION}",)),
    Row(
        "edit-role",
        "change the role of an active user",
        screen=f"{USERS} › ⋮ › Edit role",
        needs="a legal representative, to give or take that role",
    ),
    Row("edit-billing", "give or take the billing right of an active user", screen=f"{USERS} › the person"),
    Row("edit-notifications", "billing reminders and product events of an active user", screen=f"{USERS} › the person"),
    Row(
        "edit-product-access",
        "rights of an active user on products, with or without future ones, or on everything",
        screen=f"{USERS} › ⋮ › Edit product access",
    ),
    Row(
        "remove-user",
        "remove an active user",
        screen=f"{USERS} › ⋮ › Remove from Organization",
        needs="never the last legal representative",
    ),
    # teams
    Row("create-team", "create a team, with its leader and services", ("POST /1/accounts/{account}/teams",)),
    Row(
        "change-team",
        "set the leader of a team, or its services with every right they offer",
        (f"PATCH {_TEAM}",),
        needs="every right of every listed service is wanted: the API takes services without rights",
    ),
    Row("delete-team", "delete a team", (f"DELETE {_TEAM}",)),
    Row(
        "team-members",
        "put active users into a team, or take them out",
        (f"POST {_TEAM}/users", f"DELETE {_TEAM}/users"),
    ),
    Row(
        "edit-team",
        "other rights of a team, on services or single products; a leader or member the API cannot take",
        screen=f"{TEAMS} › ⋮ › Manage team",
        read_back="services yes; single products no: attest them",
    ),
    # mailboxes
    Row(
        "mailbox-access",
        "let an active user open a mailbox, change what they may do there, or take it away",
        (f"POST {_WEBMAIL}", f"PATCH {_WEBMAIL}/users/{{user_id}}", f"DELETE {_WEBMAIL}/users/{{user_id}}"),
        who=MAIL_MANAGERS,
        needs="the Mail Service has the new requests",
    ),
    Row(
        "mailbox-access-anew",
        "take every permission and leave the mailbox open: a short loss of access",
        (f"DELETE {_WEBMAIL}/users/{{user_id}}", f"POST {_WEBMAIL}"),
        who=MAIL_MANAGERS,
        needs="the Mail Service has the new requests",
    ),
    Row(
        "old-mailbox-access",
        "change what an active user may do in a mailbox, or take it away",
        (f"PATCH {_OLD_MAILBOX}/users/{{user_id}}", f"DELETE {_OLD_MAILBOX}/users/{{user_id}}"),
        who=MAIL_MANAGERS,
        needs="the Mail Service still has the old requests",
    ),
    Row(
        "invitation-mailbox",
        "let an invited person open a mailbox, change what they may do there, or take it away",
        (f"POST {_ON_INVITATION}", f"PATCH {_ON_INVITATION}", f"DELETE {_ON_INVITATION}"),
    ),
    Row(
        "edit-mailbox-access",
        "reading without sending, or sending again; permissions no request sets; with the old requests, a new user;"
        " what an invitation cannot carry",
        screen=f"{MAIL} › its name › the address",
        who=MAIL_MANAGERS,
        needs="the account password, where the Manager asks for it",
        read_back="permissions yes; sending where the live system shows it, else attest it",
    ),
    Row(
        "remove-mailbox-access",
        "take away access to a mailbox that the live system does not show",
        screen=f"{MAIL} › its name › the address",
        who=MAIL_MANAGERS,
        needs="the account password, where the Manager asks for it",
    ),
    # kDrive, kSuite, kChat
    Row(
        "add-drive-users",
        "let active users into a kDrive, those with one role together",
        (f"DELETE {_DRIVE_INVITATION}", f"POST {_DRIVE_USERS}"),
        needs="a free place for each; an invitation that expired is cancelled first",
    ),
    Row(
        "unlock-drive-user",
        "let somebody into a kDrive again who is locked out, and set the role",
        (f"POST {_DRIVE_USER}/unlock", f"PUT {_DRIVE_USER}"),
    ),
    Row(
        "change-drive-role",
        "make a user of a kDrive admin or user",
        (f"PUT {_DRIVE_USER}",),
        needs="the role of who governs the organization cannot be lowered: theirs there goes first",
    ),
    Row(
        "lock-drive-user",
        "take a place in a kDrive away: access ends at once, files and seat stay, and it can be undone;"
        " to remove somebody is not for a request, which cannot say what becomes of the files",
        (f"POST {_DRIVE_USER}/lock",),
    ),
    Row(
        "manage-drive",
        "rights of an active user to manage a kDrive, where they have a place",
        (f"PATCH {_DRIVE_USER}/manager",),
        needs="the kDrive is read: the document names it in a use",
    ),
    Row(
        "invite-to-drive",
        "invite into a kDrive as external who is no active user",
        (f"DELETE {_DRIVE_INVITATION}", f"DELETE {_INVITATION}/drive/{{drive_id}}", f"POST {_DRIVE_USERS}"),
    ),
    Row(
        "change-drive-invitation",
        "change the role in an invitation into a kDrive, or cancel it",
        (f"PUT {_DRIVE_INVITATION}", f"DELETE {_DRIVE_INVITATION}", f"POST {_DRIVE_USERS}"),
        needs="it is pending; for the role external another one is sent",
    ),
    Row(
        "invitation-drive",
        "promise an invited person a place in a kDrive as admin or user, change the role, or take it away",
        (
            f"DELETE {_DRIVE_INVITATION}",
            f"POST {_INVITATION}/drive",
            f"PATCH {_INVITATION}/drive/{{drive_id}}",
            f"DELETE {_INVITATION}/drive/{{drive_id}}",
        ),
        needs="the kDrive is not part of a kSuite",
        read_back="where invitations show what they open, else attest it",
    ),
    Row(
        "edit-drive-user",
        "a user of a kDrive made external; who is in it without being in the organization; who governs the organization"
        " no more; a kDrive that was not read",
        screen=DRIVE_USERS.format("the drive"),
        who=DRIVE_ADMINISTRATORS,
    ),
    Row(
        "invitation-ksuite",
        "promise an invited person kSuite with one role, or take it away",
        (f"POST {_INVITATION}/ksuite", f"DELETE {_INVITATION}/ksuite"),
        needs="the organization has one kSuite",
        read_back="where invitations show what they open, else attest it",
    ),
    Row(
        "invitation-kchat",
        "promise an invited person kChat, or change the role",
        (f"PATCH {_INVITATION}/kchat",),
        needs="the organization has one kChat",
        read_back="where invitations show what they open, else attest it",
    ),
    Row(
        "edit-ksuite-access",
        "kSuite of an active user, also for a place in a kDrive of it; the role in it of an invited one",
        screen=f"{USERS} › the person",
        read_back="who has it yes; the role no: attest it",
    ),
    Row(
        "edit-kchat-role",
        "kChat of an active user; taking it from an invited one",
        screen=KCHAT_MEMBERS.format("the kChat"),
        who=KCHAT_ADMINISTRATORS,
        read_back="who has it yes; the role no: attest it",
    ),
    # partners
    Row(
        "add-partner",
        "add a partner, limited to products or full, with or without the wallet",
        screen=f"{PARTNERS} › Add a partner",
        who=LEGAL_REPRESENTATIVES,
        read_back=BY_WORD,
    ),
    Row(
        "edit-partner",
        "change a partner's access or products",
        screen=f"{PARTNERS} › ⋮ › Edit access rights",
        who=LEGAL_REPRESENTATIVES,
        read_back=BY_WORD,
    ),
    Row(
        "edit-partner-wallet",
        "change who pays",
        screen=f"{PARTNERS} › the partner › ✎ next to Payment",
        who=LEGAL_REPRESENTATIVES,
        needs="full access",
        read_back=BY_WORD,
    ),
    Row(
        "stop-partner",
        "stop the collaboration with a partner",
        screen=f"{PARTNERS} › ⋮ › Stop the collaboration",
        who=LEGAL_REPRESENTATIVES,
        needs="the account password",
        read_back=BY_WORD,
    ),
)

BY_NAME = {row.name: row for row in ROWS}
