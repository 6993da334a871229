"""Whatever an answer to a read holds, the client reads it, or says that it cannot: it never breaks."""

import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

import pytest
from tests.conformance.answers import Variation, operation_of, replay, variations
from tests.conformance.documents import FOLDER
from tests.conformance.play import NOW, narrow, plain, sandbox
from tests.conformance.record import Exchange, Record
from tests.conftest import SAID

from accessplan.errors import LiveError
from accessplan.have.api import Connection, Handler, open_api
from accessplan.have.doctor import examine
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.model import State
from accessplan.plan import Want, compare
from accessplan.scope import EVERYTHING
from accessplan.want.export import document_text

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the published OpenAPI documents are not here")


def person(email: str, role: str = "normal", **more: object) -> dict[str, object]:
    return {"email": email, "first_name": "A", "last_name": "B", "role": role, **more}


GRANTS = [
    {"product": 101, "rights": ["technical"]},
    {"service": "hosting", "rights": ["technical"], "apply_to_all": True},
]
EVERY = 1 if "ACCESSPLAN_EXAMPLES" in os.environ else 7
"""Which of the answers are tried: by night all of them."""

READS = frozenset(
    f"GET {path}"
    for path in (
        "/1/accounts/{account_id}",
        "/1/accounts/{account_id}/services",
        "/1/accounts/{account}/invitations/{invitation}",
        "/1/accounts/{account}/teams",
        "/1/accounts/{account}/teams/{team}/users",
        "/1/mail_hostings/accesses/webmail/accounts/{account_id}/users/{user_id}",
        "/1/mail_hostings/{mail_hosting_id}/mailboxes",
        "/1/mail_hostings/{mail_hosting_id}/mailboxes/{mailbox_name}/users",
        "/1/mail_hostings/{service_mail}/mailboxes/{mailbox_name}/accesses/webmail",
        "/1/products",
        "/2/accounts/{account}/users",
        "/2/drive",
        "/2/drive/{drive_id}/users/invitation",
        "/2/profile",
        "/3/drive/{drive_id}/users",
    )
)
"""The reads whose answers are varied: all that accessplan makes, as `test_conformance.py` checks."""

ACCESSES = [{"user": "lee@example.ch", "permissions": ["can_manage_filters"]}, {"user": "ana@example.ch"}]
ORGANIZATION = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": "claire@example.ch",
    "products": [
        {"id": 101, "service": "domain", "name": "example.ch", "tags": ["production"]},
        {"id": 301, "service": "drive", "name": "Team Drive"},
        {"id": 401, "service": "ksuite", "name": "Work"},
        {"id": 501, "service": "kchat", "name": "Talk"},
    ],
    "users": [person("ana@example.ch", grants=GRANTS), person("claire@example.ch", "owner")],
    "invitations": [person("lee@example.ch", teams=["Web"], grants=GRANTS)],
    "teams": [{"name": "Web", "leader": "ana@example.ch", "members": ["ana@example.ch"], "services": ["hosting"]}],
    "mail_hostings": [
        {"id": 201, "domain": "example.ch", "shows_send": True, "mailboxes": [{"name": "info", "accesses": ACCESSES}]},
        {"id": 202, "domain": "old.ch", "family": "legacy", "mailboxes": [{"name": "info", "accesses": ACCESSES}]},
    ],
    "drives": [
        {
            "product": 301,
            "ksuite": True,
            "users": [{"email": "x@agency.example", "role": "external"}],
            "invitations": [{"email": "y@agency.example", "role": "external"}],
        }
    ],
    "ksuites": [{"product": 401, "users": [{"email": "ana@example.ch", "role": "user"}]}],
    "kchats": [{"product": 501, "users": [{"email": "lee@example.ch", "role": "user"}]}],
    "partners": [{"name": "WebAgency", "full_access": True}],
}


def look(handler: Handler) -> None:
    """Read all there is, write it as a document, compare it with one that says nothing; and examine."""
    with open_api(Connection(handler=handler)) as api:
        live = read(Reader(api), 4242, EVERYTHING)
    document_text(live.state, live.catalogue, live.organization_id, live.organization_name, "")
    compare(live.state, Want(State({}), {}, {}, {}))


def check(handler: Handler) -> None:
    with open_api(Connection(handler=handler)) as api:
        examine(Reader(api), 4242, NOW)


@pytest.fixture(scope="module")
def answered() -> list[dict[str, Exchange]]:
    """Write down what is answered to each way of looking, by address."""
    ways = []
    with sandbox(ORGANIZATION) as store:
        for act, over in ((look, plain), (look, narrow), (check, plain)):
            answers: dict[str, Exchange] = {}
            act(noted(over(Record().of(store, "accessplan")), answers))
            ways.append(answers)
    return ways


def noted(handler: Handler, answers: dict[str, Exchange]) -> Handler:
    def answer(method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        given = handler(method, url, headers, body)
        answers[url] = Exchange("accessplan", method, url, headers, body, *given)
        return given

    return answer


def chosen(answers: dict[str, Exchange]) -> Iterator[Exchange]:
    """Choose one answer of each operation: the longest, which says most."""
    longest: dict[str, Exchange] = {}
    for each in (each for each in answers.values() if each.status < 300):
        name = str(operation_of(each))
        longest[name] = max(longest.get(name, each), each, key=lambda one: len(one.answer))
    yield from longest.values()


def test_no_answer_breaks_the_client(answered, record_property):
    """Nulls, absent and unknown properties, unknown values, values of another kind: read, or said to be unreadable."""
    broken, counts, began = set[str](), Counter[str](), time.monotonic()
    for answers, act in zip(answered, (look, look, check), strict=True):
        for exchange in chosen(answers):
            for varied in islice(variations(exchange), 0, None, EVERY):
                counts[str(operation_of(exchange))] += 1
                if fault := told(answers, varied, act):
                    broken.add(f"{operation_of(exchange)}: {varied.what}: {fault}")
    seconds = time.monotonic() - began
    record_property(SAID, f"{sum(counts.values())} answers to {len(counts)} reads in {seconds:.0f} s")
    assert sorted(broken) == []
    assert set(counts) == READS


def told(answers: dict[str, Exchange], varied: Variation, act) -> str:
    """Return the fault that is not one of ours."""
    try:
        act(replay(answers, varied))
    except LiveError:
        pass
    except Exception as fault:  # noqa: BLE001 - which it is, is the question
        return f"{type(fault).__name__}: {str(fault)[:80]}"
    return ""
