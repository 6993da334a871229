"""Where exchanges and the published documents are known to differ: all of it. A row that is never met is stale.

Sources in brackets are those of the code; a choice is one of `accessplan.sandbox.shapes`.
"""

from typing import Any, NamedTuple

ANY = "any operation"

USERS = "GET /2/accounts/{account}/users"
PROFILE = "GET /2/profile"
TAGS = "GET /1/accounts/{account_id}/tags"
TEAM = "/1/accounts/{account}/teams/{team}"
TEAMS = "/1/accounts/{account}/teams"
INVITATION = "/1/accounts/{account}/invitations/{invitation}"
INVITATIONS = "/1/accounts/{account}/invitations"
OF_USER = "GET /1/accounts/{account}/invitations/users/{user}"


class Oddity(NamedTuple):
    """What does not fit, and why it is accepted; `read_as` is the schema that holds instead, as documents write it."""

    operation: str
    what: str
    why: str
    read_as: dict[str, Any] | None = None


def _named(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/087adaad_{name}"}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _object(**members: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [*members], "properties": members}


NUMBER, TEXT, FLAG = {"type": "integer"}, {"type": "string"}, {"type": "boolean"}
SECURITY = _object(otp=FLAG, double_auth=FLAG)
PERMISSION = _object(service_id=NUMBER, service_name=TEXT, product_id=NUMBER, product_name=TEXT, rights=_list(TEXT))
CONTEXT = {"type": "object", "required": ["attribute"], "properties": {"attribute": TEXT, "values": _list({})}}

NO_BODY = "every request but GET carries JSON, `{}` where nothing is to be said [portal]"
UNTYPED = "typed as a string, as all that can be loaded there: the shape is a choice"
MISPLACED = "the document requires it of the object around the one that has it"
FEWER = "the operation lists fewer statuses than others do for the same refusal"

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
    *(
        Oddity(operation, f"{account}.{name} is missing", MISPLACED)
        for operation, account in (
            ("GET /1/accounts", "answer.data[]"),
            ("GET /1/accounts/{account_id}", "answer.data"),
        )
        for name in ("blocked_order_id", "in_process", "waiting_payment")
    ),
    # the profile
    *(
        Oddity(PROFILE, f"answer.data.{name} is missing", MISPLACED)
        for name in (
            *("country", "current_account_id", "date_last_changed_password", "double_auth", "double_auth_method"),
            *("infomaniak_application", "language", "last_login_at", "otp", "remaining_rescue_code", "sms"),
            *("sms_phone", "timezone", "yubikey"),
        )
    ),
    Oddity(PROFILE, "answer.data.preferences.account is not string", "a choice", _object(current_account_id=NUMBER)),
    Oddity(PROFILE, "answer.data.emails is not object", "its shapes are lists", _list(_named("Useremail"))),
    Oddity(PROFILE, "answer.data.security is not documented", "`with=security` is asked for [core-app]", SECURITY),
)

KNOWN = {(each.operation, each.what): each for each in ODDITIES}

NOTATIONS = {
    "nullable": "of OpenAPI 3.0, in documents of 3.1: null is allowed besides",
    "oneOf: the shapes overlap": "so one of them at least must fit, not one alone",
    "$ref with a sibling schema": "on parameters it carries the bounds; empty, it says nothing",
    "bounds of a list are those of its members": "the `enum` beside `order_by` and `order_for`",
    "a parameter stands twice": "on the users list: the later, which has bounds, counts",
}
"""How the documents write what JSON Schema writes otherwise; read in `notation`."""

NOT_PLAYED = {
    ("/2/accounts/{account}/users", "filter[drive_id]"): "the sandbox has no kDrive",
    ("/2/accounts/{account}/users", "filter[has_kchat]"): "the sandbox has no kChat",
    ("/2/accounts/{account}/users", "filter[has_ksuite]"): "the sandbox has no kSuite",
    ("/2/accounts/{account}/users", "filter[has_no_app_access]"): "the sandbox has no apps",
    ("/2/accounts/{account}/users", "filter[mail_ids]"): "the sandbox has no mailboxes of users",
}
"""Documented parameters that the sandbox refuses."""
