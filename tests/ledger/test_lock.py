"""The lock: one run at a time, and none that outlives its process."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.ledger.rows import note_invited

from accessplan.errors import InputError, Locked
from accessplan.ledger import Holder, hold, open_ledger, times_invited

ME = Holder("ana@host", 12, "apply")

HOLDER = """
import os, sys, time
from pathlib import Path
from accessplan.errors import Locked
from accessplan.ledger import Holder, hold
where = sys.argv[1] if "://" in sys.argv[1] else Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
try:
    with hold(where, 4242, "live", Holder("bob@host", os.getpid(), "attest")):
        print("held", flush=True)
        sys.stdin.readline()
except Locked as locked:
    print(locked, flush=True)
"""


@contextmanager
def process(where):
    command = [sys.executable, "-c", HOLDER, str(where)]
    started: Any = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with started as other:
        assert other.stdout.readline() == "ready\n"
        yield other
        other.kill()


def say(other, word="go\n"):
    other.stdin.write(word)
    other.stdin.flush()


def held_soon(where):
    """Hold a lock that is free, or is about to be: a server learns of the end of a process in its own time."""
    for _ in range(50):
        try:
            with hold(where, 4242, "live", ME):
                return True
        except Locked:
            time.sleep(0.1)
    return False


def test_one_at_a_time(place):
    """Who comes second is told who holds the lock, since when and for what, at once; afterwards it is free."""
    with hold(place, 4242, "live", ME):
        begun = time.monotonic()
        with pytest.raises(Locked) as caught, hold(place, 4242, "live", Holder("bob@host", 13, "attest")):
            pass
        assert time.monotonic() - begun < 5
    assert re.fullmatch(r"another run holds the lock: ana@host since \d\d:\d\d \(apply\)", str(caught.value))
    assert caught.value.remedy == "Run this again when process 12 there has ended. Nothing was changed."
    assert held_soon(place)


def test_a_fault_ends_the_lock(place):
    """A lock ends with its block, also where that ends by a fault, which stays what it was."""
    with pytest.raises(OSError, match="no paper"), hold(place, 4242, "live", ME):
        raise OSError("no paper")
    assert held_soon(place)


def test_each_organization_has_its_own(place):
    """Other organizations, and the same number in another live system, are not locked."""
    with hold(place, 4242, "live", ME), hold(place, 4243, "live", ME), hold(place, 4242, "other", ME):
        assert not locked_out(place, 4244)


def locked_out(place, organization):
    try:
        with hold(place, organization, "live", ME):
            return False
    except Locked:
        return True


def test_rows_are_added_and_read_while_somebody_holds_the_lock(place):
    """The lock is between runs: the ledger itself is open to who adds rows and to who reads."""
    now = datetime.now(UTC)
    with hold(place, 4242, "live", ME), open_ledger(place, 4242, "live", write=True) as ledger:
        note_invited(ledger, ["ana@example.ch"], now)
        with open_ledger(place, 4242, "live") as reader:
            assert times_invited(reader) == {"ana@example.ch": 1}


def test_of_two_that_race_one_holds_the_lock(place):
    """Of two processes that want the lock at the same moment one gets it, and the other is told of the first."""
    with process(place) as one, process(place) as other:
        say(one)
        say(other)
        answers = {each.pid: each.stdout.readline() for each in (one, other)}
        assert sorted(each[:4] for each in answers.values()) == ["anot", "held"]
        (lost,) = (each for each in answers.values() if each != "held\n")
        assert re.fullmatch(r"another run holds the lock: bob@host since \d\d:\d\d \(attest\)\n", lost)


def test_a_killed_process_leaves_no_lock(place):
    """The lock of a process that was killed is taken over by the next run, without anybody's help."""
    with process(place) as other:
        say(other)
        assert other.stdout.readline() == "held\n"
        assert locked_out(place, 4242)
        os.kill(other.pid, signal.SIGKILL)
        other.wait(10)
        assert held_soon(place)


def test_a_lock_that_cannot_be_made(tmp_path):
    """Where there can be no ledger there is no lock, and no run."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be used"), hold(tmp_path / "file" / "ledger.db", 1, "", ME):
        pass


def test_a_holder_that_nobody_can_read(tmp_path):
    """Where the lock's file does not say who holds it, it is held all the same."""
    with hold(tmp_path / "ledger.db", 4242, "live", ME):
        (file,) = tmp_path.glob("ledger.db.4242-*.lock")
        for text in ("", "{}", "[1]", '{"who": "ana", "process": 1, "command": "apply", "since": "soon"}'):
            file.write_text(text)
            with (
                pytest.raises(Locked, match=r"another run holds the lock$"),
                hold(tmp_path / "ledger.db", 4242, "live", ME),
            ):
                pass
