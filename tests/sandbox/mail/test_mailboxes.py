"""The mailboxes of a hosting, and who may ask about them."""

from tests.sandbox.mail.services import ANA, CLAIRE, DIRECTOR, GUEST, MAX, OLD, ON_INVITATION

from accessplan.sandbox import seed


def test_mailboxes(mail):
    """The mailboxes of a hosting can be listed, searched and shown; their names may hold any sign but a slash."""
    url = "/1/mail_hostings/201/mailboxes"
    director, *others = mail("GET", f"{url}?with=users,mailbox_id,count_invitations&order_by=created_at").data
    assert [box["mailbox"] for box in others] == ["info@example.ch", "o'neil+x@example.ch"]
    assert (director["mailbox_id"], director["count_invitations"], director["is_used_for_account"]) == (4001, 1, True)
    assert [user["id"] for user in director["users"]] == [CLAIRE, ANA, MAX]
    assert [box["mailbox_name"] for box in mail("GET", f"{url}?search=neil").data] == ["o'neil+x"]
    assert mail("GET", f"{url}?filter[has_alias]=true").data == []
    assert mail("GET", f"{url}?page=1&per_page=2").envelope["pages"] == 2
    assert mail("GET", f"{url}/o%27neil%2Bx").data["mailbox"] == "o'neil+x@example.ch"
    assert mail("GET", f"{url}/Director?unit=MB").data["mailbox_name"] == "director"


def test_who_may(mail, as_user, store, file, now):
    """Administrators and legal representatives may, and who has the technical right on the Mail Service."""
    url, ana = f"{DIRECTOR}/accesses/webmail", as_user("ana@example.ch")
    assert mail("GET", url, door=as_user("max@example.ch")).status == 200
    file["products"].append({"id": 201, "service": "email_hosting", "name": "example.ch"})
    for rights, status in ([], 403), (["statistic"], 403), (["technical"], 200):
        file["users"][1]["grants"] = [{"product": 201, "rights": rights}] if rights else []
        seed(store, file, now)
        assert mail("GET", url, door=ana).status == status
    assert mail("POST", url, {"user_id": GUEST}, door=ana).status == 201
    assert mail("GET", f"{OLD}/users", door=ana).error == "access_denied"
    assert mail("DELETE", ON_INVITATION, {"mailbox_name": "director"}, door=ana).error == "access_denied"
