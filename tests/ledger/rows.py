"""Rows that a run writes, written without one."""

from accessplan.ledger import invited, left, word_ended


def note_invited(ledger, emails, at):
    ledger.add_all(map(invited, emails), at)


def note_left(ledger, emails, at):
    ledger.add_all(map(left, emails), at)


def end_words(ledger, addresses, at):
    ledger.add_all(map(word_ended, addresses), at)
