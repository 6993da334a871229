"""What Mail Services refuse."""

import pytest
from tests.sandbox.mail.services import ANA, CLAIRE, DIRECTOR, GUEST, MAX, NINE, OLD, ON_INVITATION

from accessplan.sandbox import show


@pytest.mark.parametrize(
    ("method", "url", "body", "status", "error"),
    [
        ("POST", f"{DIRECTOR}/accesses/webmail", {"user_id": 9}, 422, "user_not_attached_to_account"),
        ("POST", f"{DIRECTOR}/accesses/webmail", {}, 422, "validation_failed"),
        ("POST", f"{DIRECTOR}/accesses/webmail", {"user_id": ANA, "permissions": []}, 422, "validation_failed"),
        ("PATCH", f"{DIRECTOR}/accesses/webmail/users/{ANA}", {"permissions": []}, 422, "validation_failed"),
        (
            "PATCH",
            f"{DIRECTOR}/accesses/webmail/users/{ANA}",
            {"permissions": ["can_send_emails"]},
            422,
            "validation_failed",
        ),
        (
            "PATCH",
            f"{DIRECTOR}/accesses/webmail/users/{CLAIRE}",
            {"permissions": ["can_access_logs"]},
            500,
            "cannot_update_object",
        ),
        ("DELETE", f"{DIRECTOR}/accesses/webmail/users/{CLAIRE}", {}, 500, "cannot_delete_object"),
        ("DELETE", f"{OLD}/users/{MAX}", {}, 500, "cannot_delete_object"),
        ("PATCH", f"{OLD}/users/{MAX}", {"permissions": {}}, 500, "cannot_update_object"),
        ("PATCH", f"{OLD}/users/{GUEST}", {"permissions": {}}, 404, "object_not_found"),
        ("PATCH", f"{OLD}/users/{ANA}", {"permissions": ["can_manage_filters"]}, 422, "validation_failed"),
        ("GET", f"{OLD}/accesses/webmail", None, 501, "not_implemented"),
        ("GET", f"{OLD}/accesses/webmail/users", None, 501, "not_implemented"),
        ("POST", f"{OLD}/accesses/webmail", {"user_id": ANA}, 501, "not_implemented"),
        ("POST", f"{OLD}/accesses/webmail/invitations", {}, 501, "not_implemented"),
        ("GET", f"{DIRECTOR}/users", None, 501, "not_implemented"),
        ("GET", f"{DIRECTOR}/invitations", None, 501, "not_implemented"),
        ("DELETE", f"{DIRECTOR}/users/{ANA}", {}, 501, "not_implemented"),
        ("GET", "/1/mail_hostings/101/mailboxes", None, 404, "object_not_found"),
        ("GET", "/1/mail_hostings/201/mailboxes/who", None, 404, "object_not_found"),
        ("GET", "/1/mail_hostings/accesses/webmail/accounts/4242/users/9", None, 404, "object_not_found"),
        ("GET", "/1/mail_hostings/accesses/webmail/accounts/1/users/1002", None, 404, "object_not_found"),
        ("POST", f"{DIRECTOR}/accesses/webmail/invitations/none/send", {"email": "a@b.ch"}, 404, "object_not_found"),
        ("POST", ON_INVITATION, {"mailbox_name": "info", "mailbox_permissions": {}}, 422, "validation_failed"),
        ("POST", ON_INVITATION, {"mailbox_name": "who", "mailbox_permissions": NINE}, 404, "object_not_found"),
        (
            "POST",
            ON_INVITATION,
            {"mailbox_name": "director", "mailbox_permissions": NINE},
            409,
            "object_already_exists",
        ),
        ("PATCH", ON_INVITATION, {"mailbox_name": "info", "mailbox_permissions": NINE}, 404, "object_not_found"),
        ("DELETE", ON_INVITATION, {"mailbox_name": "info"}, 404, "object_not_found"),
        ("DELETE", ON_INVITATION, {}, 422, "validation_failed"),
    ],
)
def test_refused(mail, store, method, url, body, status, error):
    """What cannot be is refused with a code that says why, and nothing changes."""
    before = show(store)
    reply = mail(method, url, body)
    assert (reply.status, reply.error) == (status, error)
    assert show(store) == before
