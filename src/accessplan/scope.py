"""What of the live organization must be read: beside its users, teams and products, only what the document names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from accessplan.select import Selector


@dataclass(frozen=True, slots=True)
class Scope:
    """What a document asks of the live side. Every mailbox and every drive costs requests, and there are 60 a minute.

    `users` are the e-mail addresses that are wanted: only if one of them is not there, rejected invitations are looked
    for. `guests` are those of them who are to use a product or open a mailbox: if they are invited, their invitations
    are read in full. `mailboxes` are e-mail addresses, `uses` select the products whose users are looked at. With
    `everything`, all mailboxes, drives and invitations are read; with `rejected`, whoever turned an invitation down.
    """

    users: frozenset[str] = frozenset()
    guests: frozenset[str] = frozenset()
    mailboxes: frozenset[str] = frozenset()
    uses: frozenset[Selector] = frozenset()
    partners: bool = False
    everything: bool = False
    rejected: bool = False

    def united(self, other: Scope) -> Scope:
        """Return what this scope asks for and another one."""
        return Scope(
            self.users | other.users,
            self.guests | other.guests,
            self.mailboxes | other.mailboxes,
            self.uses | other.uses,
            partners=self.partners or other.partners,
            everything=self.everything or other.everything,
            rejected=self.rejected or other.rejected,
        )


NOTHING_MORE = Scope()
"""People, teams and products alone."""

EVERYTHING = Scope(partners=True, everything=True)
"""What an export reads."""

EVERYTHING_TO_PLAN_ON = replace(EVERYTHING, rejected=True)
"""What a snapshot reads: documents to come may want anybody."""
