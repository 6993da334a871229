"""Which endpoint answers what. To play one more: an `@endpoint` in `api/`, a line here."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from accessplan.sandbox.api import accounts, invitations, members, products, profile, teams, users
from accessplan.sandbox.api.drive import routes as drive
from accessplan.sandbox.api.mail import routes as mail
from accessplan.sandbox.endpoint import Endpoint
from accessplan.sandbox.wire import ApiError

ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "/1/accounts", accounts.list_accounts),
    ("GET", "/1/accounts/{account}", accounts.display),
    ("GET", "/1/accounts/{account}/services", accounts.list_services),
    ("GET", "/1/accounts/{account}/tags", accounts.list_tags),
    ("GET", "/2/accounts/{account}/users", users.list_users),
    ("GET", "/1/accounts/{account}/teams", teams.list_teams),
    ("POST", "/1/accounts/{account}/teams", teams.create),
    ("GET", "/1/accounts/{account}/teams/{team}", teams.display),
    ("PATCH", "/1/accounts/{account}/teams/{team}", teams.change),
    ("DELETE", "/1/accounts/{account}/teams/{team}", teams.delete),
    ("GET", "/1/accounts/{account}/teams/{team}/users", members.list_members),
    ("POST", "/1/accounts/{account}/teams/{team}/users", members.add_members),
    ("DELETE", "/1/accounts/{account}/teams/{team}/users", members.remove_members),
    ("POST", "/1/accounts/{account}/invitations", invitations.invite),
    ("GET", "/1/accounts/{account}/invitations/{invitation}", invitations.display),
    ("PATCH", "/1/accounts/{account}/invitations/{invitation}", invitations.change),
    ("DELETE", "/1/accounts/{account}/invitations/{invitation}", invitations.cancel),
    ("GET", "/1/accounts/{account}/invitations/users/{user}", invitations.of_user),
    ("GET", "/1/products", products.list_products),
    ("GET", "/1/languages", profile.list_languages),
    ("GET", "/2/profile", profile.display),
    *mail.ROUTES,
    *drive.ROUTES,
)


class _Name(NamedTuple):
    """What may stand for a name in a path, and how it is read."""

    pattern: str
    read: Callable[[str], object]
    schema: Mapping[str, Any]


_ID = _Name("[0-9]{1,18}", int, {"type": "integer", "minimum": 0, "maximum": 10**18 - 1})  # what the store can hold
_TEXT = _Name("[^/]+", str, {"type": "string", "minLength": 1, "pattern": "^[^/]+$"})
_TEXTS = {"mailbox_name": _TEXT, "key": _TEXT}


def names(path: str) -> dict[str, Mapping[str, Any]]:
    """What a path names, with the JSON Schema of each."""
    return {name: _TEXTS.get(name, _ID).schema for name in re.findall(r"\{(\w+)\}", path)}


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", lambda found: f"(?P<{found[1]}>{_TEXTS.get(found[1], _ID).pattern})", path))


_PATTERNS = tuple((method, _pattern(path), endpoint) for method, path, endpoint in ROUTES)


def find(method: str, path: str) -> tuple[Endpoint, Mapping[str, Any]]:
    """Find the endpoint of a request, and the ids and names in its path. Raises ApiError when there is none."""
    for known, pattern, endpoint in _PATTERNS:
        if known == method and (match := pattern.fullmatch(path)):
            return endpoint, {name: _TEXTS.get(name, _ID).read(value) for name, value in match.groupdict().items()}
    raise ApiError(404, "method_not_found", "Method not found")
