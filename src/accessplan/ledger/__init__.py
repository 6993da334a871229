"""What was done and said: a record that is only ever added to."""

from accessplan.ledger.announcements import announce, announcements
from accessplan.ledger.chain import Fault, head, verify
from accessplan.ledger.database import shown
from accessplan.ledger.invitations import invited, left, times_invited
from accessplan.ledger.journal import Journal, settle, unfinished
from accessplan.ledger.ledger import ANEW, Ledger, all_links, open_ledger, row_of
from accessplan.ledger.link import Link
from accessplan.ledger.lock import Holder, hold
from accessplan.ledger.plans import applied_at, note_applied
from accessplan.ledger.prune import Loss, losses, prune
from accessplan.ledger.receipts import receipts, runs
from accessplan.ledger.reviews import decisions, note_decision
from accessplan.ledger.seen import last_seen, note_seen
from accessplan.ledger.sightings import Sighting, counts_over_time, live_at, note_sighting, past
from accessplan.ledger.snoozes import note_snoozed, snoozes
from accessplan.ledger.words import attest, number_of, word_ended, words

__all__ = [
    "ANEW",
    "Fault",
    "Holder",
    "Journal",
    "Ledger",
    "Link",
    "Loss",
    "Sighting",
    "all_links",
    "announce",
    "announcements",
    "applied_at",
    "attest",
    "counts_over_time",
    "decisions",
    "head",
    "hold",
    "invited",
    "last_seen",
    "left",
    "live_at",
    "losses",
    "note_applied",
    "note_decision",
    "note_seen",
    "note_sighting",
    "note_snoozed",
    "number_of",
    "open_ledger",
    "past",
    "prune",
    "receipts",
    "row_of",
    "runs",
    "settle",
    "shown",
    "snoozes",
    "times_invited",
    "unfinished",
    "verify",
    "word_ended",
    "words",
]
