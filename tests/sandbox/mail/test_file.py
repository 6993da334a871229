"""Mail Services of the organization file: in, out, and what it cannot say."""

import datetime as dt

import pytest
from tests.sandbox.mail.services import DIRECTOR, MAIL

from accessplan.sandbox import SeedError, seed, show


def test_written_back(mail, store, now, do, accepted):
    """What is shown says the Mail Services again, and seeds the same."""
    shown = show(store)["mail_hostings"]
    assert shown[0]["mailboxes"][0]["accesses"][1]["last_used"] == (now - dt.timedelta(days=3)).date().isoformat()
    shown[0]["mailboxes"][0]["accesses"][1]["last_used"] = "-3d"
    assert shown == MAIL
    accepted("lee@agency.example")
    do("remove_user", user="ana@example.ch")
    mail("POST", f"{DIRECTOR}/accesses/webmail/invitations", {})
    after = show(store)
    first, second = after["mail_hostings"]
    assert [each["user"] for each in first["mailboxes"][0]["accesses"]] == [
        "claire@example.ch",
        "max@example.ch",
        "lee@agency.example",
    ]
    assert [each["user"] for each in second["mailboxes"][0]["accesses"]] == ["max@example.ch", "late@agency.example"]
    seed(store, after, now)
    assert show(store) == after


@pytest.mark.parametrize(
    ("mailboxes", "fault"),
    [
        ([{"name": "a", "accesses": [{"user": "who@x.ch"}]}], r"x\.ch: mailbox a: who@x\.ch is neither a user nor"),
        ([{"name": "a", "accesses": [{"user": "no@agency.example"}]}], "is neither a user nor invited"),
        ([{"name": "a", "accesses": [{"user": "ana@example.ch"}] * 2}], "ana@example.ch has access already"),
        ([{"name": "a"}, {"name": "A"}], "there is a mailbox A already"),
    ],
)
def test_cannot_be(store, file, now, mailboxes, fault):
    """A mailbox given twice, or opened by somebody unknown or twice, is a fault of the file."""
    with pytest.raises(SeedError, match=fault):
        seed(store, {**file, "mail_hostings": [{"id": 203, "domain": "x.ch", "mailboxes": mailboxes}]}, now)
