"""Where exchanges and the published documents are known to differ: all of it. A row that is never met is stale.

Sources in brackets are those of the code; a choice is one of `accessplan.sandbox.shapes`.
"""

from typing import Any

from tests.conformance import oddities_drive, oddities_mail
from tests.conformance.oddity import ANY, FEWER, FLAG, NO_BODY, NUMBER, TEXT, Oddity
from tests.conformance.oddity import listed as _list
from tests.conformance.oddity import with_members as _object

USERS = "GET /2/accounts/{account}/users"
PROFILE = "GET /2/profile"
TAGS = "GET /1/accounts/{account_id}/tags"
TEAM = "/1/accounts/{account}/teams/{team}"
TEAMS = "/1/accounts/{account}/teams"
INVITATION = "/1/accounts/{account}/invitations/{invitation}"
INVITATIONS = "/1/accounts/{account}/invitations"
OF_USER = "GET /1/accounts/{account}/invitations/users/{user}"


def _named(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/087adaad_{name}"}


SECURITY = _object(otp=FLAG, double_auth=FLAG)
PERMISSION = _object(service_id=NUMBER, service_name=TEXT, product_id=NUMBER, product_name=TEXT, rights=_list(TEXT))
CONTEXT = {"type": "object", "required": ["attribute"], "properties": {"attribute": TEXT, "values": _list({})}}

UNTYPED = "typed as a string, as all that can be loaded there: the shape is a choice"

ODDITIES = (
    # requests
    Oddity(f"DELETE {TEAM}", "the body is not documented", NO_BODY, _object()),
    Oddity(f"DELETE {INVITATION}", "the body is not documented", NO_BODY, _object()),
    # statuses
    Oddity(ANY, "422 is not documented", "invalid parameters and bodies are answered so [re-notes] [tf-provider]"),
    Oddity(ANY, "429 is not documented", "the general limit is 60 requests a minute [portal]"),
    *(
        Oddity(operation, f"{status} is not documented", FEWER)
        for operation, statuses in {
            TAGS: (401, 404),
            PROFILE: (401,),
            "GET /1/languages": (401,),
            OF_USER: (401, 404),
            f"GET {INVITATION}": (401, 404),
            f"PATCH {INVITATION}": (401, 403, 404),
            f"POST {INVITATIONS}": (409,),
            f"POST {TEAMS}": (409,),
            f"PATCH {TEAM}": (409,),
        }.items()
        for status in statuses
    ),
    # errors
    Oddity(ANY, "answer.error.context is not documented", "clients read it [core-app] [tf-provider]", _object()),
    Oddity(
        ANY,
        "answer.error.errors is not documented",
        "clients read in it which rules are broken [re-notes] [admin-mcp] [tf-provider]",
        _list(_object(code=TEXT, description=TEXT, context=CONTEXT)),
    ),
    # the users list
    Oddity(USERS, "answer.data is not object", "clients get a list [admin-mcp]", _list(_named("Userorpendinguser"))),
    Oddity(USERS, "answer.data[].teams is not string", UNTYPED, _list(_named("Team_7471c6bd"))),
    Oddity(USERS, "answer.data[].permissions is not string", UNTYPED, _list(PERMISSION)),
    Oddity(USERS, "answer.data[].service_permissions is not string", UNTYPED, _list(_named("Servicepermissions"))),
    Oddity(USERS, "answer.data[].invitation_details is not string or null", UNTYPED, _named("AccountInvitation")),
    Oddity(USERS, "answer.data[].security is not string", UNTYPED, {**SECURITY, "nullable": True}),
    Oddity(USERS, "answer.data[].app_access is not string", UNTYPED, _object()),
    Oddity(USERS, "answer.data[].drive_infos is not string", UNTYPED, _list({})),
    Oddity(USERS, "answer.data[].kchat_infos is not string", UNTYPED, _list({})),
    # invitations
    *(
        Oddity(operation, f'{member} is "external", which is not documented', "added in the Manager; a choice")
        for operation, member in (
            (USERS, "answer.data[].invitation_details.role_type"),
            (f"GET {INVITATION}", "answer.data.role_type"),
            (f"PATCH {INVITATION}", "answer.data.role_type"),
            (OF_USER, "answer.data[].role_type"),
        )
    ),
    # teams
    *(
        Oddity(operation, f"{member} is not object", "a team without leader: its `owned_by_id` may be null")
        for operation, member in ((f"GET {TEAMS}", "answer.data[].owned_by"), (f"GET {TEAM}", "answer.data.owned_by"))
    ),
    # the organization
    Oddity(TAGS, "answer.data is not string", "a list by its summary", _list(_named("Tag"))),
    # the profile
    Oddity(PROFILE, "answer.data.preferences.account is not string", "a choice", _object(current_account_id=NUMBER)),
    Oddity(PROFILE, "answer.data.emails is not object", "its shapes are lists", _list(_named("Useremail"))),
    Oddity(PROFILE, "answer.data.security is not documented", "`with=security` is asked for [core-app]", SECURITY),
    *oddities_mail.ODDITIES,
    *oddities_drive.ODDITIES,
)

KNOWN = {(each.operation, each.what): each for each in ODDITIES}

NOTATIONS = {
    "nullable": "of OpenAPI 3.0, in documents of 3.1: null is allowed besides",
    "oneOf: the shapes overlap": "so one of them at least must fit, not one alone",
    "$ref with a sibling schema": "on parameters it carries the bounds; empty, it says nothing",
    "bounds of a list are those of its members": "the `enum` beside `order_by` and `order_for`",
    "required of the object around the one that has it": "there it cannot be: that object is closed",
    "members stand in place of the schema of items": "the items are objects of these members",
    "words of the tool that wrote the documents": "`ref`, `primitive` and such stand beside `type`; they say nothing",
    "a parameter stands twice": "on the users list: the later, which has bounds, counts",
}
"""How the documents write what JSON Schema writes otherwise; read in `notation`."""

NOT_PLAYED = {
    ("/1/mail_hostings/{service_mail}/mailboxes", "filter[last_login_at]"): "the sandbox knows no logins to mailboxes",
}
"""Documented parameters that the sandbox refuses."""
