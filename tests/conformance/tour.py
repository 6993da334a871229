"""A tour of the sandbox beyond what accessplan asks: every endpoint, every documented parameter, every refusal."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from tests.conformance import tour_drive, tour_mail
from tests.conformance.documents import find
from tests.conformance.notation import Schema
from tests.conformance.play import NOW, sandbox
from tests.conformance.record import Record

from accessplan.sandbox import EMBEDDED, Door, RateLimit, Store, accept
from accessplan.sandbox.routes import ROUTES

ACCOUNT = "/1/accounts/4242"
USERS = "/2/accounts/4242/users"
EXTERNAL = "guest@agency.example"
OF_ACCOUNT = ("/2/drive", "/2/drive/users/{user_id}/drives")
SAMPLES = {"invitation_status": "pending"}
"""Texts of which the documents do not say that they are a few words."""
READ = [path for method, path, _ in ROUTES if method == "GET"]


def tour(record: Record, organization: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Go round the sandbox of an organization; return the documented parameters that it refuses, with their paths."""
    guest = {"email": EXTERNAL, "first_name": "Gast", "last_name": "One", "role": "normal", "external": True}
    content = {**organization, "invitations": [*organization["invitations"], guest]}
    mail = tour_mail.hostings([user["email"] for user in organization["users"]], EXTERNAL)
    content["mail_hostings"] = [*organization.get("mail_hostings", ()), *mail]
    with sandbox(tour_drive.organization(content, EXTERNAL)) as store:
        ask = Guide(record, store)
        visit(ask)
        host(ask, store)
        stumble(ask)
        return set(refused_parameters(ask))


class Guide:
    """Asks the sandbox, and hands out the data of the answer or its error."""

    def __init__(self, record: Record, store: Store) -> None:
        self._record = record
        self._store = store

    def __call__(self, method: str, url: str, body: object = None, *, door: Door = EMBEDDED) -> Any:
        content = b"" if method == "GET" else json.dumps({} if body is None else body).encode()
        headers = {"content-type": "application/json"} if content else {}
        _, _, answer = self._record.of(self._store, "tour", door)(method, url, headers, content)
        envelope = json.loads(answer)
        return envelope.get("data") if envelope["result"] == "success" else envelope["error"]


def visit(ask: Guide) -> None:
    """Ask every endpoint, with all that can be loaded."""
    users = {each["role_type"]: each["user_id"] for each in ask("GET", "/2/accounts/4242/users") if each["user_id"]}
    body = {"name": "Tour", "owned_by_id": users["owner"], "permissions": {"services": [1, 14]}}
    team = ask("POST", f"{ACCOUNT}/teams", body)["id"]
    members = f"{ACCOUNT}/teams/{team}/users"
    ask("POST", members, {"user_ids": [*users.values()]})
    ask("PATCH", f"{ACCOUNT}/teams/{team}", body | {"name": "Detour", "permissions": {"services": []}})
    person = {
        "email": "tour@example.ch",
        "first_name": "T",
        "last_name": "Our",
        "locale": "de_DE",
        "role_type": "normal",
    }
    more = {"notifications": {"billing": True, "products": True}, "permissions": {"billing": True}}
    body = {**person, **more, "silent": True, "strict": False, "teams": [team]}
    invitation = ask("POST", f"{ACCOUNT}/invitations", body)["id"]
    grants = [{"service_id": 1, "apply_to_all": True, "types": ["technical", "statistic"]}]
    flags = {"has_billing": False, "has_billing_mailing": False, "has_mailing": False}
    change = {**flags, "language_id": 2, "role_type": "admin", "team_ids": [team], "permissions": grants}
    ask("PATCH", f"{ACCOUNT}/invitations/{invitation}", change)
    names = {"account": 4242, "team": team, "invitation": invitation, "user": users["normal"]}
    for path in READ:
        ask("GET", _url(path, names))
        if offered := _offered(ask, path, names):
            ask("GET", _url(path, names, {"with": ",".join(offered)}))
    tour_mail.visit(ask, users["normal"], invitation)
    tour_drive.visit(ask, invitation)
    without_leader = ask("POST", f"{ACCOUNT}/teams", {"name": "Lost"})["id"]
    ask("GET", f"{ACCOUNT}/teams/{without_leader}?with=owned_by")
    ask("DELETE", members, {"user_ids": [users["normal"]]})
    ask("DELETE", f"{ACCOUNT}/teams/{team}")
    ask("DELETE", f"{ACCOUNT}/invitations/{invitation}")


def host(ask: Guide, store: Store) -> None:
    """Look after the guest, whom the API cannot invite."""
    found = f"/2/accounts/4242/users?search={EXTERNAL}"
    (guest,) = ask("GET", found)
    ask("PATCH", f"{ACCOUNT}/invitations/{guest['invitation_id']}", {"has_billing": False})
    accept(store, EXTERNAL, NOW)
    (guest,) = ask("GET", found)
    ask("GET", f"{ACCOUNT}/invitations/users/{guest['user_id']}")


def _offered(ask: Guide, path: str, names: Mapping[str, object]) -> list[str]:
    """Ask for what cannot be loaded: the refusal names what can."""
    if "with" not in _parameters(path):
        return []
    refusal = ask("GET", _url(path, names, {"with": "everything"}))
    problems = refusal.get("errors", []) if isinstance(refusal, dict) else []
    return [name for problem in problems for name in problem["context"]["values"]]


def refused_parameters(ask: Guide) -> Iterator[tuple[str, str]]:
    """Ask with each documented parameter by itself; yield those that are refused."""
    (user, *_), (team, *_) = ask("GET", "/2/accounts/4242/users"), ask("GET", f"{ACCOUNT}/teams")
    names = {"account": 4242, "team": team["id"], "user": user["user_id"], "invitation": 0}
    for path in READ:
        for name, value in _samples(_parameters(path)):
            answer = ask("GET", _url(path, names, {name: value}))
            if isinstance(answer, dict) and "code" in answer:
                yield path, name


def _url(path: str, names: Mapping[str, object], query: Mapping[str, object] | None = None) -> str:
    """Fill in a path, and add the parameters that must be there."""
    filled = path.format_map({**tour_drive.NAMES, **tour_mail.names(path), **names})
    asked = urlencode({**({"account_id": 4242} if path in OF_ACCOUNT else {}), **(query or {})})
    return f"{filled}?{asked}" if asked else filled


def _parameters(path: str) -> Mapping[str, Schema]:
    found = find("GET", path)
    return found[0].query["properties"] if found else {}


def _samples(parameters: Mapping[str, Schema]) -> Iterator[tuple[str, object]]:
    for name, schema in parameters.items():
        if name == "account_id":
            yield name, 4242
        elif name == "order_for":
            yield f"order_for[{_sample(parameters['order_by'])}]", "desc"
        elif name not in ("with", "cursor"):  # one takes a cursor that one was given
            members = schema.get("properties", {})
            yield from ((f"{name}[{member}]", SAMPLES.get(member, _sample(each))) for member, each in members.items())
            yield from () if members else [(name, _sample(schema))]


def _sample(schema: Schema) -> object:
    """Make up a value that fits a schema."""
    match schema:
        case {"enum": [first, *_]}:
            return first
        case {"items": items}:
            return _sample(items)
        case {"type": "integer"}:
            return schema.get("minimum", 1)
        case {"type": "boolean"}:
            return "true"
        case _:
            return "id"


def stumble(ask: Guide) -> None:
    """Do what is refused."""
    users = {each["role_type"]: each for each in ask("GET", "/2/accounts/4242/users") if each["user_id"]}
    teams = {each["name"]: each["id"] for each in ask("GET", f"{ACCOUNT}/teams")}
    (team, *_), (*_, name) = teams.values(), teams
    email = users["normal"]["email"]
    person = {"email": email, "first_name": "A", "last_name": "B", "locale": "en_GB", "role_type": "normal"}
    changes = [
        ("POST", f"{ACCOUNT}/teams", {"name": name}),
        ("PATCH", f"{ACCOUNT}/teams/{team}", {"name": name}),
        ("DELETE", f"{ACCOUNT}/teams/0", {}),
        ("POST", f"{ACCOUNT}/teams/{team}/users", {"user_ids": [1]}),
        ("DELETE", f"{ACCOUNT}/teams/{team}/users", {"user_ids": []}),
        ("POST", f"{ACCOUNT}/invitations", person),
        ("PATCH", f"{ACCOUNT}/invitations/1", {"team_ids": [1]}),
        ("DELETE", f"{ACCOUNT}/invitations/1", {}),
    ]
    doors = [Door(token_required=True), Door(as_user=email), Door(limit=RateLimit(1))]
    for method, path, body in changes:
        ask(method, path, body)
        ask(method, path, {"name": "", "user_ids": ["a"], "team_ids": "a"})
        for door in doors:
            ask(method, path, body, door=door)
    (pending, *_) = (each["invitation_id"] for each in ask("GET", f"{USERS}?filter[state_in_account]=pending"))
    tour_mail.stumble(ask, users["owner"]["user_id"], pending, email)
    tour_drive.stumble(ask, pending, email)
    nobody = {"account": 4242, "team": 0, "invitation": 0, "user": 0, "service_mail": 0, "drive_id": 0, "user_id": 0}
    for path in (_url(path, nobody) for path in READ):
        ask("GET", path)
        ask("GET", path.replace("4242", "4243"))
        for door in doors:
            ask("GET", path, door=door)
