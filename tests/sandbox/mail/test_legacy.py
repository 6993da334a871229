"""Users of mailboxes: the old endpoints."""

from tests.sandbox.mail.services import ANA, MAX, OLD


def test_old_family(mail):
    """The old endpoints list users and those invited, set the flags that are given, and take an access away."""
    listed = mail("GET", f"{OLD}/users?with=permissions").data
    ana, _ = listed["users"]
    assert [name for name, given in ana["permissions"].items() if given] == ["can_manage_rules", "can_send_emails"]
    assert [(each["sent_to"], each["is_valid"]) for each in listed["invitations"]] == [("late@agency.example", False)]
    assert listed["invitations"] == mail("GET", f"{OLD}/invitations").data
    given = {"can_manage_filters": True, "can_manage_rules": False}
    assert mail("PATCH", f"{OLD}/users/{ANA}", {"permissions": given}).data is True
    (ana, _) = mail("GET", f"{OLD}/users?with=permissions").data["users"]
    assert ana["permissions"]["can_manage_filters"]
    assert ana["permissions"]["can_manage_rules"], "which the old endpoints do not write"
    assert mail("DELETE", f"{OLD}/users/{ANA}").data is True
    assert [user["id"] for user in mail("GET", f"{OLD}/users").data["users"]] == [MAX]


def test_sending_is_not_shown(webmail, mail):
    """Who may send is shown only where the hosting says so."""
    assert webmail()["max@example.ch"]["permissions"] == []
    users = mail("GET", f"{OLD}/users?with=permissions").data["users"]
    assert {user["email"]: user["permissions"]["can_send_emails"] for user in users} == {
        "ana@example.ch": True,
        "max@example.ch": False,
    }
