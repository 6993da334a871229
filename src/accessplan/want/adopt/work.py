"""What is at hand while entries are adopted: the document as it stands, and the live side."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from accessplan.errors import InputError
from accessplan.finding import Finding, Place
from accessplan.model import (
    MAILBOX,
    PARTNER,
    TEAM,
    USER,
    Address,
    Entry,
    State,
    User,
    normalize_email,
    user_address,
)
from accessplan.plan import Plan, Want, compare, is_compared, is_nobodys
from accessplan.want.adopt.book import Book, Way
from accessplan.want.decisions import Question
from accessplan.want.document import Document
from accessplan.want.load import load_texts
from accessplan.want.reach import Reach
from accessplan.want.recognize import recognize
from accessplan.want.resolve import resolve

SECTIONS = {USER: "users", TEAM: "teams", MAILBOX: "mailboxes", PARTNER: "partners"}


@dataclass(frozen=True, slots=True)
class Reading:
    """The document as it is read, in the names of the live side; `written` are its own names of teams and partners."""

    document: Document
    want: Want
    plan: Plan
    written: Mapping[Address, str]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """The document that is edited, as it stands and as it was read before, and what the edits are about.

    `reach` is what selectors mean. `also` are entries that go along with one, still to be looked at; `remarks` is what
    cannot be said of them.
    """

    question: Question
    book: Book
    before: Reading
    reach: Reach
    also: list[Address] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def live(self) -> State:
        """The live side."""
        return self.question.live

    def read(self) -> Reading:
        """Read the document as it stands now."""
        return read(self.book, self.question)

    def way(self, owner: Address, reading: Reading) -> Way | None:
        """Find a user, team, mailbox or partner in the document."""
        if owner.kind in (USER, MAILBOX):
            return self.book.find(SECTIONS[owner.kind], lambda key: normalize_email(key) == owner.name)
        name = reading.written.get(owner)
        return self.book.find(SECTIONS[owner.kind], lambda key: key == name)

    def owner_way(self, address: Address, reading: Reading) -> Way:
        """Find what an entry hangs on in the document.

        Raises:
            InputError: the document does not name it.
        """
        return self.way(address.owner, reading) or _refuse_without(address, address.owner)

    def known(self, reading: Reading) -> frozenset[str]:
        """List those whom the document may name: its users, or all of the organization's where it lists none."""
        if reading.document.users.place is not None:
            return frozenset(user.email for user in reading.document.users.items)
        return frozenset(entry.email for entry in self.live.entries.values() if isinstance(entry, User))

    def require_user(self, address: Address, email: str, reading: Reading) -> None:
        """See that the document may name somebody.

        Raises:
            InputError: it lists users, and not this one.
        """
        if email not in self.known(reading):
            _refuse_without(address, user_address(email))

    def parts(self, owner: Address) -> Iterator[Entry]:
        """List the live entries that hang on one, and that somebody could take away."""
        for address, entry in sorted(self.live.entries.items()):
            if address.part and address.owner == owner and not is_nobodys(entry):
                yield entry


def read(book: Book, question: Question) -> Reading:
    """Read a document and compare it with the live side; midway it may have faults, and what is read is incomplete."""
    loaded = load_texts(book.texts, question.now, question.today)
    document, _ = recognize(loaded.document, question.live, question.today)
    want, about_live = resolve(loaded.document, question.catalogue, question.live, question.today)
    pairs = zip(document.teams_and_partners, loaded.document.teams_and_partners, strict=True)
    written = {live.address: own.name for live, own in pairs}
    return Reading(document, want, compare(question.live, want), written, (*loaded.findings, *about_live))


def differs(address: Address, work: Work, reading: Reading) -> bool:
    """Tell whether the document and the live side do not say the same of an entry."""
    have, want = work.live.entries.get(address), reading.want.state.entries.get(address)
    if not is_compared(address, work.live, reading.want):
        return False
    if (have is None) != (want is None):
        return not is_nobodys(have)
    plan = reading.plan
    planned = (*plan.changes, *plan.held_back, *plan.unchecked, *(each.change for each in plan.waiting))
    return any(change.address == address for change in planned)


def left_as_it_is(address: Address, why: str, hint: str = "Edit the document by hand.") -> InputError:
    """Leave an entry to people, with the reason."""
    return InputError(f"{address} is left as it is: {why}", hint)


def stands_for_more(address: Address, place: Place) -> InputError:
    """Leave a line to people that gives more than one entry: by a role, a team, a tag, a pattern or all."""
    why = f"{place.file}:{place.line} gives it, and stands for more than this entry"
    return left_as_it_is(address, why, "Edit the line by hand, or give each its own.")


def _refuse_without(address: Address, owner: Address) -> Way:
    hint = f"Adopt that as well: --adopt {shlex.quote(str(owner))}"  # its name may be anybody's
    raise left_as_it_is(address, f"the document does not name {owner}", hint)
