"""An apply of fifty changes that is killed with SIGKILL, at each of its points."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

STEP = int(os.environ.get("ACCESSPLAN_POINTS", "6"))
"""Every so many points one is tried; 1 tries them all."""

FIFTY = Path(__file__).with_name("fifty")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stories(request):
    """What came of each point; the first story is that of the apply that nobody killed."""
    ledger = "file" if request.param == "sqlite" else request.getfixturevalue("postgresql").new_database()
    first = "1" if request.param == "sqlite" else "4"  # between the two, twice as many points are tried
    command = (sys.executable, "-m", "tests.ledger.dying", str(FIFTY), ledger, first, str(STEP))
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    whole, *others, last = map(json.loads, done.stdout.splitlines())
    assert (whole["killed"], last["killed"], len(others) >= 80 // STEP) == (False, False, True)
    return whole, others


def without_numbers(sent):
    """Count requests, whatever numbers the live system gave to what they created."""
    return Counter(re.sub(r"\d{4,}", "N", each) for each in sent)


def test_the_next_apply_finishes(stories):
    """Wherever it was killed, the next apply does what is left: then everything was sent once, and nothing twice."""
    whole, others = stories
    for each in others:
        assert each["codes"] == [0, 0], each["point"]
        assert without_numbers(each["sent"] + each["sent_again"]) == without_numbers(whole["sent"]), each["point"]


def test_the_next_plan_says_what_happened(stories):
    """The next plan tells of a run that had begun, and plans what is left; fifty changes at first, and none at last."""
    _, others = stories
    assert (others[0]["findings"], len(others[0]["left"])) in [([], 50), (others[0]["findings"], 50)]
    for each in others:
        begun = any(kind == "run ended" and body.get("died") for kind, body in each["rows"])
        assert [message[:8] for message in each["findings"]] == (["receipt "] if begun else []), each["point"]
        assert bool(each["left"]) == bool(each["sent_again"]), each["point"]
        said = " ".join(each["findings"])
        assert [left for left in each["left"] if f"{left} is done" in said] == [], each["point"]


def test_no_intent_is_without_outcome(stories):
    """Whatever was about to be sent has an outcome in the end, one each, and the runs have all ended."""
    for each in (stories[0], *stories[1]):
        rows = each["rows"]
        intents = Counter((body["run"], body["operation"]) for kind, body in rows if kind == "intent")
        outcomes = Counter((body["run"], body["operation"]) for kind, body in rows if kind == "outcome")
        assert intents == outcomes, each["point"]
        runs = [body["run"] for kind, body in rows if kind == "run"]
        assert Counter(body["run"] for kind, body in rows if kind == "run ended") == Counter(runs), each["point"]


def test_the_chain_holds(stories):
    """The chain of rows is whole, wherever a run was killed."""
    for each in (stories[0], *stories[1]):
        assert each["faults"] == [], each["point"]


def test_every_invitation_is_counted_once(stories):
    """Who was invited is written down once, whether the run lived to do it or the next one found it done."""
    for each in (stories[0], *stories[1]):
        invited = Counter(body["email"] for kind, body in each["rows"] if kind == "invited")
        assert invited == Counter(f"{name}@example.ch" for name in ("eva", "finn", "hugo", "ida")) + Counter(
            ["gia@agency.example"]
        ), each["point"]
