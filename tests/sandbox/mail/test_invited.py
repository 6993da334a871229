"""Mailboxes on invitations to the organization."""

import pytest
from tests.sandbox.mail.services import ANA, NINE, ON_INVITATION


def test_on_an_invitation(mail, accepted, webmail):
    """Accesses on an invitation can be given, changed and taken; whoever accepts has them."""
    boxes = "?with=app_accesses"
    given = {**NINE, "can_manage_aliases": True}
    invitation = mail("POST", f"{ON_INVITATION}{boxes}", {"mailbox_name": "info", "mailbox_permissions": given}).data
    assert invitation["app_accesses"][1] == {
        "type": "mailbox",
        "mail_id": 201,
        "mailbox_name": "info",
        "permissions": ["can_manage_aliases"],
    }
    kept = mail("PATCH", f"{ON_INVITATION}{boxes}", {"mailbox_name": "director", "mailbox_permissions": given}).data
    assert kept["app_accesses"][0]["permissions"] == ["can_manage_aliases", "can_manage_rules"]
    left = mail("DELETE", f"{ON_INVITATION}{boxes}", {"mailbox_name": "director"}).data
    assert [row["mailbox_name"] for row in left["app_accesses"]] == ["info"]
    accepted("lee@agency.example")
    assert webmail("/1/mail_hostings/201/mailboxes/info")["lee@agency.example"]["permissions"] == ["can_manage_aliases"]
    assert mail("DELETE", ON_INVITATION, {"mailbox_name": "info"}).status == 404


def test_quota(mail):
    """When more mailboxes would be in use than the hosting allows, an invitation is refused another."""
    mail("POST", "/1/mail_hostings/201/mailboxes/info/accesses/webmail", {"user_id": ANA})
    body = {"mailbox_name": "o'neil+x", "mailbox_permissions": NINE}
    reply = mail("POST", ON_INVITATION, body)
    assert (reply.status, reply.error) == (403, "mailboxes_quota_reached")
    assert mail("POST", ON_INVITATION, body | {"mailbox_name": "info"}).status == 201


@pytest.mark.usefixtures("mail")
def test_in_the_users_list(people):
    """The users list tells what an invitation opens, and finds who may open a mailbox of a hosting."""
    everyone = people("with=invitation_details.app_accesses")
    assert [row["mailbox_name"] for row in everyone["lee@agency.example"]["invitation_details"]["app_accesses"]] == [
        "director"
    ]
    assert everyone["ana@example.ch"]["invitation_details"] is None
    assert set(people("filter[mail_ids][]=202")) == {"ana@example.ch", "max@example.ch", "late@agency.example"}
