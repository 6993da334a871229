"""Live entries in the words of a document."""

from __future__ import annotations

from dataclasses import replace

from accessplan.model import PARTNER, TEAM, Address, Delegation, Grant, State, Use, User
from accessplan.plan import is_compared
from accessplan.want.adopt.work import Reading, Work, left_as_it_is
from accessplan.want.export.grants import Grants, written_grant, written_rights
from accessplan.want.export.mailboxes import written_access
from accessplan.want.export.partners import partners
from accessplan.want.export.people import People
from accessplan.want.export.words import Omissions
from accessplan.want.names import quote
from accessplan.want.text.habits import Value


def described(owner: Address, work: Work, reading: Reading) -> dict[str, Value]:
    """Describe a live user, team or partner with what hangs on it, as an export does.

    A list that would lack something is left out as a whole, and that is remarked.

    Raises:
        InputError: a document cannot say it.
    """
    known = work.known(reading) | ({owner.name} if owner in work.live.entries else set())
    entries = {
        address: entry
        for address, entry in work.live.entries.items()
        if address.owner == owner or (isinstance(entry, User) and entry.email in known)
    }
    state, omissions = replace(work.live, entries=entries), Omissions()
    grants = Grants(state, work.question.catalogue, omissions)
    people = People(state, grants, omissions)
    described = partners(state, grants, omissions) if owner.kind == PARTNER else _people(people, owner)
    value = described.get(owner.name)
    if not isinstance(value, dict):
        raise left_as_it_is(owner, "a document cannot say it", "Change its name in the Manager.")
    work.remarks.extend(omissions.remarks)
    return value


def held(address: Address, work: Work, reading: Reading) -> dict[str, Value]:
    """Describe what somebody holds, as the whole list that comes to be.

    It names an entry, what the document gave by a role so far, and what no list of it spoke of.

    Raises:
        InputError: a document cannot say all of it.
    """
    given = work.before.want.state.entries.keys() - reading.want.state.entries.keys()
    found = [
        entry
        for entry in work.parts(address.owner)
        if isinstance(entry, Grant | Use)
        and (entry.address in {address, *given} or work.before.want.list_of(entry.address) is None)
        and is_compared(entry.address, work.live, reading.want)
    ]
    refuse_unsayable(address, found, work)
    manage = {entry.target: written_rights(entry.rights) for entry in found if isinstance(entry, Grant)}
    use = {entry.target: entry.role for entry in found if isinstance(entry, Use)}
    written = {each: written_grant(manage.get(each), use.get(each)) for each in sorted({*manage, *use})}
    return {target: value for target, value in written.items() if value is not None}


def openers(address: Address, work: Work, reading: Reading) -> dict[str, Value]:
    """Describe all who may open a mailbox.

    Raises:
        InputError: a document cannot say all of it.
    """
    found = [entry for entry in work.parts(address.owner) if isinstance(entry, Delegation)]
    if strangers := [entry.email for entry in found if entry.email not in work.known(reading)]:
        raise unlisted(address, "delegates", strangers)
    return {entry.email: access(entry) for entry in found}


def access(entry: Delegation) -> Value:
    """Write what somebody may do in a mailbox.

    Raises:
        InputError: no word says it.
    """
    written = written_access(entry)
    if written is None:
        raise left_as_it_is(entry.address, "no words of a document say what they may do there")
    return written


def refuse_unsayable(address: Address, entries: list[Grant | Use], work: Work) -> None:
    """See that a document can say what somebody holds.

    Raises:
        InputError: it cannot.
    """
    grants = Grants(State({}), work.question.catalogue, Omissions())
    for entry in entries:
        if not grants.is_sayable(entry):
            whose = "" if entry.address == address else f" of {entry.address}, which the same list would have to name"
            raise left_as_it_is(address, f"no words of a document say this{whose}")


def unlisted(address: Address, key: str, strangers: list[str]) -> Exception:
    """Leave a list to people that would have to name others, whom the document does not know."""
    why = f"{key} would have to name {', '.join(map(quote, strangers))} as well, whom the document does not name"
    return left_as_it_is(address, why, "Adopt them as well.")


def _people(people: People, owner: Address) -> dict[str, object]:
    return people.teams() if owner.kind == TEAM else people.users()
