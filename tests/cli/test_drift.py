"""`accessplan drift`: what changed live although nobody asked for it, in a real sandbox, from day to day."""

import csv
import io
import json
import shlex
from xml.etree import ElementTree as ET

import pytest
from tests.cli.given import HEAD, input_error
from tests.cli.repository import MAILBOXES, begin

TODAY, TOMORROW, LATER = (("--today", f"2026-11-{day}") for day in (21, 22, 25))
LUCA_IN_WEB = 'team["Web"].member["luca@example.ch"]'
LUCAS_HOSTING = 'user["luca@example.ch"].grant["hosting/www.example.ch"]'
ANA_OPENS_INFO = 'mailbox["info@example.ch"].delegate["ana@example.ch"]'
LUCA = "luca@example.ch: {first_name: Luca, last_name: Roth, role: collaborator"
"""Of a document of somebody else."""


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Stand in a repository whose document says just what is live, and mailboxes too."""
    monkeypatch.chdir(tmp_path)
    repository = begin(tmp_path)
    repository.add(MAILBOXES)
    repository.change(("grants: enforce}", "grants: enforce, mailboxes: enforce}"))
    return repository


@pytest.fixture
def applied(cli, repository):
    """An apply that found nothing to do: from then on drift can be told."""
    assert cli("apply", *TODAY).code == 0
    return repository


@pytest.fixture
def meanwhile(cli, tmp_path):
    """Change the live organization behind the back of the document: with a ledger of one's own, and by hand."""

    def change(body, *consents, day=TODAY):
        lines = (f"  - {{change: '{each}', until: 2026-12-31, reason: x}}\n" for each in consents)
        (tmp_path / "theirs.yaml").write_text(f"{HEAD}{body}{'acknowledge:' if consents else ''}\n{''.join(lines)}")
        cli("plan", "theirs.yaml", "--out", "theirs.json", "--ledger", "theirs.db", *day)
        assert cli("apply", "theirs.yaml", "--auto-approve", "--ledger", "theirs.db", *day).code in (0, 6)
        cli("sandbox", "perform", "theirs.json", *day)
        assert cli("plan", "theirs.yaml", "--detailed-exitcode", "--ledger", "theirs.db", *day).code == 0

    return change


@pytest.fixture
def drift(cli):
    """What drifted, as data."""

    def call(*arguments):
        result = cli("drift", "--format", "json", "-q", *arguments)
        data = json.loads(result.stdout)
        assert result.code == data["exit"]["code"], result
        return data

    return call


def found(data, of="drift"):
    return {each["address"]: each["kind"] for each in data[of]}


def pending(data):
    return {each["address"]: each["why"] for each in data["pending"]}


# without an apply on record


@pytest.mark.usefixtures("repository")
def test_live_as_the_document_says_without_an_apply(cli):
    """Before the first apply live may be just as the document says: nothing differs, and no more can be told."""
    result = cli("drift", *TODAY)
    assert result.code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Example SA (4242) on 2026-11-21"
    assert " ".join(lines[4:6]).startswith("Nothing differs; no apply is on record. 10 of 10 live")


def test_what_differs_without_an_apply(cli, drift, repository):
    """Before the first apply whatever differs is told, as nobody can tell who moved, and the exit code is 2."""
    repository.change(("members: [ana@example.ch]", "members: [ana@example.ch, luca@example.ch]"))
    assert found(drift(*TODAY)) == {LUCA_IN_WEB: "differs"}
    assert "1 entry differs; no apply is on record, so nobody can tell who moved." in cli("drift", *TODAY).stdout
    assert "live: nothing" in cli("drift", *TODAY).stdout


def test_removals_that_are_held_back_differ_without_an_apply(drift, repository, meanwhile):
    """Before the first apply what an additive mode leaves alone is told as well."""
    repository.change(("teams: enforce", "teams: additive"))
    meanwhile("teams: {Web: {members: [ana@example.ch, luca@example.ch]}}\n")
    assert found(drift(*TODAY)) == {LUCA_IN_WEB: "differs"}


# what moved


@pytest.mark.usefixtures("applied")
def test_from_one_day_to_the_next(cli, drift, meanwhile):
    """What somebody changed is told with what the document wants, since when, and what to do; apply takes it back."""
    assert cli("drift", *TODAY).code == 0
    meanwhile("teams: {Web: {members: [ana@example.ch, luca@example.ch]}}\n")
    data = drift(*TODAY)
    (one,) = data["drift"]
    assert (one["address"], one["kind"], one["moved"], one["revert"]) == (LUCA_IN_WEB, "changed", "grant", "revoke")
    assert (one["first_seen"], one["age_days"], one["was"], one["live"]) == ("2026-11-21", 0, None, {})
    assert one["place"]["file"] == "access.yaml"
    assert (data["exit"]["code"], data["recorded"], data["summary"]["by_kind"]) == (2, True, {"changed": 1})
    next_day = drift(*TOMORROW)["drift"][0]
    assert (next_day["first_seen"], next_day["age_days"]) == ("2026-11-21", 1)
    text = cli("drift", *TOMORROW)
    assert (text.code, "first seen 2026-11-21, 1 day ago" in text.stdout) == (2, True)
    assert "1 entry drifted: 1 changed." in text.stdout
    assert "the document wants: nothing; apply revokes it" in " ".join(text.stdout.split())
    assert cli("apply", "--auto-approve", *TOMORROW).code == 0
    assert found(drift(*TOMORROW)) == {}


@pytest.mark.usefixtures("applied")
def test_less_than_the_document_wants(drift, meanwhile):
    """What is gone, and rights that are fewer or others than the document wants, are drift."""
    meanwhile(
        'removed: [{entry: \'team["Web"].member["ana@example.ch"]\', reason: x}]\n'
        f"users:\n  {LUCA}, grants: {{hosting/www.example.ch: statistic}}}}\n",
        'revoke team["Web"].member["ana@example.ch"]',
    )
    data = {each["address"]: each for each in drift(*TODAY)["drift"]}
    assert data.keys() == {'team["Web"].member["ana@example.ch"]', LUCAS_HOSTING}
    assert data['team["Web"].member["ana@example.ch"]']["live"] is None
    assert (data[LUCAS_HOSTING]["live"], data[LUCAS_HOSTING]["by_hand"]) == ({"manage": ["statistic"]}, True)
    assert data[LUCAS_HOSTING]["wanted"] == {"manage": ["technical"]}


def test_what_nobody_named(cli, drift, repository, meanwhile):
    """What appears beside the document is drift until an apply after it was told; what was there before is counted."""
    repository.change(("users: enforce", "users: additive"), ("teams: enforce", "teams: additive"))
    meanwhile("teams: {Old: {leader: claire@example.ch}}\n")
    assert cli("apply", *TODAY).code == 0
    before = drift(*TODAY)
    assert (found(before), before["summary"]["unmanaged_as_before"]) == ({}, 1)
    meanwhile("teams: {New: {leader: claire@example.ch, members: [luca@example.ch]}}\n")
    (one,) = drift(*TODAY, "--no-record")["drift"]
    assert (one["address"], one["kind"]) == ('team["New"]', "unmanaged")
    assert [each["address"] for each in one["along"]] == ['team["New"].member["luca@example.ch"]']
    assert "revert" not in one["remedies"]
    assert cli("apply", *TODAY).code == 0, "an apply does not have it pass unseen"
    assert found(drift(*TOMORROW)) == {'team["New"]': "unmanaged"}
    assert cli("apply", *TOMORROW).code == 0
    after = drift(*LATER)
    assert (found(after), after["summary"]["unmanaged_as_before"]) == ({}, 3)


@pytest.mark.usefixtures("applied")
def test_only_config_reverts_nothing(cli, drift, repository, meanwhile):
    """An apply that holds drift back does not make it pass."""
    meanwhile("teams: {Web: {members: [ana@example.ch, luca@example.ch]}}\n")
    assert found(drift(*TODAY)) == {LUCA_IN_WEB: "changed"}
    repository.commit("Mailboxes")
    repository.change(
        ("email_hosting/*: [technical, statistic]", "email_hosting/*: [technical, statistic], domain/*: technical")
    )
    assert cli("apply", "--base", "main", "--only", "config", "--auto-approve", *TODAY).code in (0, 6)
    assert found(drift(*TODAY)) == {LUCA_IN_WEB: "changed"}


# what is no drift


@pytest.mark.usefixtures("applied")
def test_what_the_document_asks_for_is_no_drift(cli, drift, repository):
    """A change of the document is pending until it is applied and done by hand; then it is explained."""
    repository.change(("www.example.ch: technical", "www.example.ch: [technical, statistic]"))
    assert pending(drift(*TODAY)) == {LUCAS_HOSTING: "not applied yet"}
    cli("plan", "--out", "plan.json", *TODAY)
    assert cli("apply", *TODAY).code == 6
    assert drift(*TOMORROW)["pending"] == [
        {"address": LUCAS_HOSTING, "effect": "strengthen", "why": "left to do", "since": "2026-11-21T12:00:00+00:00",
         "reason": None}
    ]  # fmt: skip
    listed = cli("drift", "-v", *TOMORROW)
    assert (listed.code, "left to do since 2026-11-21" in listed.stdout) == (0, True)
    assert cli("sandbox", "perform", "plan.json", *TOMORROW).code == 0
    done = drift(*TOMORROW)
    assert (done["summary"]["explained"], done["pending"], done["exit"]["code"]) == (1, [], 0)


@pytest.mark.usefixtures("applied")
def test_what_was_done_and_undone_is_drift(cli, drift, repository, meanwhile):
    """Once a step by hand was seen to be done, taking it back is drift, and no step that is left to do."""
    repository.change(("www.example.ch: technical", "www.example.ch: [technical, statistic]"))
    cli("plan", "--out", "plan.json", *TODAY)
    cli("apply", *TODAY)
    cli("sandbox", "perform", "plan.json", *TODAY)
    assert drift(*TODAY)["exit"]["code"] == 0
    meanwhile(f"users:\n  {LUCA}, grants: {{hosting/www.example.ch: technical}}}}\n")
    assert found(drift(*TOMORROW)) == {LUCAS_HOSTING: "changed"}


@pytest.mark.usefixtures("applied")
def test_invitations(cli, drift, repository):
    """That an invitation is pending, accepted or turned down is no drift; what waits for a decision is said to."""
    more = "".join(
        f"  {name}@example.ch: {{first_name: {name}, last_name: S, role: collaborator, teams: [Web]}}\n"
        for name in ("yara", "noor")
    )
    repository.change(("teams:\n  Web:", f"{more}teams:\n  Web:"))
    assert cli("apply", "--auto-approve", *TODAY).code == 0
    assert drift(*TODAY)["exit"]["code"] == 0
    cli("sandbox", "accept", "yara@example.ch", *TODAY)
    cli("sandbox", "reject", "noor@example.ch", *TODAY)
    data = drift(*TOMORROW)
    assert (found(data), pending(data)) == ({}, {'user["noor@example.ch"]': "waits for a decision"})
    assert "they rejected the invitation" in data["pending"][0]["reason"]


@pytest.mark.usefixtures("applied")
def test_somebody_who_is_taken_out_is_drift(drift, meanwhile):
    """Who was in and is gone is told with all that went along, as one entry."""
    meanwhile(
        "removed: [{entry: 'user[\"luca@example.ch\"]', reason: x}]\nteams: {Mail: {leader: claire@example.ch}}\n",
        'revoke user["luca@example.ch"]',
        'revoke team["Mail"].member["luca@example.ch"]',
    )
    data = {each["address"]: each for each in drift(*TODAY)["drift"]}
    luca = data['user["luca@example.ch"]']
    assert (luca["moved"], luca["revert"]) == ("revoke", "invite")
    assert LUCAS_HOSTING in {each["address"] for each in luca["along"]}
    assert not [address for address in data if address.startswith('user["luca@example.ch"].')]


@pytest.mark.usefixtures("applied")
def test_a_day_that_passes(drift, repository, cli):
    """What ends by its date is pending for that reason."""
    repository.change(("www.example.ch: technical", "www.example.ch: {manage: technical, until: 2026-11-21}"))
    assert cli("apply", *TODAY).code == 0
    assert pending(drift(*TODAY)) == {}
    assert pending(drift(*TOMORROW)) == {LUCAS_HOSTING: "a date passed"}


@pytest.mark.usefixtures("applied")
def test_what_is_adopted_is_no_drift(drift, repository, meanwhile):
    """Once the document names what appeared, it is explained; when it goes again, that is drift."""
    meanwhile("teams: {Web: {members: [ana@example.ch, luca@example.ch]}}\n")
    assert drift(*TODAY)["exit"]["code"] == 2
    repository.change(("members: [ana@example.ch]", "members: [ana@example.ch, luca@example.ch]"))
    assert (drift(*TODAY)["exit"]["code"], found(drift(*TODAY))) == (0, {})
    meanwhile(f"removed: [{{entry: '{LUCA_IN_WEB}', reason: x}}]\n", f"revoke {LUCA_IN_WEB}")
    assert found(drift(*TOMORROW)) == {LUCA_IN_WEB: "changed"}


# what was not read


def test_a_mailbox_that_was_not_read_before(cli, drift, repository):
    """Who opens a mailbox that the document names for the first time did not appear since the last apply."""
    text = (repository.folder / "access.yaml").read_text()
    live = repository.folder / "organization.yaml"
    live.write_text(
        live.read_text().replace("{name: info, accesses: []}", "{name: info, accesses: [{user: ana@example.ch}]}")
    )
    (repository.folder / "access.yaml").write_text(text.replace(MAILBOXES, ""))
    assert cli("apply", *TODAY).code == 0
    (repository.folder / "access.yaml").write_text(text)
    data = drift(*TODAY)
    assert (found(data), pending(data)) == ({}, {ANA_OPENS_INFO: "not applied yet"})


def test_another_document(cli, drift, repository, meanwhile):
    """A run for another document does not forget what it does not read, and judges by what it names itself."""
    (repository.folder / "web.yaml").write_text(f"{HEAD}teams: {{Web: {{leader: ana@example.ch}}}}\n")
    meanwhile("mailboxes: {info@example.ch: {delegates: {ana@example.ch: {access: [can_manage_filters]}}}}\n")
    repository.change(("delegates: {}", "delegates: {ana@example.ch: {access: [can_manage_filters]}}"))
    assert cli("apply", *TODAY).code == 0
    assert drift("web.yaml", *TODAY)["exit"]["code"] == 0
    assert drift(*TODAY)["summary"]["live"] == drift(*TOMORROW)["summary"]["live"]
    gone = json.loads(cli("history", "--kind", "sighted", "--format", "json").stdout)["rows"]
    assert [row for row in gone if "gone" in row["body"]] == []
    meanwhile(f"removed: [{{entry: '{ANA_OPENS_INFO}', reason: x}}]\n", f"revoke {ANA_OPENS_INFO}")
    assert drift("web.yaml", *TOMORROW)["exit"]["code"] == 0
    assert found(drift(*TOMORROW)) == {ANA_OPENS_INFO: "changed"}


@pytest.mark.usefixtures("applied")
def test_a_snapshot_is_not_recorded(cli, drift, meanwhile):
    """From a snapshot, and with --no-record, drift is told and nothing is written."""
    meanwhile("teams: {Web: {members: [ana@example.ch, luca@example.ch]}}\n")
    cli("snapshot", *TODAY)

    def rows():
        return len(json.loads(cli("history", "--format", "json").stdout)["rows"])

    before = rows()
    for options in (("--live", "snapshot.json"), ("--no-record",)):
        data = drift(*options, *TODAY)
        assert (found(data), data["recorded"]) == ({LUCA_IN_WEB: "changed"}, False)
    assert rows() == before
    assert drift("--no-record", *TOMORROW)["drift"][0]["age_days"] == 0


@pytest.mark.usefixtures("applied")
def test_a_sandbox_that_is_filled_anew(cli, drift, meanwhile):
    """What was known of a sandbox ends when it is filled anew."""
    meanwhile("teams: {Web: {members: [ana@example.ch, luca@example.ch]}}\n")
    assert drift(*TODAY)["exit"]["code"] == 2
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    data = drift(*TODAY)
    assert (data["exit"]["code"], data["inputs"]["applied_at"]) == (0, None)


# snoozing


@pytest.fixture
def snooze(cli):
    """Leave something as it is to the end of a day."""

    def call(address, until, *day, reason="they cover for Ana", by="Claire"):
        return cli("drift", "snooze", address, "--until", until, "--reason", reason, "--by", by, *day)

    return call


@pytest.mark.usefixtures("applied")
def test_snooze(cli, drift, snooze, meanwhile):
    """What somebody leaves as it is counts as known to the end of that day, and no longer once it moves further."""
    meanwhile(f"users:\n  {LUCA}, grants: {{hosting/www.example.ch: [technical, statistic]}}}}\n")
    assert drift(*TODAY)["exit"]["code"] == 2
    assert snooze(LUCAS_HOSTING, "2026-11-22", *TODAY).stdout == f"{LUCAS_HOSTING}: left as it is until 2026-11-22.\n"
    data = drift(*TOMORROW)
    assert (data["exit"]["code"], found(data, "snoozed")) == (0, {LUCAS_HOSTING: "changed"})
    (one,) = data["snoozed"]
    assert (one["until"], one["reason"], one["by"], one["age_days"]) == (
        "2026-11-22",
        "they cover for Ana",
        "Claire",
        1,
    )
    text = cli("drift", *TOMORROW).stdout
    assert "1 snoozed" in text
    assert "until 2026-11-22, says Claire: they cover for Ana" in text
    assert found(drift(*LATER)) == {LUCAS_HOSTING: "changed"}
    assert snooze(LUCAS_HOSTING, "2026-12-31", *LATER).code == 0
    assert drift(*LATER)["exit"]["code"] == 0
    meanwhile(f"users:\n  {LUCA}, grants: {{hosting/www.example.ch: statistic}}}}\n", day=LATER)
    assert found(drift(*LATER)) == {LUCAS_HOSTING: "changed"}


@pytest.mark.usefixtures("applied")
def test_what_cannot_be_snoozed(snooze, meanwhile, cli):
    """Only what drifted can be left as it is, to a day within a year, by somebody, for a reason."""
    assert input_error(snooze(LUCA_IN_WEB, "2026-11-30", *TODAY), "has not drifted", "Nothing has.")
    meanwhile("teams: {Web: {members: [ana@example.ch, luca@example.ch]}}\n")
    assert input_error(snooze('team["Web"]', "2026-11-30", *TODAY), "has not drifted", "There are:", LUCA_IN_WEB)
    assert input_error(snooze(LUCA_IN_WEB, "2026-11-20", *TODAY), "2026-11-20 has passed")
    assert input_error(snooze(LUCA_IN_WEB, "2027-11-22", *TODAY), "more than 365 days away")
    assert input_error(snooze(LUCA_IN_WEB, "2026-11-30", *TODAY, reason=" "), "--reason says nothing")
    assert input_error(snooze(LUCA_IN_WEB, "2026-11-30", *TODAY, by=""), "--by says nothing")
    assert snooze(LUCA_IN_WEB, "2027-11-21", *TODAY).code == 0
    rows = cli("history", "--what", LUCA_IN_WEB, "--kind", "snoozed").stdout
    assert "Claire leaves" in rows


# forms


@pytest.mark.usefixtures("applied")
def test_every_format(cli, meanwhile, tmp_path):
    """Each form tells the same drift, on stdout as in a file whose suffix chooses it."""
    meanwhile("teams: {Web: {members: [ana@example.ch, luca@example.ch]}}\n")
    names = ("d.txt", "d.json", "d.md", "d.sarif", "d.github.txt", "d.gitlab.json", "d.xml", "d.csv")
    result = cli("drift", *TODAY, *(part for name in names for part in ("--out", name)))
    assert result.code == 2
    written = {name: (tmp_path / name).read_text() for name in names}
    assert written["d.txt"] == result.stdout
    assert json.loads(written["d.json"])["format_version"] == "1.0"
    (row,) = csv.DictReader(io.StringIO(written["d.csv"]))
    assert (row["address"], row["first_seen"]) == (LUCA_IN_WEB, "2026-11-21")
    sarif = json.loads(written["d.sarif"])["runs"][0]
    assert sarif["automationDetails"]["id"] == "accessplan/drift/"
    assert [each["ruleId"] for each in sarif["results"]] == ["drift-changed"]
    assert written["d.github.txt"].startswith("::error file=access.yaml,line=")
    assert len(json.loads(written["d.gitlab.json"])) == 1
    assert ET.fromstring(written["d.xml"]).attrib["failures"] == "1"  # noqa: S314 - our own
    assert written["d.md"].startswith("<!-- accessplan drift 4242 -->\n## Drift in Example SA\n")
    assert input_error(cli("drift", "--out", "d.pdf", *TODAY), "no format is known for d.pdf")


@pytest.mark.usefixtures("applied")
def test_the_remedies_are_commands(drift, meanwhile, cli):
    """What a remedy says can be pasted: each names a command, and the address as one word."""
    meanwhile("teams: {Web: {members: [ana@example.ch, luca@example.ch]}}\n")
    remedies = drift(*TODAY)["drift"][0]["remedies"]
    assert remedies["revert"] == "accessplan apply"
    words = shlex.split(remedies["snooze"])
    assert words[:4] == ["accessplan", "drift", "snooze", LUCA_IN_WEB]
    filled_in = [{"DATE": "2026-11-30", "TEXT": "x", "WHO": "Claire"}.get(each, each) for each in words[1:]]
    assert cli(*filled_in, *TODAY).code == 0


def test_by_the_installed_command(command, tmp_path):
    """As people run it every night: nothing, drift with exit 2, and after a snooze nothing again."""
    begin(tmp_path)
    assert command("apply", *TODAY).code == 0
    night = command("drift", *TODAY)
    assert (night.code, "No drift. 10 of 10 live entries managed (100 %)." in night.stdout) == (0, True)
    assert "requests to sandbox:organization.yaml" in night.stderr
    (tmp_path / "theirs.yaml").write_text(f"{HEAD}teams: {{Web: {{members: [ana@example.ch, luca@example.ch]}}}}\n")
    assert command("apply", "theirs.yaml", "--auto-approve", "--ledger", "theirs.db", *TOMORROW).code == 0
    night = command("drift", "access.yaml", *TOMORROW)
    assert (night.code, LUCA_IN_WEB in night.stdout) == (2, True)
    word = ("--until", "2026-12-01", "--reason", "covers for Ana", "--by", "Claire")
    assert command("drift", "snooze", LUCA_IN_WEB, *word, *TOMORROW).code == 0
    assert command("drift", *TOMORROW).code == 0


# causes in the plan


@pytest.fixture
def causes(cli):
    """What brings each change of the plan about, and whether it comes with the change under review."""

    def call(*arguments):
        data = json.loads(cli("plan", "--format", "json", "-q", *TODAY, *arguments).stdout)
        return {each["address"]: (each["cause"]["kind"], each["cause"]["is_new"]) for each in data["resource_changes"]}

    return call


@pytest.mark.usefixtures("applied")
def test_the_plan_knows_drift_without_a_base(causes, repository, meanwhile, cli):
    """What moved since the last apply is drift in the plan as well; what the document says since then is not."""
    meanwhile("teams: {Web: {members: [ana@example.ch, luca@example.ch]}}\n")
    repository.change(("www.example.ch: technical", "www.example.ch: [technical, statistic]"))
    assert causes() == {LUCA_IN_WEB: ("drift", None), LUCAS_HOSTING: ("config", None)}
    assert "drift" in cli("plan", *TODAY).stdout


@pytest.mark.usefixtures("applied")
def test_with_a_base_what_was_merged_is_no_drift(causes, cli, repository, meanwhile):
    """With a base, what main asks for and is not carried out is told apart from what moved."""
    repository.change(("www.example.ch: technical", "www.example.ch: [technical, statistic]"))
    repository.commit("Let Luca see the statistics")
    meanwhile("teams: {Web: {members: [ana@example.ch, luca@example.ch]}}\n")
    assert causes("--base", "main") == {LUCA_IN_WEB: ("drift", False), LUCAS_HOSTING: ("config", False)}
    text = cli("plan", "--base", "main", *TODAY).stdout
    assert "NOT FROM THIS CHANGE (2: 1 drift, 1 merged before)" in text
    assert "merged before, not carried out yet" in text


@pytest.mark.usefixtures("applied")
def test_an_address_in_another_spelling(snooze, meanwhile):
    """What drifted is found in any spelling of its address that documents take."""
    meanwhile("teams: {Web: {members: [ana@example.ch, luca@example.ch]}}\n")
    assert snooze(LUCA_IN_WEB.replace("luca@", "Luca@"), "2026-11-30", *TODAY).code == 0
