"""Hostile names in text, JSON and findings: they steer no terminal and hide nothing."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from tests.reports_hostile import HALF, HOSTILE, hostile

from accessplan.finding import Place, error, warning
from accessplan.report import findings as findings_text
from accessplan.report import plan_json, text
from accessplan.report.formats import FORMATS, OF_FINDINGS
from accessplan.report.marks import marks_on
from accessplan.report.safe import table_cell, visible, workflow_message, workflow_property

STYLE = re.compile(r"\x1b\[[0-9;]*m")
STEERING = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}

FULL = text.Detail(requests=True, held_back=True)


def harmful(rendered):
    """List the characters that would steer a terminal, or that nobody sees."""
    return {each for each in rendered if each != "\n" and unicodedata.category(each) in STEERING}


def too_long(rendered, width):
    """List the lines that are wider than the screen."""
    return [line for line in rendered.splitlines() if cell_len(line) > width]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_the_text(name):
    """Whatever things are called, the text steers no terminal, hides nothing and keeps to its width."""
    for width in (60, 80, 120):
        rendered = text.render(hostile(HOSTILE[name]), width=width, detail=FULL)
        assert harmful(rendered) == set()
        assert too_long(rendered, width) == []
        assert rendered.splitlines()[-1]
        assert "\nPlan " in rendered


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_json(name):
    """JSON gives every name as it is, and has it written so that printing the file is harmless."""
    rendered = plan_json.render(hostile(HOSTILE[name]))
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
        assert too_long(rendered, width) == []
    assert "\x1b" not in STYLE.sub("", findings_text.render(findings, color=True))


def texts_in(value):
    """List every text in JSON."""
    match value:
        case dict():
            return [*value, *(text for each in value.values() for text in texts_in(each))]
        case list():
            return [text for each in value for text in texts_in(each)]
        case _:
            return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_every_format(form, name):
    """Whatever things are called, every format steers nothing, hides nothing, and can be written to a file."""
    rendered = FORMATS[form].render(hostile(HOSTILE[name]))
    assert harmful(rendered) == set()
    rendered.encode()


@pytest.mark.parametrize("form", ["sarif", "gitlab"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_what_sites_show(form, name):
    """What a site reads out of JSON to show it is harmless there, too; the plan's own JSON gives names as they are."""
    told = texts_in(json.loads(FORMATS[form].render(hostile(HOSTILE[name]))))
    assert {each for text in told for each in harmful(text)} == set()


@pytest.mark.parametrize("form", OF_FINDINGS)
@pytest.mark.parametrize("bad", [*HOSTILE.values(), HALF], ids=[*HOSTILE, "half"])
def test_hostile_names_in_every_format_of_findings(form, bad):
    """A finding repeats a hostile name harmlessly in every format, half a character too."""
    finding = error("code", f"what is {bad}", Place(bad, 1), address=f'user["{bad}"]', hint=bad)
    rendered = OF_FINDINGS[form](marks_on((finding,), bad))
    assert harmful(rendered) == set()
    rendered.encode()


@given(st.text())
def test_cells_are_no_formulas(name):
    """Whatever the text, a cell begins with no formula, and a text without harm is left as it is."""
    cell = table_cell(name)
    assert cell.lstrip()[:1] not in {*"=+-@", "\t", "\r"} - {""}
    assert harmful(cell) == set()


@given(st.text())
def test_commands_end_where_they_end(name):
    """Whatever the text, a property of a workflow command ends at no colon, comma or line end of it."""
    assert not set(":,\r\n") & set(workflow_property(name))
    assert not set("\r\n") & set(workflow_message(name))


@given(st.text())
def test_what_is_visible(name):
    """Whatever the text, nothing harmful is left of it, and a text without harm is left as it is."""
    assert harmful(visible(name).replace("\n", "?")) == set()
    assert "\n" not in visible(name)
    if len(name) <= 256 and name.isprintable():
        assert visible(name) == name


# documents and snapshots


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


@pytest.mark.parametrize("name", ["direction", "invisible", "eight bit"])
def test_hostile_documents(cli, tmp_path, monkeypatch, name):
    """What the document itself holds is shown harmlessly too, in findings and in the JSON plan."""
    selector = json.dumps(f"hosting/{HOSTILE[name]}", ensure_ascii=False)
    monkeypatch.chdir(tmp_path)
    Path("hostile.json").write_text(json.dumps(hostile_world("www")))
    Path("access.yaml").write_text(DOCUMENT.replace("grants: {}", f"grants: {{{selector}: technical}}"))
    result = cli("plan", "--today", "2026-11-21")
    assert result.code == 3
    assert harmful(result.stderr + result.stdout) == set()


def test_half_a_character(command, tmp_path):
    """A name that is no text (half of a surrogate pair) is no bug: the snapshot that holds it is refused."""
    (tmp_path / "hostile.json").write_text(json.dumps(hostile_world("half \ud800")))
    (tmp_path / "access.yaml").write_text(DOCUMENT)
    result = command("plan", "--format", "json", "--today", "2026-11-21")
    assert (result.code, result.stdout) == (3, "")
    assert "hostile.json is no snapshot" in result.stderr
