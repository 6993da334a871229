"""access-drift.yml, run for real: one issue that tells what a night found, and closes itself."""

from tests.workflows.commands import told
from tests.workflows.conftest import LUCA_IN_WEB

MARKER = "<!-- accessplan night 4242 -->"
ANA_IN_MAIL = ("    members: [luca@example.ch]", "    members: [luca@example.ch, ana@example.ch]")


def test_a_quiet_night(living):
    """Where nothing is to be told there is no issue, and a snapshot for the next day's pull requests."""
    living.hub.artifacts.clear()
    job = living.night()
    assert (job.conclusion, living.hub.issues, job.uploaded) == ("success", [], ["access-snapshot-4242"])
    assert living.hub.writes() == []


def test_drift_is_told_until_it_is_gone(living):
    """Drift opens an issue; more of it is written into the same one, the same again is not, and none closes it."""
    living.click(LUCA_IN_WEB)
    job = living.night()
    (issue,) = living.hub.open_issues()
    assert (job.conclusion, issue["title"]) == ("success", "Access of organization 4242: to be looked at")
    assert issue["body"].startswith(f"{MARKER}\n")
    assert 'team["Web"].member["luca@example.ch"]' in issue["body"]
    assert living.hub.writes() == [("POST", "open_issue")]

    living.night()
    assert living.hub.writes() == []

    living.click(LUCA_IN_WEB, ANA_IN_MAIL)
    living.night()
    assert living.hub.writes() == [("PATCH", "edit_issue")]
    assert 'team["Mail"].member["ana@example.ch"]' in issue["body"]

    living.click()
    living.night()
    assert living.hub.open_issues() == []
    assert living.comments() == [
        f"Nothing is left to tell: https://github.com/example/access/actions/runs/{job_number(living)}"
    ]


def test_an_expired_token(living):
    """A refused token opens the issue, fails the job with 5, and leaves the snapshot before as it is."""
    living.night()
    kept = len(living.hub.artifacts)
    living.refuse_tokens()
    job = living.night()
    (issue,) = living.hub.open_issues()
    assert (job.conclusion, len(living.hub.artifacts)) == ("failure: 5", kept)
    assert "accessplan snapshot: the live system could not be read" in issue["body"]
    assert "token" in issue["body"]
    living.live.ask("DELETE", "faults")
    assert living.night().conclusion == "success"
    assert living.hub.open_issues() == []


def test_what_was_found_is_not_closed_by_a_failure(living):
    """An issue about drift stays open while the token is refused, and then tells that."""
    living.click(LUCA_IN_WEB)
    living.night()
    living.refuse_tokens()
    living.night()
    (issue,) = living.hub.open_issues()
    assert "exit code 5" in issue["body"]


def test_stale_grants(living):
    """What outlived its reason is told in the same issue, and fails nothing."""
    living.click(LUCA_IN_WEB)
    job = living.night(stale=True)
    (issue,) = living.hub.open_issues()
    assert job.conclusion == "success"
    assert [title in issue["body"] for title in ("## Drift in Example SA", "## Stale access to Example SA")] == [
        True,
        True,
    ]
    assert "`never-logged-in`" in issue["body"]
    assert issue["body"].count("<!--") == 1


def test_names_in_the_log(living):
    """A live name that is a command of a workflow is none in the job's log."""
    name = f"a ##[stop-commands]x{' b' * 20} ::stop-commands::y"
    living.click(("teams:\n", f'teams:\n  "{name}": {{leader: ana@example.ch}}\n'))
    job = living.night(stale=True)
    assert ("##[stop-commands]x" in job.log, told(job.log)) == (True, [])


def test_an_issue_of_somebody_else(living):
    """An issue of somebody else that begins with our marker is neither edited nor closed."""
    living.hub.issues.append({"number": 3, "user": {"login": "mallory"}, "state": "open", "body": f"{MARKER}\nme"})
    living.night()
    assert living.hub.writes() == []


def test_a_job_that_may_write_no_issues(living, monkeypatch):
    """Where the job may not write issues it fails, since nobody would be told."""
    living.click(LUCA_IN_WEB)
    monkeypatch.setattr(living.hub, "token", lambda _: "a token that may nothing")
    job = living.night()
    assert job.conclusion == "failure: 3"
    assert 'member["luca@example.ch"]' in job.summary


def job_number(living):
    return living.hub.runs[-1]["id"]
