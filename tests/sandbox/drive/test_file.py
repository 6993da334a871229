"""kDrives, kSuites and kChats of the organization file."""

import pytest

from accessplan.sandbox import SeedError, open_store, seed, show


def test_shown_and_seeded_again(store, now, tmp_path):
    """What is shown of kDrives seeds the same again."""
    shown = show(store)
    assert shown["drives"][0]["users"][:3] == [
        {"email": "ana@example.ch", "role": "user", "last_connection": "2026-11-19"},
        {"email": "max@example.ch", "role": "admin", "status": "locked"},
        {"email": "lee@agency.example", "role": "user"},
    ]
    assert shown["drives"][0]["invitations"][2:] == [
        {"email": "was@agency.example", "role": "user", "expires": "2026-12-21T10:30:00Z", "status": "accepted"},
        {"email": "not@agency.example", "role": "user", "expires": "2026-12-21T10:30:00Z", "status": "cancelled"},
    ]
    assert shown["drives"][2] == {"product": 303, "maintenance": True}
    with open_store(tmp_path / "again.db") as again:
        seed(again, shown, now)
        assert show(again) == shown


@pytest.mark.parametrize(
    ("key", "entry", "fault"),
    [
        ("drives", {"product": 301, "users": [{"email": "ana@example.ch", "role": "user"}]}, "in this drive already"),
        ("drives", {"product": 301, "users": [{"email": "x@x.ch", "role": "user"}]}, "neither a user nor invited"),
        ("drives", {"product": 111}, "the product 111 is not of the service drive"),
        ("drives", {"product": 301, "invitations": [{"email": "ana@example.ch", "role": "user"}]}, "in this drive"),
        ("drives", {"product": 301, "invitations": [{"email": "x@x.ch", "role": "user"}] * 2}, "invited to this drive"),
        ("ksuites", {"product": 301}, "the product 301 is not of the service ksuite"),
        ("ksuites", {"product": 601, "users": [{"email": "x@x.ch", "role": "user"}]}, "neither a user nor invited"),
        (
            "ksuites",
            {"product": 601, "users": [{"email": "ana@example.ch", "role": "user"}]},
            "has this kSuite already",
        ),
        ("kchats", {"product": 601, "users": [{"email": "ana@example.ch", "role": "user"}]}, "in this kChat already"),
        ("kchats", {"product": 301}, "is not of the service kchat or ksuite"),
        ("products", {"id": 2**63 - 1, "service": "drive", "name": "x"}, "too large for a drive"),
    ],
)
def test_cannot_be(store, organization, now, key, entry, fault):
    """An entry of an application that cannot be is named."""
    organization.setdefault(key, []).append(entry)
    with pytest.raises(SeedError, match=fault):
        seed(store, organization, now)


def test_suite_drive_without_suite(store, organization, now):
    """A kDrive cannot be part of a kSuite that is not there."""
    del organization["ksuites"]
    organization["products"].pop()
    with pytest.raises(SeedError, match="there is no kSuite that it could be part of"):
        seed(store, organization, now)
