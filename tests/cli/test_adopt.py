"""`accessplan export --adopt`: what is live in a real sandbox becomes what the document says."""

import json
from difflib import unified_diff

import pytest
import yaml
from tests.cli.given import HEAD, TODAY, input_error

from accessplan.cli.files import replace_files
from accessplan.errors import InputError

pytestmark = pytest.mark.usefixtures("example")

GUS = 'user["gus@agency.example"]'
EMMA = 'mailbox["info@example.ch"].delegate["emma@example.ch"]'
NOTES = ("--owner", "ana@example.ch", "--reason", "Shop", "--until", "2027-06-30")


@pytest.fixture
def adopt(cli, example):
    """Adopt entries; returns the result, and the lines of the document that differ."""

    def call(addresses, *arguments, document="access.yaml"):
        before = (example / document).read_text()
        words = [word for address in addresses for word in ("--adopt", address)]
        result = cli("export", document, *words, *arguments, *TODAY)
        after = (example / document).read_text()
        lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
        return result, [line for line in lines if not line.startswith(("---", "+++", "@@"))]

    return call


@pytest.fixture
def planned(plan):
    """What the plan would change, by address."""
    return lambda *arguments: [each["address"] for each in plan(*arguments)["resource_changes"]]


ADOPTED = {
    "a delegation that differs": ([EMMA], [
        "-      emma@example.ch: [can_manage_auto_reply, can_manage_rules]",
        "+      emma@example.ch: [can_manage_auto_reply]",
    ]),
    "a delegation that is gone": (['mailbox["info@example.ch"].delegate["yara@example.ch"]'], [
        "-      yara@example.ch: read_write       # opens it and answers, changes no settings",
    ]),
    "a right more": (['user["ana@example.ch"].grant["hosting/*"]'], [
        "-      hosting/*: technical              # every hosting, later ones included",
        "+      hosting/*: [technical, statistic]              # every hosting, later ones included",
    ]),
    "a place that is gone, beside rights that stay wanted": (['user["ana@example.ch"].use["drive/Team Drive"]'], [
        ("-      drive/Team Drive: {use: admin, manage: [technical, statistic],"
        " reason: Looks after it, since: 2026-02-01}"),
        "+      drive/Team Drive: {manage: [technical, statistic], reason: Looks after it, since: 2026-02-01}",
    ]),
    "a grant by the name that the document has for it": (
        ['user["bob@webcraft.example"].grant["hosting/shop.example.ch"]'],
        ["-      hosting/#202: [technical, statistic]    # by number, whatever it is called"],
    ),
    "a role": (['user["emma@example.ch"]'], [
        "-    role: collaborator                  # was administrator, for the move to the new shop",
        "+    role: administrator                  # was administrator, for the move to the new shop",
    ]),
    "a leader": (['team["Web"]'], ["-    leader: ana@example.ch", "+    leader: claire@example.ch"]),
    "settings of a role, for one of those who have it": (['user["petra@treuhand.example"]'], [
        "+    notifications: {billing: false}",
    ]),
    "a team": (['team["Interns 2025"]'], [
        "+  Interns 2025:", "+    members: [luca@example.ch]", "+    grants:",
        "+      mailing/*: [technical, statistic]", "+",
    ]),
    "a membership, in the list of the team or of the user": (
        ['team["Support"].member["emma@example.ch"]', 'team["Web"].member["yara@example.ch"]'], [
            "-    teams: [Support]", "+    teams: []", "-    teams: [Web, Support]", "+    teams: [Support]",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("addresses", "expected"), ADOPTED.values(), ids=ADOPTED)
def test_an_entry_is_adopted(adopt, planned, addresses, expected):
    """The document says what is live, in the fewest lines, and the plan does not change the entry any more."""
    assert {*addresses} <= {*planned()}
    result, lines = adopt(addresses)
    assert (result.code, lines) == (0, expected)
    assert [f"{each}: " in result.stdout for each in addresses] == [True] * len(addresses)
    assert {*addresses}.isdisjoint(planned())


def test_a_user_with_all_they_have(adopt, planned):
    """With a new user comes what hangs on them, each named with its line, and a proposal for the commit."""
    result, lines = adopt([GUS], *NOTES)
    assert result.code == 0
    added = yaml.safe_load("\n".join(line[1:] for line in lines))["gus@agency.example"]
    assert added["grants"] == {
        "domain/example-shop.ch": "technical",
        "drive/Agency exchange": {"use": "external"},
        "hosting/shop.example.ch": ["technical", "statistic"],
    }
    assert str(added["until"]) == "2027-06-30"
    assert (added["owner"], added["reason"]) == ("ana@example.ch", "Shop")
    assert f"{GUS}: adopted (access.yaml:132).\n" in result.stdout
    assert f'{GUS}.use["drive/Agency exchange"]: comes along (access.yaml:144).\n' in result.stdout
    assert f"Commit it, as in: Adopt {GUS}\n" in result.stdout
    assert [each for each in planned() if "gus@" in each] == []


def test_a_user_in_the_lists_of_others(adopt, example, planned):
    """With a new user come their memberships and delegations, where the document gives these lists."""
    (example / "some.yaml").write_text(f"""{HEAD}policy: {{mode: {{teams: enforce, mailboxes: enforce}}}}
users:
  claire@example.ch: {{first_name: Claire, last_name: Favre, role: legal_representative}}
teams: {{Web: {{members: [claire@example.ch]}}, Interns 2025: {{}}}}
mailboxes: {{info@example.ch: {{delegates: {{}}}}}}
""")
    result, lines = adopt(['user["old@example.ch"]'], document="some.yaml")
    assert result.code == 0
    assert [line for line in lines if line[1:].startswith(("teams", "mailboxes"))] == [
        "-teams: {Web: {members: [claire@example.ch]}, Interns 2025: {}}",
        "-mailboxes: {info@example.ch: {delegates: {}}}",
        "+teams: {Web: {members: [claire@example.ch, old@example.ch]}, Interns 2025: {}}",
        "+mailboxes: {info@example.ch: {delegates: {old@example.ch: [can_manage_filters]}}}",
    ]
    assert 'team["Web"].member["old@example.ch"]: comes along (some.yaml:' in result.stdout
    assert [each for each in planned("some.yaml") if "old@" in each] == []


@pytest.mark.parametrize(("given", "missing"), [((), "--until, --owner, --reason"), (NOTES[:4], "--until")])
def test_what_must_be_noted(adopt, given, missing):
    """Where the policy demands more than is given, nothing is written, and what is missing is named."""
    result, lines = adopt([GUS], *given)
    assert input_error(result, f"Say it as well: {missing}.", "metadata-missing")
    assert lines == []


def test_notes_on_a_grant(adopt):
    """A short form becomes a map for notes, and what an entry says already stays."""
    result, lines = adopt([EMMA], "--reason", "Answers  for\nall")
    assert result.code == 0
    assert lines[1] == "+      emma@example.ch: {access: [can_manage_auto_reply], reason: Answers for all}"
    result, lines = adopt(['user["ana@example.ch"].use["drive/Team Drive"]', 'team["Web"]'], "--ticket", "OPS-1")
    assert input_error(result, "none of these entries can carry ticket")
    assert lines == []


def test_notes_beside_others(adopt, example):
    """A note that stands there already is not written anew; one that does not comes beside it."""
    file = example / "access.yaml"
    short = "emma@example.ch: [can_manage_auto_reply, can_manage_rules]"
    assert short in file.read_text()
    file.write_text(file.read_text().replace(short, "emma@example.ch: {access: read, reason: Holidays}    # soon"))
    _, lines = adopt([EMMA], "--reason", "Answers", "--ticket", "OPS-1")
    assert lines == [
        "-      emma@example.ch: {access: read, reason: Holidays}    # soon",
        "+      emma@example.ch: {access: [can_manage_auto_reply], reason: Holidays, ticket: OPS-1}    # soon",
    ]


def test_a_first_grant(adopt, example, planned):
    """With the first grant of somebody come all others: the list that it makes would else say that they go."""
    document = f"""{HEAD}policy: {{mode: {{grants: enforce}}}}
users:
  old@example.ch: {{first_name: Olivier, last_name: Old, role: collaborator}}   # to be looked at
"""
    (example / "one.yaml").write_text(document)
    result, lines = adopt(['user["old@example.ch"].grant["hosting/*"]'], "--reason", "Shop", document="one.yaml")
    assert result.code == 0
    assert lines[1] == (
        "+  old@example.ch: {first_name: Olivier, last_name: Old, role: collaborator, grants: {drive/Team Drive: "
        "{use: user}, hosting/*: {manage: [technical, statistic], reason: Shop}}}   # to be looked at"
    )
    assert 'user["old@example.ch"].use["drive/Team Drive"]: comes along' in result.stdout
    assert planned("one.yaml") == []


def test_a_user_who_is_gone(adopt, planned):
    """With a user go their mentions, and what hung on them is named."""
    result, lines = adopt(['user["yara@example.ch"]'])
    assert result.code == 0
    assert {line[0] for line in lines} == {"-"}
    assert 'user["yara@example.ch"]: taken out of the document (access.yaml:109).' in result.stdout
    assert 'mailbox["info@example.ch"].delegate["yara@example.ch"]: goes along.' in result.stdout
    assert [each for each in planned() if "yara@" in each] == []


def test_several_at_once(adopt, planned):
    """All are written together; what the document says already is said, and is no fault."""
    everything = [each for each in planned() if ("emma@" in each and ".grant" not in each) or "director" in each]
    own = 'mailbox["claire@example.ch"].delegate["claire@example.ch"]'
    result, _ = adopt([*everything, 'user["daniel@example.ch"]', own])
    assert result.code == 0
    assert f"Commit it, as in: Adopt {len(everything)} entries" in result.stdout
    assert 'user["daniel@example.ch"]: nothing to adopt, the document says so already' in result.stdout
    assert f"{own}: needs no line, since no plan changes it." in result.stdout
    assert {*everything}.isdisjoint(planned())


REFUSED = {
    "a tag": (['user["ana@example.ch"].grant["domain/example.com"]'], "access.yaml:61 gives it, and stands for more"),
    "a role": (['user["luca@example.ch"].grant["hosting/www.example.ch"]'], "access.yaml:39 gives it"),
    "a team": (['user["yara@example.ch"].use["drive/Team Drive"]'], "access.yaml:143 gives it"),
    "a ready-made role": (['user["lena@example.ch"].grant["domain/*"]'], "access.yaml:121 gives it"),
    "what must be gone": (['user["old@example.ch"]'], "access.yaml:173 says that it must be gone"),
    "somebody whom the document does not name": (
        ['mailbox["info@example.ch"].delegate["old@example.ch"]'], "--adopt 'user[\"old@example.ch\"]'",
    ),
    "what nobody is shown": (['partner["WebAgency"]'], "nobody knows whether it is there"),
    "what is nowhere": (['user["nobody@example.ch"]'], "is neither live nor in the document"),
    "no address": (["gus"], "gus is no address of an entry"),
    "a leader who goes with nobody else to lead": (['user["ana@example.ch"]', GUS], "metadata-missing"),
    "the reminders of the only one who gets them": (['user["claire@example.ch"]'], "reminders-stay"),
}  # fmt: skip


@pytest.mark.parametrize(("addresses", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_left_to_people(adopt, addresses, words):
    """What stands for more, is not known, or would make the document invalid is refused, and all with it."""
    result, lines = adopt([EMMA, *addresses])
    assert input_error(result, words)
    assert lines == []


def test_what_ended_or_begins_later(adopt, example):
    """A line with a date that is against it is left to people, and named."""
    document = example / "access.yaml"
    document.write_text(
        document.read_text()
        .replace("hosting/*: technical   ", "hosting/*: {manage: technical, until: 2026-01-31}")
        .replace("emma@example.ch: [can_manage_auto_reply, can_manage_rules]",
                 "emma@example.ch: {access: [can_manage_rules], since: 2027-01-01}")
    )  # fmt: skip
    assert input_error(adopt(['user["ana@example.ch"].grant["hosting/*"]'])[0], "it ended by access.yaml:62")
    assert input_error(adopt([EMMA])[0], "it begins later by access.yaml:152")


def test_what_the_next_plan_would_take(adopt, example):
    """An entry is left whose adoption would make the next plan take something else away."""
    (example / "some.yaml").write_text(f"{HEAD}policy: {{mode: {{users: enforce}}}}\nmailboxes: {{}}\n")
    result, lines = adopt([GUS], document="some.yaml")
    assert input_error(result, 'the next plan would then revoke user["', "and 12 more")
    assert lines == []


def test_what_the_next_plan_would_grant(adopt, example):
    """What a membership brings by the document and is not live yet is listed."""
    document = example / "access.yaml"
    document.write_text(
        document.read_text().replace(
            "    members: [claire@example.ch]        # members here and `teams` on a user add up\n    grants:\n",
            "    members: [claire@example.ch]\n    grants:\n      kchat/kChat: {use: user}\n",
        ).replace("    teams: [Web]\n", "", 1)
    )  # fmt: skip
    result, lines = adopt(['team["Web"].member["ana@example.ch"]'])
    assert (result.code, lines) == (
        0, ["-    members: [claire@example.ch]", "+    members: [claire@example.ch, ana@example.ch]"],
    )  # fmt: skip
    assert 'The next plan then has more:\n  grant user["ana@example.ch"].use["kchat/kChat"]\n' in result.stdout


def test_a_folder(cli, example, planned):
    """Of a document in several files those are edited that have the entry, or else its section."""
    (example / "access").mkdir()
    head, _, rest = (example / "access.yaml").read_text().partition("\nteams:\n")
    users = head.replace("sandbox:organization.yaml", "sandbox:../organization.yaml")
    (example / "access" / "a.yaml").write_bytes(users.replace("\n", "\r\n").encode())
    (example / "access" / "b.yaml").write_text(f"teams:\n{rest}")
    result = cli("export", "access", "--adopt", GUS, "--adopt", EMMA, *NOTES, *TODAY)
    assert result.code == 0, result
    assert f"{EMMA}: adopted (access/b.yaml:" in result.stdout
    assert f"{GUS}: adopted (access/a.yaml:132)." in result.stdout
    written = (example / "access" / "a.yaml").read_bytes()
    assert written.count(b"\n") == written.count(b"\r\n")
    assert {GUS, EMMA}.isdisjoint(planned("access"))


def test_all_files_or_none(example):
    """Where one of several files cannot be written, the others are as they were."""
    folder = example / "folder"
    folder.mkdir()
    one, other = folder / "one.yaml", folder / "missing" / "other.yaml"
    one.write_text("before")
    with pytest.raises(InputError, match=r"other\.yaml cannot be written"):
        replace_files({one: "before", other: "before"}, {one: "after", other: "after"})
    assert [path.read_text() for path in folder.iterdir()] == ["before"]


def test_from_a_snapshot_and_by_a_link(command, example):
    """As people run it: from a snapshot, and with a link in place of the file."""
    assert command("snapshot", *TODAY, cwd=example).code == 0
    (example / "access.yaml").rename(example / "real.yaml")
    (example / "access.yaml").symlink_to("real.yaml")
    result = command("export", "--adopt", EMMA, "--live", "snapshot.json", *TODAY, cwd=example)
    assert (result.code, (example / "access.yaml").is_symlink()) == (0, True)
    assert "emma@example.ch: [can_manage_auto_reply]\n" in (example / "real.yaml").read_text()


def test_hostile_names(cli, example, organization):
    """A name that plays tricks is written so that it is read again as it is, and shown so that it is seen."""
    name = "Wéb \u202e: {x}, #1"

    def change(data):
        data["teams"].append({"name": name, "members": ["ana@example.ch"]})

    organization(change)
    address = f"team[{json.dumps(name)}]"
    result = cli("export", "--adopt", address, *TODAY)
    assert result.code == 0
    assert "\u202e" not in result.stdout
    assert yaml.safe_load((example / "access.yaml").read_text())["teams"][name]["members"] == ["ana@example.ch"]
    assert cli("plan", "--detailed-exitcode", *TODAY).stdout.count("Wéb") == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--reason", "x"), "--reason goes with --adopt"), (("--adopt", EMMA, "--out", "x.yaml"), "in place"),
     (("--adopt", EMMA, "--reason", " "), "--reason says nothing"),
     (("--adopt", EMMA, "--owner", "ana"), "--owner ana is no e-mail address"),
     (("--adopt", EMMA, "--until", "soon"), "soon"),
     (("--adopt", EMMA, "--until", "2026-01-31"), "--until 2026-01-31 has passed")],
)  # fmt: skip
def test_arguments_that_do_not_fit(cli, arguments, words):
    """Options that go with --adopt alone, or not with it, and notes that say nothing are refused."""
    assert input_error(cli("export", *arguments, *TODAY), words)


@pytest.mark.parametrize("reason", ["caf\udce9", "a\x1bb", "\ud800"])
def test_a_note_that_no_document_can_hold(cli, example, reason):
    """What YAML has no place for is refused by the name of its option, and the document stays."""
    before = (example / "access.yaml").read_text()
    refused = cli("export", "--adopt", 'team["Web"]', "--reason", reason, *TODAY)
    assert input_error(refused, "--reason has a character that no document can hold")
    assert (example / "access.yaml").read_text() == before
