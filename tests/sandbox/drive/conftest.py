"""An organization with kDrives."""

import pytest

from accessplan.sandbox import seed


@pytest.fixture
def organization(organization):
    """The organization with three kDrives: one that is nearly full, one of a kSuite, one in maintenance."""
    organization["products"] += [
        {"id": 302, "service": "drive", "name": "Suite Drive"},
        {"id": 303, "service": "drive", "name": "Closed"},
        {"id": 601, "service": "ksuite", "name": "Suite"},
    ]
    users = [
        {"email": "ana@example.ch", "role": "user", "manager": ["statistic"], "last_connection": "-2d"},
        {"email": "max@example.ch", "role": "admin", "status": "locked"},
        {"email": "out@agency.example", "role": "external"},
        {"email": "lee@agency.example", "role": "user"},
    ]
    invitations = [
        {"email": "eve@agency.example", "role": "user", "expires": "+5d"},
        {"email": "old@agency.example", "role": "user", "expires": "-5d"},
        {"email": "was@agency.example", "role": "user", "status": "accepted"},
        {"email": "not@agency.example", "role": "user", "status": "cancelled"},
    ]
    organization["drives"] = [
        {"product": 301, "quota": 8, "users": users, "invitations": invitations},
        {"product": 302, "ksuite": True},
        {"product": 303, "maintenance": True},
    ]
    organization["ksuites"] = [{"product": 601, "users": [{"email": "ana@example.ch", "role": "user"}]}]
    return organization


@pytest.fixture
def store(store, organization, now):
    seed(store, organization, now)
    return store


@pytest.fixture
def names(api):
    """Who a list shows, with a value of each."""

    def read(url, key="status"):
        return {each["email"].partition("@")[0]: each[key] for each in api("GET", url).data}

    return read
