"""What the reader of a plan sees: its widths, its colours, and that no name can do harm in it."""

import json
import re
import time
import unicodedata
from contextlib import chdir
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from syrupy.extensions.amber import AmberSnapshotExtension

from accessplan.cli.options import Settings
from accessplan.cli.world import planned
from accessplan.finding import Place, error, warning
from accessplan.report import findings as findings_text
from accessplan.report import plan_json, text
from accessplan.report.safe import visible

TODAY = ("--today", "2026-11-21")
STYLE = re.compile(r"\x1b\[[0-9;]*m")
STEERING = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}

EVERYTHING = text.Detail(requests=True, held_back=True)


def settings(**given):
    usual = {"live": None, "today": date(2026, 11, 21), "state": Path(".accessplan"), "token_command": None}
    return Settings(**{**usual, "quiet": False, "verbose": False, "color": True, **given})


@pytest.fixture
def report(example):
    """The plan of the example, not yet rendered."""
    with chdir(example), planned(None, settings()) as run:
        yield run.report


def harmful(rendered):
    """List the characters that would steer a terminal, or that nobody sees."""
    return {each for each in rendered if each != "\n" and unicodedata.category(each) in STEERING}


# widths and colours


@pytest.mark.parametrize("color", [False, True], ids=["plain", "colour"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_text_of_the_example(report, snapshot, width, color):
    """The plan of the example looks like this, at each width, with colour and without."""
    rendered = text.render(report, width=width, color=color, detail=EVERYTHING)
    assert rendered.replace("\x1b", "␛") == snapshot(extension_class=AmberSnapshotExtension)


@pytest.mark.parametrize("color", [False, True], ids=["plain", "colour"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_too_long(report, width, color):
    """No line is wider than the screen, and without colour none ends in blanks."""
    lines = STYLE.sub("", text.render(report, width=width, color=color, detail=EVERYTHING)).splitlines()
    assert [line for line in lines if cell_len(line) > width] == []
    assert color or [line for line in lines if line != line.rstrip()] == []


def test_colour_adds_nothing(report):
    """What is coloured says the same without its colours; without colour there is no escape code."""
    plain, colorful = (text.render(report, width=80, color=color) for color in (False, True))
    assert "\x1b" not in plain
    assert [line.rstrip() for line in STYLE.sub("", colorful).splitlines()] == plain.splitlines()


def test_json_of_the_example(report):
    """The JSON plan is ended by one line feed and in its usual order, so that it can be compared."""
    rendered = plan_json.render(report)
    assert rendered == json.dumps(json.loads(rendered), indent=2) + "\n"
    assert list(json.loads(rendered))[:4] == ["format_version", "tool", "plan_id", "organization"]


# hostile names

HOSTILE = {
    "escape": "\x1b[31mred\x1b]0;title\x07",
    "eight bit": "\x9b2J\x85",
    "lines": "one\r\ntwo\u2028three\u2029four",
    "direction": "\u202egnp.exe\u202c\u2066x\u2069\u200f",
    "invisible": "a\u200b\ufeff\u00adb",
    "tag": "flag\U000e0041\U000e007f",
    "private": "\ue000\U0010fffd",
    "markup": "[bold red]x[/bold red] :smile: [link=https://example.com]y[/]",
    "long": "w" * 5000,
    "wide": "漢字" * 40,
    "combining": "z" + "\u0301" * 300,
}


def hostile_world(name, organization="Example SA"):
    """Return a snapshot in which whatever can have a name has this one."""
    user = {"email": "ana@example.ch", "role": "collaborator", "first_name": name, "last_name": name, "id": 1002}
    owner = {"email": "claire@example.ch", "role": "legal_representative", "first_name": "C", "id": 1001, "grants": {}}
    product = {"id": 201, "service": "hosting", "name": name, "internal_name": name, "tags": [name]}
    return {
        "format_version": "1.0",
        "organization": {"id": 4242, "name": f"{name} {organization}"},
        "services": [{"name": "hosting", "id": 1}],
        "products": [product],
        "users": [owner, user | {"grants": {f"hosting/{name}": ["technical"]}}],
        "teams": [
            {"id": 2001, "name": name, "leader": "claire@example.ch", "members": ["ana@example.ch"], "grants": {}}
        ],
        "blind": [{"kind": "team", "part": "grant", "reason": name, "single_products": True}],
        "not_covered": [name],
    }


DOCUMENT = """
accessplan: 1
organization: {id: 4242, live: hostile.json}
policy: {mode: {users: additive, teams: enforce, grants: enforce}}
users:
  claire@example.ch: {first_name: Claire, last_name: Favre, role: legal_representative}
  ana@example.ch: {first_name: Ana, last_name: Keller, role: collaborator, grants: {}}
teams: {}
"""


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    """Lay out a document and a live side where everything has a hostile name."""
    monkeypatch.chdir(tmp_path)

    def lay_out(name, document=DOCUMENT):
        Path("hostile.json").write_text(json.dumps(hostile_world(name)))
        Path("access.yaml").write_text(document)

    return lay_out


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_the_text(hostile, name):
    """Whatever the live side calls things, the text steers no terminal, hides nothing and keeps to its width."""
    hostile(HOSTILE[name])
    with planned(None, settings()) as run:
        for width in (60, 80, 120):
            rendered = text.render(run.report, width=width, detail=EVERYTHING)
            assert harmful(rendered) == set()
            assert [line for line in rendered.splitlines() if cell_len(line) > width] == []
            assert rendered.splitlines()[-1]
        assert "\nPlan " in rendered


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_json(hostile, name):
    """JSON gives every name as it is, and has it written so that printing the file is harmless."""
    hostile(HOSTILE[name])
    with planned(None, settings()) as run:
        rendered = plan_json.render(run.report)
    assert json.loads(rendered)["organization"]["name"] == f"{HOSTILE[name]} Example SA"
    assert harmful(rendered) == set()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_findings(name):
    """A finding repeats a hostile name harmlessly, wherever in it the name stands."""
    bad = HOSTILE[name]
    findings = [
        error("code", f"what is {bad}", Place(bad, 1), address=f'user["{bad}"]', hint=bad),
        warning("code", bad, None, hint=bad),
    ]
    for width in (60, 120):
        rendered = findings_text.render(findings, width=width)
        assert harmful(rendered) == set()
        assert [line for line in rendered.splitlines() if cell_len(line) > width] == []
    assert "\x1b" not in STYLE.sub("", findings_text.render(findings, color=True))


@pytest.mark.parametrize("name", ["direction", "invisible", "eight bit"])
def test_hostile_documents(hostile, cli, name):
    """What the document itself holds is shown harmlessly too, in findings and in the JSON plan."""
    selector = json.dumps(f"hosting/{HOSTILE[name]}", ensure_ascii=False)
    hostile("www", DOCUMENT.replace("grants: {}", f"grants: {{{selector}: technical}}"))
    result = cli("plan", *TODAY)
    assert result.code == 3
    assert harmful(result.stderr + result.stdout) == set()


def test_half_a_character(command, tmp_path):
    """A name that is no text (half of a surrogate pair) is no bug: the snapshot that holds it is refused."""
    (tmp_path / "hostile.json").write_text(json.dumps(hostile_world("half \ud800")))
    (tmp_path / "access.yaml").write_text(DOCUMENT)
    result = command("plan", "--format", "json", *TODAY)
    assert (result.code, result.stdout) == (3, "")
    assert "hostile.json is no snapshot" in result.stderr


def test_a_long_name_hides_nothing(hostile):
    """The longest names that there are leave visible what is granted, and to whom of two alike."""
    team, product = "n" * 127, "p" * 255
    teams = "".join(f"  {team}{end}: {{grants: {{hosting/#201: technical}}}}\n" for end in "ab")
    hostile(product, DOCUMENT.replace("teams: {}", f"teams:\n{teams}"))
    with planned(None, settings()) as run:
        rendered = "".join(line.strip() for line in text.render(run.report).splitlines())
    for end in "ab":
        assert f'team["{team}{end}"].grant["hosting/{product}"]' in rendered


@given(st.text())
def test_what_is_visible(name):
    """Whatever the text, nothing harmful is left of it, and a text without harm is left as it is."""
    assert harmful(visible(name).replace("\n", "?")) == set()
    assert "\n" not in visible(name)
    if len(name) <= 256 and name.isprintable():
        assert visible(name) == name


# much to read


def test_a_plan_of_3000_changes(example, cli):
    """A large plan is there in seconds, names each change once, and begins with identity and verdict."""
    users = {f"u{i}@example.ch": {"first_name": "U", "last_name": f"{i}", "role": "collaborator"} for i in range(3000)}
    head = {"accessplan": 1, "organization": {"id": 4242, "live": "sandbox:organization.yaml"}}
    (example / "many.yaml").write_text(json.dumps(head | {"users": users}, indent=1))
    begun = time.perf_counter()
    lines = cli("plan", "many.yaml", *TODAY).stdout.splitlines()
    assert time.perf_counter() - begun < 8
    assert lines[0] == "Example SA (4242) on 2026-11-21"
    assert next(line for line in lines if line.startswith("Plan ")).endswith("3000 to invite; in 3000 requests.")
    assert lines.index(next(line for line in lines if line.startswith("Plan "))) <= 5
    assert sum(line.startswith("  + user[") for line in lines) == 3000
