"""The organization with two Mail Services."""

import pytest
from tests.sandbox.mail.services import DIRECTOR, MAIL

from accessplan.sandbox import seed


@pytest.fixture
def file(organization):
    """The organization with two Mail Services, one on each family."""
    organization["mail_hostings"] = MAIL
    return organization


@pytest.fixture
def mail(store, file, now, api):
    """Ask the sandbox of it."""
    seed(store, file, now)
    return api


@pytest.fixture
def webmail(mail):
    """Who may open a mailbox, by e-mail address."""

    def read(mailbox=DIRECTOR):
        rows = mail("GET", f"{mailbox}/accesses/webmail").data
        return {row["user_access"]["user"]["email"]: row["user_access"] for row in rows if row["user_access"]}

    return read
