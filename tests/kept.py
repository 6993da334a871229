"""A journal that is kept in memory, and may fill up."""

from accessplan.errors import InputError


class Kept:
    """What a run writes down, in its order; with `room` for so many lines only."""

    def __init__(self, room=None):
        self.room = room
        self.lines = []

    def intend(self, operation):
        self._write("intent", operation)

    def note(self, outcome):
        self._write(str(outcome.status), outcome.operation)

    def _write(self, word, operation):
        if len(self.lines) == self.room:
            raise InputError("the ledger is full")
        self.lines.append((word, *(change.address for change in operation.changes)))
