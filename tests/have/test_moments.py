"""What answers tell of the life of entries: from rows as the documents describe them, and from the sandbox."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accessplan.have import drive_rows, shapes
from accessplan.have.api import Api, Connection, open_api
from accessplan.have.fields import Fields
from accessplan.have.live import Live
from accessplan.have.mail.shapes import access
from accessplan.have.moments import NO_MOMENTS, Moments, days, signals
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.model import Address, team_address, user_address
from accessplan.sandbox import Store, call, open_store, seed
from accessplan.scope import EVERYTHING, NOTHING_MORE
from accessplan.signals import Signal

ANA, LEE, GUS = (user_address(f"{name}@example.ch") for name in ("ana", "lee", "gus"))
USER = {"user_id": 7, "email": ANA.name, "role_type": "normal"}
SECONDS = 1795000000


def person(**more: object) -> Moments:
    return shapes.person({**USER, **more}).moments


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"last_login_at": SECONDS}, Moments(used=SECONDS)),
        ({"last_login_at": str(SECONDS)}, Moments(used=SECONDS)),
        ({"last_login_at": 0}, Moments(never=True)),
        ({"last_login_at": None}, NO_MOMENTS),
        ({"last_login_at": "yesterday"}, NO_MOMENTS),
        ({"last_login_at": -1}, NO_MOMENTS),
        ({"last_login_at": SECONDS * 1000}, NO_MOMENTS),
        ({}, NO_MOMENTS),
    ],
)
def test_logins(row: dict[str, object], expected: Moments) -> None:
    """A login is a number of seconds, 0 is never; null, which the document does not have there, says nothing."""
    assert person(**row) == expected


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"security": {"otp": True, "double_auth": False}}, True),
        ({"security": {"otp": 0, "double_auth": 0}}, False),
        ({"security": {"has_double_auth": True}}, True),
        ({"has_otp": False}, False),
        ({"security": {}}, None),
        ({"security": None}, None),
        ({"security": "high"}, None),
        ({"security": {"otp": "yes"}}, None),
        ({}, None),
    ],
)
def test_second_factors(row: dict[str, object], *, shown: bool | None) -> None:
    """A second factor is read by any of its names; where none is shown, nobody says that there is none."""
    assert person(**row).second_factor is shown


def test_invitations() -> None:
    """An invitation is as old as its mail, or as itself where no mail was sent; a login before it says nothing."""
    row = {"id": 9, "email": LEE.name, "role_type": "normal", "last_login_at": 0}
    assert shapes.invitation({**row, "created_at": 5, "sent_at": SECONDS}).moments == Moments(since=SECONDS)
    assert shapes.invitation({**row, "created_at": SECONDS, "sent_at": None}).moments == Moments(since=SECONDS)
    assert shapes.invitation(row).moments == NO_MOMENTS


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"created_at": 5, "last_used_at": SECONDS}, Moments(5, SECONDS)),
        ({"created_at": 5, "last_used_at": None}, Moments(5, never=True)),
        ({"last_login_at": None, "last_access_at": SECONDS}, Moments(used=SECONDS)),
        ({"last_login_at": SECONDS, "last_access_at": SECONDS - 9}, Moments(used=SECONDS)),
        ({"last_login_at": None, "last_access_at": None}, Moments(never=True)),
        ({"last_used_at": "?"}, NO_MOMENTS),
        ({}, NO_MOMENTS),
    ],
)
def test_mailboxes(row: dict[str, object], expected: Moments) -> None:
    """Either family tells when a mailbox was last opened; null is never, and silence says nothing."""
    assert access(Fields({"permissions": [], **row}, "an access")).moments == expected


def test_places_in_a_drive() -> None:
    """A place is as old, and as used, as the object within the row says, or the row itself in the older list."""
    row = {"id": 7, "email": ANA.name, "role": "user", "status": "active"}
    told = {"created_at": 5, "last_connection_at": SECONDS}
    assert drive_rows.place({**row, "drive_user": told}).moments == Moments(5, SECONDS)
    older = drive_rows.place({**row, **told})
    assert older.moments == Moments(5, SECONDS)
    assert drive_rows.place(row).filled(older).moments == older.moments
    assert drive_rows.place({**row, "drive_user": {**told, "last_connection_at": None}}).moments == Moments(
        5, never=True
    )


def test_a_day_is_of_the_organization() -> None:
    """Half past eleven in Zurich is the next day in Tokyo and the same in New York, summer or winter."""
    night = int(datetime(2026, 3, 28, 22, 30, tzinfo=UTC).timestamp())
    shown = {ANA: Moments(since=night, used=night, second_factor=True)}
    found = {
        zone: signals(shown, ZoneInfo(zone))[ANA].used for zone in ("Europe/Zurich", "Asia/Tokyo", "America/New_York")
    }
    assert [each and each.day for each in found.values()] == [28, 29, 28]
    summer = int(datetime(2026, 3, 29, 22, 30, tzinfo=UTC).timestamp())
    assert days({"domain/x": summer}, ZoneInfo("Europe/Zurich")) == {"domain/x": date(2026, 3, 30)}
    assert signals({ANA: NO_MOMENTS}, ZoneInfo("Europe/Zurich")) == {ANA: Signal()}


NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

ORGANIZATION: dict[str, Any] = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": "claire@example.ch",
    "products": [
        {"id": 101, "service": "domain", "name": "example.ch", "expires": "2027-05-01"},
        {"id": 102, "service": "domain", "name": "example.com"},
        {"id": 301, "service": "email_hosting", "name": "example.ch"},
        {"id": 401, "service": "drive", "name": "Team Drive"},
    ],
    "users": [
        {"email": "claire@example.ch", "first_name": "C", "last_name": "F", "role": "owner", "two_factor": True},
        {"email": ANA.name, "first_name": "A", "last_name": "K", "role": "normal", "last_login": "-120d"},
    ],
    "invitations": [{"email": LEE.name, "first_name": "L", "last_name": "L", "role": "normal", "sent": "-40d"}],
    "teams": [{"name": "Web", "members": [ANA.name]}],
    "mail_hostings": [{"id": 301, "domain": "example.ch", "family": "webmail", "mailboxes": [
        {"name": "info", "accesses": [{"user": ANA.name, "permissions": [], "last_used": "-3d"}]}]}],
    "drives": [{"product": 401, "users": [{"email": ANA.name, "role": "user", "last_connection": "-9d"}]}],
}  # fmt: skip


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with open_store(tmp_path / "organization.db") as store, _open(store) as api:
        yield api


def _open(store: Store) -> Any:
    seed(store, ORGANIZATION, NOW)
    return open_api(Connection(handler=partial(call, store)))


def shown(live: Live) -> dict[Address, Signal]:
    return signals(live.moments, ZoneInfo("Europe/Zurich"))


def test_the_sandbox_tells_all_of_it(api: Api) -> None:
    """Logins, second factors, invitations, teams, mailboxes, places and products are read with what is read anyway."""
    live = read(Reader(api), 4242, EVERYTHING)
    today = NOW.date()
    found = shown(live)
    assert found[user_address("claire@example.ch")] == Signal(never=True, second_factor=True)
    assert found[ANA] == Signal(used=today - timedelta(120), second_factor=False)
    assert found[LEE] == Signal(since=today - timedelta(40))
    assert found[team_address("Web")] == Signal(since=today)
    assert found[Address("mailbox", "info@example.ch", "delegate", ANA.name)].used == today - timedelta(3)
    assert found[Address("user", ANA.name, "use", "drive/Team Drive")].used == today - timedelta(9)
    assert days(live.expiries, ZoneInfo("Europe/Zurich")) == {"domain/example.ch": date(2027, 5, 1)}
    assert found.keys() <= live.state.entries.keys()


def test_it_costs_no_request(api: Api) -> None:
    """The signals of people, teams and products come with the five lists that every plan reads."""
    live = read(Reader(api), 4242, NOTHING_MORE)
    assert len(live.moments) == 4
    assert api.requests_made == 5
