"""What was done and said: a record that is only ever added to."""

from accessplan.ledger.chain import Fault, Link, head, verify
from accessplan.ledger.database import shown
from accessplan.ledger.invitations import note_invited, note_left, times_invited
from accessplan.ledger.ledger import ANEW, Ledger, all_links, open_ledger, row_of
from accessplan.ledger.lock import Holder, hold
from accessplan.ledger.plans import applied_at, note_applied
from accessplan.ledger.seen import last_seen, note_seen
from accessplan.ledger.words import Word, attest, end_words, number_of, words

__all__ = [
    "ANEW",
    "Fault",
    "Holder",
    "Ledger",
    "Link",
    "Word",
    "all_links",
    "applied_at",
    "attest",
    "end_words",
    "head",
    "hold",
    "last_seen",
    "note_applied",
    "note_invited",
    "note_left",
    "note_seen",
    "number_of",
    "open_ledger",
    "row_of",
    "shown",
    "times_invited",
    "verify",
    "words",
]
