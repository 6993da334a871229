"""The reference is what the code says: the schema, the command line, the rails and the exit codes."""

import os
import re

import pytest
from tests.conftest import REPOSITORY
from tests.docs import commands_page, document_page, rails_page

from accessplan.errors import EXIT_MEANINGS

DOCS = REPOSITORY / "docs"
SCHEMA = document_page.read_schema((REPOSITORY / "schemas" / "access.schema.json").read_text())


def up_to_date(name, made, between=None):
    """Tell whether a page, or what stands in it between two marks, is as it is made; ACCESSPLAN_UPDATE=1 writes it."""
    path = DOCS / name
    page = path.read_text() if path.exists() else ""
    if between:
        marked = re.compile(rf"(?<=<!-- {between} -->\n).*(?=<!-- /{between} -->)", re.DOTALL)
        made = marked.sub(lambda _: made, page)
    if os.environ.get("ACCESSPLAN_UPDATE"):
        path.write_text(page := made)
    return page == made


def test_the_document_reference_is_the_schema():
    """The page on the document is made of the schema as it is."""
    assert up_to_date("reference/document.md", document_page.render(SCHEMA))


def test_every_key_has_its_row():
    """Each key that the schema knows anywhere, a row; so nothing is lost on the way from the schema to the page."""
    known = {key for place in maps(SCHEMA) for key in place["properties"]}
    assert {key for _, key in document_page.keys(SCHEMA)} == known
    assert len(known) > 60


def maps(schema):
    """Find every map with keys of its own, wherever it stands."""
    if isinstance(schema, dict):
        yield from [schema] if isinstance(schema.get("properties"), dict) else []
        for inner in schema.values():
            yield from maps(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from maps(inner)


def test_the_commands_page_is_the_command_line():
    """The page on the commands is made of what the command line says of itself."""
    assert up_to_date("reference/commands.md", commands_page.render())


@pytest.mark.parametrize("words", commands_page.leaves_and_groups())
def test_every_option_of_a_command_is_there(cli, words):
    """What `--help` lists as an option stands on the page, in the command's own section or among the shared ones."""
    page = (DOCS / "reference" / "commands.md").read_text()
    section = page.split(f"\n## accessplan {words}\n")[1].split("\n## ")[0]
    listed = re.findall(r"^  (?:-\w, )?(--[\w-]+)", cli(*words.split(), "--help").stdout, re.MULTILINE)
    assert [option for option in listed if not re.search(rf"(?:`|<code>)(-\w, )?{option}\b", section)] == ["--help"]


def test_the_exit_codes_are_those_of_the_code():
    """The page on exit codes has each of them with the meaning that `--help` gives, and no other."""
    rows = "".join(f"| {int(code)} | {meaning} |\n" for code, meaning in EXIT_MEANINGS.items())
    assert up_to_date("reference/exit-codes.md", f"\n| code | meaning |\n|---|---|\n{rows}\n", between="exit codes")


@pytest.mark.parametrize("table", ["rails", "limits", "risks"])
def test_the_tables_on_rails_are_those_of_the_code(table):
    """The page on rails has each rail, limit and rule with what the code says of it."""
    assert up_to_date("rails.md", getattr(rails_page, table)(), between=table)
