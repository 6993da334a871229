"""`explain --on`: who reached what on a day that was, as the document asked and as live was sighted."""

import json
from datetime import UTC, datetime

import pytest
from tests.cli.given import TODAY, input_error
from tests.cli.repository import begin

from accessplan.ledger import all_links

ANA, LUCA = 'user["ana@example.ch"]', 'user["luca@example.ch"]'
WEB = ("members: [ana@example.ch]", "members: [ana@example.ch, luca@example.ch]")
"""What lets Luca into the team Web."""


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Stand in a repository whose main, since the 2nd of November, says just what is live."""
    monkeypatch.chdir(tmp_path)
    return begin(tmp_path)


@pytest.fixture
def on(cli):
    """The explanation of a day, as data."""

    def call(day, *words):
        result = cli("explain", *words, "--on", day, "--format", "json", "-q", *TODAY)
        assert result.code == 0, result.stderr
        return json.loads(result.stdout)

    return call


@pytest.fixture
def web(on):
    """Who reached the hostings through the team Web on a day, and on which side."""

    def call(day):
        paths = on(day, "hosting/*")["paths"]
        return {path["who"]: path["mark"] for path in paths if len(path["through"]) > 1}

    return call


def test_as_the_document_of_then_asked(repository, web, on):
    """What the document asked is told as of the last commit of that day, whenever the day's end is."""
    repository.change(WEB)
    repository.commit("Let Luca in", at="2026-11-10T23:30:00+01:00")
    repository.change(WEB[::-1])
    repository.commit("Let Luca out", at="2026-11-12T00:00:00+01:00")
    assert web("2026-11-09") == {ANA: "asked for"}
    assert web("2026-11-10") == web("2026-11-11") == {ANA: "asked for", LUCA: "asked for"}
    assert web("2026-11-12") == {ANA: "asked for"}
    inputs = on("2026-11-11", "hosting/*")["inputs"]
    assert inputs["commit"] == repository.git("rev-parse", "--short=7", "HEAD~1")
    assert (inputs["on"], inputs["today"], inputs["sighted_at"]) == ("2026-11-11", "2026-11-21", None)


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        ("Pacific/Kiritimati", "2026-11-10T09:59:59+00:00"),
        ("America/St_Johns", "2026-11-11T03:29:59+00:00"),
        ("Europe/Zurich", "2026-11-10T22:59:59+00:00"),
    ],
)
def test_a_day_ends_in_the_organizations_zone(repository, web, zone, at):
    """A commit of the last second of a day in the organization's zone counts for that day, and one later does not."""
    repository.change(("id: 4242,", f"id: 4242, timezone: {zone},"))
    repository.commit("Elsewhere")
    repository.change(WEB)
    repository.commit("Let Luca in", at=at)
    assert (LUCA in web("2026-11-10"), LUCA in web("2026-11-09")) == (True, False)
    next_second = datetime.fromtimestamp(datetime.fromisoformat(at).timestamp() + 1, UTC).isoformat()
    repository.git("commit", "-q", "--amend", "--no-edit", at=next_second)
    assert (LUCA in web("2026-11-10"), LUCA in web("2026-11-11")) == (False, True)


def test_what_was_merged_later_counts_from_then_on(repository, web):
    """A commit that lay on a branch that day was not asked for yet: it counts from its merge on."""
    repository.git("checkout", "-q", "-b", "luca")
    repository.change(WEB)
    repository.commit("Let Luca in", at="2026-11-05T12:00:00+01:00")
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "Merge luca", "luca", at="2026-11-15T12:00:00+01:00")
    assert (LUCA in web("2026-11-14"), LUCA in web("2026-11-15")) == (False, True)


def test_dates_are_those_of_that_day(repository, on):
    """What began and ended by then is told as it was wanted on that day."""
    repository.change(
        ("hosting/www.example.ch: technical", "hosting/www.example.ch: {manage: technical, until: 2026-11-08}")
    )
    repository.commit("Until the 8th", at="2026-11-03T12:00:00+01:00")
    paths = [len(on(day, "luca@example.ch", "hosting/www.example.ch")["paths"]) for day in ("2026-11-08", "2026-11-09")]
    assert paths == [1, 0]


def test_as_live_was_sighted(cli, repository, on, tmp_path):
    """What was live is told as the last sighting by the end of that day has it, beside what the document asked."""
    cli("drift", "-q", "--today", "2026-11-04")
    cli("apply", "--auto-approve", "-q", "--today", "2026-11-05")
    repository.change(WEB)
    repository.commit("Let Luca in", at="2026-11-08T12:00:00+01:00")
    cli("apply", "--auto-approve", "-q", "--today", "2026-11-10")
    assert all_links(tmp_path / ".accessplan" / "ledger.db")

    def marks(day):
        return [path["mark"] for path in on(day, "luca@example.ch", "hosting/*")["paths"] if len(path["through"]) > 1]

    assert marks("2026-11-05") == []
    assert marks("2026-11-09") == ["asked for"], "it was asked for, and not applied yet"
    assert marks("2026-11-10") == ["asked for and sighted"]
    assert on("2026-11-09", "hosting/*")["inputs"]["sighted_at"] == "2026-11-05T12:00:00+00:00"
    repository.change(WEB[::-1])
    repository.commit("Let Luca out", at="2026-11-12T12:00:00+01:00")
    assert marks("2026-11-13") == ["sighted"], "it was not asked for any more, and still there"


def test_in_plain_words(cli, repository):
    """Each path says on which word it is known, and what is not known is said."""
    head = repository.git("rev-parse", "--short=7", "HEAD")
    told = cli("explain", "ana@example.ch", "--on", "2026-11-03", *TODAY)
    assert told.code == 0
    assert told.stdout.startswith(f"Example SA (4242) on 2026-11-03\nwant access.yaml at {head}\n")
    words = " ".join(told.stdout.split())
    assert f"+ as the document of commit {head} asked: technical, statistic" in words
    assert f"{head}:access.yaml:19" in words
    assert "What was live is not known: the ledger has no sighting from before the end of that day." in words
    cli("drift", "-q", "--today", "2026-11-03")
    words = " ".join(cli("explain", "ana@example.ch", "--on", "2026-11-03", *TODAY).stdout.split())
    assert (
        f"= as the document of commit {head} asked, and as live was sighted on 2026-11-03 12:00 UTC: technical" in words
    )


def test_of_a_day_before_all_nothing_is_known(cli, repository, on):
    """Where neither the document nor live is known, that is the answer."""
    del repository
    told = cli("explain", "ana@example.ch", "--on", "2026-11-01", *TODAY)
    words = " ".join(told.stdout.split())
    assert (told.code, "Nothing is known of who reached what on 2026-11-01." in words) == (0, True)
    assert "no commit of 2026-11-01 or before is on this branch" in words
    data = on("2026-11-01", "ana@example.ch")
    assert (data["paths"], data["inputs"]["commit"], data["inputs"]["sighted_at"]) == ([], None, None)


def test_without_git_the_ledger_is_left(cli, example, on):
    """Outside of a repository there is what was sighted."""
    cli("drift", "-q", "--today", "2026-11-03")
    data = on("2026-11-04", "ana@example.ch")
    assert {path["mark"] for path in data["paths"]} == {"sighted"}
    assert any("lies in no Git repository" in each for each in data["not_covered"])
    assert example.exists()


def test_a_document_that_was_invalid(repository, on):
    """Of a commit whose document was invalid, or that had none, nothing is said, and why."""
    repository.change(("accessplan: 1", "accessplan: one"))
    repository.commit("Oh", at="2026-11-04T12:00:00+01:00")
    repository.change(("accessplan: one", "accessplan: 1"))
    repository.commit("Mend it", at="2026-11-06T12:00:00+01:00")
    data = on("2026-11-04", "hosting/*")
    assert (data["paths"], any("is invalid" in each for each in data["not_covered"])) == ([], True)


def test_who_left_can_be_asked_about(repository, on):
    """Somebody whom neither side has any more is known of the days that they were there."""
    repository.change(
        (
            "role: collaborator}\n  luca",
            "role: collaborator}\n  old@example.ch: {first_name: O, last_name: D, role: external}\n  luca",
        )
    )
    repository.commit("Old comes", at="2026-11-03T12:00:00+01:00")
    repository.git("revert", "--no-edit", "HEAD", at="2026-11-05T12:00:00+01:00")
    assert [path["what"] for path in on("2026-11-04", "old@example.ch")["paths"]] == []
    assert on("2026-11-04", "old@example.ch")["who"] == 'user["old@example.ch"]'


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--on", "2026-11-22"), "--on 2026-11-22 is to come: it is 2026-11-21"),
        (("--on", "yesterday"), "is no day"),
        (("hosting/*", "--why-not", "--on", "2026-11-04"), "--why-not is about today"),
    ],
)
def test_what_cannot_be_asked(cli, repository, words, message):
    """A day to come, one that is none, and why not of another day are faults of the command line."""
    del repository
    result = cli("explain", "ana@example.ch", *words, *TODAY)
    assert (result.code, message in " ".join(result.stderr.split())) == (3, True), result.stderr


def test_nobody_of_then(cli, repository):
    """Whom neither side had or has is a slip."""
    del repository
    assert input_error(cli("explain", "nobody@example.ch", "--on", "2026-11-04", *TODAY), "nobody@example.ch")
