"""A small organization, and a way to ask its sandbox."""

import copy
import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from accessplan.sandbox import EMBEDDED, Door, accept, call, open_store, perform, seed

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)

ORGANIZATION = {
    "organization": {"id": 4242, "name": "Example SA", "two_factor_required": False},
    "token_user": "claire@example.ch",
    "products": [
        {"id": 101, "service": "domain", "name": "example.ch", "tags": ["production"], "expires": "2027-05-01"},
        {"id": 111, "service": "hosting", "name": "www", "tags": ["production", "web"]},
        {"id": 112, "service": "hosting", "name": "shop", "internal_name": "h-112"},
        {"id": 301, "service": "drive", "name": "Team Drive"},
    ],
    "users": [
        {
            "email": "claire@example.ch",
            "first_name": "Claire",
            "last_name": "Favre",
            "role": "owner",
            "last_login": "-1d",
            "two_factor": True,
        },
        {
            "email": "ana@example.ch",
            "first_name": "Ana",
            "last_name": "Keller",
            "role": "normal",
            "language": "de",
            "last_login": "-120d",
            "grants": [
                {"product": 101, "rights": ["technical"]},
                {"service": "drive", "rights": ["statistic", "technical"], "apply_to_all": True},
            ],
        },
        {"email": "max@example.ch", "first_name": "Max", "last_name": "Weber", "role": "admin"},
        {
            "email": "guest@agency.example",
            "first_name": "Gus",
            "last_name": "Guest",
            "role": "normal",
            "external": True,
            "last_login": "-10d",
        },
    ],
    "teams": [
        {"name": "Web", "leader": "claire@example.ch", "services": ["hosting"], "members": ["ana@example.ch"]},
        {
            "name": "Data",
            "services": ["drive"],
            "grants": [
                {"service": "drive", "rights": ["statistic"], "apply_to_all": True},
                {"product": 111, "rights": ["technical"]},
            ],
        },
    ],
    "invitations": [
        {
            "email": "lee@agency.example",
            "first_name": "Lee",
            "last_name": "New",
            "role": "normal",
            "sent": "-3d",
            "teams": ["Web"],
            "billing": True,
            "grants": [{"product": 112, "rights": ["technical"]}],
        },
        {
            "email": "late@agency.example",
            "first_name": "Lou",
            "last_name": "Late",
            "role": "normal",
            "sent": "-40d",
            "expires": "-10d",
        },
        {"email": "no@agency.example", "first_name": "Nora", "last_name": "No", "role": "admin", "status": "rejected"},
    ],
    "mail_hostings": [
        {
            "id": 201,
            "domain": "example.ch",
            "mailboxes": [
                {
                    "name": "director",
                    "accesses": [
                        {"user": "ana@example.ch", "permissions": ["can_manage_filters"], "last_used": "-3d"},
                        {"user": "max@example.ch", "permissions": []},
                    ],
                }
            ],
        }
    ],
    "drives": [{"product": 301, "users": [{"email": "ana@example.ch", "role": "user", "last_connection": "-2d"}]}],
    "partners": [{"name": "WebAgency", "products": [{"product": 111, "rights": ["technical"]}], "since": "-300d"}],
}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def envelope(self):
        return json.loads(self.body)

    @property
    def data(self):
        assert self.status < 300, self.body
        return self.envelope["data"]

    @property
    def error(self):
        return self.envelope["error"]["code"]

    @property
    def problems(self):
        """The rules that were broken: attribute and rule."""
        return {each["context"]["attribute"]: each["code"] for each in self.envelope["error"]["errors"]}


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def organization():
    """The organization file, to be changed."""
    return copy.deepcopy(ORGANIZATION)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """A database that holds the organization, to be copied."""
    file = tmp_path_factory.mktemp("sandbox") / "seeded.db"
    with open_store(file) as store:
        seed(store, ORGANIZATION, NOW)
    return file


@pytest.fixture
def store(tmp_path, seeded):
    """The organization in a store of its own."""
    with open_store(shutil.copy(seeded, tmp_path / "sandbox.db"), clock=lambda: NOW) as store:
        yield store


@pytest.fixture
def api(store):
    """Ask the sandbox; paths without a version are of the account."""

    def ask(method, url, body=None, *, headers=None, door=EMBEDDED):
        if not url.startswith(("/1/", "/2/", "/3/", "/_")):
            url = f"/1/accounts/4242/{url}"
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return Reply(*call(store, method, f"https://sandbox.example{url}", headers or {}, content, door=door))

    return ask


@pytest.fixture
def people(api):
    """Everyone in the users list, by e-mail address, with all that can be loaded."""

    def read(query="with=teams,permissions,service_permissions,invitation_details,security"):
        return {each["email"]: each for each in api("GET", f"/2/accounts/4242/users?{query}").data}

    return read


@pytest.fixture
def do(store):
    """Do a manual step."""

    def step(act, **values):
        return perform(store, {"act": act, **values}, NOW)

    return step


@pytest.fixture
def invitation():
    """The body of an invitation."""
    return {
        "email": "new@example.ch",
        "first_name": "Nina",
        "last_name": "New",
        "locale": "en_GB",
        "role_type": "normal",
    }


@pytest.fixture
def as_user():
    """Ask as another user than the token_user."""
    return lambda email: Door(as_user=email)


@pytest.fixture
def accepted(store):
    """Let an invited person accept."""
    return lambda email: accept(store, email, NOW)
