"""access-apply.yml, run for real: what was approved is carried out, and nothing else."""

import json
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.cli.repository import DOCUMENT
from tests.workflows.conftest import LUCA_IN_WEB

from accessplan.ledger import Holder, hold

ANA_IN_MAIL = ("    members: [luca@example.ch]", "    members: [luca@example.ch, ana@example.ch]")
LOOSER = ("grants: {share: 100%}", "grants: {share: 100%}, teams: {count: 99}")
BY_HAND = ("role: collaborator\n    grants", "role: administrator\n    grants")
LUCA_LEADS = ("Web:\n    leader: ana@", "Web:\n    leader: luca@")
CLAIRE_LEADS = ("Web:\n    leader: luca@", "Web:\n    leader: claire@")
WEB, MAIL = ["ana@example.ch", "luca@example.ch"], ["luca@example.ch"]


def ends(jobs):
    return {name: job.conclusion for name, job in jobs.items()}


def nobody():
    """Fail where somebody is asked to approve."""
    raise AssertionError


def test_a_change_is_carried_out(living):
    """What a merge brings is planned, waits for the environment, and is then done; a snapshot shows it to the next."""
    asked = []
    jobs = living.apply(living.push(LUCA_IN_WEB), approve=lambda: asked.append(living.members("Web")))
    assert ends(jobs) == {"plan": "success", "apply": "success"}
    assert asked == [["ana@example.ch"]]
    assert living.members("Web") == WEB
    assert "gains `hosting/*`" in jobs["plan"].summary
    assert "Applied: 1 done." in jobs["apply"].summary
    assert (jobs["plan"].uploaded, jobs["apply"].uploaded) == (["access-plan-4242"], ["access-snapshot-4242"])
    assert jobs["apply"].group == "access-apply-4242"
    snapshot = json.loads(living.hub.files[living.hub.artifacts[-1]["id"]]["snapshot.json"])
    assert snapshot["organization"]["id"] == 4242


def test_nothing_to_do(living):
    """Where nothing changes nobody is asked, and nothing is written."""
    living.live.requests()
    jobs = living.apply(living.push(add="# looked through\n"), approve=nobody)
    assert ends(jobs) == {"plan": "success", "apply": "skipped"}
    assert set(living.live.requests()) == {"GET"}


def test_the_world_moved(living):
    """Where somebody changes the same before it is approved, the apply stops with 7 and says what nobody approved."""
    event = living.push(LUCA_LEADS, LUCA_IN_WEB)
    jobs = living.apply(event, approve=lambda: living.click(CLAIRE_LEADS, LUCA_IN_WEB[::-1]))
    assert ends(jobs) == {"plan": "success", "apply": "failure: 7"}
    assert living.members("Web") == ["ana@example.ch"]
    assert "leader claire@example.ch => luca@example.ch" in jobs["apply"].summary
    assert "nothing was changed" in jobs["apply"].summary


def test_blocked(living):
    """A merge that a rail refuses ends the plan's job with 4, and nobody is asked."""
    both = DOCUMENT[DOCUMENT.index("  ana@") : DOCUMENT.index("teams:\n")]
    jobs = living.apply(
        living.push(
            (both, ""),
            ("leader: ana@example.ch\n    members: [ana@example.ch]", "leader: claire@example.ch\n    members: []"),
            ("leader: luca@example.ch\n    members: [luca@example.ch]", "leader: claire@example.ch\n    members: []"),
        ),
        approve=nobody,
    )
    assert ends(jobs) == {"plan": "failure: 4", "apply": "skipped"}
    assert "**Blocked by" in jobs["plan"].summary


def test_drift_is_left_alone(living):
    """What is not from the merge is neither planned nor carried out, and is when everything is asked for."""
    living.click(ANA_IN_MAIL)
    event = living.push(LUCA_IN_WEB)
    assert ends(living.apply(event)) == {"plan": "success", "apply": "success"}
    assert (living.members("Web"), living.members("Mail")) == (WEB, ["ana@example.ch", *MAIL])
    assert ends(living.apply(event, everything=True)) == {"plan": "success", "apply": "success"}
    assert living.members("Mail") == MAIL


def test_a_merge_that_was_not_carried_out(living):
    """What a failed run left is made up for by the next: it starts from the commit that was carried out in full."""
    assert ends(living.apply(living.push(add="# first\n")))["plan"] == "success"
    living.live.ask("POST", "faults", {"path": "/teams/.*/users$", "method": "POST", "status": 403, "times": 1})
    assert ends(living.apply(living.push(LUCA_IN_WEB)))["apply"] == "failure: 5"
    assert ends(living.apply(living.push(add="# second\n"))) == {"plan": "success", "apply": "success"}
    assert living.members("Web") == WEB


def test_no_base(living):
    """Where no commit is known that the change starts from, nothing is planned, and the job says what to give it."""
    event = living.push(LUCA_IN_WEB)
    event.payload["before"] = "0" * 40
    jobs = living.apply(event)
    assert ends(jobs) == {"plan": "failure: 3", "apply": "skipped"}
    assert "Name one in the input base" in jobs["plan"].log
    assert ends(living.apply(event, base="HEAD~1"))["apply"] == "success"


def test_steps_by_hand(living):
    """Where steps are left to people the job ends well, and its page lists them."""
    jobs = living.apply(living.push(BY_HAND, LUCA_IN_WEB))
    assert ends(jobs) == {"plan": "success", "apply": "success"}
    assert "Applied: 1 done, 1 by hand." in jobs["apply"].summary
    assert "Manager" in jobs["apply"].summary


def test_without_effect(living):
    """A change that was accepted and is not there ends the job with 6."""
    living.live.ask("POST", "faults", {"kind": "lie", "path": "/teams/.*/users$", "method": "POST", "times": 1})
    jobs = living.apply(living.push(LUCA_IN_WEB))
    assert ends(jobs)["apply"] == "failure: 6"
    assert "WITHOUT EFFECT" in jobs["apply"].summary


def test_an_expired_token(living):
    """Where the token is refused the plan's job ends with 5, and its page says that it is the token."""
    event = living.push(LUCA_IN_WEB)
    living.refuse_tokens()
    jobs = living.apply(event)
    assert ends(jobs) == {"plan": "failure: 5", "apply": "skipped"}
    assert "token" in jobs["plan"].summary
    assert "exit code 5" in jobs["plan"].summary


def test_another_run_holds_the_lock(living):
    """While another run holds the lock it is tried three times; then the job ends with 9 and says who holds it."""
    with holding(living):
        jobs = living.apply(living.push(LUCA_IN_WEB))
    assert ends(jobs)["apply"] == "failure: 9"
    assert "another run holds the lock: claire@laptop" in jobs["apply"].summary
    assert jobs["apply"].log.count("another run holds the lock") == 3
    assert living.members("Web") == ["ana@example.ch"]


def test_the_lock_is_waited_for(living):
    """Where the other run ends meanwhile, the next try goes through."""
    living.runner.extra["LOCK_WAIT"] = "2"
    said = living.runner.folder
    with holding(living) as release:
        waiting = threading.Thread(target=release_after, args=(said, release))
        waiting.start()
        jobs = living.apply(living.push(LUCA_IN_WEB))
        waiting.join()
    assert ends(jobs)["apply"] == "success"
    assert living.members("Web") == WEB


@contextmanager
def holding(living):
    """Hold the lock of the organization as another run does, until the function that is given is called."""
    with ExitStack() as stack:
        other = Holder("claire@laptop", 4711, "apply")
        stack.enter_context(hold(Path(living.inputs["ledger"]), 4242, living.live.url, other))
        yield stack.close


def release_after(folder, release):
    """Wait until a run has met the lock, and let go of it."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if any("holds the lock" in file.read_text() for file in folder.rglob("apply.err")):
            break
        time.sleep(0.05)
    release()
