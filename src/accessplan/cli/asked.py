"""Whom and what somebody asks about: from what is typed to entries and things."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, TypeVar

from accessplan.access import BILLING, EVERY_PRODUCT, ORGANIZATION, mailbox_thing
from accessplan.errors import InputError
from accessplan.model import (
    MAILBOX,
    PARTNER,
    TEAM,
    USER,
    Address,
    fold,
    normalize_email,
    partner_address,
    team_address,
    user_address,
)
from accessplan.report.safe import visible_address
from accessplan.scope import NOTHING_MORE, Scope
from accessplan.select import EVERYTHING, Catalogue, Kind, SelectorError
from accessplan.select import parse as parse_selector
from accessplan.services import USE_ROLES
from accessplan.want.addresses import AddressError
from accessplan.want.addresses import parse as parse_address
from accessplan.want.names import Names, quote

_WHOLE = {ORGANIZATION: ORGANIZATION, BILLING: BILLING, EVERYTHING: EVERY_PRODUCT, EVERY_PRODUCT: EVERY_PRODUCT}
_MAILBOX = f"{MAILBOX}/"
_PEOPLE = (USER, TEAM, PARTNER)


@dataclass(frozen=True, slots=True)
class Known:
    """What can be asked about: users, teams, partners, mailboxes, products, and others by `labels`."""

    entries: frozenset[Address]
    mailboxes: frozenset[str]
    catalogue: Catalogue
    labels: frozenset[str] = frozenset()

    def who(self, text: str) -> Address | None:
        """Find the user, team or partner that a text names; None where there is none.

        Raises:
            InputError: several are named so, or what looks like an address is none.
        """
        if text.startswith(tuple(f"{kind}[" for kind in _PEOPLE)):
            return self._at(text)
        email = user_address(normalize_email(text))
        exact = [each for each in (email, team_address(text), partner_address(text)) if each in self.entries]
        folded = [each for each in self.entries if each.kind in (TEAM, PARTNER) and fold(each.name) == fold(text)]
        found = exact or sorted(folded)
        if len(found) > 1:
            names = " or ".join(str(each) for each in found)
            raise InputError(f"{quote(text)} is the name of several: {names}", "Write the address of the one you mean.")
        return found[0] if found else None

    def is_whole(self, text: str) -> bool:
        """Tell whether a text names the organization, the billing account or all products, and so nobody."""
        return text in _WHOLE

    def things(self, text: str) -> tuple[str, ...]:
        """Find the things that a text names, as `access.Path` has them; empty where there is none."""
        if text in _WHOLE:
            return (_WHOLE[text],)
        email = normalize_email(text.removeprefix(_MAILBOX))
        if _is_mailbox(text):
            return (mailbox_thing(email),) if email in self.mailboxes else ()
        try:
            selector = parse_selector(text)
        except SelectorError:
            return ()
        if selector.kind is Kind.SERVICE:
            return (text,) if selector.service in self.catalogue.services else ()
        found = tuple(self.catalogue.label(product) for product in self.catalogue.find(selector))
        return found or ((text,) if text in self.labels else ())

    def nobody(self, text: str) -> InputError:
        """Return the fault that nobody is named so, with the nearest name."""
        hint = _hint(text, (each.name for each in self.entries))
        remedy = hint or "Write an e-mail address, or the name of a team or partner."
        return InputError(f"{quote(text)} is no user, team or partner here", remedy)

    def nothing(self, text: str) -> InputError:
        """Return the fault that nothing is named so, with the nearest name."""
        labels = [self.catalogue.label(product) for product in self.catalogue.products]
        services = [f"{service}/*" for service in self.catalogue.services]
        known = [*labels, *services, *map(mailbox_thing, self.mailboxes), ORGANIZATION, BILLING]
        hint = _hint(text, known) or _hint(mailbox_thing(normalize_email(text)), known)
        remedy = hint or "Write it as in hosting/www.example.ch or mailbox/info@example.ch."
        return InputError(f"{quote(text)} is no product or mailbox here", remedy)

    def neither(self, text: str) -> InputError:
        """Return the fault that a text names nobody and nothing."""
        if "/" in text:
            return self.nothing(text)
        return InputError(f"{quote(text)} is no user, team, partner, product or mailbox here", self.nobody(text).remedy)

    def _at(self, text: str) -> Address | None:
        try:
            address = parse_address(text)
        except AddressError as fault:
            raise InputError(f"{quote(text)} is no address", f"Write it {fault}.") from fault
        return address if address in self.entries and not address.part else None


class At(Protocol):
    """What has an address."""

    @property
    def address(self) -> Address:
        """Its address."""


Found = TypeVar("Found", bound=At)


def entry_address(text: str) -> Address:
    """Read the address of an entry.

    Raises:
        InputError: it is none.
    """
    try:
        return parse_address(text)
    except AddressError as error:
        raise InputError(f"{text} is no address of an entry", str(error)) from error


def named(text: str, among: Iterable[Found], problem: str, none: str) -> Found:
    """Find what has the address that somebody copied, as it was printed or as it is.

    Raises:
        InputError: nothing has; `problem` says so of the text, and `none` where there is nothing at all.
    """
    among = tuple(among)
    by_name = {name: each for each in among for name in (str(each.address), visible_address(each.address))}
    if text not in by_name:
        with suppress(AddressError):
            text = str(parse_address(text))
    if text not in by_name:
        listed = ", ".join(visible_address(each.address) for each in among)
        raise InputError(f"{text} {problem}", f"There are: {listed}." if listed else none)
    return by_name[text]


def asked_about(
    first: str, what: str | None, known: Known, *, is_missing: bool = False
) -> tuple[Address | None, tuple[str, ...]]:
    """Find out whom and what is asked about.

    Raises:
        InputError: it is nobody, nothing, or not clear.
    """
    if what is None:
        who = None if known.is_whole(first) else known.who(first)
        things = () if who else known.things(first)
        if who is None and not things:
            raise known.neither(first)
        return who, things
    who, things = known.who(first), known.things(what)
    if is_missing and who is None and "@" in first:
        who = user_address(normalize_email(first))
    if is_missing and not things and "@" in what:
        things = (mailbox_thing(normalize_email(what.removeprefix("mailbox/"))),)
    if who is None:
        raise known.nobody(first)
    if not things:
        raise known.nothing(what)
    return who, things


def asked_scope(what: str) -> Scope:
    """Say what must be read to answer for a thing: a mailbox, or who has places in products."""
    if _is_mailbox(what):
        return Scope(mailboxes=frozenset({normalize_email(what.removeprefix(_MAILBOX))}))
    return _places(what) if what.partition("/")[0] in USE_ROLES else NOTHING_MORE


def _is_mailbox(text: str) -> bool:
    return text.startswith(_MAILBOX) or ("@" in text and not {"/", "["} & set(text))


def _places(text: str) -> Scope:
    try:
        return Scope(uses=frozenset({parse_selector(text)}))
    except SelectorError:
        return NOTHING_MORE


def _hint(text: str, names: Iterable[str]) -> str:
    hint = Names(names).hint(text)
    return f"{hint[0].upper()}{hint[1:]}" if hint else ""
