"""Over the wire: the installed command against a sandbox that is served, on good days and on bad ones."""

import json
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import yaml
from tests.cli.given import TODAY
from tests.cli.served import HAS_IT, TOKEN, run, served
from tests.conftest import REPOSITORY, SHARED_DATA, Result
from tests.consent import consent

from accessplan.errors import Exit

KUBERNETES = SHARED_DATA / "kubernetes"
PLAN, APPLY = ("plan",), ("apply", "--auto-approve")
USERS, TEAMS, INVITATIONS, ACCOUNT = "/users$", "/4242/teams$", "/invitations$", "/4242$"
REFUSED = {"status": 403, "code": "forbidden", "times": 1}
NO_TOKEN = {"status": 401, "code": "not_authorized", "times": 9}
LATER = {"kind": "retry_after", "times": 1}
CUT_OFF = {"kind": "truncate", "times": 1}
HARMLESS = {"kind": "drop_item", "times": 1}  # where the answer is no list: so a second fault meets the second request

DAYS = {
    "read fails": (PLAN, [{"path": USERS, "times": 4}]),
    "bad": (
        APPLY,
        [
            {"path": USERS, **LATER},
            {"path": INVITATIONS, "method": "POST", **REFUSED},
            {"path": "/invitations/3001$", "method": "DELETE", **LATER},
            {"path": "/teams/2001$", "method": "PATCH", "kind": "lie", "times": 1},
        ],
    ),
}
"""Days on which one has to wait: they begin with the first test, each with a sandbox of its own."""


@dataclass(frozen=True)
class Past:
    """What a day came to: the run, the requests by method, and the organization afterwards."""

    result: Result
    requests: dict[str, int]
    organization: dict[str, object]


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    """Begin all bad days at once, and wait for the one that a test asks for."""
    folders = {name: tmp_path_factory.mktemp("day") for name in DAYS}

    def live_through(name):
        command, faults = DAYS[name]
        with served(folders[name]) as here:
            for fault in faults:
                here.ask("POST", "faults", fault)
            result = run(here.folder, *command, "--live", here.url, *TODAY)
            return Past(result, here.requests(), here.ask("GET", "organization"))

    with ThreadPoolExecutor(len(DAYS)) as pool:
        begun = {name: pool.submit(live_through, name) for name in DAYS}
        yield lambda name: begun[name].result()


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """Ask where nobody listens, beside everything else; gives the run and the seconds it took."""
    folder = tmp_path_factory.mktemp("closed")
    shutil.copy(REPOSITORY / "examples" / "access.yaml", folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    begun = time.monotonic()

    def ask():
        try:
            return run(folder, "plan", "--live", url, seconds=20), time.monotonic() - begun
        except subprocess.TimeoutExpired:
            return None, time.monotonic() - begun

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask)
        yield asked.result


@pytest.fixture(scope="module", autouse=True)
def _begin(closed, days):
    """Let what has to wait begin first."""


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A sandbox that is served to all tests, one after the other."""
    with served(tmp_path_factory.mktemp("here")) as here:
        yield here


@pytest.fixture
def near(here, cli, monkeypatch):
    """Ask that sandbox from this process; it is as new."""
    monkeypatch.chdir(here.folder)
    cli("sandbox", "seed", "organization.yaml", *TODAY)
    here.ask("DELETE", "faults")
    here.requests()

    def call(*arguments, token=TOKEN, live=here.url):
        monkeypatch.setenv("INFOMANIAK_TOKEN", token)
        result = cli(*arguments, "--live", live, *TODAY)
        assert TOKEN not in result.stdout + result.stderr, HAS_IT
        return result

    return call


@pytest.fixture
def bad_day(near, here):
    """Live through a day with faults, from this process."""

    def live_through(command, *faults):
        for fault in faults:
            here.ask("POST", "faults", fault)
        result = near(*command)
        return Past(result, here.requests(), here.ask("GET", "organization"))

    return live_through


# good days


def test_to_the_end(tmp_path):
    """Applied over the wire in one minute's 60 requests, accepted, done by hand and attested, nothing is left."""
    with served(tmp_path / "world", "--rate-limit", "60") as here:
        beside = partial(run, here.folder)  # asks the same state without the server, and so without its limit
        assert beside("plan", "--out", "plan.json", *TODAY).code == 0
        here.requests()
        applied = here.run("apply", "--auto-approve")
        assert (applied.code, "Applied: 37 done, 19 by hand." in applied.stdout) == (6, True), applied
        assert here.requests() == {"GET": 16 + 16, "POST": 15, "PATCH": 6, "DELETE": 4}
        assert len(here.ask("POST", "accept", {"all": True})) == 4
        plan = json.loads((here.folder / "plan.json").read_text())
        steps = [step for each in plan["operations"] for step in each["steps"]]
        done = [here.ask("POST", "perform", {"act": step["act"], **step["values"]}) for step in steps[:6]]
        assert len(done) == 6
        rest = beside("sandbox", "perform", "plan.json", *TODAY)
        assert (rest.code, rest.stdout.count("\nnothing to do: ") + rest.stdout.startswith("nothing")) == (0, 6)
        assert beside("attest", "--all", "--by", "Claire", *TODAY).code == 0
        end = beside("plan", "--detailed-exitcode", *TODAY)
        assert (end.code, "No changes. 56 entries match" in end.stdout) == (0, True)


def test_reading_only_reads(near, here):
    """A plan makes GET requests and no others, as few as can be; so do export, snapshot, doctor and attest."""
    attest = ("attest", "--all", "--by", "Claire", "--ledger", "words.db")
    for command, count in {("plan",): 16, ("export",): 16, ("snapshot",): 17, ("doctor",): 10, attest: 16}.items():
        assert near(*command).code == 0
        assert here.requests() == {"GET": count}


def test_the_plan_is_the_same_as_embedded(near, cli):
    """A served sandbox gives the same plan as the embedded one."""
    served, embedded = (json.loads(each("plan", "--format", "json", *TODAY).stdout) for each in (near, cli))
    assert served["plan_id"] == embedded["plan_id"]
    assert served["operations"] == embedded["operations"]


def test_a_token_of_somebody_else(tmp_path):
    """Who may change nothing changes nothing: where every write is refused the code is 5."""
    with served(tmp_path / "world", "--as", "luca@example.ch") as here:
        (here.folder / "access.yaml").write_text(
            "accessplan: 1\norganization: {id: 4242}\npolicy: {mode: {teams: enforce}}\nteams: {Ops: {}}\n"
        )
        before = here.ask("GET", "organization")
        result = here.run("apply", "--auto-approve")
        assert (result.code, "was refused (403" in result.stdout) == (5, True), result
        assert here.ask("GET", "organization") == before


# tokens


def test_no_token(near, here):
    """Without a token, or with one that cannot be, nothing is asked: 5, and it is not shown."""
    for token in ("", " ", f"{TOKEN} {TOKEN}", f"{TOKEN}\u00e9"):
        result = near("plan", token=token)
        assert (result.code, result.stdout) == (5, "")
        assert "INFOMANIAK_TOKEN" in result.stderr
    assert here.requests() == {}


def test_a_token_from_a_command(near, here):
    """`--token-command` gives the token, and is asked before the environment."""
    (here.folder / "token.txt").write_text("another-token\n")
    assert near("plan", "--token-command", "cat token.txt", token="").code == 0
    assert near("plan", "--token-command", "cat missing.txt").code == 3


@pytest.mark.parametrize("script", [f"echo {TOKEN}; exit 3", "exit 0", f"echo {TOKEN}; kill -9 $$"])
def test_a_token_command_that_fails(near, here, tmp_path, script):
    """A token command that fails or says nothing is input that cannot be used; what it printed is not repeated."""
    (tmp_path / "fails.sh").write_text(script)
    here.requests()
    result = near("plan", "--token-command", f"sh {tmp_path}/fails.sh")
    assert (result.code, result.stdout) == (3, "")
    assert "the token command gave no token" in result.stderr
    assert here.requests() == {}


@pytest.mark.parametrize("command", ["no-such-command-anywhere", "'", ""])
def test_a_token_command_that_is_none(near, command):
    """A token command that does not exist, or cannot be read, is input that cannot be used."""
    result = near("plan", "--token-command", command)
    assert (result.code, "the token command could not be run" in result.stderr) == (3, True), result


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "api.infomaniak.example", "localhost.example.ch", "127.0.0.1.example.ch"]
)
def test_a_token_never_travels_unprotected(near, host):
    """A live side behind http:// on another machine is refused before anything is sent."""
    result = near("plan", live=f"http://{host}:80")
    assert (result.code, result.stdout) == (3, "")
    assert f"http://{host} would send the token unprotected" in result.stderr


def test_nobody_listens(closed):
    """Where nobody listens the run ends with 5, within the seconds of its few repeats, and names the address."""
    result, seconds = closed()
    assert result is not None, f"still trying after {seconds:.0f} seconds"
    assert (result.code, result.stdout) == (5, "")
    assert "127.0.0.1 could not be reached" in result.stderr
    assert seconds < 20


# bad days for reading


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"path": USERS, **CUT_OFF}, "the answer to GET /2/accounts/4242/users is cut off"),
        ({"path": USERS, **HARMLESS}, "incomplete read of /2/accounts/4242/users: 10 rows were announced, 9 came"),
        ({"path": "/products$", **HARMLESS}, "incomplete read of /1/products"),
        ({"path": TEAMS, **NO_TOKEN}, "does not accept the token (401)"),
        ({"path": USERS, **REFUSED}, "the token may not do GET /2/accounts/4242/users"),
        ({"path": ACCOUNT, "status": 404, "code": "object_not_found", "times": 1}, "organization.id"),
        ({"path": USERS, "status": 302, "times": 1}, "redirection (302)"),
    ],
    ids=["cut off", "user lost", "product lost", "401", "403", "404", "302"],
)
def test_a_read_that_fails(bad_day, fault, words):
    """What cannot be read whole is not planned on: 5, what went wrong in a sentence, and nothing is written."""
    day = bad_day(APPLY, fault)
    assert (day.result.code, day.result.stdout) == (5, "")
    assert words in day.result.stderr
    assert day.result.stderr.startswith("error: ")
    assert set(day.requests) == {"GET"}


def test_reads_are_repeated(days):
    """A read that fails is sent four times, with pauses, and then the run ends with 5."""
    day = days("read fails")
    assert (day.result.code, day.result.stdout, day.requests) == (5, "", {"GET": 4 + 4})
    assert "the live system failed at GET /2/accounts/4242/users (500" in day.result.stderr


# bad days for writing


def test_a_write_that_is_refused(days):
    """A refused write is named with its reason, the others go on, and what is left is 6."""
    day = days("bad")
    assert (day.result.code, day.result.stderr.count("error")) == (6, 0)
    assert "Applied: 25 done, 10 failed, 1 skipped, 19 by hand, 1 without effect." in day.result.stdout
    failed = day.result.stdout.split("FAILED (")[1]
    assert failed.startswith('10)\n  x invite user["lena@example.ch"]\n')
    assert "POST /1/accounts/4242/invitations was refused (403 forbidden" in failed
    assert "lena@example.ch" not in str(day.organization)
    assert "yara@example.ch" in str(day.organization)
    assert [team["name"] for team in day.organization["teams"]] == ["Web", "Support"]


def test_too_many_requests(days):
    """Told to come back later, reads and writes do so, and nothing is lost or sent twice."""
    day = days("bad")
    assert '✓ cancel user["late@agency.example"]' in day.result.stdout
    assert {name: number for name, number in day.requests.items() if name != "GET"} == {
        "POST": 15 - 1,  # one refused, and what needs it is not sent: a POST and a PATCH
        "PATCH": 6 - 1,
        "DELETE": 4 + 1,  # one repeated
    }
    assert day.requests["GET"] == 16 + 1 + 16


def test_a_lie(days):
    """What was accepted and does not show is named as without effect, and leaves the run incomplete."""
    named = days("bad").result.stdout.split("WITHOUT EFFECT (1)")[1]
    assert named.startswith('\n  x update team["Web"]\n')


def test_the_token_is_refused_midway(bad_day):
    """A token that is refused midway stops the writing; what was done before is counted: 6."""
    day = bad_day(APPLY, {"path": INVITATIONS, "method": "POST", **NO_TOKEN})
    assert day.result.code == 6
    assert "Applied: 2 done, 10 failed, 25 skipped, 19 by hand." in day.result.stdout
    assert "stopped: the token was refused" in day.result.stdout
    assert {name: number for name, number in day.requests.items() if name != "GET"} == {"POST": 2}


def test_the_token_is_refused_at_the_first_write(bad_day):
    """Where the first write is refused, nothing was changed, and the code says so: 5."""
    day = bad_day(APPLY, {"path": TEAMS, "method": "POST", **NO_TOKEN})
    assert day.result.code == 5
    assert {name: number for name, number in day.requests.items() if name != "GET"} == {"POST": 1}
    assert [team["name"] for team in day.organization["teams"]] == ["Web", "Interns 2025"]


def test_an_answer_that_is_lost(bad_day):
    """A write whose answer is cut off may have been done: it is not repeated, and plan is named to look."""
    day = bad_day(APPLY, {"path": INVITATIONS, "method": "POST", **CUT_OFF})
    assert (day.result.code, day.requests["POST"]) == (6, 14)
    failed = " ".join(day.result.stdout.split("FAILED (10)")[1].split("BY HAND")[0].split())
    assert "POST /1/accounts/4242/invitations is cut off" in failed
    assert "accessplan plan" in failed


def test_the_read_after_the_writes_fails(bad_day):
    """Where the read after the writes fails, what was done is still told; something was changed, so the code is 6."""
    day = bad_day(APPLY, {"path": ACCOUNT, **HARMLESS}, {"path": ACCOUNT, **CUT_OFF})
    assert "GET /1/accounts/4242 is cut off" in " ".join((day.result.stdout + day.result.stderr).split())
    assert (day.result.code, "Applied: " in day.result.stdout) == (6, True), day.result.stderr


# half a year of a real organization


@pytest.fixture
def counted():
    """What the plan must say, counted from the two files without any of our code."""
    document, organization = (
        yaml.load((KUBERNETES / name).read_text(), Loader=yaml.CBaseLoader)  # noqa: S506 - it makes nothing but texts
        for name in ("access.yaml", "organization.yaml")
    )
    governing = {"legal_representative", "administrator"}
    want, have = document["users"], {each["email"]: each for each in organization["users"]}
    names = {each["id"]: f"{each['service']}/{each['name']}" for each in organization["products"]}
    teams = {each["name"]: each for each in organization["teams"]}
    want_members = {(team, email) for team, each in document["teams"].items() for email in each["members"]}
    have_members = {(name, email) for name, each in teams.items() for email in each["members"]}
    gone = teams.keys() - document["teams"].keys()
    want_grants = {
        (email, target): set(rights)
        for email, each in want.items()
        if each["role"] not in governing
        for target, rights in each.get("grants", {}).items()
    }
    have_grants = {
        (email, names[grant["product"]]): set(grant["rights"])
        for email, each in have.items()
        if each["role"] == "normal" and email in want
        for grant in each.get("grants", [])
    }
    invited = want.keys() - have.keys()
    added, removed = want_members - have_members, {each for each in have_members - want_members if each[0] not in gone}
    leaders = {
        name
        for name, each in document["teams"].items()
        if name in teams and "leader" in each and each["leader"] != teams[name].get("leader")
    }
    both = want_grants.keys() & have_grants.keys()
    changed_grants = {each for each in both if want_grants[each] != have_grants[each]}
    new_teams = document["teams"].keys() - teams.keys()
    more = {each for each in changed_grants if want_grants[each] - have_grants[each]}
    kinds = {
        "users": {"invite": len(invited), "revoke": len(have.keys() - want.keys())},
        "teams": {"grant": len(new_teams), "update": len(leaders), "revoke": len(gone)},
        "members": {"grant": len(added), "revoke": len(removed)},
        "grants": {
            "grant": len(want_grants.keys() - have_grants.keys()),
            "strengthen": len(more),
            "weaken": len(changed_grants - more),
            "revoke": len(have_grants.keys() - want_grants.keys()),
        },
    }
    writes = (
        len(invited)
        + sum(any(email == person for person, _ in want_grants) for email in invited)
        + len(new_teams | leaders | gone)
        + len({team for team, email in added if email not in invited})
        + len({team for team, _ in removed})
    )
    pages = [sum(-(-count // 100) for count in (len(people), len(groups), len(names))) + 2 for people, groups in
             ((have, teams), (have.keys() | want.keys(), document["teams"]))]  # fmt: skip
    pages[0] += bool(invited)  # whether they turned an invitation down is asked once, while they are not there
    by_kind = {kind: {effect: count for effect, count in effects.items() if count} for kind, effects in kinds.items()}
    return {"by_kind": by_kind, "writes": writes, "reads": pages}


@pytest.mark.skipif(not KUBERNETES.is_dir(), reason="the data of a real organization is not here")
def test_half_a_year_of_a_real_organization(cli, counted, tmp_path, monkeypatch):
    """The plan counts what the files say; applied in so few requests, accepted and done by hand, nothing is left."""
    monkeypatch.chdir(tmp_path)
    for name in ("access.yaml", "organization.yaml"):
        shutil.copy(KUBERNETES / name, name)
    assert cli("plan", "--out", "plan.json", *TODAY).code == Exit.BLOCKED
    assert consent(Path("access.yaml"), json.loads(Path("plan.json").read_text()))
    planned = cli("plan", "--out", "plan.json", *TODAY)
    summary = json.loads(Path("plan.json").read_text())["summary"]
    assert (summary["by_kind"], summary["requests"]) == (counted["by_kind"], counted["writes"])
    before, after = counted["reads"]
    assert planned.stderr.startswith(f"{before} requests to ")
    applied = cli("apply", "--auto-approve", *TODAY)
    assert (applied.code, "failed" in applied.stdout, "without effect" in applied.stdout) == (6, False, False)
    assert int(applied.stderr.split(" requests to ")[0]) <= before + counted["writes"] + after
    assert len(cli("sandbox", "accept", "--all", *TODAY).stdout.splitlines()) == counted["by_kind"]["users"]["invite"]
    assert cli("sandbox", "perform", "plan.json", *TODAY).code == 0
    end = cli("plan", "--detailed-exitcode", *TODAY)
    assert (end.code, "No changes." in end.stdout) == (0, True)
