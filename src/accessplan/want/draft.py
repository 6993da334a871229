"""What is wanted on a day, as it comes together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from accessplan.finding import Finding, Place
from accessplan.model import Address, Entry, Grant, Use, User, owners, user_address
from accessplan.plan import Ended
from accessplan.record import NO_RECORD, Record
from accessplan.select import service_of
from accessplan.services import USE_ROLES
from accessplan.want.document import ALWAYS, UNRECORDED, Period
from accessplan.want.document import Record as Noted
from accessplan.want.reach import Reach


@dataclass(frozen=True, slots=True)
class Draft:
    """What is wanted on a day; findings by the line that they are about.

    Places are those of the wanted entries, and of those to come: the line that names a later day is the reason why
    something is not wanted yet. What ended as a whole, whatever it was, has no entry in `ended`. `unwanted` are entries
    that are not wanted any more although the document names them, each with the reason; what hangs on them goes along.
    """

    today: date
    reach: Reach
    unwanted: Mapping[Address, str] = field(default_factory=dict)
    entries: dict[Address, Entry] = field(default_factory=dict)
    places: dict[Address, Place] = field(default_factory=dict)
    ended: dict[Address, Ended] = field(default_factory=dict)
    findings: dict[Place, Finding] = field(default_factory=dict)
    records: dict[Address, Record] = field(default_factory=dict)

    def note(self, entry: Entry, place: Place, period: Period, noted: Noted = UNRECORDED) -> None:
        """Note an entry that is wanted in a period, and what the document notes of it.

        Rights on one target add up, of uses the strongest wins.
        """
        address = entry.address
        if noted is not UNRECORDED or period is not ALWAYS:
            self.records[address] = self.records.get(address, NO_RECORD).over(_record(noted, period))
        if period.is_over(self.today) or self.is_unwanted(address):
            if (ended := self.ended.get(address)) is None:
                self.ended[address] = Ended(entry, place)
            elif ended.entry is not None:
                self.ended[address] = ended._replace(entry=_united(entry, ended.entry))
        elif period.is_ahead(self.today):
            self.places.setdefault(address, place)
        elif present := self.entries.get(address):
            self.entries[address] = _united(entry, present)
            if is_stronger(entry, present):
                self.places[address] = place
        else:
            self.entries[address] = entry
            self.places[address] = place

    def is_unwanted(self, address: Address) -> bool:
        """Tell whether an entry, or what it hangs on, is not wanted any more although the document names it."""
        return bool(self.unwanted) and any(each in self.unwanted for each in (address, *owners(address)))

    def user(self, email: str) -> User | None:
        """Find a user who is wanted."""
        entry = self.entries.get(user_address(email))
        return entry if isinstance(entry, User) else None


def is_stronger(entry: Entry, other: Entry) -> bool:
    """Tell whether one use of a product gives more than another; of other entries none does."""
    if not isinstance(entry, Use) or not isinstance(other, Use):
        return False
    roles = USE_ROLES.get(service_of(entry.target), ())
    return entry.role in roles and other.role in roles and roles.index(entry.role) > roles.index(other.role)


def _record(noted: Noted, period: Period) -> Record:
    owner = noted.owner.name if noted.owner else ""
    return Record(owner, noted.reason, noted.ticket, period.since, period.until, noted.reviewed)


def _united(entry: Entry, present: Entry) -> Entry:
    match entry, present:
        case Grant(rights=rights), Grant(rights=others):
            return replace(entry, rights=rights | others)
        case Use(), Use() if not is_stronger(entry, present):
            return present
        case _:
            return entry
