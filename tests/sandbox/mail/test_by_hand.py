"""Mailbox accesses, given and taken by a person in the Manager."""

import pytest

from accessplan.sandbox import Refused, show

FLAGS = ["can_manage_filters", "can_manage_rules"]


@pytest.mark.usefixtures("mail")
@pytest.mark.parametrize("email", ["guest@agency.example", "late@agency.example"])
def test_by_hand(store, do, email):
    """A person can give somebody access to a mailbox, active or invited, change it, and take it away."""
    step = {"mailbox": "Info@example.ch", "user": email}
    assert do("edit_mailbox_access", **step, permissions=[], sends=False) == (
        f"{email} has access to info@example.ch now: no permissions, may not send"
    )
    assert do("edit_mailbox_access", **step, permissions=[], sends=False).startswith("nothing to do: ")
    done = f"{email} has other access to info@example.ch now: can_manage_filters, can_manage_rules, may send"
    assert do("edit_mailbox_access", **step, permissions=FLAGS, sends=True) == done
    assert show(store)["mail_hostings"][0]["mailboxes"][1]["accesses"] == [
        {"user": email, "permissions": FLAGS},
    ]
    assert do("edit_mailbox_access", **step, permissions=FLAGS[::-1], sends=True).startswith("nothing to do: ")
    assert do("remove_mailbox_access", **step) == f"{email} has no access to info@example.ch any more"
    assert do("remove_mailbox_access", **step) == f"nothing to do: {email} has no access to info@example.ch"


@pytest.mark.usefixtures("mail")
@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ({"mailbox": "who@example.ch"}, "there is no mailbox who@example.ch"),
        ({"user": "who@x.ch"}, "who@x.ch is neither a user nor invited"),
        ({"user": "claire@example.ch"}, "director@example.ch is the own mailbox of claire@example.ch"),
    ],
)
def test_not_by_hand(store, do, step, reason):
    """An unknown mailbox or person, and somebody's own mailbox, are refused."""
    before, step = show(store), {"mailbox": "director@example.ch", "user": "ana@example.ch", **step}
    with pytest.raises(Refused, match=reason):
        do("edit_mailbox_access", **step, permissions=FLAGS, sends=True)
    with pytest.raises(Refused, match=reason):
        do("remove_mailbox_access", **step)
    with pytest.raises(Refused, match="allowed values"):
        do("edit_mailbox_access", **step, permissions=["can_send_emails"], sends=True)
    assert show(store) == before
