"""What is announced is what may be revoked: on which day, by which rules, and when an announcement holds no more.

An entry that calls for a revocation is announced; once the grace has passed, and as long as it is stale by the same
rules and the same as announced, it is not wanted any more. Gone, it stays so until the document says otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from accessplan.finding import Finding, Place, warning
from accessplan.model import MAILBOX, USER, Address, Entry, State, owners
from accessplan.policy import Life, later
from accessplan.stale import Look, Stale, exempts, find, revocable

REVOKED = "revoked-as-stale"
"""The code of the finding on an entry that is gone as announced, and that the document still names."""


@dataclass(frozen=True, slots=True)
class Announced:
    """One live entry that was announced, as it was then.

    `rules` are the codes that called for its revocation, `day` is one of the organization's time zone, `owner` the
    e-mail address of who answered for it. `of_another` tells that it hangs on somebody else by now: on a person who
    joined anew, or a team that was made anew.
    """

    address: Address
    entry: Entry
    rules: tuple[str, ...]
    day: date
    owner: str = ""
    of_another: bool = False

    def begins(self, life: Life) -> date:
        """Return the first day on which a plan may revoke it."""
        return later(self.day, life.announce)

    @property
    def said(self) -> str:
        """When it was announced, and as what."""
        return f"announced on {self.day} as {' and '.join(self.rules)}"


def may_matter(announced: Iterable[Announced], have: State, life: Life, today: date) -> bool:
    """Tell whether any of what was announced is due, or gone: else nothing has to be looked at."""
    return any(each.address not in have.entries or each.begins(life) <= today for each in announced)


def unwanted(announced: Mapping[Address, Announced], look: Look) -> dict[Address, Announced]:
    """Choose what is not wanted any more: what is due and still stale, and what is gone and still in the document."""
    standing, _ = sort_out(announced, look, find(look))
    return {address: each for address, each in standing.items() if _is_due(each, look) or _is_gone(address, look.have)}


def sort_out(
    announced: Mapping[Address, Announced], look: Look, found: Iterable[Stale]
) -> tuple[dict[Address, Announced], dict[Address, str]]:
    """Tell the announcements that stand from those that hold no more, each of these with the reason."""
    by_address: defaultdict[Address, list[Stale]] = defaultdict(list)
    for each in found:
        by_address[each.address].append(each)
    reasons = {address: _why_over(announced[address], look, by_address[address]) for address in sorted(announced)}
    standing = {address: announced[address] for address, reason in reasons.items() if not reason}
    return standing, {address: reason for address, reason in reasons.items() if reason}


def proposed(look: Look, found: Iterable[Stale]) -> Iterator[Announced]:
    """List what is to be announced today, announced before or not.

    A review holds until the next one is due: whoever confirmed an entry is not asked again before.
    """
    for address, reasons in sorted(revocable(found).items()):
        record, entry = look.record(address), look.have.entries.get(address)
        is_reviewed = record.reviewed is not None and (look.today - record.reviewed).days <= look.life.every
        if entry is not None and not is_reviewed and not _is_spared(address, look):
            rules = tuple(sorted({each.rule for each in reasons}))
            yield Announced(address, entry, rules, look.today, record.owner)


def reasons(chosen: Iterable[Announced]) -> dict[Address, str]:
    """Say why entries are not wanted any more."""
    return {each.address: f"{each.said}, still stale" for each in chosen}


def revoked(chosen: Iterable[Announced], have: State, places: Mapping[Address, Place]) -> Iterator[Finding]:
    """Name what is gone as announced, at the line that still names it."""
    for each in chosen:
        if each.address not in have.entries:
            message = f"{each.address} was {each.said} and revoked"
            hint = (
                "take it out of the document (accessplan review record ADDRESS --revoke --by WHO), "
                "or confirm it (--keep)"
            )
            yield warning(REVOKED, message, places.get(each.address), address=str(each.address), hint=hint)


def _why_over(each: Announced, look: Look, found: Iterable[Stale]) -> str:
    """Say why an announcement holds no more; empty where it stands. What is out of sight stands as it is."""
    live, record = look.have.entries.get(each.address), look.record(each.address)
    if each.of_another:
        return "it hangs on another one now"
    if record.reviewed and record.reviewed >= each.day:
        return f"it was reviewed on {record.reviewed}"
    if record.since and record.since >= each.day:
        return f"it began anew on {record.since}"
    if _is_spared(each.address, look):
        return "the document keeps it"
    if any(exempts(rule, each.address, look) for rule in each.rules):
        return "the document exempts it"
    if live is None:
        is_over = _is_gone(each.address, look.have) and each.address not in look.want.state.entries
        return "it is gone, and the document does not name it" if is_over else ""
    if live != each.entry:
        return "it is not as it was"
    if each.address not in revocable(one for one in found if one.rule in each.rules):
        return "it is not stale any more"
    return ""


def _is_due(each: Announced, look: Look) -> bool:
    return each.address in look.have.entries and each.begins(look.life) <= look.today


def _is_gone(address: Address, have: State) -> bool:
    """Tell whether an entry is known not to be there: what is out of sight may be."""
    return address not in have.entries and (address in have.gone or have.hides(address) is None)


def _is_spared(address: Address, look: Look) -> bool:
    """Tell whether the document keeps an entry whatever its use: for emergencies, or since no plan may take it away."""
    protected = {each.address for each in look.want.policy.rails.protected}
    people = {each.name for each in (address, *owners(address)) if each.kind == USER}
    is_protected = address in protected or (address.kind == MAILBOX and address.owner in protected)
    return is_protected or not people.isdisjoint(look.life.break_glass)
