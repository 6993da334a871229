"""Which endpoint of kDrive answers what, and those of an invitation to the organization."""

from accessplan.sandbox.api.drive import changes, create, drives, invitations, invited, users
from accessplan.sandbox.endpoint import Endpoint

_USERS = "/2/drive/{drive_id}/users"
_USER = f"{_USERS}/{{user_id}}"
_INVITATION = f"{_USERS}/invitation/{{invitation_id}}"
_INVITED = "/1/accounts/{account}/invitations/{invitation}"

ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "/2/drive", drives.list_drives),
    ("GET", "/2/drive/users/{user_id}/drives", drives.of_user),
    ("GET", "/3/drive/{drive_id}/users", users.list_users),
    ("GET", _USERS, users.list_drive_users),
    ("POST", _USERS, create.create),
    ("GET", f"{_USERS}/invitation", invitations.list_invitations),
    ("GET", _INVITATION, invitations.display),
    ("PUT", _INVITATION, invitations.change),
    ("DELETE", _INVITATION, invitations.cancel),
    ("POST", f"{_INVITATION}/send", invitations.send),
    ("GET", _USER, users.display),
    ("PUT", _USER, changes.change),
    ("DELETE", _USER, changes.delete),
    ("PATCH", f"{_USER}/manager", changes.change_manager),
    ("POST", f"{_USER}/lock", changes.lock),
    ("POST", f"{_USER}/unlock", changes.unlock),
    ("POST", f"{_INVITED}/drive", invited.add_drive),
    ("PATCH", f"{_INVITED}/drive/{{drive_id}}", invited.change_drive),
    ("DELETE", f"{_INVITED}/drive/{{drive_id}}", invited.delete_drive),
    ("POST", f"{_INVITED}/ksuite", invited.add_suite),
    ("DELETE", f"{_INVITED}/ksuite", invited.delete_suite),
    ("PATCH", f"{_INVITED}/kchat", invited.set_kchat),
)
