"""`--privacy`: in no format anybody is named, and what a reviewer needs is still there."""

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import jsonschema
import pytest
from tests.conftest import REPOSITORY
from tests.reports import CHANGES, EVERYTHING, JUDGEMENT, REVIEWED, TODAY, change, report
from tests.reports_hostile import HOSTILE, hostile

from accessplan.finding import Place, error, warning
from accessplan.model import Address, Delegation, Membership, Team, User, partner_address, user_address
from accessplan.plan import Waiting
from accessplan.report import csv_table, plan_json, text
from accessplan.report.formats import FORMATS
from accessplan.report.privacy import masked, masked_value
from accessplan.report.report import Said
from accessplan.route import Operation, Request, Step

SCHEMA = json.loads((REPOSITORY / "schemas" / "plan.schema.json").read_text())

ZOE = User("Zoe.Zürcher+x@example.ch", "collaborator", first_name="Zoë Maria", last_name="von Zürcher-O'Neil")
KIM = User("kim@partner.example", "external", first_name="KIM", last_name="Østergård")
BOX = "enquiries@example.ch"
ABSENT = User("ursina@example.ch", "collaborator", first_name="Ursina", last_name="Caduff")

TELLING = f"Zoë Maria von Zürcher-O'Neil <{ZOE.email}>, ZOË MARIA or Kim: {KIM.email.upper()}, {BOX}; ask Ursina Caduff"
"""A sentence in which everybody is named."""

DEEP: Any = {"email": ZOE.email, "first_name": ZOE.first_name, "text": TELLING, TELLING: [TELLING, {KIM.email: BOX}]}

PLACE = Place("access/kim.yaml", 3)
RICH_CHANGES = (
    change(None, ZOE, 4),
    change(KIM, None, 5),
    change(None, Team("Web", ZOE.email), 6),
    change(None, Membership("Web", KIM.email), 7),
    replace(change(None, Delegation(BOX, ZOE.email, frozenset())), place=PLACE, attest=TELLING),
)
RICH = report(
    RICH_CHANGES,
    (
        Operation(
            "invite",
            RICH_CHANGES[:1],
            (
                Request("POST", "/1/accounts/{account}/invitations", {"account": 4242}, DEEP, creates=ZOE.address),
                Request(
                    "DELETE",
                    "/1/{box}/{mailbox_name}/{user}",
                    {"box": 1, "mailbox_name": "enquiries", "user": ZOE.email},
                ),
            ),
        ),
        Operation(
            "remove-user", RICH_CHANGES[1:2], (), (Step("do", DEEP, TELLING, TELLING, TELLING, (TELLING,)),), TELLING
        ),
    ),
    organization_name=f"Home of {ZOE.last_name}",
    document="/home/kim/access.yaml",
    live=f"https://{KIM.email}/",
    findings=(warning("code", TELLING, PLACE, address=f'user["{ZOE.email}"]', hint=TELLING),),
    unchecked=((RICH_CHANGES[4], TELLING),),
    said=(
        Said(RICH_CHANGES[4].address, "Zoë Maria von Zürcher-O'Neil", TODAY),
        Said(partner_address("X"), KIM.email, TODAY),
    ),
    not_covered=(TELLING,),
    base="kim/moves",
    judgement=replace(
        JUDGEMENT,
        refusals=(replace(JUDGEMENT.refusals[0], finding=error("code", TELLING, hint=TELLING)),),
        tests=tuple(replace(each, message=TELLING) for each in JUDGEMENT.tests),
    ),
)
RICH = replace(RICH, plan=replace(RICH.plan, waiting=(Waiting(RICH_CHANGES[0], TELLING),), blind=(TELLING,)))

HIDDEN = re.compile(
    r"Zo[eë]|ZO[EË]|Maria|MARIA|Z[üu]rcher|Z\\u00fcrcher|O'Neil|\b(?:kim|KIM|Kim)\b|stergård|enquiries|Ursina|Caduff",
)
"""Names and local parts of the sentence."""


def words(sample):
    """List the local parts of addresses and the names of people in a report's changes."""
    found = set()
    for each in sample.plan.changes:
        address = each.address
        emails = {address.name} if address.kind in ("user", "mailbox") else set()
        emails |= {address.key} if address.part in ("member", "delegate") else set()
        found |= {email.partition("@")[0] for email in emails}
        for entry in (each.before, each.after):
            found |= {entry.first_name, entry.last_name} if isinstance(entry, User) else set()
    return found - {""}


def named(rendered, sample):
    """List who is named in a rendered report."""
    return sorted(word for word in words(sample) if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", rendered))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("sample", [EVERYTHING, REVIEWED], ids=["everything", "reviewed"])
def test_nobody_is_named(form, sample):
    """In no format a local part or a name of anybody in the plan is left, and domains stay."""
    rendered = FORMATS[form].render(masked(sample))
    assert len(words(sample)) > 20
    assert named(rendered, sample) == []
    assert re.search(r"person-[0-9a-f]{10}@(example\.ch|agency\.example)", rendered)


@pytest.mark.parametrize("form", FORMATS)
def test_nobody_is_named_in_sentences(form):
    """Nobody is named in messages, hints, steps, reasons, bodies of requests or names of files."""
    assert HIDDEN.findall(FORMATS[form].render(masked(RICH, people=(ABSENT,)))) == []


def test_the_sentence_names_everybody():
    """Without --privacy all these names are there, so that the tests above look for the right ones."""
    rendered = text.render(RICH, detail=text.Detail(requests=True, held_back=True))
    assert len(set(HIDDEN.findall(rendered))) > 8


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_hidden(name):
    """A hostile name that is somebody's is hidden wherever it stands, and breaks no format."""
    bad = f"{HOSTILE[name]} Zebediah Zoidberg {HOSTILE[name]}@zz.example"
    hidden = masked(hostile(bad))
    rendered = {form: each.render(hidden) for form, each in FORMATS.items()}
    assert [form for form, each in rendered.items() if "Zebediah" in each or "Zoidberg" in each] == []


@pytest.mark.parametrize("sample", [EVERYTHING, RICH, *map(hostile, HOSTILE.values())])
def test_a_masked_plan_fits_the_schema(sample):
    """A masked plan says so, and fits the schema of plans."""
    data = json.loads(plan_json.render(masked(sample)))
    assert data["masked"] is True
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    assert "masked" not in json.loads(plan_json.render(sample))


def test_a_masked_plan_says_the_same():
    """Effects, kinds, rights, causes and risks of every change stay as they are."""
    hidden = masked(REVIEWED)
    before, after = (json.loads(plan_json.render(each)) for each in (REVIEWED, hidden))
    assert after["summary"] == before["summary"]
    for plain, other in zip(before["resource_changes"], after["resource_changes"], strict=True):
        for same in ("effect", "rights", "cause", "route", "attest"):
            if same == "cause" and (plain[same] or {}).get("of"):
                continue
            assert other[same] == plain[same]
    assert [each["change"]["actions"] for each in after["resource_changes"]] == [
        each["change"]["actions"] for each in before["resource_changes"]
    ]


# pseudonyms


def subjects(sample):
    """List the subjects of a masked plan's changes, as the CSV has them."""
    return [line.split(",")[3] for line in csv_table.render(sample).splitlines()[1:]]


def test_pseudonyms_are_stable():
    """The same address has the same pseudonym in every run and every plan, and two addresses have two."""
    one = subjects(masked(report(CHANGES)))
    assert one == subjects(masked(report(CHANGES)))
    ana = masked_value("ana@example.ch", 4242)
    assert re.fullmatch(r"person-[0-9a-f]{10}@example\.ch", ana)
    assert masked_value("Ana@Example.CH", 4242) == ana
    assert f'user["{ana}"]' in text.render(masked(EVERYTHING))
    assert len({masked_value(f"user{number}@example.ch", 4242) for number in range(2000)}) == 2000


def test_pseudonyms_depend_on_the_key():
    """Another organization or another secret gives other pseudonyms."""
    given = {masked_value("ana@example.ch", number, key) for number in (1, 2) for key in ("", "k", "l")}
    assert len(given) == 6


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("nobody is in it", "nobody is in it"),
        ("hosting/@production and drive/*", "hosting/@production and drive/*"),
        ('user["a@b.ch"]', 'user["P@b.ch"]'),
        ("mailbox/a@b.ch", "mailbox/P@b.ch"),
        ("<a@b.ch>, 'a@b.ch'; (a@b.ch).", "<P@b.ch>, 'P@b.ch'; (P@b.ch)."),
        ("a%40b.ch", "P@b.ch"),
        ("a.long-one+tag@sub.b.ch", "P@sub.b.ch"),
        ("user a, a@b.ch", "user a, P@b.ch"),
        ("ask anna of anna@b.ch", "ask P of P@b.ch"),
    ],
)
def test_what_is_hidden_in_a_text(said, left):
    """Addresses are found wherever they begin and end, and what they begin with is hidden where it stands alone."""
    assert re.sub(r"person-[0-9a-f]{10}", "P", masked_value(said)) == left


def test_words_of_ours_stay():
    """Somebody who is called as a right, a kind or a service does not make the plan unreadable."""
    people = [User("hosting@example.ch", "external", first_name="technical", last_name="user")]
    assert "hosting/*" in text.render(masked(EVERYTHING, people=people))
    changes = json.loads(plan_json.render(masked(EVERYTHING, people=people)))["resource_changes"]
    assert {each["effect"] for each in changes} == {str(each.effect) for each in CHANGES}


def test_findings_alone_are_masked():
    """What is told of a document that is not valid names nobody by address."""
    (finding,) = masked_value((error("code", "who is ana@example.ch", address=str(user_address("ana@example.ch"))),))
    assert "ana" not in finding.message + finding.address


def test_what_nobody_foresaw_is_refused():
    """A value of a kind that nobody thought of is refused, since somebody might be named in it."""

    @dataclass(frozen=True)
    class Odd:
        inside: object

    assert masked(report(ids={Address("user", "a@b.ch"): 3}, not_covered=(Odd(date(2026, 1, 1)),))).masked
    with pytest.raises(TypeError):
        masked(report(not_covered=(Odd(b"ana@example.ch"),)))


# the command line

MAILS = re.compile(r"[\w.-]+@[\w.-]+")


@pytest.mark.usefixtures("example")
def test_privacy_on_the_command_line(cli, tmp_path, monkeypatch):
    """With --privacy neither stdout nor a file names anybody, and the secret of the environment counts."""
    run = ("plan", "--privacy", "--today", TODAY, "--show-requests", "--verbose", "--out", "plan.json")
    shown = []
    for key in ("one", "two"):
        monkeypatch.setenv("ACCESSPLAN_PRIVACY_KEY", key)
        result = cli(*run)
        output = result.stdout + result.stderr + (tmp_path / "plan.json").read_text()
        assert "Yara" not in output
        assert "Steiner" not in output
        assert [mail for mail in MAILS.findall(output) if not mail.startswith("person-")] == []
        shown.append(output)
    assert shown[0] != shown[1]


@pytest.mark.parametrize(
    "words",
    [
        ["stale", "--out", "out.md", "--out", "out.json", "--out", "out.sarif"],
        ["drift", "--out", "out.md", "--out", "out.json", "--out", "out.csv"],
        ["review", "--csv", "out.csv", "--ics", "out.ics"],
    ],
    ids=lambda words: words[0],
)
def test_privacy_of_what_lives_on(cli, example, words):
    """With --privacy neither stale nor drift nor review names anybody, in whatever form."""
    result = cli(words[0], "--privacy", "--today", TODAY, *words[1:])
    files = "".join(each.read_text().replace("\n ", "") for each in example.glob("out.*"))  # a calendar folds its lines
    output = result.stdout + result.stderr + files
    assert (result.code in (0, 2), "person-" in output) == (True, True)
    assert re.findall(r"\b(?:Favre|Keller|Dubois|Roth|Guest|Frei)\b", output) == []
    mails = {mail for mail in MAILS.findall(output) if not mail.endswith("@accessplan")}  # of entries in a calendar
    assert {mail for mail in mails if not mail.startswith("person-")} == set()


@pytest.mark.usefixtures("example")
def test_privacy_of_faults(cli, tmp_path):
    """With --privacy the faults of a document that is not valid name nobody by address."""
    document = tmp_path / "access.yaml"
    document.write_text(document.read_text().replace("leader: ", "leader: nobody@example.ch # ", 1))
    result = cli("plan", "--privacy", "--today", TODAY)
    assert result.code == 3
    assert "person-" in result.stderr
    assert "nobody@" not in result.stderr
