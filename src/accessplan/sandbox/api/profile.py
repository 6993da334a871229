"""Who the token is, and the languages people read [openapi core]."""

from collections.abc import Mapping

from accessplan.sandbox.api.items import card, security
from accessplan.sandbox.context import Context, Loader, load
from accessplan.sandbox.endpoint import endpoint
from accessplan.sandbox.query import Listing
from accessplan.sandbox.services import LANGUAGES
from accessplan.sandbox.store import setting
from accessplan.sandbox.wire import Answer, success

_LANGUAGES = Listing(
    rows=" UNION ALL ".join(f"SELECT {language_id} AS id" for language_id in LANGUAGES),
    order="id",
    orders={"id": "id"},
)


def _email(user_id: int, email: str) -> dict[str, object]:
    return {"id": user_id, "email": email, "created_at": 0, "reminder": True, "checked": True, "type": "professional"}


_LOADABLE: Mapping[str, Loader] = {
    "emails": lambda _, rows: [[_email(row["id"], row["email"])] for row in rows],
    "phones": lambda _, rows: [[] for _ in rows],
    "security": lambda _, rows: [security(row) for row in rows],
}


@endpoint(loads=_LOADABLE)
def display(context: Context) -> Answer:
    """Show the user whose token it is."""
    caller = context.caller
    preferences = {
        "account": {"current_account_id": setting(context.db, "organization")["id"]},
        "language": _language(caller["language_id"]),
        "security": security(caller),
    }
    item = {**card(caller), "login": caller["email"], "preferences": preferences}
    (profile,) = load(context, [caller], [item], _LOADABLE)
    return success(profile)


@endpoint(listing=_LANGUAGES)
def list_languages(context: Context) -> Answer:
    """List the languages."""
    page = context.page(_LANGUAGES)
    return page.answer([_language(row["id"]) for row in page.rows])


def _language(language_id: int) -> dict[str, object]:
    language = LANGUAGES[language_id]
    return {"id": language_id, **language._asdict(), "short_locale": language.code}
