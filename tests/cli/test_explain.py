"""`accessplan explain`: who reaches what, by which paths, to the line and the commit that wrote it."""

import json
import re
import shlex
from pathlib import Path

import pytest
from tests.cli.given import HEAD, TODAY, input_error
from tests.cli.repository import Repository, begin
from tests.conftest import REPOSITORY

ANA, LUCA = 'user["ana@example.ch"]', 'user["luca@example.ch"]'


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Stand in a repository whose main says just what is live."""
    monkeypatch.chdir(tmp_path)
    return begin(tmp_path)


@pytest.fixture
def data(cli):
    """The explanation as data."""

    def call(*arguments):
        result = cli("explain", *arguments, "--format", "json", "-q", *TODAY)
        assert result.code == 0, result.stderr
        return json.loads(result.stdout)

    return call


@pytest.fixture
def paths(data):
    """Each path: whose it is, to what, on which side, through which entries."""

    def call(*arguments):
        return [
            (each["who"], each["what"], each["mark"], [station["address"] for station in each["through"]])
            for each in data(*arguments)["paths"]
        ]

    return call


@pytest.fixture
def reasons(data):
    """Why somebody does not reach something: codes, and the lines they point at."""

    def call(*arguments):
        return [(each["code"], each["line"]) for each in data(*arguments, "--why-not")["why_not"]]

    return call


BY_TEAM = ['team["Web"].member["ana@example.ch"]', 'team["Web"].grant["hosting/*"]']
BY_GRANT = ['user["luca@example.ch"].grant["hosting/www.example.ch"]']


# who and what


def test_somebody(paths, repository):
    """Of a person everything they reach is shown, each path to its entries."""
    del repository
    assert paths("ana@example.ch") == [(ANA, "hosting/*", "live", BY_TEAM)]


def test_somebody_and_a_thing(paths, repository):
    """Of a person and a product the paths to that product are shown, however wide they are."""
    del repository
    assert paths("Luca@Example.ch", "hosting/www.example.ch") == [(LUCA, "hosting/www.example.ch", "live", BY_GRANT)]
    assert paths("ana@example.ch", "hosting/#201") == [(ANA, "hosting/*", "live", BY_TEAM)]
    assert paths("ana@example.ch", "email_hosting/example.ch") == []


def test_a_thing(paths, repository):
    """Of a product everybody who reaches it is shown."""
    del repository
    claire = 'user["claire@example.ch"]'
    assert paths("hosting/www.example.ch") == [
        (ANA, "hosting/*", "live", BY_TEAM),
        (claire, "*", "live", [claire]),
        (LUCA, "hosting/www.example.ch", "live", BY_GRANT),
    ]
    assert paths("hosting/*") == paths("hosting/www.example.ch") == paths("hosting/www*")
    assert paths("organization") == [(claire, "organization", "live", [claire])]


def test_a_team(data, repository):
    """Of a team its grants and its members are shown; its name is found without regard to case."""
    del repository
    for name in ("Web", "WEB", 'team["Web"]'):
        web = data(name)
        assert [(each["what"], each["mark"]) for each in web["paths"]] == [("hosting/*", "live")]
        assert [(each["address"], each["line"]) for each in web["members"]] == [(BY_TEAM[0], 18)]


def test_both_sides(paths, repository):
    """Each path is live, planned, to be revoked, or live and not in the document."""
    repository.change(("members: [ana@example.ch]", "members: [luca@example.ch]"))
    joins = ['team["Web"].member["luca@example.ch"]', BY_TEAM[1]]
    assert paths("hosting/*")[0] == (ANA, "hosting/*", "to be revoked", BY_TEAM)
    assert (LUCA, "hosting/*", "planned", joins) in paths("hosting/*")
    repository.change(("    members: [luca@example.ch]\n    grants: {host", "    grants: {host"))
    assert paths("ana@example.ch") == [(ANA, "hosting/*", "not in the document", BY_TEAM)]


def test_rights_that_change(data, repository):
    """Of a path that gives more or less, what stays and what changes stand apart."""
    repository.change(("[technical, statistic]}\n  Mail", "[technical]}\n  Mail"))
    found = {each["mark"]: each["rights"] for each in data("ana@example.ch")["paths"]}
    assert found == {"live": ["technical"], "to be revoked": ["statistic"]}


def test_a_mailbox(cli, data, paths, repository):
    """A mailbox is named by its address, with `mailbox/` before it where a user is called so."""
    repository.add("mailboxes:\n  info@example.ch: {delegates: {ana@example.ch: read_write}}\n")
    through = ['mailbox["info@example.ch"].delegate["ana@example.ch"]']
    expected = [(ANA, "mailbox/info@example.ch", "planned", through)]
    assert paths("info@example.ch") == paths("mailbox/INFO@example.ch") == expected
    assert paths("ana@example.ch", "info@example.ch") == expected
    assert data("luca@example.ch")["who"] == LUCA
    assert data("mailbox/luca@example.ch")["what"] == ["mailbox/luca@example.ch"]
    assert input_error(cli("explain", "mailbox/ifno@example.ch", *TODAY), 'Did you mean "mailbox/info@example.ch"?')


def test_who_can_become_whom(data, repository):
    """Whoever opens the mailbox that another logs in with reaches what they reach, which is shown on both ends."""
    repository.add("mailboxes:\n  luca@example.ch: {delegates: {ana@example.ch: read_write}}\n")
    for arguments in (("ana@example.ch",), ("email_hosting/example.ch",)):
        (takeover,) = data(*arguments)["takeovers"]
        assert (takeover["who"], takeover["becomes"], takeover["mark"]) == (ANA, LUCA, "planned")
        assert takeover["through"][0]["line"] == 25
    assert data("luca@example.ch")["takeovers"] == []


# lines and commits


def test_lines_and_commits(data, repository):
    """Each entry stands with its line, and with the commit that wrote the line."""
    repository.change(("members: [ana@example.ch]", "members:\n      - ana@example.ch\n      - luca@example.ch"))
    repository.commit("Let Luca in", at="2026-11-20T09:00:00+01:00", author="Ana Keller")
    repository.change(("- luca@example.ch", "- luca@example.ch # soon"))
    ana, luca = (each for each in data("hosting/*")["paths"] if each["through"][-1]["address"] == BY_TEAM[1])
    member, rights = ana["through"]
    assert (member["file"], member["line"]) == ("access.yaml", 19)
    assert member["commit"]["subject"] == "Let Luca in"
    assert member["commit"]["hash"] == repository.git("rev-parse", "--short=7", "HEAD")
    first = {"date": "2026-11-02", "author": "Claire Favre", "subject": "Describe everybody"}
    assert {name: rights["commit"][name] for name in first} == first
    assert luca["through"][0]["commit"] is None


def test_outside_of_a_repository(cli, data, example):
    """Without Git there are lines and no commits."""
    del example
    stations = [station for path in data("ana@example.ch")["paths"] for station in path["through"]]
    assert {station["commit"] for station in stations} == {None}
    assert all(station["line"] for station in stations)
    told = cli("explain", "ana@example.ch", "-q", "--out", "ana.txt", *TODAY).stdout
    assert ("COMMITS" in told, Path("ana.txt").read_text()) == (False, told)


def test_the_text(command, repository):
    """The text groups by what is reached, and names each commit once."""
    head = repository.git("rev-parse", "--short=7", "HEAD")
    result = command("explain", "ana@example.ch", "hosting/www.example.ch", "-q", *TODAY)
    assert result.code == 0
    assert (
        result.stdout
        == f"""\
Example SA (4242) on 2026-11-21
want access.yaml at {head}
have sandbox:organization.yaml

ana@example.ch (Ana Keller, collaborator) has 1 path (1 live) to
hosting/www.example.ch.

hosting/*
  = live: technical, statistic
    team["Web"].member["ana@example.ch"]  access.yaml:18 · {head}
    team["Web"].grant["hosting/*"]  access.yaml:19 · {head}

COMMITS (1)
  {head} 2026-11-02 Claire Favre: Describe everybody

NOT LOOKED AT (1)
  ? The live system does not show the rights of teams on single products.
"""
    )


# why not


def test_why_not_without_a_grant(data, reasons, repository):
    """Who has no grant is told so, with the teams that would give it."""
    del repository
    assert reasons("luca@example.ch", "hosting/*") == [("no-grant", 13), ("team-would-give", 19)]
    (_, team) = data("luca@example.ch", "hosting/*", "--why-not")["why_not"]
    assert team["message"] == 'the team "Web" would give technical, statistic; "luca@example.ch" is no member'


def test_why_not_on_this_day(reasons, repository):
    """A grant that begins later or has ended is named with its line, of a team as well."""
    repository.change(("www.example.ch: technical", "www.example.ch: {manage: technical, until: 2026-11-10}"))
    repository.change(("email_hosting/*: [technical, statistic]", "email_hosting/*: {manage: max, since: 2027-01-01}"))
    assert reasons("luca@example.ch", "hosting/www.example.ch")[:3] == [
        ("reached", None),
        ("no-grant", 13),
        ("not-in-this-period", 14),
    ]
    assert ("not-in-this-period", 23) in reasons("luca@example.ch", "email_hosting/*")


def test_why_not_before_the_first_day(reasons, repository):
    """Somebody whose first day is ahead reaches nothing yet."""
    tom = "  tom@example.ch: {first_name: Tom, last_name: Weber, role: collaborator, since: 2027-01-04}\n"
    repository.change(("  luca@example.ch:\n", f"{tom}  luca@example.ch:\n"))
    assert reasons("tom@example.ch", "hosting/*")[0] == ("not-in-this-period", 9)


def test_why_not_of_nobody(reasons, data, repository):
    """Somebody who is neither in the document nor live is named so, with the nearest who is."""
    del repository
    assert reasons("anna@example.ch", "hosting/*")[0] == ("not-in-the-document", None)
    first = data("anna@example.ch", "hosting/*", "--why-not")["why_not"][0]
    assert (first["message"], first["hint"]) == (
        '"anna@example.ch" is no user, and not in the document',
        'did you mean "ana@example.ch"?',
    )


def test_why_not_a_mailbox(reasons, repository):
    """Who does not open a mailbox is told whether the document names it, names them, and for which days."""
    assert reasons("ana@example.ch", "info@example.ch") == [("mailbox-not-named", None)]
    repository.add(
        "mailboxes:\n  info@example.ch: {delegates: {luca@example.ch: {access: read_write, until: 2026-01-01}}}\n"
    )
    assert reasons("ana@example.ch", "info@example.ch") == [("no-delegate", 25)]
    assert reasons("luca@example.ch", "info@example.ch") == [("not-in-this-period", 25)]


def test_why_not_the_organization(data, repository):
    """The organization takes a role, and the one they have is named with its line."""
    del repository
    (reason,) = data("ana@example.ch", "organization", "--why-not")["why_not"]
    assert reason["message"] == "it takes an administrator or legal representative: the role is collaborator"
    assert reason["line"] == 8


def test_why_not_though_they_do(data, reasons, repository):
    """Who reaches a thing is told so, and who will reach it that the next apply gives it."""
    assert reasons("ana@example.ch", "hosting/*") == [("reached", None)]
    repository.change(("members: [ana@example.ch]", "members: [ana@example.ch, luca@example.ch]"))
    message = data("luca@example.ch", "hosting/*", "--why-not")["why_not"][0]["message"]
    assert message == "hosting/*: the next apply gives it"


def test_why_not_of_a_partner_and_a_role(cli, data, example):
    """A partner and a role are looked at too: what the partner was granted, and which role would give it."""
    del example
    (grant, *_) = data("WebAgency", "hosting/www.example.ch", "--why-not")["why_not"]
    assert grant["message"] == "no grant gives hosting/www.example.ch today"
    found = data("noor@example.ch", "hosting/www.example.ch", "--why-not")["why_not"]
    assert 'the role "lead-editor" would give statistic' in {each["message"] for each in found}
    text = cli("explain", "noor@example.ch", "hosting/www.example.ch", "--why-not", "-q", *TODAY).stdout
    assert "WHY NOT" in text


def test_why_not_while_an_invitation_waits(data, example):
    """Somebody who is invited and has not accepted reaches nothing yet, and is told so."""
    del example
    found = data("noor@example.ch", "hosting/www.example.ch", "--why-not")["why_not"]
    assert "not-accepted-yet" in {each["code"] for each in found}


# what cannot be found


@pytest.mark.parametrize(
    ("arguments", "message", "remedy"),
    [
        (["anna@example.ch"], "is no user, team, partner, product or mailbox here", '"ana@example.ch"'),
        (["Wep"], "is no user, team, partner, product or mailbox here", '"Web"'),
        (["hosting/ww.example.ch"], "is no product or mailbox here", '"hosting/www.example.ch"'),
        (["hostings/*"], "is no product or mailbox here", '"hosting/*"'),
        (["anna@example.ch", "hosting/*"], "is no user, team or partner here", '"ana@example.ch"'),
        (["ana@example.ch", "www.example.ch"], "is no product or mailbox here", "hosting/www.example.ch"),
        (["ana@example.ch", "hosting/x", "--why-not"], "is no product or mailbox here", "hosting/"),
        (['team["Web"'], "is no address", 'team["Web"]'),
        (['team["Wep"]'], "is no user, team, partner", ""),
        (["ana@example.ch", "--why-not"], "--why-not needs WHO and WHAT", "--why-not"),
    ],
)
def test_unknown(cli, repository, arguments, message, remedy):
    """What names nobody and nothing is a fault of the command line, with the nearest name."""
    del repository
    assert input_error(cli("explain", *arguments, *TODAY), message, remedy)


def test_ambiguous(cli, data, repository):
    """A team and a partner of one name are told apart by their addresses."""
    repository.add("partners:\n  Web: {access: limited}\n")
    assert input_error(cli("explain", "Web", *TODAY), 'team["Web"]', 'partner["Web"]', "Write the address")
    assert [data(who)["who"] for who in ('team["Web"]', 'partner["Web"]')] == ['team["Web"]', 'partner["Web"]']


def test_another_document(data, repository):
    """--document names the document; the default is the usual one."""
    (repository.folder / "other.yaml").write_text(f"{HEAD}teams: {{}}\n")
    marks = {each["mark"] for each in data("ana@example.ch", "--document", "other.yaml")["paths"]}
    assert marks == {"not in the document"}


def test_nothing_is_changed(cli, repository):
    """An explanation changes nothing, neither live nor in the folder."""
    cli("plan", *TODAY)
    before = cli("sandbox", "show", *TODAY).stdout
    assert cli("explain", "ana@example.ch", *TODAY).code == 0
    assert cli("sandbox", "show", *TODAY).stdout == before
    assert repository.git("status", "--porcelain") == ""


def test_the_page_shows_what_is_printed(cli, example):
    """Each command on the page prints, on that day, what stands below it; `…` stands for the rest."""
    repository = Repository(example)
    repository.git("init", "-q", "-b", "main")
    repository.commit()
    repository.git("switch", "-q", "-c", "noor-to-web")
    repository.change(("    teams: [Support]\n\n", "    teams: [Web]\n\n"))
    repository.commit("Noor moves to Web", at="2026-11-20T09:00:00+01:00", author="Ana Keller")
    page = (REPOSITORY / "docs" / "explain.md").read_text()
    shown = re.findall(r"^```console\n\$ accessplan (.*?)\n```\n\n```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(shown) == 3
    for line, expected in shown:
        printed = without_hashes(cli(*shlex.split(line), "-q", *TODAY).stdout)
        for part in filter(None, without_hashes(expected).split("…\n")):
            assert part in printed, line
            printed = printed.partition(part)[2]


def without_hashes(text):
    return re.sub(r"\b[0-9a-f]{7}\b", "1234567", text)
