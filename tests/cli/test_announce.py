"""Announce, wait, revoke only what was announced: the stories, by the command line, on a real sandbox."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from tests.cli.given import TODAY, input_error, is_clean
from tests.cli.repository import Repository
from tests.conftest import REPOSITORY

from accessplan.ledger import Holder, hold

CLAIRE, ANA, INFO = "claire@example.ch", "ana@example.ch", "info@example.ch"
INBOX = f'mailbox["{INFO}"].delegate["{ANA}"]'
SITE = f'user["{ANA}"].grant["hosting/www"]'
SEAT = f'user["{ANA}"].use["drive/Team Drive"]'
LUCA = 'user["luca@example.ch"]'
DAY = datetime(2026, 11, 21, tzinfo=UTC).date()
LONG_AGO, AT_WORK = "2026-07-01", "2027-10-01"
"""The last use of what nobody needs, and of what somebody uses all through these stories."""

ORGANIZATION = {
    "organization": {"id": 4242, "name": "Example SA"},
    "token_user": CLAIRE,
    "products": [
        {"id": 201, "service": "hosting", "name": "www"},
        {"id": 301, "service": "email_hosting", "name": "example.ch"},
        {"id": 401, "service": "drive", "name": "Team Drive"},
    ],
    "users": [
        {"email": CLAIRE, "first_name": "Claire", "last_name": "Favre", "role": "owner", "last_login": AT_WORK},
        {"email": ANA, "first_name": "Ana", "last_name": "Keller", "role": "normal", "last_login": AT_WORK,
         "grants": [{"product": 201, "rights": ["technical"]}]},
        {"email": "luca@example.ch", "first_name": "Luca", "last_name": "Roth", "role": "normal",
         "last_login": LONG_AGO},
    ],
    "teams": [{"name": "Web", "services": ["hosting"], "members": [CLAIRE, ANA]}],
    "mail_hostings": [{"id": 301, "domain": "example.ch", "mailboxes": [{"name": "info", "accesses": [
        {"user": CLAIRE, "last_used": AT_WORK}, {"user": ANA, "last_used": LONG_AGO},
    ]}]}],
    "drives": [{"product": 401, "users": [
        {"email": CLAIRE, "role": "admin", "last_connection": AT_WORK},
        {"email": ANA, "role": "user", "last_connection": LONG_AGO},
    ]}],
}  # fmt: skip
"""Nobody opens info@ for Ana, and the team Web gives her the hosting anyway; her place in the kDrive is only unused."""


def document():
    """Return the document, which says just what is live; whoever answered for Ana's delegation has left."""
    return {
        "accessplan": 1,
        "organization": {"id": 4242, "live": "sandbox:organization.yaml"},
        "policy": {"rails": {"legal_representatives": {"required": [CLAIRE]}}},
        "users": {
            CLAIRE: {"first_name": "Claire", "last_name": "Favre", "role": "legal_representative"},
            ANA: {
                "first_name": "Ana", "last_name": "Keller", "role": "collaborator", "reason": "Works here",
                "grants": {"hosting/www": {"manage": "technical"}, "drive/Team Drive": {"use": "user"}},
            },
            "luca@example.ch": {"first_name": "Luca", "last_name": "Roth", "role": "collaborator"},
        },
        "teams": {"Web": {"members": [CLAIRE, ANA], "grants": {"hosting/*": ["technical", "statistic"]}}},
        "mailboxes": {INFO: {"delegates": {
            CLAIRE: {"access": "read_write", "reason": "Answers it"},
            ANA: {"access": "read_write", "owner": "left@example.ch"},
        }}},
    }  # fmt: skip


class World:
    """The organization, and what happens in it from one day to another; days count from the one of the announcement."""

    def __init__(self, cli):
        self.cli = cli
        Path("organization.yaml").write_text(yaml.safe_dump(ORGANIZATION))
        self.write(lambda _: None)

    def write(self, change):
        """Write the document, changed by hand."""
        data = yaml.safe_load(Path("access.yaml").read_text()) if Path("access.yaml").exists() else document()
        change(data)
        Path("access.yaml").write_text(yaml.safe_dump(data, sort_keys=False))

    def run(self, *arguments, after=0, codes=(0, 2)):
        result = self.cli(*arguments, "--today", DAY + timedelta(after))
        assert result.code in codes, result
        return result

    def stale(self, *options, after=0):
        return json.loads(self.run("stale", "--format", "json", *options, after=after).stdout)

    def announce(self, after=0):
        """Announce, and tell what of it is new."""
        return {each["address"] for each in self.stale("--announce", after=after)["announced"] if each["is_new"]}

    def plan(self, *options, after, codes=(0,)):
        return json.loads(self.run("plan", "--format", "json", *options, after=after, codes=codes).stdout)

    def changes(self, *options, after):
        return [f"{each['effect']} {each['address']}" for each in self.plan(*options, after=after)["resource_changes"]]

    def apply(self, after):
        """Carry a plan out, steps by hand included."""
        self.run("plan", "--out", "plan.json", after=after)
        self.run("apply", "--auto-approve", after=after, codes=(0, 6))
        self.run("sandbox", "accept", "--all", after=after)
        self.run("sandbox", "perform", "plan.json", after=after)

    def live(self, statement, *values):
        """Let people use the organization, of which the sandbox's database is all there is."""
        (database,) = Path(".accessplan/sandbox").glob("*.db")
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute(statement, values).rowcount == 1
            connection.commit()

    def rows(self, *options):
        return json.loads(self.cli("history", "--format", "json", *options).stdout)["rows"]


@pytest.fixture
def world(cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return World(cli)


@pytest.fixture
def announced(world):
    """A world in which it was announced on the first day."""
    assert world.announce() == {INBOX, SITE}
    return world


# what is announced


def test_what_calls_for_a_revocation_is_announced(announced):
    """One strong signal or two weak ones are announced, with whom it is owned by and from when on it may be revoked."""
    kept = {each["address"]: each for each in announced.stale(after=3)["announced"]}
    assert kept[INBOX] == {
        "address": INBOX, "rules": ["owner-left", "unused-delegation"], "owner": "left@example.ch",
        "announced_on": "2026-11-21", "revocable_from": "2026-12-05", "is_new": False,
    }  # fmt: skip
    assert (kept[SITE]["rules"], kept[SITE]["owner"]) == (["redundant-grant"], None)


def test_a_weak_signal_alone_is_never_announced(announced):
    """A place that is not used, and a person who does not log in, are told, and neither announced nor revoked."""
    for after in (0, 15, 30):
        weak = {(each["rule"], each["address"]) for each in announced.stale(after=after)["stale"]}
        assert {("unused-drive-seat", SEAT), ("inactive-user", LUCA)} <= weak
        assert announced.announce(after) & {SEAT, LUCA} == set()
        assert not {f"revoke {SEAT}", f"revoke {LUCA}"} & set(announced.changes(after=after))


def test_the_announcement_to_paste(world):
    """What is announced is told by who answers for it, with the day, the reason and how to keep it."""
    text = world.run("stale", "--announce").stdout.split("ANNOUNCED (2)\n")[1].split("\nNOT LOOKED AT")[0]
    assert " ".join(text.split()) == (
        f"owner left@example.ch, may be revoked from 2026-12-05 on - {INBOX}: its owner left@example.ch is no user of "
        "the organization (owner-left), and last opened on 2026-07-01 (unused-delegation) "
        f'no owner, may be revoked from 2026-12-05 on - {SITE}: team["Web"].grant["hosting/*"] gives it already '
        "(redundant-grant) To keep one: accessplan review record ADDRESS --keep --by WHO, or an exemption under "
        "policy.exempt. What the document does not name, describe in it."
    )


def test_the_announcement_in_markdown(world):
    """The comment has a section of its own, to tick off."""
    text = world.run("stale", "--announce", "--format", "md").stdout
    section = text.split("### Announced (2)\n")[1].split("\n<details>")[0]
    assert "`accessplan review record ADDRESS --keep --by WHO`" in section
    assert "**Owner `left@example.ch`**, may be revoked from 2026-12-05 on" in section
    assert section.count("\n- [ ] ") == 2
    assert "Nothing new is announced." in world.run("stale", "--announce", "--format", "md", after=1).stdout


def test_each_finding_says_that_it_is_announced(announced):
    """Without --announce each finding says since when it is announced, and from when on it may be revoked."""
    text = " ".join(announced.run("stale", after=3).stdout.split())
    assert text.count("announced on 2026-11-21, may be revoked from 2026-12-05 on") == 3
    assert "ANNOUNCED" not in text
    by_rule = {each["rule"]: each for each in announced.stale(after=3)["stale"] if each["address"] == INBOX}
    assert by_rule["unused-delegation"]["announced_on"] == "2026-11-21"
    table = announced.run("stale", "--format", "csv", after=3).stdout
    assert table.count("2026-11-21,2026-12-05") == 3


def test_announced_twice(announced):
    """Announced again, nothing new is written, and the grace goes on from the first day."""
    before = announced.rows()
    assert announced.announce(after=9) == set()
    assert announced.rows() == before
    assert announced.changes(after=14) == [f"revoke {INBOX}", f"revoke {SITE}"]


def test_what_the_plan_revokes_anyway_is_not_announced(world):
    """What an enforced document does not name goes at once, and nobody waits for it."""

    def forget(data):
        data["policy"]["mode"] = {"mailboxes": "enforce"}
        del data["mailboxes"][INFO]["delegates"][ANA]

    world.write(forget)
    assert world.changes(after=0) == [f"revoke {INBOX}"]
    assert world.announce() == {SITE}


def test_what_the_document_does_not_name_is_announced(world):
    """Where the mode leaves alone what the document does not name, what is stale of it is announced and revoked."""
    world.write(lambda data: data["mailboxes"][INFO]["delegates"].pop(ANA))
    assert world.announce() == {INBOX, SITE}
    assert world.changes(after=14) == [f"revoke {INBOX}", f"revoke {SITE}"]


def test_what_is_not_managed_is_not_announced(world):
    """An absent key is not managed: what the document does not speak of is told, and never announced."""
    world.write(lambda data: data["users"][ANA].pop("grants"))
    assert {each["address"] for each in world.stale()["stale"]} >= {SITE}
    assert SITE not in world.announce()
    assert world.changes(after=20) == [f"revoke {INBOX}"]


def test_only_announcing_writes(world):
    """Looking at what is stale writes nothing down, and a snapshot may be too old to announce from."""
    world.run("stale")
    assert not Path(".accessplan/ledger.db").exists()
    world.run("snapshot", "--out", "live.json")
    result = world.run("stale", "--announce", "--live", "live.json", codes=(3,))
    assert input_error(result, "live.json is a snapshot, which may be old")
    assert not Path(".accessplan/ledger.db").exists()


def test_nothing_to_announce_makes_no_ledger(world):
    """Where nothing calls for a revocation, announcing says so and leaves no ledger behind."""
    world.write(lambda data: [data["mailboxes"][INFO]["delegates"][ANA].pop("owner"), data.pop("teams")])
    assert "Nothing new is announced." in world.run("stale", "--announce").stdout
    assert not Path(".accessplan/ledger.db").exists()


def test_one_announces_at_a_time(announced):
    """While another run holds the lock nothing is announced, and whoever only looks is let in."""
    where = f"sandbox:{Path('organization.yaml').resolve()}"
    with hold(Path(".accessplan/ledger.db"), 4242, where, Holder("ana@laptop", 4711, "apply")):
        assert is_clean(announced.run("stale", "--announce", codes=(9,)))
        announced.run("stale")
    announced.run("stale", "--announce")


# the grace, and what ends it


def test_the_plan_revokes_what_was_announced(announced):
    """Until the grace has passed nothing is planned, then just what was announced is, and the plan says why."""
    assert announced.changes(after=13) == []
    plan = announced.plan(after=14)
    assert [each["address"] for each in plan["resource_changes"]] == [INBOX, SITE]
    first = plan["resource_changes"][0]
    assert first["cause"]["kind"] == "time"
    assert first["cause"]["reason"] == "announced on 2026-11-21 as owner-left and unused-delegation, still stale"
    assert first["action_reason"] == "delete_because_stale"
    text = " ".join(announced.run("plan", after=14).stdout.split())
    assert "announced on 2026-11-21 as redundant-grant, still stale" in text


def test_the_same_inputs_give_the_same_plan(announced):
    """A plan that revokes what was announced is the same, byte by byte, each time."""
    first, second = (announced.run("plan", "--format", "json", after=20).stdout for _ in range(2))
    assert first == second


def test_a_snapshot_gives_the_same_plan(announced):
    """Planned from a snapshot of the same live system, what was announced is revoked as well."""
    announced.run("snapshot", "--out", "live.json", after=14)
    assert announced.changes("--live", "live.json", after=14) == [f"revoke {INBOX}", f"revoke {SITE}"]


def withdrawn(world, after):
    """Tell what a later announcement withdraws."""
    return {each["address"]: each["reason"] for each in world.stale("--announce", after=after)["withdrawn"]}


def test_used_again(announced):
    """What is used again within the grace stays, and is announced anew if it comes to rest once more."""
    used = int(datetime(2026, 11, 28, tzinfo=UTC).timestamp())
    announced.live("UPDATE mailbox_accesses SET last_used_at = ? WHERE last_used_at < ?", used, used - 2_000_000)
    assert announced.changes(after=14) == [f"revoke {SITE}"]
    assert withdrawn(announced, 15) == {INBOX: "it is not stale any more"}
    assert INBOX in announced.announce(after=98)
    assert f"revoke {INBOX}" not in announced.changes(after=111)
    assert f"revoke {INBOX}" in announced.changes(after=112)


@pytest.mark.parametrize("after", [0, 9])
def test_kept(announced, after):
    """What somebody confirms, on the day of the announcement or later, stays until its next review is overdue."""
    announced.run("review", "record", INBOX, "--keep", "--by", "Claire", after=after)
    announced.run("review", "record", SITE, "--keep", "--by", "Claire", after=after)
    assert announced.changes(after=20) == []
    assert withdrawn(announced, 20).keys() == {INBOX, SITE}
    assert announced.announce(after=after + 180).isdisjoint({INBOX, SITE})
    assert announced.announce(after=after + 181) == {INBOX, SITE}


def test_exempt(announced):
    """What the document exempts from the rule within the grace stays."""
    line = {"finding": "redundant-grant", "on": SITE, "reason": "The team will be gone", "until": "2027-03-01"}
    announced.write(lambda data: data["policy"].update(exempt=[line]))
    assert announced.changes(after=14) == [f"revoke {INBOX}"]
    assert withdrawn(announced, 15) == {SITE: "the document exempts it"}


def test_changed_in_between(announced):
    """What is changed within the grace is not what was announced: it stays, and its grace begins anew."""
    more = ["can_manage_rules"]
    announced.write(lambda data: data["mailboxes"][INFO]["delegates"][ANA].update(access=more))
    announced.apply(after=5)
    assert announced.changes(after=14) == [f"revoke {SITE}"]
    assert withdrawn(announced, 15) == {INBOX: "it is not as it was"}
    assert announced.changes(after=28) == [f"revoke {SITE}"]
    assert announced.changes(after=29) == [f"revoke {INBOX}", f"revoke {SITE}"]


def test_young(world):
    """What is there for a short time only is not judged by its use, so it is not announced."""
    world.write(lambda data: data["mailboxes"][INFO]["delegates"][ANA].update(since="2026-11-10"))
    assert world.announce() == {SITE}


def test_another_person_of_the_same_address(announced):
    """Who leaves and joins anew within the grace has nothing revoked that was announced of the other."""
    announced.write(lambda data: [_without_ana(data), data.update(removed=[{"entry": f'user["{ANA}"]'}])])
    announced.apply(after=3)
    Path("access.yaml").write_text(yaml.safe_dump(document(), sort_keys=False))
    announced.apply(after=4)
    announced.apply(after=4)
    assert announced.changes(after=20) == []
    assert withdrawn(announced, 20) == dict.fromkeys((INBOX, SITE), "it hangs on another one now")


def _without_ana(data):
    del data["users"][ANA]
    data["teams"]["Web"]["members"] = [CLAIRE]
    del data["mailboxes"][INFO]["delegates"][ANA]


# once it is revoked


@pytest.fixture
def applied(announced):
    """A world in which what was announced was revoked, while the document still names it."""
    announced.apply(after=14)
    return announced


def revoked(plan):
    return {each["address"] for each in plan["findings"] if each["code"] == "revoked-as-stale"}


def test_what_was_revoked_is_not_granted_again(applied):
    """The plan has no changes, and says at each line that still names it what was revoked and how to go on."""
    for after in (14, 40):
        plan = applied.plan(after=after)
        assert (plan["resource_changes"], revoked(plan)) == ([], {INBOX, SITE})
    finding = next(each for each in plan["findings"] if each["address"] == INBOX)
    assert finding["message"] == (
        f"{INBOX} was announced on 2026-11-21 as owner-left and unused-delegation and revoked"
    )
    line = Path("access.yaml").read_text().splitlines()[finding["place"]["line"] - 1]
    assert line.strip() == f"{ANA}:"
    assert "No changes." in applied.run("plan", after=14).stdout
    assert applied.announce(after=15) == set()
    assert revoked(applied.plan(after=16)) == {INBOX, SITE}


def test_taken_out_of_the_document(applied):
    """Once the document does not name it, the plan is silent; named again later, it is a new grant."""
    text = Path("access.yaml").read_text()
    for address in (INBOX, SITE):
        applied.run("review", "record", address, "--revoke", "--by", "Claire", after=15)
    plan = applied.plan(after=15)
    assert (plan["resource_changes"], revoked(plan)) == ([], set())
    assert set(withdrawn(applied, 16).values()) == {"it is gone, and the document does not name it"}
    Path("access.yaml").write_text(text)
    assert applied.changes(after=17) == [f"grant {INBOX}", f"grant {SITE}"]


def test_confirmed_after_it_was_revoked(applied):
    """What somebody confirms is granted again, and stays."""
    applied.run("review", "record", INBOX, "--keep", "--by", "Claire", after=15)
    assert applied.changes(after=15) == [f"grant {INBOX}"]
    applied.apply(after=15)
    assert applied.changes(after=60) == []
    assert INBOX not in applied.announce(after=60)


def test_taken_away_by_hand(announced):
    """Who takes it away themselves within the grace is not undone by the next plan."""
    announced.live("DELETE FROM mailbox_accesses WHERE last_used_at < ?", 1_784_000_000)
    plan = announced.plan(after=3)
    assert (plan["resource_changes"], revoked(plan)) == ([], {INBOX})


# whole users, rails and the base


def test_a_person(world):
    """A person is announced, revoked and stays out with all they have, until the document says otherwise."""

    def guest(data):
        data["users"]["gus@agency.example"] = {
            "first_name": "Gus", "last_name": "Guest", "role": "external", "owner": "left@example.ch",
            "grants": {"hosting/www": "statistic"}, "teams": ["Web"],
        }  # fmt: skip

    guests = {"email": "gus@agency.example", "first_name": "Gus", "last_name": "Guest", "role": "normal"}
    user = guests | {"external": True, "last_login": LONG_AGO, "grants": [{"product": 201, "rights": ["statistic"]}]}
    team = {"name": "Web", "services": ["hosting"], "members": [CLAIRE, ANA, "gus@agency.example"]}
    more = {"users": [*ORGANIZATION["users"], user], "teams": [team]}
    Path("organization.yaml").write_text(yaml.safe_dump(ORGANIZATION | more))
    world.write(guest)
    gus = 'user["gus@agency.example"]'
    assert gus in world.announce()
    member = 'team["Web"].member["gus@agency.example"]'
    assert {f"revoke {gus}", f"revoke {member}"} <= set(world.changes(after=14))
    world.apply(after=14)
    plan = world.plan(after=15)
    assert (plan["resource_changes"], gus in revoked(plan)) == ([], True)


def test_rails_hold(announced):
    """What is announced goes through the rails as anything else: it is blocked, and told, until somebody consents."""
    announced.write(lambda data: data["policy"]["rails"].update(removals={"mailboxes": {"count": 0, "share": "100%"}}))
    plan = announced.plan(after=14, codes=(4,))
    assert [each["code"] for each in plan["rails"]] == ["too-many-removals"]
    consent = {"change": f"revoke {INBOX}", "until": "2026-12-31", "reason": "announced"}
    announced.write(lambda data: data.update(acknowledge=[consent]))
    assert announced.changes(after=14) == [f"revoke {INBOX}", f"revoke {SITE}"]


def test_what_the_document_protects_is_not_announced(world):
    """A protected entry is told as stale, and never announced: no plan would take it away."""
    world.write(lambda data: data["policy"]["rails"].update(protect=[f'mailbox["{INFO}"]']))
    assert world.announce() == {SITE}


def test_what_would_block_every_plan_is_not_announced(world):
    """Who alone opens a mailbox is not announced, since no plan could go by the rail; how much goes is no reason."""
    world.write(lambda data: data["policy"]["rails"].update(removals={"mailboxes": {"count": 0, "share": "100%"}}))
    assert world.announce() == {INBOX, SITE}
    Path(".accessplan/ledger.db").unlink()
    world.live("DELETE FROM mailbox_accesses WHERE last_used_at > ?", 1_784_000_000)
    world.write(lambda data: data["mailboxes"][INFO]["delegates"].pop(CLAIRE))
    assert world.announce() == {SITE}


def test_with_a_base(announced, tmp_path):
    """Against a base what was announced is not from the change under review: a day has come."""
    repository = Repository(tmp_path)
    (tmp_path / ".gitignore").write_text(".accessplan/\n")
    repository.git("init", "-q", "-b", "main")
    repository.commit()
    announced.write(lambda data: data["users"][ANA].update(billing=True))
    causes = {
        each["address"]: (each["cause"]["kind"], each["cause"]["is_new"])
        for each in announced.plan("--base", "main", after=14)["resource_changes"]
    }
    assert causes == {INBOX: ("time", False), SITE: ("time", False), f'user["{ANA}"]': ("config", True)}
    assert announced.changes("--base", "main", "--only", "config", after=14) == [f'strengthen user["{ANA}"]']


def test_a_shorter_grace_is_from_the_change(announced, tmp_path):
    """Who shortens the grace in a change is told as the one who revokes, and the reason stays readable."""
    repository = Repository(tmp_path)
    (tmp_path / ".gitignore").write_text(".accessplan/\n")
    repository.git("init", "-q", "-b", "main")
    repository.commit()
    announced.write(lambda data: data["policy"].update(stale={"announce": "3d"}))
    cause = announced.plan("--base", "main", after=5)["resource_changes"][0]["cause"]
    assert (cause["is_new"], cause["reason"].startswith("announced on 2026-11-21")) == (True, True)


# the day, the ledger and the installed command


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Midway"])
def test_the_day_is_that_of_the_organization(world, zone):
    """On the clock, the day of an announcement is the one that it is where the organization is."""
    world.write(lambda data: data["organization"].update(timezone=zone))
    before = datetime.now(ZoneInfo(zone)).date()
    found = json.loads(world.cli("stale", "--announce", "--format", "json").stdout)["announced"]
    days = {each["announced_on"] for each in found}
    assert len(days) == 1
    assert days <= {before.isoformat(), datetime.now(ZoneInfo(zone)).date().isoformat()}


def test_the_history_tells_it(announced):
    """The ledger says in plain words what was announced, as what, and why it was withdrawn; its chain holds."""
    announced.run("review", "record", SITE, "--keep", "--by", "Claire", after=2)
    announced.announce(after=3)
    assert [each["says"] for each in announced.rows()] == [
        f"{INBOX} was announced on 2026-11-21 as owner-left and unused-delegation",
        f"{SITE} was announced on 2026-11-21 as redundant-grant",
        f"Claire keeps {SITE}, in a review on 2026-11-23",
        f"the announcement of {SITE} counts no more: it was reviewed on 2026-11-23",
    ]
    kinds = [each["kind"] for each in announced.rows("--what", SITE)]
    assert kinds == ["announced", "reviewed", "announcement ended"]
    assert "The chain holds" in announced.cli("history", "verify").stdout


def test_the_installed_command(command, tmp_path, world):
    """As people run it: announce, look, and plan after the grace."""
    assert world
    told = command("stale", "--announce", "--today", "2026-11-21", cwd=tmp_path)
    assert (told.code, "ANNOUNCED (2)" in told.stdout) == (2, True)
    assert "announced on 2026-11-21" in command("stale", "--today", "2026-11-30", cwd=tmp_path).stdout
    assert "No changes." in command("plan", "--today", "2026-12-04", cwd=tmp_path).stdout
    assert f"- {INBOX}" in command("plan", "--today", "2026-12-05", cwd=tmp_path).stdout


@pytest.mark.usefixtures("example")
def test_the_documentation_shows_what_is_printed(cli):
    """The announcement that the documentation shows, and what the plan says of it after, are what is printed."""
    shown = (REPOSITORY / "docs" / "stale.md").read_text().split("## Announce")[1].split("## Reviews")[0]
    announcement, change = re.findall(r"^```text\n(.*?)^```$", shown, re.MULTILINE | re.DOTALL)
    assert announcement in cli("stale", "--announce", *TODAY).stdout
    assert change in cli("plan", "--today", "2026-12-05").stdout
