"""access-plan.yml, run for real: what a pull request is told, by whom, and what it cannot do."""

import json

import pytest
from tests.cli.repository import ORGANIZATION
from tests.workflows.conftest import LUCA_IN_WEB, snapshot_of

MARKER = "<!-- accessplan plan 4242 -->"
LOOSER = ("users: {count: 1, share: 50%}", "users: {count: 9, share: 100%}")
DRIFTED = ORGANIZATION.replace("members: [ana@example.ch]", "members: [ana@example.ch, luca@example.ch]")
BOTH_LEAVE = (
    ("  ana@example.ch: {first_name: Ana, last_name: Keller, role: collaborator}\n", ""),
    (
        """\
  luca@example.ch:
    first_name: Luca
    last_name: Roth
    role: collaborator
    grants:
      hosting/www.example.ch: technical
""",
        "",
    ),
    ("    leader: ana@example.ch\n    members: [ana@example.ch]", "    leader: claire@example.ch\n    members: []"),
    ("    leader: luca@example.ch\n    members: [luca@example.ch]", "    leader: claire@example.ch\n    members: []"),
)
"""A change that takes away more users than main's rails allow."""


def test_a_change_is_told(team):
    """A pull request gets one comment, and its job a page, that say who gains what."""
    job = team.pull_request(LUCA_IN_WEB)
    (comment,) = team.comments()
    assert comment.startswith(f"{MARKER}\n## Access to Example SA\n")
    assert "gains `hosting/*` (technical, statistic)" in comment
    assert "base `origin/main`" in comment
    assert (job.conclusion, "gains `hosting/*`" in job.summary, MARKER in job.summary) == ("success", True, False)


def test_one_comment(team):
    """A second push edits the comment, and a run that finds the same writes nothing."""
    team.pull_request(LUCA_IN_WEB)
    assert team.hub.writes() == [("POST", "add_comment")]
    team.plan()
    assert team.hub.writes() == []
    team.pull_request(("    members: [luca@example.ch]", "    members: [luca@example.ch, ana@example.ch]"))
    assert team.hub.writes() == [("PATCH", "edit_comment")]
    (comment,) = team.comments()
    assert 'team["Mail"].member["ana@example.ch"]' in comment


def test_silent_where_nothing_changes(team):
    """A pull request that changes nobody's access is not commented, though the live organization drifted."""
    team.keep_snapshot(DRIFTED)
    job = team.pull_request(add="# looked through\n")
    assert (job.conclusion, team.comments()) == ("success", [])
    assert 'team["Web"].member["luca@example.ch"]' in job.summary


def test_a_comment_is_taken_back_to_no_changes(team):
    """Where a later push takes the change back, the comment that is there says so."""
    team.pull_request(LUCA_IN_WEB)
    team.pull_request(LUCA_IN_WEB[::-1])
    (comment,) = team.comments()
    assert "No changes." in comment


def test_a_fork(team):
    """A pull request from a fork is planned too; its job may only read, so the plan stands on the job's page."""
    job = team.pull_request(LUCA_IN_WEB, fork=True, **{"code-scanning": "true"})
    assert (job.conclusion, team.comments(), job.uploaded) == ("success", [], [])
    assert "gains `hosting/*`" in job.summary
    assert "This job may not write comments" in job.log
    assert team.hub.writes() == []


def test_blocked(team):
    """A plan that a rail refuses fails the job; the comment says why, and the lines to paste that consent to it."""
    job = team.pull_request(*BOTH_LEAVE)
    (comment,) = team.comments()
    assert job.conclusion == "failure: 4"
    assert "**Blocked by" in comment
    assert "Acknowledge" in comment
    assert "- change: 'revoke user[\"luca@example.ch\"]'" in comment
    assert "::error file=access.yaml" in job.log


def test_rails_are_the_base_s(team):
    """A pull request that raises the limit that it breaks is blocked all the same, and what it loosens is told."""
    job = team.pull_request(*BOTH_LEAVE, LOOSER)
    assert job.conclusion == "failure: 4"
    (comment,) = team.comments()
    assert "lets a plan take away more users" in comment


def test_only_looser_rails(team):
    """A pull request that changes nobody's access and loosens a rail is commented."""
    job = team.pull_request(LOOSER)
    (comment,) = team.comments()
    assert (job.conclusion, "policy-changed" in comment) == ("success", True)


def test_an_invalid_document(team):
    """Faults of the document fail the job; they are annotated at their lines, and the comment has them."""
    job = team.pull_request(("role: legal_representative", "role: king"))
    (comment,) = team.comments()
    assert job.conclusion == "failure: 3"
    assert comment.startswith(MARKER)
    assert "exit code 3" in comment
    assert "[unknown-role]\n" in comment
    assert "::error file=access.yaml,line=7" in job.log


def test_no_snapshot(team):
    """Without a snapshot there is no plan: the job fails and says what to run, and nothing is told in a comment."""
    team.hub.artifacts.clear()
    job = team.pull_request(LUCA_IN_WEB)
    assert (job.conclusion, team.comments()) == ("failure: 3", [])
    assert "Run the drift workflow once" in job.log


@pytest.mark.parametrize(
    "origin",
    [{"head_branch": "main", "head_repository_id": 2}, {"head_branch": "change", "head_repository_id": 1}],
    ids=["fork", "branch"],
)
def test_a_snapshot_that_is_slipped_in(team, origin):
    """An artifact of that name from a fork's main, or from a pull request, is not planned on."""
    team.hub.keep("access-snapshot-4242", {"snapshot.json": b"{}"}, {"id": 99, "from": origin})
    assert team.pull_request(LUCA_IN_WEB).conclusion == "success"
    assert "gains `hosting/*`" in team.comments()[0]


def test_the_newest_snapshot(team):
    """Of several snapshots the newest that has not expired is planned on."""
    team.keep_snapshot(DRIFTED)
    team.pull_request(LUCA_IN_WEB)
    assert team.comments() == []
    team.hub.artifacts[-1]["expired"] = True
    team.plan()
    assert "gains `hosting/*`" in team.comments()[0]


def test_a_snapshot_in_the_repository(team):
    """A snapshot that is committed is read as the base has it, whatever the pull request makes of it."""
    (team.repository.folder / "snapshot.json").write_bytes(snapshot_of(ORGANIZATION))
    team.repository.commit("Keep a snapshot")
    team.hub.artifacts.clear()
    team.repository.git("checkout", "-q", "-b", "change")
    (team.repository.folder / "snapshot.json").write_text("{}")
    job = team.pull_request(LUCA_IN_WEB, snapshot="snapshot.json")
    assert job.conclusion == "success"
    assert "gains `hosting/*`" in team.comments()[0]


def test_code_scanning(team):
    """With code-scanning, what somebody has to look at is uploaded as SARIF, for a blocked plan too."""
    job = team.pull_request(*BOTH_LEAVE, **{"code-scanning": "true"})
    assert (job.conclusion, job.uploaded) == ("failure: 4", ["accessplan-4242"])
    sarif = json.loads((team.runner.folder / "accessplan-4242.sarif").read_text())
    assert "too-many-removals" in {result["ruleId"] for run in sarif["runs"] for result in run["results"]}


# names, and people, that mean harm


def test_somebody_else_s_comment(team):
    """A comment of somebody else that begins with our marker is neither edited nor taken for ours."""
    theirs = team.hub.say("mallory", f"{MARKER}\nNo changes.")
    team.pull_request(LUCA_IN_WEB)
    assert [row["user"]["login"] for row in team.hub.comments] == ["mallory", "github-actions[bot]"]
    assert theirs["body"] == f"{MARKER}\nNo changes."


def test_another_comment_of_the_bot(team):
    """A comment of the same bot that has our marker further down, as a name can put it there, is not edited."""
    team.hub.say("github-actions[bot]", f"A report of somebody else:\n{MARKER}")
    team.pull_request(LUCA_IN_WEB)
    assert team.hub.writes() == [("POST", "add_comment")]


def test_hostile_names(team):
    """Names from the document and the live side are no mention, link, marker, command or end of anything."""
    name = "@example/admins <!-- accessplan plan 4242 --> ](//evil) </details> `::error::x` "
    hostile = json.dumps(name)
    team.pull_request(add=f"  {hostile}: {{leader: ana@example.ch, members: [luca@example.ch]}}\n")
    (comment,) = team.comments()
    body = comment.removeprefix(f"{MARKER}\n")
    shown = [line for line in body.splitlines() if "example/admins" in line]
    assert shown
    assert all(is_inside_code(line, part) for line in shown for part in ("@example", "<!--", "](//", "</details>"))
    team.plan()
    assert len(team.comments()) == 1


def is_inside_code(line, part):
    """Tell whether every place of a part in a line lies between backticks: as many before it as end it."""
    outside = ""
    while line:
        fence = len(line) - len(line.lstrip("`"))
        if fence:
            _, closed, line = line[fence:].partition("`" * fence)
            assert closed
        else:
            outside, line = outside + line[0], line[1:]
    return part not in outside
