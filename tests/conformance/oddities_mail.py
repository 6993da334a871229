"""Where Mail Services and their document are known to differ; see `oddities`."""

from collections.abc import Mapping

from tests.conformance.oddity import FEWER, FLAG, NO_BODY, NUMBER, TEXT, Oddity, listed, with_members

OLD = "/1/mail_hostings/{mail_hosting_id}"
OLD_MAILBOX = f"{OLD}/mailboxes/{{mailbox_name}}"
OLD_USER = f"{OLD_MAILBOX}/users/{{user_id}}"
WEBMAIL = "/1/mail_hostings/{service_mail}/mailboxes/{mailbox_name}/accesses/webmail"
WEBMAIL_USER = f"{WEBMAIL}/users/{{user_id}}"
SEND = f"POST {WEBMAIL}/invitations/{{invitation_webmail}}/send"
OWN = "GET /1/mail_hostings/accesses/webmail"
OF_USER = f"{OWN}/accounts/{{account_id}}/users/{{user_id}}"
ON_INVITATION = "/1/accounts/{account}/invitations/{invitation}/mailbox/{mail_id}"

STATUSES: Mapping[str, tuple[int, ...]] = {
    f"GET {OLD}/mailboxes": (401, 403),
    f"GET {OLD}/preferences": (401, 403, 404),
    f"GET {OLD_MAILBOX}": (401, 403),
    f"GET {OLD_MAILBOX}/users": (401, 403, 501),
    f"GET {OLD_MAILBOX}/invitations": (401, 403, 501),
    f"PATCH {OLD_USER}": (401, 403, 501),
    f"DELETE {OLD_USER}": (401, 403, 501),
    f"GET {WEBMAIL}": (401, 403, 404, 501),
    f"GET {WEBMAIL}/users": (401, 403, 404, 501),
    f"POST {WEBMAIL}": (401, 403, 404, 501),
    f"PATCH {WEBMAIL_USER}": (401, 403, 404, 501),
    f"DELETE {WEBMAIL_USER}": (401, 501),
    f"POST {WEBMAIL}/invitations": (401, 403, 404, 501),
    SEND: (401, 403, 404, 501),
    OWN: (401,),
    OF_USER: (401, 403, 404),
    f"POST {ON_INVITATION}": (401, 404),
    f"PATCH {ON_INVITATION}": (401, 403),
    f"DELETE {ON_INVITATION}": (401, 403),
}
IN_WORDS = "the operation describes 501 in words only"

CODES = {
    f"DELETE {WEBMAIL_USER}": ("access_denied", "object_not_found"),
    f"POST {WEBMAIL}": ("validation_failed",),
    f"POST {ON_INVITATION}": ("access_denied",),
    SEND: ("too_many_requests",),
}
FEWER_CODES = "the operation lists fewer codes of this status than others do for the same refusal"

APPS = listed({"type": "object", "required": ["type"]})
MAILBOX = with_members(
    **dict.fromkeys(("mailbox_id", "service_mail_id"), NUMBER),
    **dict.fromkeys(("mailbox_name", "mailbox_email", "mailbox_idn"), TEXT),
    **dict.fromkeys(("is_free", "is_limited"), FLAG),
)
NAMES = "of the shapes it may be read as, the one its PATCH takes: a choice"
SENDING = "the flag of Infomaniak's own apps, shown where a hosting is told to [kmail-app]"
EITHER = "a row is a user's access or an invitation; the other is null"

ODDITIES = (
    *(
        Oddity(operation, f"{status} is not documented", IN_WORDS if status == 501 else FEWER)
        for operation, statuses in STATUSES.items()
        for status in statuses
    ),
    *(
        Oddity(operation, f'answer.error.code is "{code}", which is not documented', FEWER_CODES)
        for operation, codes in CODES.items()
        for code in codes
    ),
    # requests
    *(
        Oddity(f"DELETE {path}", "the body is not documented", NO_BODY, with_members())
        for path in (OLD_USER, WEBMAIL_USER)
    ),
    Oddity(f"PATCH {WEBMAIL_USER}", "body.permissions is not object", "it describes items: a list", listed(TEXT)),
    # what may be done in a mailbox
    *(
        Oddity(operation, f"{member}.permissions[] is not object", NAMES, TEXT)
        for operation, member in (
            (f"GET {WEBMAIL}", "answer.data[].user_access"),
            (OWN, "answer.data[]"),
            (OF_USER, "answer.data[]"),
        )
    ),
    *(
        Oddity(operation, f"{member}.permissions.can_send_emails is not documented", SENDING, FLAG)
        for operation, member in (
            (f"GET {OLD_MAILBOX}/users", "answer.data.users[]"),
            (f"GET {OLD_MAILBOX}/users", "answer.data.invitations[]"),
            (f"GET {OLD_MAILBOX}/invitations", "answer.data[]"),
            (f"GET {WEBMAIL}", "answer.data[].invitation"),
        )
    ),
    # shapes
    *(
        Oddity(f"GET {WEBMAIL}", f"answer.data[].{member} is not object", EITHER, {"type": "null"})
        for member in ("user_access", "invitation")
    ),
    *(
        Oddity(operation, f"{member}.mailbox is not array", "an access is to one mailbox", MAILBOX)
        for operation, member in (
            (f"GET {WEBMAIL}", "answer.data[].user_access"),
            (OWN, "answer.data[]"),
            (OF_USER, "answer.data[]"),
        )
    ),
    *(
        Oddity(operation, f"{member}.id is not object", "typed as an object, described as a number or text", NUMBER)
        for operation, member in (
            (f"GET {OLD}/mailboxes", "answer.data[].users[]"),
            (f"GET {OLD_MAILBOX}", "answer.data.users[]"),
            (f"GET {OLD_MAILBOX}/users", "answer.data.users[]"),
        )
    ),
    Oddity(
        f"GET {OLD}/mailboxes", "answer.data[].is_used_for_account is not string", "true or false, by its name", FLAG
    ),
    Oddity(f"GET {OLD_MAILBOX}", "answer.data.is_used_for_account is not string", "true or false, by its name", FLAG),
    # what an invitation opens
    *(
        Oddity(operation, f"{member}.app_accesses is not string or null", "untyped: the shape is a choice", APPS)
        for operation, member in (
            ("GET /1/accounts/{account}/invitations/{invitation}", "answer.data"),
            ("GET /2/accounts/{account}/users", "answer.data[].invitation_details"),
        )
    ),
)
