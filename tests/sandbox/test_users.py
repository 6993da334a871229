"""The users list."""

import pytest

WEB, DATA = 2001, 2002


def emails(reply):
    return [each["email"] for each in reply.data]


def test_everyone(people):
    """Active users and pending invitations are listed, expired ones too; rejected ones are not."""
    assert list(people()) == [
        "claire@example.ch",
        "ana@example.ch",
        "max@example.ch",
        "guest@agency.example",
        "lee@agency.example",
        "late@agency.example",
    ]


def test_active(people):
    """An active user has a user id, a state and the rights set on them, and none of their team's."""
    ana = people()["ana@example.ch"]
    assert (ana["user_id"], ana["invitation_id"], ana["state_in_account"]) == (1002, None, "valid")
    assert (ana["role_type"], ana["language_id"], ana["invitation_details"]) == ("normal", 3, None)
    assert [team["name"] for team in ana["teams"]] == ["Web"]
    assert ana["permissions"] == [
        {
            "service_id": 14,
            "service_name": "domain",
            "product_id": 101,
            "product_name": "example.ch",
            "rights": ["technical"],
        }
    ]
    assert ana["service_permissions"] == [
        {"service_id": 40, "service_name": "drive", "rights": "statistic"},
        {"service_id": 40, "service_name": "drive", "rights": "technical"},
    ]


def test_pending(people):
    """A pending person has an invitation id, the invitation in full, and what it will give."""
    lee = people()["lee@agency.example"]
    assert (lee["user_id"], lee["invitation_id"], lee["state_in_account"]) == (None, 3001, "pending")
    assert lee["invitation_details"]["status"] == "pending"
    assert [team["id"] for team in lee["teams"]] == [WEB]
    assert [grant["product_id"] for grant in lee["permissions"]] == [112]
    assert lee["has_billing_access"] is True
    assert lee["security"] is None


@pytest.mark.parametrize(
    ("status", "end"),
    [
        ("accepted", lambda api: api("POST", "/_sandbox/accept", {"email": "lee@agency.example"})),
        ("rejected", lambda api: api("POST", "/_sandbox/reject", {"email": "lee@agency.example"})),
        ("cancelled", lambda api: api("DELETE", "invitations/3001", {})),
    ],
)
def test_answered_invitations(api, people, status, end):
    """Invitations that were answered are listed on request, by what became of them."""
    assert end(api).status == 200
    lee = people(f"filter[invitation_status]={status}&with=invitation_details")["lee@agency.example"]
    assert (lee["user_id"], lee["invitation_id"], lee["state_in_account"]) == (None, 3001, "pending")
    assert lee["invitation_details"]["status"] == status
    assert "lee@agency.example" not in people("filter[invitation_status]=pending")


def test_loaded_only_when_asked(people):
    """Teams and rights are there only when `with` asks for them."""
    assert not {"teams", "permissions", "security"} & people("")["ana@example.ch"].keys()


def test_unknown_with(api):
    """An unknown `with` is refused, and the answer names the allowed values."""
    reply = api("GET", "/2/accounts/4242/users?with=teams,rights")
    assert (reply.status, reply.error, reply.problems) == (422, "validation_failed", {"with": "validation_rule_in"})
    assert reply.envelope["error"]["errors"][0]["context"]["values"] == [
        "teams",
        "permissions",
        "service_permissions",
        "invitation_details",
        "invitation_details.app_accesses",
        "app_access",
        "drive_infos",
        "kchat_infos",
        "security",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("filter[role_type]=external", ["guest@agency.example"]),
        ("filter[state_in_account]=pending", ["lee@agency.example", "late@agency.example"]),
        ("filter[invitation_status]=pending", ["lee@agency.example", "late@agency.example"]),
        ("filter[invitation_status]=rejected", ["no@agency.example"]),
        ("filter[invitation_status]=accepted", []),
        ("filter[invitation_status]=pending&filter[role_type]=admin", []),
        ("filter[user_ids][]=1001&filter[user_ids][]=1003", ["claire@example.ch", "max@example.ch"]),
        (f"filter[team_ids][]={WEB}", ["ana@example.ch", "lee@agency.example"]),
        ("filter[has_billing_access]=true", ["claire@example.ch", "max@example.ch", "lee@agency.example"]),
        ("filter[has_otp]=1", ["claire@example.ch"]),
        ("filter[has_empty_access]=true", ["guest@agency.example", "late@agency.example"]),
        ("search=KELL", ["ana@example.ch"]),
        ("search=%25", []),
        (
            "order_by=first_name&order=desc&filter[state_in_account]=pending",
            ["late@agency.example", "lee@agency.example"],
        ),
        ("order_by=email&order_for[email]=asc&page=1&per_page=1", ["ana@example.ch"]),
    ],
)
def test_filters(api, query, found):
    """Filters, search and order choose what the list shows."""
    assert emails(api("GET", f"/2/accounts/4242/users?{query}")) == found


@pytest.mark.parametrize(
    ("query", "attribute"),
    [
        ("filter[colour]=red", "filter"),
        ("filter[invitation_status]=lost", "filter[invitation_status]"),
        ("filter[state_in_account]=gone", "filter[state_in_account]"),
        ("filter[user_ids][]=x", "filter[user_ids]"),
        ("filter[has_otp]=maybe", "filter[has_otp]"),
        ("order_by=shoe_size", "order_by"),
        ("page=0", "page"),
        ("page=1&per_page=many", "per_page"),
        ("page=99999999999999999999", "page"),
        ("return=everything", "return"),
    ],
)
def test_bad_parameters(api, query, attribute):
    """A parameter that is not allowed is named."""
    reply = api("GET", f"/2/accounts/4242/users?{query}")
    assert (reply.status, list(reply.problems)) == (422, [attribute])
