"""Accesses to mailboxes: the new endpoints."""

import pytest
from tests.sandbox.mail.services import ANA, CLAIRE, DIRECTOR, GUEST, MAIL, MAX

from accessplan.sandbox import seed


def test_accesses(mail):
    """The list shows users, then those invited, with the flags that are set."""
    rows = mail("GET", f"{DIRECTOR}/accesses/webmail?with=user_access.mailbox").data
    claire, ana, _, lee = rows
    assert (claire["user_access"]["is_primary"], claire["user_access"]["status"]) == (True, "new")
    assert ana["invitation"] is None
    assert ana["user_access"]["permissions"] == ["can_manage_filters"]
    assert (ana["user_access"]["permissions_binary"], ana["user_access"]["status"]) == (1, "healthy")
    assert ana["user_access"]["mailbox"]["mailbox_email"] == "director@example.ch"
    assert lee["user_access"] is None
    assert lee["invitation"]["sent_to"] == "lee@agency.example"
    assert [name for name, given in lee["invitation"]["permissions"].items() if given] == [
        "can_manage_rules",
        "can_access_logs",
    ]


def test_order_search_and_page(mail):
    """The list can be ordered, searched and paged."""
    by_use = mail("GET", f"{DIRECTOR}/accesses/webmail?order_by=last_used_at&order=desc").data
    assert by_use[0]["user_access"]["user"]["id"] == ANA
    assert len(mail("GET", f"{DIRECTOR}/accesses/webmail?search=keller").data) == 1
    reply = mail("GET", f"{DIRECTOR}/accesses/webmail?page=2&per_page=3")
    assert (len(reply.data), reply.envelope["total"]) == (1, 4)
    assert [user["id"] for user in mail("GET", f"{DIRECTOR}/accesses/webmail/users").data] == [CLAIRE, ANA, MAX]


def test_give_change_and_take(mail, webmail):
    """A user is given access with these flags, is given others, and has it taken away."""
    given = {"can_manage_filters": True, "can_manage_aliases": False, "can_send_emails": False, "can_manage_chat": True}
    url = f"{DIRECTOR}/accesses/webmail"
    assert mail("POST", url, {"user_id": GUEST, "permissions": given}).status == 201
    assert webmail()["guest@agency.example"]["permissions"] == ["can_manage_filters"]
    assert mail("POST", url, {"user_id": GUEST}).error == "user_already_has_access_to_mailbox"
    wanted = ["can_manage_rules", "can_restore_emails"]
    assert mail("PATCH", f"{url}/users/{GUEST}", {"permissions": wanted}).data is True
    assert sorted(webmail()["guest@agency.example"]["permissions"]) == wanted
    assert mail("DELETE", f"{url}/users/{GUEST}").data is True
    assert "guest@agency.example" not in webmail()
    reply = mail("DELETE", f"{url}/users/{GUEST}")
    assert (reply.status, reply.error) == (404, "user_has_no_access_to_mailbox")


def test_flags_of_a_new_access(mail, webmail):
    """Without flags a new access has those of the Mail Service; with a map, only what it sets."""
    url = f"{DIRECTOR.replace('director', 'info')}/accesses/webmail"
    mail("POST", url, {"user_id": ANA})
    mail("POST", url, {"user_id": MAX, "permissions": {}})
    default = mail("GET", "/1/mail_hostings/201/preferences").data["default_permissions"]
    accesses = webmail("/1/mail_hostings/201/mailboxes/info")
    assert accesses["ana@example.ch"]["permissions"] == [name for name, given in default.items() if given]
    assert accesses["max@example.ch"]["permissions"] == []


def test_links(mail, store):
    """A link is made, is listed, and is sent once a minute at most; its secrets are plainly none."""
    url = f"{DIRECTOR}/accesses/webmail"
    body = {"firstname": "Eve", "permissions": {"can_manage_rules": True}}
    made = mail("POST", f"{url}/invitations", body).data
    assert (made["sent_to"], made["permissions"]["can_manage_rules"]) == ("", True)
    assert (made["key"], made["short_url"]) == (
        "fake-key-of-link-1",
        "https://mail.example/invitation/fake-key-of-link-1",
    )
    send, to = f"{url}/invitations/{made['key']}/send", {"email": "eve@agency.example", "language": "de"}
    assert mail("POST", send, to).data is True
    assert "eve@agency.example" in [row["invitation"]["sent_to"] for row in mail("GET", url).data if row["invitation"]]
    reply = mail("POST", send, to)
    assert (reply.status, reply.error) == (429, "invitation_sending_rate_limit_reached")
    with store.transaction() as db:
        db.execute("UPDATE mailbox_links SET sent_at = sent_at - 60")
    assert mail("POST", send, to).status == 200


def test_accesses_of_a_user(mail, as_user):
    """One request gives all accesses of a user on the new family; everybody may ask for their own."""
    url = f"/1/mail_hostings/accesses/webmail/accounts/4242/users/{ANA}"
    (access,) = mail("GET", f"{url}?with=mailbox,access_rights").data
    assert (access["mailbox"]["service_mail_id"], access["mailbox"]["mailbox_name"]) == (201, "director")
    assert access["access_rights"]["can_delete"]
    ana = as_user("ana@example.ch")
    assert len(mail("GET", url, door=ana).data) == 1
    assert len(mail("GET", "/1/mail_hostings/accesses/webmail", door=ana).data) == 1
    assert mail("GET", url.replace(str(ANA), str(MAX)), door=ana).error == "access_denied"


@pytest.mark.parametrize(("hostings", "status"), [([], 200), (MAIL[1:], 501)])
def test_an_account_on_neither_family(store, file, now, api, hostings, status):
    """Who has only old hostings is not on the new family; who has none has no accesses."""
    seed(store, {**file, "mail_hostings": hostings}, now)
    assert api("GET", "/1/mail_hostings/accesses/webmail").status == status
