"""The organization file: in, out, and what it cannot say."""

import datetime as dt
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from accessplan.sandbox import SeedError, StoreError, is_seeded, open_store, seed, seeded_digest, show
from accessplan.sandbox.services import SERVICES

REPOSITORY = Path(__file__).parents[2]
REAL = REPOSITORY.parent / "shared" / "data" / "kubernetes" / "organization.yaml"
SCHEMA = json.loads((REPOSITORY / "schemas" / "organization.schema.json").read_text())


@pytest.fixture
def check():
    return Draft202012Validator(SCHEMA).validate


def test_schema(check, organization, store):
    """The schema is one, and takes the organization as written and as shown."""
    Draft202012Validator.check_schema(SCHEMA)
    check(organization)
    check(show(store))


def test_schema_knows_every_service():
    """The schema lists the services that the sandbox has."""
    assert sorted(SCHEMA["$defs"]["service"]["enum"]) == sorted(SERVICES.values())


def test_shown_and_seeded_again(store, now, accepted, do):
    """What is shown seeds the same organization again, also after it changed."""
    accepted("lee@agency.example")
    do("edit_role", user="ana@example.ch", role="external")
    do("remove_user", user="max@example.ch")
    shown = show(store)
    seed(store, shown, now + dt.timedelta(days=50))
    assert show(store) == shown


def test_shown(store):
    """What need not be said is left out, and relative dates have become absolute."""
    shown = show(store)
    assert shown["users"][1] == {
        "email": "ana@example.ch",
        "first_name": "Ana",
        "last_name": "Keller",
        "role": "normal",
        "language": "de",
        "last_login": "2026-07-24",
        "grants": [
            {"product": 101, "rights": ["technical"]},
            {"service": "drive", "rights": ["statistic", "technical"], "apply_to_all": True},
        ],
    }
    assert shown["invitations"][1]["expires"] == "2026-11-11"
    assert shown["mail_hostings"][0]["mailboxes"][0]["accesses"][0]["last_used"] == "2026-11-18"
    assert [team.get("services") for team in shown["teams"]] == [["hosting"], None]


def test_date_objects(store, organization, now, people):
    """A date may be a date object, as YAML readers make them."""
    organization["users"][0]["last_login"] = dt.date(2026, 11, 1)
    seed(store, organization, now)
    assert people()["claire@example.ch"]["last_login_at"] == dt.datetime(2026, 11, 1, tzinfo=dt.UTC).timestamp()
    assert people()["max@example.ch"]["last_login_at"] == 0


def test_mail_hosting_is_a_product(store):
    """A mail hosting that is not among the products becomes one."""
    assert {"id": 201, "service": "email_hosting", "name": "example.ch"} in show(store)["products"]


@pytest.mark.parametrize(
    ("key", "entry", "fault"),
    [
        ("products", {"id": 101, "service": "vod", "name": "x"}, r"products\[4\] x: the product id 101 is taken"),
        ("products", {"id": 9, "service": "tea", "name": "x"}, "there is no service 'tea'"),
        ("users", {"email": "ANA@example.ch"}, r"users\[4\] ANA@example.ch: this address is a user already"),
        ("users", {"last_login": "soon"}, "'soon' is no date"),
        ("users", {"last_login": "2026-02-30"}, "'2026-02-30' is no date"),
        ("users", {"last_login": "-999999d"}, "is no date"),
        ("users", {"grants": [{"product": 9, "rights": []}]}, r"users\[4\] x@x.ch: grants\[0\]: there is no product 9"),
        ("users", {"grants": [{"product": 101, "rights": ["sale"]}]}, "domain does not offer the right 'sale'"),
        ("teams", {"name": "Web"}, "this name is a team already"),
        ("teams", {"name": "T", "members": ["lee@agency.example"]}, "lee@agency.example is no user"),
        ("teams", {"name": "T", "leader": "who@x.ch"}, "who@x.ch is no user"),
        ("invitations", {"email": "ana@example.ch"}, "a user, or invited, already"),
        ("invitations", {"email": "Lee@agency.example"}, "a user, or invited, already"),
        ("invitations", {"teams": ["None"]}, "there is no team 'None'"),
        ("mail_hostings", {"id": 101, "domain": "x.ch"}, "the product 101 is not of the service email_hosting"),
        ("drives", {"product": 9}, "there is no product 9"),
        ("drives", {"product": 301, "users": [{"email": "w@x.ch", "role": "user"}]}, "neither a user nor invited"),
        (
            "partners",
            {"name": "P", "products": [{"product": 9, "rights": []}]},
            r"P: products\[0\]: there is no product",
        ),
        ("partners", {"name": "P", "since": "never"}, r"partners\[1\] P: 'never' is no date"),
        ("partners", {"name": "webagency"}, "this name is a partner already"),
        ("partners", {"name": "P", "wallet": True}, "only a partner with full access can have the wallet"),
        (
            "partners",
            {"name": "P", "full_access": True, "products": [{"product": 101, "rights": ["technical"]}]},
            "a partner with full access has no list of products",
        ),
    ],
)
def test_cannot_be(store, organization, now, key, entry, fault):
    """An entry that cannot be is named, and the store stays as it was."""
    if key in ("users", "invitations"):
        entry = {"email": "x@x.ch", "first_name": "X", "last_name": "X", "role": "normal", **entry}
    before = show(store)
    organization[key].append(entry)
    with pytest.raises(SeedError, match=fault):
        seed(store, organization, now)
    assert show(store) == before


def test_unknown_token_user(store, organization, now):
    """The token_user must be a user."""
    with pytest.raises(SeedError, match=r"token_user: who@x\.ch is no user"):
        seed(store, {**organization, "token_user": "who@x.ch"}, now)


def test_two_openers(tmp_path, organization, now):
    """Two may open one store, in a folder that is made for it, and see the same."""
    file = tmp_path / "new" / "sandbox.db"
    with open_store(file) as first, open_store(file) as second:
        assert not is_seeded(second)
        seed(first, organization, now)
        assert is_seeded(second)
        assert show(first) == show(second)


def test_digest(store, organization, now):
    """The store tells the digest of the file it was filled from last, or none."""
    assert seeded_digest(store) is None
    seed(store, organization, now, digest="first")
    seed(store, organization, now, digest="second")
    assert seeded_digest(store) == "second"
    seed(store, organization, now)
    assert seeded_digest(store) is None


def test_no_store(tmp_path):
    """A file that is no store is refused, and says what to do."""
    (tmp_path / "note.db").write_text("milk, bread" * 100)
    with pytest.raises(StoreError, match="is no store of this sandbox"):
        open_store(tmp_path / "note.db")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(tmp_path)


def test_large(store, now, api):
    """10,000 users with 30,000 grants are seeded in seconds, and a page of them is read in a moment."""
    products = [{"id": 1000 + n, "service": "hosting", "name": f"p{n}"} for n in range(300)]
    users = [
        {
            "email": f"u{n}@example.ch",
            "first_name": "U",
            "last_name": str(n),
            "role": "normal",
            "grants": [{"product": 1000 + (n + i) % 300, "rights": ["technical"]} for i in range(3)],
        }
        for n in range(10_000)
    ]
    users[0]["role"] = "owner"
    teams = [{"name": f"t{n}", "members": [user["email"] for user in users[n * 30 : n * 30 + 30]]} for n in range(300)]
    large = {"organization": {"id": 4242, "name": "Large"}, "token_user": "u0@example.ch"}
    started = time.perf_counter()
    seed(store, {**large, "products": products, "users": users, "teams": teams}, now)
    seeded = time.perf_counter()
    reply = api("GET", "/2/accounts/4242/users?page=100&per_page=100&with=teams,permissions,service_permissions")
    assert len(reply.data) == 100
    assert seeded - started < 5
    assert time.perf_counter() - seeded < 0.5


def test_store_of_another_version(tmp_path):
    """A store of another version is refused, not misread."""
    with open_store(tmp_path / "old.db") as store, store.transaction() as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="it is of version 99"):
        open_store(tmp_path / "old.db")


@pytest.mark.skipif(not REAL.exists(), reason="the real organization is not at hand")
def test_real(store, now, check):
    """A real organization passes through unharmed."""
    organization = yaml.load(REAL.read_text(), yaml.CSafeLoader)
    check(organization)
    seed(store, organization, now)
    shown = show(store)
    check(shown)
    for key in ("users", "teams", "products"):
        assert len(shown[key]) == len(organization[key])
    seed(store, shown, now)
    assert show(store) == shown


def test_a_store_that_may_not_be_written(tmp_path):
    """A store that is there to be read only is said to be unusable, and nobody is told to delete it."""
    path = tmp_path / "store.db"
    open_store(path).close()
    path.chmod(0o444)
    as_anybody = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    script = (
        "import sys; from accessplan.sandbox import open_store; from pathlib import Path; open_store(Path(sys.argv[1]))"
    )
    done = subprocess.run(
        [*as_anybody, sys.executable, "-c", script, path], capture_output=True, text=True, check=False, timeout=60
    )
    said = done.stderr.splitlines()[-1]
    assert ("cannot be used: attempt to write a readonly database" in said, "delete" in said) == (True, False)
