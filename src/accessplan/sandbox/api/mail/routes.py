"""Which endpoint of Mail Services answers what. There are two families of them; a hosting is on one."""

from accessplan.sandbox.api.mail import invited, legacy, links, mailboxes, own, webmail
from accessplan.sandbox.endpoint import Endpoint

_HOSTING = "/1/mail_hostings/{service_mail}"
_MAILBOX = f"{_HOSTING}/mailboxes/{{mailbox_name}}"
_WEBMAIL = f"{_MAILBOX}/accesses/webmail"
_ALL = "/1/mail_hostings/accesses/webmail"
_INVITATION = "/1/accounts/{account}/invitations/{invitation}/mailbox/{mail_id}"

ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", f"{_HOSTING}/mailboxes", mailboxes.list_mailboxes),
    ("GET", f"{_HOSTING}/preferences", mailboxes.preferences),
    ("GET", _MAILBOX, mailboxes.display),
    ("GET", _ALL, own.of_caller),
    ("GET", f"{_ALL}/accounts/{{account}}/users/{{user}}", own.of_user),
    ("GET", _WEBMAIL, webmail.list_accesses),
    ("POST", _WEBMAIL, webmail.create),
    ("GET", f"{_WEBMAIL}/users", webmail.list_users),
    ("PATCH", f"{_WEBMAIL}/users/{{user}}", webmail.change),
    ("DELETE", f"{_WEBMAIL}/users/{{user}}", webmail.delete),
    ("POST", f"{_WEBMAIL}/invitations", links.create),
    ("POST", f"{_WEBMAIL}/invitations/{{key}}/send", links.send),
    ("GET", f"{_MAILBOX}/users", legacy.list_users),
    ("PATCH", f"{_MAILBOX}/users/{{user}}", legacy.change),
    ("DELETE", f"{_MAILBOX}/users/{{user}}", legacy.delete),
    ("GET", f"{_MAILBOX}/invitations", legacy.list_invitations),
    ("POST", _INVITATION, invited.create),
    ("PATCH", _INVITATION, invited.change),
    ("DELETE", _INVITATION, invited.delete),
)
