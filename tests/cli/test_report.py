"""`accessplan report`: one file that tells who reaches what, of a real sandbox."""

import json
import re
import subprocess

import pytest
from tests.cli.given import TODAY, input_error

pytestmark = pytest.mark.usefixtures("example")

TEMPLATE = "https://forge.example/blob/{commit}/{file}#L{line}"


@pytest.fixture
def report(cli, example):
    """The data of the page, and its text."""

    def written(*arguments):
        result = cli("report", "--out", "report.html", *TODAY, *arguments)
        assert (result.code, result.stdout) == (0, ""), result
        page = (example / "report.html").read_text()
        (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)
        return json.loads(data), page

    return written


def person(data, email):
    return next(each for each in data["people"] if each["email"] == email)


def paths(data, email):
    """What somebody reaches: the thing, the rights, and whether it is there."""
    return {
        (data["things"][thing][2], data["rights"][right][0], mark)
        for thing, right, mark, _ in person(data, email)["reach"]
    }


def git(*arguments):
    subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@example.ch", *arguments], check=True)


def test_everybody_is_there(report):
    """The page has everybody who is live or wanted, what they reach by which path, and what to look at."""
    data, page = report()
    assert len(data["people"]) == 14
    assert paths(data, "gus@agency.example") == {
        ("domain/example-shop.ch", "technical", "to be revoked"),
        ("drive/Agency exchange", "use", "to be revoked"),
        ("hosting/shop.example.ch", "technical, statistic", "to be revoked"),
    }
    assert person(data, "bob@webcraft.example")["state"] == "planned"
    assert person(data, "noor@example.ch")["state"] == "invited"
    assert person(data, "luca@example.ch")["login"] == "never"
    assert person(data, "daniel@example.ch")["risks"] == ["manages every product and user"]
    assert [data["remarks"][each][1] for each in person(data, "petra@treuhand.example")["remarks"]] == [
        "owner-left", "review-overdue", "grant-without-reason",
    ]  # fmt: skip
    assert "access.yaml:55" in page
    assert "Mailboxes that the document does not name were not read." in page


def test_the_same_organization_gives_the_same_bytes(cli):
    """On one day the report of one organization is the same, on stdout as in a file."""
    first, second = (cli("report", *TODAY) for _ in range(2))
    assert first.stdout == second.stdout
    assert first.stdout.startswith("<!doctype html>")


def test_lines_link_to_the_forge(cli, example):
    """With a template each line leads to the commit, and to the file as it is called in the repository."""
    (example / "org").mkdir()
    for name in ("access.yaml", "organization.yaml"):
        (example / name).rename(example / "org" / name)
    git("init", "-q")
    git("add", "--all")
    git("commit", "-q", "-m", "All")
    page = cli("report", "org/access.yaml", "--source-url", TEMPLATE, *TODAY).stdout
    links = re.findall(r'<a class="line" href="([^"]+)"[^>]*>([^<]+)</a>', page)
    assert "org/access.yaml:61" in [line for _, line in links]
    assert {re.sub(r"/[0-9a-f]{7,}/(.*)#L", r" \1:", url) for url, _ in links} == {
        f"https://forge.example/blob {line}" for _, line in links
    }


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("javascript:alert(1)//{file}", "is no web address"),
        ("ftp://forge.example/{file}", "is no web address"),
        ("https://forge.example/{path}", "other places to fill in"),
        ("https://forge.example/{file.__class__}", "other places to fill in"),
        ("https://forge.example/{file!r}", "other places to fill in"),
        ("https://forge.example/{line:>9}", "other places to fill in"),
        ("https://forge.example/{file", "other places to fill in"),
        ("https://forge.example/", "other places to fill in"),
        (TEMPLATE, "in no Git repository"),
    ],
)
def test_templates_that_are_refused(cli, example, template, words):
    """A template that leads nowhere, or that cannot be filled in, is refused with a remedy, and nothing is written."""
    result = cli("report", "--out", "report.html", "--source-url", template, *TODAY)
    assert input_error(result, words)
    assert not (example / "report.html").exists()


def test_what_the_ledger_holds(cli, report):
    """History and coverage come from the ledger: what was seen at the end of an apply, and how it is today."""
    cli("apply", "--auto-approve", "--today", "2026-11-03")
    data, page = report()
    assert "lena@example.ch was invited" in page
    assert re.search(r'<th scope="row">2026-11-03</th><td class="number">\d+</td>', page)
    assert page.count("<polyline") == 2
    assert len(data["people"]) >= 10


def test_an_organization_that_is_filled_anew(cli, report):
    """What was seen before a sandbox was filled anew is no part of its coverage."""
    cli("apply", "--auto-approve", "--today", "2026-11-03")
    cli("sandbox", "seed", "organization.yaml", "--today", "2026-11-04")
    _, page = report()
    assert "No record yet of earlier days" in page


def test_privacy(report):
    """With --privacy nobody is named, wherever in the page, and it says so."""
    _, page = report("--privacy")
    for name in ("ana@", "Keller", "claire", "Favre", "Marc@", "Treuhand@"):
        assert name not in page
    assert "People are hidden" in page
    assert "@treuhand.example" in page


def test_a_file_that_cannot_be_written(cli):
    """Where the file cannot be written, that is said, with what to check."""
    assert input_error(cli("report", "--out", "nowhere/report.html", *TODAY), "nowhere/report.html cannot be written")


def test_it_reads_no_more_than_a_plan(cli):
    """The report costs no request that a plan does not."""
    cost = [cli(command, *TODAY).stderr.splitlines()[-1] for command in ("plan", "report")]
    assert len(set(cost)) == 1
