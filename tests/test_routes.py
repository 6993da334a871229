"""Each row of the table of routes: what is sent or left to a person, and that together it makes the change so."""

import json
from itertools import chain
from typing import Any

import pytest
import yaml
from tests.consent import consent

TODAY = ("--today", "2026-11-21")

ORGANIZATION: dict[str, Any] = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": "claire@example.ch",
    "products": [
        {"id": 101, "service": "domain", "name": "example.ch"},
        {"id": 201, "service": "hosting", "name": "www"},
        {"id": 202, "service": "hosting", "name": "shop"},
    ],
    "users": [
        {"email": "claire@example.ch", "first_name": "Claire", "last_name": "Favre", "role": "owner"},  # 1001
        {
            "email": "ana@example.ch",  # 1002
            "first_name": "Ana",
            "last_name": "Keller",
            "role": "normal",
            "grants": [{"product": 201, "rights": ["technical"]}],
        },
        {"email": "max@example.ch", "first_name": "Max", "last_name": "Weber", "role": "normal"},  # 1003
        {"email": "gus@agency.example", "first_name": "Gus", "last_name": "Guest", "role": "normal", "external": True},
        *(
            {"email": f"u{i:03}@example.ch", "first_name": "U", "last_name": f"{i}", "role": "normal"}
            for i in range(5, 130)  # 1005 and more
        ),
        {"email": "dan@example.ch", "first_name": "Dan", "last_name": "Roth", "role": "admin"},
    ],
    "invitations": [
        {
            "email": "noor@example.ch",  # 3001
            "first_name": "Noor",
            "last_name": "Haddad",
            "role": "normal",
            "sent": "-1d",
            "teams": ["Web"],
            "grants": [{"product": 201, "rights": ["technical"]}],
        },
    ],
    "teams": [
        {"name": "Web", "leader": "claire@example.ch", "services": [], "members": ["ana@example.ch"]},  # 2001
        {"name": "Shop", "services": ["hosting"]},  # 2002
    ],
}

YARA = {"first_name": "Yara", "last_name": "Steiner", "role": "collaborator", "language": "de"}
NOOR = {"first_name": "Noor", "last_name": "Haddad", "role": "collaborator"}
ANA = {"first_name": "Ana", "last_name": "Keller", "role": "collaborator"}
DAN = {"first_name": "Dan", "last_name": "Roth"}
MAX = {"first_name": "Max", "last_name": "Weber", "role": "collaborator"}
INVITE = {"email": "yara@example.ch", "first_name": "Yara", "last_name": "Steiner", "locale": "de_DE"}
INVITATIONS, NOORS = "/1/accounts/4242/invitations", "/1/accounts/4242/invitations/3001"
YARAS = f'{INVITATIONS}/user["yara@example.ch"]'
TEAMS, WEB, SHOP = "/1/accounts/4242/teams", "/1/accounts/4242/teams/2001", "/1/accounts/4242/teams/2002"
BOTH = ["technical", "statistic"]


@pytest.fixture
def world(tmp_path, monkeypatch, cli):
    """Stand in a folder with the organization, and write documents for it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "organization.yaml").write_text(yaml.safe_dump(ORGANIZATION))

    def routes(document, *enforced):
        head = {
            "accessplan": 1,
            "organization": {"id": 4242, "live": "sandbox:organization.yaml"},
            "policy": {"mode": dict.fromkeys(enforced, "enforce")},
        }
        (tmp_path / "access.yaml").write_text(yaml.safe_dump(head | document, sort_keys=False))
        planned = cli("plan", "--out", "plan.json", *TODAY)
        if consent(tmp_path / "access.yaml", json.loads((tmp_path / "plan.json").read_text())):
            planned = cli("plan", "--out", "plan.json", *TODAY)
        assert planned.code == 0, planned
        return json.loads((tmp_path / "plan.json").read_text())["operations"]

    return routes


def requests_of(operations):
    return [(each["method"], each["path"], each["body"]) for operation in operations for each in operation["requests"]]


def acts_of(operations):
    return [(step["act"], step["values"]) for operation in operations for step in operation["steps"]]


def is_empty(cli):
    result = cli("plan", "--detailed-exitcode", *TODAY)
    return (result.code, "No changes." in result.stdout) == (0, True)


def permission(service, rights, product=None):
    where = {"apply_to_all": True} if product is None else {"product_id": product}
    return {"service_id": service, **where, "types": rights}


def access(user, *rows):
    """One visit to a person's access to products."""
    return ("edit_product_access", {"user": user, "access": rights_on(*rows)})


def rights_on(*rows):
    return [{"service": service, "product": product, "rights": rights} for service, product, rights in rows]


BY_REQUEST: dict[str, Any] = {
    "invite": (
        {"users": {"yara@example.ch": YARA}},
        [("POST", INVITATIONS, INVITE | {"role_type": "normal"})],
    ),
    "invite as administrator": (
        {"users": {"yara@example.ch": YARA | {"role": "administrator"}}},
        [("POST", INVITATIONS, INVITE | {"role_type": "admin"})],
    ),
    "invite as legal representative": (
        {"users": {"yara@example.ch": YARA | {"role": "legal_representative"}}},
        [("POST", INVITATIONS, INVITE | {"role_type": "owner"})],
    ),
    "invite with teams and grants": (
        {"users": {"yara@example.ch": YARA | {"teams": ["Web", "Shop"],
                                              "grants": {"hosting/www": "technical", "domain/*": "max"}}},
         "teams": {"Web": {}, "Shop": {}}},
        [
            ("POST", INVITATIONS, INVITE | {"role_type": "normal", "teams": [2002, 2001]}),
            ("PATCH", YARAS, {"permissions": [permission(14, ["technical"]), permission(1, ["technical"], 201)]}),
        ],
    ),
    "an invited user's role": (
        {"users": {"noor@example.ch": NOOR | {"role": "administrator"}}},
        [("PATCH", NOORS, {"role_type": "admin"})],
    ),
    "an invited user's teams": (
        {"users": {"noor@example.ch": NOOR | {"teams": ["Web", "Shop"]}}, "teams": {"Web": {}, "Shop": {}}},
        [("PATCH", NOORS, {"team_ids": [2002, 2001]})],
    ),
    "an invited user's grants": (
        {"users": {"noor@example.ch": NOOR | {"grants": {"hosting/www": BOTH, "hosting/shop": "statistic"}}}},
        [("PATCH", NOORS, {"permissions": [permission(1, ["statistic"], 202), permission(1, BOTH, 201)]})],
    ),
    "an invited user's billing right and notifications": (
        {"users": {"noor@example.ch": NOOR | {"billing": True, "notifications": {"billing": True, "products": False}}}},
        [("PATCH", NOORS, {"has_billing": True, "has_billing_mailing": True})],
    ),
    "invite with the billing right and notifications": (
        {"users": {"yara@example.ch": YARA | {"billing": True, "notifications": {"products": True}}}},
        [("POST", INVITATIONS, INVITE | {"role_type": "normal", "notifications": {"products": True},
                                         "permissions": {"billing": True}})],
    ),
    "all of an invited user at once": (
        {"users": {"noor@example.ch": NOOR | {"teams": ["Shop"], "grants": {"domain/example.ch": "technical"}}},
         "teams": {"Web": {}, "Shop": {}}},
        [("PATCH", NOORS, {"team_ids": [2002, 2001],
                           "permissions": [permission(14, ["technical"], 101), permission(1, ["technical"], 201)]})],
    ),
    "create a team": ({"teams": {"Ops": {}}}, [("POST", TEAMS, {"name": "Ops"})]),
    "create a team with a leader": (
        {"teams": {"Ops": {"leader": "ana@example.ch"}}},
        [("POST", TEAMS, {"name": "Ops", "owned_by_id": 1002})],
    ),
    "create a team with a service": (
        {"teams": {"Ops": {"grants": {"hosting/*": "max"}}}},
        [("POST", TEAMS, {"name": "Ops", "permissions": {"services": [1]}})],
    ),
    "a team's leader": (
        {"teams": {"Web": {"leader": "ana@example.ch"}}},
        [("PATCH", WEB, {"owned_by_id": 1002})],
    ),
    "active members": (
        {"teams": {"Web": {"members": ["max@example.ch", "claire@example.ch"]}}},
        [("POST", f"{WEB}/users", {"user_ids": [1001, 1003]})],
    ),
    "members of a new team": (
        {"teams": {"Ops": {"members": ["max@example.ch", "ana@example.ch"]}}},
        [("POST", TEAMS, {"name": "Ops"}), ("POST", f'{TEAMS}/team["Ops"]/users', {"user_ids": [1002, 1003]})],
    ),
    "invited members": (
        {"teams": {"Shop": {"members": ["noor@example.ch"]}}},
        [("PATCH", NOORS, {"team_ids": [2002, 2001]})],
    ),
    "a team's service": (
        {"teams": {"Web": {"grants": {"hosting/*": BOTH, "domain/*": "technical"}}}},
        [("PATCH", WEB, {"permissions": {"services": [1, 14]}})],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_REQUEST)
def test_by_request(world, cli, name):
    """What has a documented request is sent as just that, and an apply makes it so."""
    document, requests = BY_REQUEST[name]
    operations = world(document)
    assert (requests_of(operations), acts_of(operations)) == (requests, [])
    applied = cli("apply", "--auto-approve", *TODAY)
    assert applied.code == 0, applied
    assert is_empty(cli)


ENFORCED: dict[str, Any] = {
    "cancel an invitation": ({"users": {"claire@example.ch": {}, "rest": {}}}, [("DELETE", NOORS, {})]),
    "delete a team": ({"teams": {"Web": {}}}, [("DELETE", SHOP, {})]),
    "active and invited members": (
        {"teams": {"Web": {"members": []}, "Shop": {}}},
        [("PATCH", NOORS, {"team_ids": []}), ("DELETE", f"{WEB}/users", {"user_ids": [1002]})],
    ),
    "an invited user's grants": (
        {"users": {"noor@example.ch": NOOR | {"grants": {}}}},
        [("PATCH", NOORS, {"permissions": []})],
    ),
    "a team's service": (
        {"teams": {"Shop": {"grants": {}}, "Web": {}}},
        [("PATCH", SHOP, {"permissions": {"services": []}})],
    ),
}


def everybody():
    """The users of the organization, as the document names them."""
    roles = {"owner": "legal_representative", "admin": "administrator", "normal": "collaborator"}
    return {
        user["email"]: {
            "first_name": user["first_name"],
            "last_name": user["last_name"],
            "role": "external" if user.get("external") else roles[user["role"]],
        }
        for user in ORGANIZATION["users"]
    }


@pytest.mark.parametrize("name", ENFORCED)
def test_taken_away_by_request(world, cli, name):
    """What an enforced document leaves out is taken away by just these requests, and an apply makes it so."""
    document, requests = ENFORCED[name]
    if "users" in document:
        document = {"users": everybody() | {email: each for email, each in document["users"].items() if each}}
    operations = world(document, "users", "teams", "grants")
    assert sorted(requests_of(operations), key=str) == sorted(requests, key=str)
    assert acts_of(operations) == []
    applied = cli("apply", "--auto-approve", *TODAY)
    assert applied.code == 0, applied
    assert is_empty(cli)


GUS = {"first_name": "Gus", "last_name": "Guest", "role": "external"}
BOB = {"first_name": "Bob", "last_name": "Meyer", "role": "external"}

BY_HAND: dict[str, Any] = {
    "invite as external": (
        {"users": {"bob@agency.example": BOB | {"language": "en", "teams": ["Web"],
                                                 "grants": {"hosting/www": "technical"}}},
         "teams": {"Web": {}}},
        [],
        [("invite_user", {"email": "bob@agency.example", "first_name": "Bob", "last_name": "Meyer", "role": "external",
                          "language": "en", "teams": ["Web"], "access": rights_on(("hosting", 201, ["technical"])),
                          "billing": False, "notifications": {}})],
    ),
    "an invited user becomes external": (
        {"users": {"noor@example.ch": NOOR | {"role": "external"}}},
        [("DELETE", NOORS, {})],
        [("invite_user", {"email": "noor@example.ch", "first_name": "Noor", "last_name": "Haddad", "role": "external",
                          "language": "", "teams": ["Web"], "access": rights_on(("hosting", 201, ["technical"])),
                          "billing": False, "notifications": {"billing": False, "products": False}})],
    ),
    "an active user's role": (
        {"users": {"max@example.ch": MAX | {"role": "administrator"}}},
        [],
        [("edit_role", {"user": "max@example.ch", "role": "administrator"})],
    ),
    "an external user's role": (
        {"users": {"gus@agency.example": GUS | {"role": "collaborator"}}},
        [],
        [("edit_role", {"user": "gus@agency.example", "role": "collaborator"})],
    ),
    "an active user's billing right": (
        {"users": {"max@example.ch": MAX | {"billing": True}}},
        [],
        [("edit_billing", {"user": "max@example.ch", "billing": True})],
    ),
    "what an active user is told": (
        {"users": {"max@example.ch": MAX | {"notifications": {"billing": True, "products": False}}}},
        [],
        [("edit_notifications", {"user": "max@example.ch", "billing": True})],
    ),
    "the role goes before the billing right, which administrators have by it": (
        {"users": {"dan@example.ch": DAN | {"role": "collaborator", "billing": True}}},
        [],
        [("edit_role", {"user": "dan@example.ch", "role": "collaborator"}),
         ("edit_billing", {"user": "dan@example.ch", "billing": True})],
    ),
    "an active user's grants are one visit": (
        {"users": {"ana@example.ch": ANA | {"grants": {"hosting/www": BOTH, "domain/*": "max"}}}},
        [],
        [access("ana@example.ch", ("domain", None, ["technical"]), ("hosting", 201, BOTH))],
    ),
    "a leader who is still invited": (
        {"teams": {"Shop": {"leader": "noor@example.ch"}}},
        [],
        [("edit_team", {"team": "Shop", "leader": "noor@example.ch"})],
    ),
    "a team's service with some rights": (
        {"teams": {"Web": {"grants": {"hosting/*": "technical"}}}},
        [],
        [("edit_team", {"team": "Web", "access": rights_on(("hosting", None, ["technical"]))})],
    ),
    "fewer rights on a team's service": (
        {"teams": {"Shop": {"grants": {"hosting/*": "statistic"}}}},
        [],
        [("edit_team", {"team": "Shop", "access": rights_on(("hosting", None, ["statistic"]))})],
    ),
    "a new team's single product": (
        {"teams": {"Ops": {"grants": {"hosting/www": "technical"}}}},
        [("POST", TEAMS, {"name": "Ops"})],
        [("edit_team", {"team": "Ops", "access": rights_on(("hosting", 201, ["technical"]))})],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND)
def test_by_hand(world, cli, name):
    """What has no documented request is a step for a person, and together with the requests it makes it so."""
    document, requests, acts = BY_HAND[name]
    operations = world(document)
    assert (requests_of(operations), acts_of(operations)) == (requests, acts)
    assert all(each["why_manual"] and each["route"] == "manual" for each in operations if each["steps"])
    applied = cli("apply", "--auto-approve", *TODAY)
    assert (applied.code, f"BY HAND, in the Manager ({len(acts)})" in applied.stdout) == (6, True), applied
    cli("sandbox", "accept", "--all", *TODAY)
    do_by_hand(cli)
    assert is_empty(cli)


def do_by_hand(cli):
    """Do the steps of the plan, and give one's word for what the live system does not show."""
    performed = cli("sandbox", "perform", "plan.json", *TODAY)
    assert performed.code == 0, performed
    attested = cli("attest", "--all", "--by", "Claire", *TODAY)
    assert attested.code == 0, attested


PARTNERS: dict[str, Any] = {
    "limited access": (
        {"access": "limited", "grants": {"hosting/www": "technical", "domain/*": "max"}},
        [("add_partner", {"access": "limited", "wallet": False,
                          "products": rights_on(("domain", None, ["technical"]), ("hosting", 201, ["technical"]))})],
        {"products": [{"product": 201, "rights": ["technical"]},
                      {"service": "domain", "rights": ["technical"], "apply_to_all": True}]},
    ),
    "another product": (
        {"access": "limited", "grants": {"hosting/www": BOTH}},
        [("edit_partner", {"access": "limited", "products": rights_on(("hosting", 201, BOTH))})],
        {"products": [{"product": 201, "rights": ["statistic", "technical"]}]},
    ),
    "full access drops the products, and gets the wallet after": (
        {"access": "full", "wallet": True},
        [("edit_partner", {"access": "full", "products": []}), ("edit_partner_wallet", {"wallet": True})],
        {"full_access": True, "wallet": True},
    ),
    "the wallet": (
        {"access": "full", "wallet": False},
        [("edit_partner_wallet", {"wallet": False})],
        {"full_access": True},
    ),
    "the wallet again": (
        {"access": "full", "wallet": True},
        [("edit_partner_wallet", {"wallet": True})],
        {"full_access": True, "wallet": True},
    ),
    "limited access ends the wallet": (
        {"access": "limited", "grants": {"hosting/shop": "statistic"}},
        [("edit_partner", {"access": "limited", "products": rights_on(("hosting", 202, ["statistic"]))})],
        {"products": [{"product": 202, "rights": ["statistic"]}]},
    ),
    "the end": (None, [("stop_partner", {})], None),
}  # fmt: skip


def test_a_partner_comes_changes_and_goes(world, cli):
    """Whatever becomes of a partner is done by hand, on somebody's word, and the next change starts from there."""
    for name, (partner, acts, there) in PARTNERS.items():
        operations = world({"partners": {"WebAgency": partner} if partner else {}}, "partners", "grants")
        assert acts_of(operations) == [(act, {"partner": "WebAgency", **values}) for act, values in acts], name
        do_by_hand(cli)
        assert is_empty(cli), name
        partners = yaml.safe_load(cli("sandbox", "show").stdout).get("partners", [])
        shown = [{key: row[key] for key in ("products", "full_access", "wallet") if row.get(key)} for row in partners]
        assert shown == ([there] if there else []), name


def test_a_partner_with_full_access_has_no_products(world, cli):
    """Who gets full access in one visit has nothing to choose but who pays."""
    operations = world({"partners": {"WebAgency": {"access": "full", "wallet": True}}})
    assert acts_of(operations) == [
        ("add_partner", {"partner": "WebAgency", "access": "full", "wallet": True, "products": []})
    ]
    do_by_hand(cli)
    assert is_empty(cli)


def test_an_invitation_is_sent_anew(world, cli):
    """Another name has the invitation cancelled and sent anew, with all that it gave, and what changes beside."""
    wanted = NOOR | {"first_name": "Nora", "billing": True, "notifications": {"products": True}}
    (operation,) = world({"users": {"noor@example.ch": wanted}})
    anew = {"email": "noor@example.ch", "first_name": "Nora", "last_name": "Haddad", "locale": "fr_FR",
            "role_type": "normal", "notifications": {"billing": False, "products": True},
            "permissions": {"billing": True}, "teams": [2001]}  # fmt: skip
    assert requests_of([operation]) == [
        ("DELETE", NOORS, {}),
        ("POST", INVITATIONS, anew),
        (
            "PATCH",
            f'{INVITATIONS}/user["noor@example.ch"]',
            {"permissions": [permission(1, ["technical"], 201)]},
        ),
    ]
    assert cli("apply", "--auto-approve", *TODAY).code == 0
    assert is_empty(cli)


def test_remove_active_users(world, cli):
    """An active user who is not wanted any more leaves teams by request, and the organization by hand."""
    users = everybody()
    del users["ana@example.ch"]
    operations = world(
        {"users": users | {"noor@example.ch": NOOR}, "teams": {"Web": {"members": []}, "Shop": {}}}, "users", "teams"
    )
    assert ("DELETE", f"{WEB}/users", {"user_ids": [1002]}) in requests_of(operations)
    assert acts_of(operations) == [("remove_user", {"user": "ana@example.ch"})]
    assert cli("apply", "--auto-approve", *TODAY).code == 6
    assert cli("sandbox", "perform", "plan.json", *TODAY).code == 0
    assert is_empty(cli)


def test_an_active_users_grant_is_taken_away(world, cli):
    """Rights of an active user are taken away by a step that leaves none."""
    operations = world({"users": {"ana@example.ch": ANA | {"grants": {}}}}, "grants")
    assert acts_of(operations) == [access("ana@example.ch", ("hosting", 201, []))]
    assert cli("sandbox", "perform", "plan.json", *TODAY).code == 0
    assert is_empty(cli)


def test_the_last_day_has_passed(world, cli):
    """Who was wanted until a day that has passed goes in additive mode too."""
    operations = world(
        {"users": {"max@example.ch": MAX | {"until": "2026-11-20"}, "noor@example.ch": NOOR | {"until": "2026-11-20"}}}
    )
    assert requests_of(operations) == [("DELETE", NOORS, {})]
    assert acts_of(operations) == [("remove_user", {"user": "max@example.ch"})]
    assert cli("apply", "--auto-approve", *TODAY).code == 6
    assert cli("sandbox", "perform", "plan.json", *TODAY).code == 0
    assert is_empty(cli)


def test_many_members(world, cli):
    """Members are named a hundred in a request at most, and each of them once."""
    emails = [f"u{i:03}@example.ch" for i in range(5, 130)]
    operations = world({"teams": {"Shop": {"members": emails}}})
    bodies = [body["user_ids"] for method, path, body in requests_of(operations) if path == f"{SHOP}/users"]
    assert list(map(len, bodies)) == [100, 25]
    assert sorted(chain(*bodies)) == list(range(1005, 1130))
    assert cli("apply", "--auto-approve", *TODAY).code == 0
    assert is_empty(cli)
