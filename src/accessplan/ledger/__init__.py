"""What was done and said: a record that is only ever added to."""

from accessplan.ledger.invitations import note_invited, note_left, times_invited
from accessplan.ledger.ledger import ANEW, Ledger, open_ledger
from accessplan.ledger.words import Word, attest, end_words, number_of, words

__all__ = [
    "ANEW",
    "Ledger",
    "Word",
    "attest",
    "end_words",
    "note_invited",
    "note_left",
    "number_of",
    "open_ledger",
    "times_invited",
    "words",
]
