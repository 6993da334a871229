"""Who may open which mailbox, read in the fewest requests, against the sandbox."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from accessplan.have.api import Connection, open_api
from accessplan.have.live import Mailbox
from accessplan.have.mail import SENDS, MailSeen, read_mail
from accessplan.have.reader import Reader
from accessplan.model import DELEGATE, MAILBOX, BlindSpot, Delegation, Product
from accessplan.sandbox import call, open_store, seed
from accessplan.scope import EVERYTHING, Scope
from accessplan.select import Catalogue

Data = dict[str, Any]

ANA, BOB, CLAIRE = "ana@example.ch", "bob@example.ch", "claire@example.ch"
READ_ONLY_UNKNOWN = BlindSpot(MAILBOX, DELEGATE, SENDS, attribute="sends", by_word=True)


def scope(*names: str) -> Scope:
    return Scope(mailboxes=frozenset(names))


def hosting(number: int, domain: str, mailboxes: Data, **more: object) -> Data:
    """Describe a Mail Service: accesses by mailbox, permissions by user; `primary` is their own mailbox."""
    boxes = [
        {
            "name": name,
            "accesses": [{"user": user, "permissions": list(held), **extra} for user, held, extra in accesses],
        }
        for name, accesses in mailboxes.items()
    ]
    return {"id": number, "domain": domain, "mailboxes": boxes, **more}


def access(user: str, *permissions: str, **more: object) -> tuple[str, tuple[str, ...], Data]:
    return user, permissions, more


class Organization:
    """A sandbox with Mail Services, and how many requests a read of it takes."""

    def __init__(self, folder: Path, hostings: list[Data], users: int = 0) -> None:
        self.people = [CLAIRE, ANA, BOB, *(f"user{number}@example.ch" for number in range(users))]
        self.requests = 0
        self.asked: list[str] = []
        self._path = folder / "organization.db"
        self._products = [{"id": each["id"], "service": "email_hosting", "name": each["domain"]} for each in hostings]
        self._data = {
            "organization": {"id": 4242, "name": "Example SA"},
            "token_user": CLAIRE,
            "products": self._products,
            "users": [self._person(email, "owner" if email == CLAIRE else "normal") for email in self.people],
            "invitations": [self._person("lee@agency.example", "normal")],
            "mail_hostings": hostings,
        }

    def read(self, scope: Scope, *, names: Mapping[int, str] | None = None) -> MailSeen:
        """Read the mailboxes in scope; `names` are what the products are called."""
        products = [
            Product(each["id"], "email_hosting", (names or {}).get(each["id"], each["name"])) for each in self._products
        ]
        with open_store(self._path) as store:
            seed(store, self._data, datetime(2026, 11, 21, tzinfo=UTC))
            connection = Connection(handler=partial(call, store), on_request=lambda _, path: self.asked.append(path))
            with open_api(connection) as api:
                rows = Reader(api).pages("/2/accounts/4242/users")
                emails = {row["user_id"]: str(row["email"]) for row in rows if isinstance(row["user_id"], int)}
                before = api.requests_made
                seen = read_mail(Reader(api), 4242, scope, Catalogue(products), emails, {"lee@agency.example"})
                self.requests = api.requests_made - before
        return seen

    @staticmethod
    def _person(email: str, role: str) -> Data:
        return {"email": email, "first_name": "A", "last_name": "Person", "role": role}


@pytest.fixture
def organization(tmp_path: Path) -> Callable[..., Organization]:
    return partial(Organization, tmp_path)


Make = Callable[..., Organization]


def many(delegations: int = 40, mailboxes: int = 500) -> Data:
    """Make mailboxes, some of which Ana may open; each belongs to a user, as far as there are users."""
    owned = {f"user{n}": [access(f"user{n}@example.ch", primary=True)] for n in range(57)}
    boxes: Data = {f"user{n}": owned.get(f"user{n}", []) for n in range(mailboxes)}
    for number in range(delegations):
        boxes[f"user{number}"] = [*boxes[f"user{number}"], access(ANA, "can_manage_aliases")]
    return hosting(201, "example.ch", boxes)


def test_nothing_in_scope_costs_no_request(organization: Make) -> None:
    """A document without mailboxes asks the live system nothing about mail."""
    small = organization([hosting(201, "example.ch", {"info": [access(ANA)]})])
    assert small.read(scope()) == MailSeen()
    assert small.requests == 0


def test_delegations_are_read_with_their_permissions(organization: Make) -> None:
    """Each access of an active user is a delegation, their own mailbox is marked, and sending is not shown."""
    boxes = {"info": [access(ANA, "can_manage_rules"), access(BOB)], "ana": [access(ANA, primary=True)]}
    small = organization([hosting(201, "example.ch", boxes)])
    seen = small.read(scope("info@example.ch", ANA, "nobody@example.ch"))
    assert set(seen.delegations) == {
        Delegation("info@example.ch", ANA, frozenset({"can_manage_rules"})),
        Delegation("info@example.ch", BOB, frozenset()),
        Delegation(ANA, ANA, frozenset(), own=True),
    }
    assert [each.mailbox for each in seen.delegations if each.own] == [ANA]
    assert seen.mailboxes == {"info@example.ch": Mailbox(201, "info"), ANA: Mailbox(201, "ana")}
    assert seen.blind == (READ_ONLY_UNKNOWN,)
    assert seen.not_covered == ()
    assert small.requests == 3


def test_a_few_named_mailboxes_cost_one_request_each(organization: Make) -> None:
    """Of 500 mailboxes with 40 delegations, a document that names twelve reads twelve."""
    large = organization([many()], 57)
    seen = large.read(scope(*(f"user{number}@example.ch" for number in range(34, 46))))
    assert large.requests == 12
    assert len(seen.mailboxes) == 12
    assert sum(not each.own for each in seen.delegations) == 6


def test_many_named_mailboxes_cost_one_request_a_user(organization: Make) -> None:
    """Naming 500 mailboxes reads the 60 users, and the list that tells which mailboxes nobody may open."""
    large = organization([many()], 57)
    seen = large.read(scope(*(f"user{number}@example.ch" for number in range(500)), "nobody@example.ch"))
    assert large.requests == 60 + 5  # and five pages of mailboxes
    assert len(seen.mailboxes) == 500
    assert sum(not each.own for each in seen.delegations) == 40
    assert seen.not_covered == ()


def test_reading_everything_asks_only_where_somebody_else_may_open(organization: Make) -> None:
    """The lists show whose mailbox is nobody else's; of the others, here by users, the permissions are read."""
    large = organization([many()], 57)
    seen = large.read(EVERYTHING)
    assert large.requests == 5 + 40  # 40 shared mailboxes are fewer than their 41 users
    assert len(seen.mailboxes) == 500
    assert sum(not each.own for each in seen.delegations) == 40
    fewer = organization([many(delegations=0)], 57)
    assert not fewer.read(EVERYTHING).delegations
    assert fewer.requests == 5


def test_both_ways_give_the_same(organization: Make) -> None:
    """Asked by mailbox or by user, the same delegations are read."""
    names = [f"user{number}@example.ch" for number in range(70)]
    large = organization([many(mailboxes=70)], 57)
    by_user = large.read(scope(*names))
    assert any("/accounts/4242/users/" in path for path in large.asked)
    one_by_one = [each for half in (names[:35], names[35:]) for each in large.read(scope(*half)).delegations]
    assert sorted(by_user.delegations, key=str) == sorted(one_by_one, key=str)


def test_the_old_family_of_requests_is_found_once_a_service(organization: Make) -> None:
    """A Mail Service that answers 501 is asked by the old requests; the other keeps the new ones."""
    old = {f"box{number}": [access(ANA, "can_manage_aliases")] for number in range(2)}
    services = [hosting(201, "old.example", old, family="legacy"), hosting(202, "new.example", {"info": [access(BOB)]})]
    mixed = organization(services)
    seen = mixed.read(scope("box0@old.example", "box1@old.example", "info@new.example"))
    assert set(seen.delegations) == {
        Delegation("box0@old.example", ANA, frozenset({"can_manage_aliases"})),
        Delegation("box1@old.example", ANA, frozenset({"can_manage_aliases"})),
        Delegation("info@new.example", BOB, frozenset()),
    }
    assert seen.mailboxes["box0@old.example"] == Mailbox(201, "box0", legacy=True)
    assert seen.mailboxes["info@new.example"] == Mailbox(202, "info")
    assert mixed.requests == 1 + 1 + 2 + 1  # 501, what may be loaded, two mailboxes; and one of the new family


def test_users_say_nothing_of_services_with_the_old_family(organization: Make) -> None:
    """Where users are asked, a Mail Service that none of them names is asked itself: it may have the old family."""
    old = {f"box{number}": [access(ANA)] for number in range(8)}
    services = [hosting(201, "old.example", old, family="legacy"), hosting(202, "new.example", {"info": [access(BOB)]})]
    mixed = organization(services)
    seen = mixed.read(scope("info@new.example", *(f"{name}@old.example" for name in old)))
    assert any("/accounts/4242/users/" in path for path in mixed.asked)
    assert sum(each.email == ANA for each in seen.delegations) == 8
    assert {each.legacy for name, each in seen.mailboxes.items() if name.endswith("@old.example")} == {True}


@pytest.mark.parametrize("family", ["webmail", "legacy"])
def test_sending_is_known_where_it_is_shown(organization: Make, family: str) -> None:
    """Where any access shows sending, one that does not name it may not send, and nothing is blind."""
    boxes = {"info": [access(ANA, "can_manage_rules"), access(BOB, send=False)]}
    shown = organization([hosting(201, "example.ch", boxes, shows_send=True, family=family)])
    seen = shown.read(scope("info@example.ch"))
    assert {each.email: each.sends for each in seen.delegations} == {ANA: True, BOB: False}
    assert seen.blind == ()


def test_a_mailbox_is_found_by_asking_where_no_service_bears_its_domain(organization: Make) -> None:
    """Where products are named otherwise, each Mail Service is searched, and its answer says who holds the mailbox."""
    services = [hosting(201, "one.example", {"info": []}), hosting(202, "two.example", {"info": [access(BOB)]})]
    named = organization(services)
    seen = named.read(scope("info@two.example", "info@three.example"), names={201: "Mail", 202: "More mail"})
    assert seen.mailboxes == {"info@two.example": Mailbox(202, "info")}
    assert [each.email for each in seen.delegations] == [BOB]
    assert named.requests == 2 + 1  # two searches, one mailbox


@pytest.mark.parametrize("product", ["xn--bro-hoa.example", "Mail"])
@pytest.mark.parametrize("written", ["info@büro.example", "info@xn--bro-hoa.example"])
def test_internationalized_domains_are_found_however_they_are_written(
    organization: Make, written: str, product: str
) -> None:
    """Punycode and letters mean one domain, in the document, in the product's name and in the list of mailboxes."""
    small = organization([hosting(201, "xn--bro-hoa.example", {"info": [access(ANA)]})])
    seen = small.read(scope(written), names={201: product})
    assert seen.mailboxes == {written: Mailbox(201, "info")}
    assert [(each.mailbox, each.email) for each in seen.delegations] == [(written, ANA)]
