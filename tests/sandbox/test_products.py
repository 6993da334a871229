"""The account, its products, services and tags."""

import pytest


def ids(reply):
    return [each["id"] for each in reply.data]


def product(api, product_id, query="", **how):
    (found,) = api("GET", f"/1/products?product_id={product_id}&{query}", **how).data
    return found


def test_managers_see_everything(api):
    """An administrator sees every product, with every right its service offers."""
    assert ids(api("GET", "/1/products?account_id=4242")) == [101, 111, 112, 201, 301]
    assert product(api, 101)["rights"] == {"check": False, "sale": False, "statistic": False, "technical": True}
    assert product(api, 111)["rights"] == {"check": False, "sale": False, "statistic": True, "technical": True}


def test_collaborators_see_what_they_reach(api, as_user):
    """A collaborator sees the products they or their teams have a right on, an outsider without grants none."""
    ana = as_user("ana@example.ch")
    assert ids(api("GET", "/1/products", door=ana)) == [101, 111, 112, 301]
    assert product(api, 112, door=ana)["rights"]["statistic"] is True
    assert product(api, 101, door=ana)["rights"]["statistic"] is False
    assert api("GET", "/1/products?page=1", door=as_user("guest@agency.example")).envelope["total"] == 0


def test_users_of_a_product(api):
    """`with=users` tells the rights set on that product for active users; none by service, team, role or invitation."""
    rights = {"check": False, "sale": False, "statistic": False, "technical": True}
    assert product(api, 101, "with=users")["users"] == [{"user_id": 1002, "rights": rights}]
    assert [product(api, product_id, "with=users")["users"] for product_id in (111, 112, 301)] == [[], [], []]


def test_administrator_of_a_product(api):
    """`with=admin` tells the first legal representative."""
    assert product(api, 101, "with=admin")["admin"]["email"] == "claire@example.ch"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("service_id=1", [111, 112]),
        ("service_name=drive", [301]),
        ("customer_name=shop", [112]),
        ("internal_name=h-112", [112]),
        ("fqdn=example.ch", [101, 201]),
        ("order_by=customer_name&service_name=hosting", [112, 111]),
    ],
)
def test_filters(api, query, found):
    """Products can be chosen by service and name."""
    assert ids(api("GET", f"/1/products?{query}")) == found


def test_kchat_cannot_be_chosen(api):
    """The filter of products does not know kChat."""
    assert api("GET", "/1/products?service_name=kchat").problems == {"service_name": "validation_rule_in"}


def test_fields(api):
    """A product has its names, dates and tags."""
    found = product(api, 101)
    assert (found["customer_name"], found["service_name"], found["expired_at"]) == ("example.ch", "domain", 1809129600)
    assert [tag["name"] for tag in found["tags"]] == ["production"]


def test_tags(api):
    """The tags of the organization count their products."""
    assert [(tag["id"], tag["name"], tag["product_count"]) for tag in api("GET", "tags").data] == [
        (1, "production", 2),
        (2, "web", 1),
    ]


def test_services(api):
    """Every service has its id, and the number of products."""
    counts = {each["name"]: (each["id"], each["count"]) for each in api("GET", "services").data}
    assert counts["hosting"] == (1, 2)
    assert (counts["domain"][0], counts["email_hosting"], counts["kchat"]) == (14, (23, 1), (54, 0))


def test_account(api, as_user):
    """The account tells its name, and when asked who the caller is in it and who governs it."""
    account = api("GET", "/1/accounts/4242?with=type,count_owners,nb_users,nb_invitations,in_partnership_limited").data
    assert (account["id"], account["name"], account["has_2fa_required"]) == (4242, "Example SA", False)
    assert (account["type"], account["count_owners"], account["nb_users"], account["nb_invitations"]) == (
        "owner",
        1,
        4,
        2,
    )
    assert account["in_partnership_limited"] is True
    assert "type" not in api("GET", "/1/accounts").data[0]
    assert api("GET", "/1/accounts/4242?with=type", door=as_user("ana@example.ch")).data["type"] == "normal"


def test_profile(api, as_user):
    """The profile is that of the user whose token it is."""
    profile = api("GET", "/2/profile?with=emails", door=as_user("ana@example.ch")).data
    assert (profile["id"], profile["display_name"], profile["login"]) == (1002, "Ana Keller", "ana@example.ch")
    assert profile["preferences"]["account"]["current_account_id"] == 4242
    assert profile["preferences"]["language"]["locale"] == "de_DE"


def test_languages(api):
    """The languages tell which id goes with which locale."""
    locales = {each["id"]: each["locale"] for each in api("GET", "/1/languages").data}
    assert locales == {1: "fr_FR", 2: "en_GB", 3: "de_DE", 4: "it_IT", 5: "es_ES"}
