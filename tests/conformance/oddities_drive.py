"""Where kDrive, kSuite and kChat and their documents are known to differ; see `oddities`."""

from collections.abc import Mapping

from tests.conformance.oddity import FEWER, NO_BODY, TEXT, Oddity, with_members

DRIVES = "GET /2/drive"
USERS = "/2/drive/{drive_id}/users"
USER = f"{USERS}/{{user_id}}"
INVITATION = f"{USERS}/invitation/{{invitation_id}}"
PEOPLE = "GET /3/drive/{drive_id}/users"
ON_INVITATION = "/1/accounts/{account}/invitations/{invitation}"
DRIVE_ON_INVITATION = f"{ON_INVITATION}/drive/{{drive_id}}"

STATUSES: Mapping[str, tuple[int, ...]] = {
    DRIVES: (401, 404),
    PEOPLE: (401, 503),
    f"GET {USERS}": (401, 503),
    f"POST {USERS}": (401,),
    f"GET {USERS}/invitation": (401,),
    f"GET {INVITATION}": (401, 404),
    f"PUT {INVITATION}": (401, 404),
    f"DELETE {INVITATION}": (400, 401, 404),
    f"POST {INVITATION}/send": (400, 401, 404),
    f"GET {USER}": (401,),
    f"PUT {USER}": (401,),
    f"DELETE {USER}": (400, 401),
    f"PATCH {USER}/manager": (400, 401),
    f"POST {USER}/lock": (401,),
    f"POST {USER}/unlock": (401,),
    f"POST {ON_INVITATION}/drive": (404,),
    f"PATCH {DRIVE_ON_INVITATION}": (401, 403),
    f"DELETE {DRIVE_ON_INVITATION}": (401,),
    f"POST {ON_INVITATION}/ksuite": (401, 409),
    f"DELETE {ON_INVITATION}/ksuite": (401,),
    f"PATCH {ON_INVITATION}/kchat": (401, 403),
}

CODES = {
    f"PUT {USER}": ("user_not_associated_with_drive",),
    f"POST {ON_INVITATION}/drive": ("access_denied",),
    f"DELETE {DRIVE_ON_INVITATION}": ("access_denied",),
    f"POST {ON_INVITATION}/ksuite": ("access_denied", "object_not_found", "validation_failed"),
    f"DELETE {ON_INVITATION}/ksuite": ("access_denied",),
}
FEWER_CODES = "the operation lists fewer codes of this status than others do for the same refusal"

ODDITIES = (
    *(
        Oddity(operation, f"{status} is not documented", FEWER)
        for operation, statuses in STATUSES.items()
        for status in statuses
    ),
    *(
        Oddity(operation, f'answer.error.code is "{code}", which is not documented', FEWER_CODES)
        for operation, codes in CODES.items()
        for code in codes
    ),
    *(
        Oddity(operation, "the body is not documented", NO_BODY, with_members())
        for operation in (
            f"DELETE {INVITATION}",
            f"POST {INVITATION}/send",
            f"POST {USER}/lock",
            f"POST {USER}/unlock",
            f"DELETE {DRIVE_ON_INVITATION}",
            f"DELETE {ON_INVITATION}/ksuite",
        )
    ),
    Oddity(
        PEOPLE,
        "query.order_for is not array",
        "a way for each field, `order_for[display_name]=asc`, by its description",
        {"type": "object", "properties": dict.fromkeys(("display_name", "first_name", "last_name"), TEXT)},
    ),
)
