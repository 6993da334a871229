"""The page on routes says what the code does."""

import json
import os
import re

import pytest
from tests.conftest import REPOSITORY
from tests.test_stories import BLOCK, TODAY, carry_out, options

from accessplan.have.routes.table import BY_NAME, ROWS
from accessplan.report.routes_table import render_markdown

PAGE = REPOSITORY / "docs" / "routes.md"
BETWEEN = re.compile(r"(?<=<!-- routes -->\n).*(?=<!-- /routes -->)", re.DOTALL)
LINES = re.findall(
    r"^\| ([^|]+) \| [^|]* \| ([^|]+) \| \[[^]]+\]\(\.\./(tests/stories/[^)]+)\) \|$", PAGE.read_text(), re.MULTILINE
)


def lay_out(story, folder, monkeypatch):
    for block in BLOCK.finditer((REPOSITORY / story).read_text()):
        (folder / block["name"]).write_text(block["text"])
    monkeypatch.chdir(folder)


def test_the_table_of_routes_is_that_of_the_code():
    """The page holds every row of the table in the code, as it is; ACCESSPLAN_UPDATE=1 writes it anew."""
    page = PAGE.read_text()
    if os.environ.get("ACCESSPLAN_UPDATE"):
        PAGE.write_text(page := BETWEEN.sub(lambda _: render_markdown(ROWS), page))
    assert BETWEEN.findall(page) == [render_markdown(ROWS)]


@pytest.mark.parametrize(("deed", "routes", "story"), LINES, ids=[deed for deed, *_ in LINES])
def test_every_deed_goes_by_its_routes(cli, tmp_path, monkeypatch, deed, routes, story):
    """Whatever people click together today is carried out in its story by the routes that the page names."""
    lay_out(story, tmp_path, monkeypatch)
    if (tmp_path / "before.yaml").exists():
        carry_out(cli, "before.yaml")
    plan = json.loads(cli("plan", *options(), "--today", TODAY, "--format", "json").stdout)
    told = [name for part in routes.split(";") if "invited:" not in part for name in re.findall(r"`([\w-]+)`", part)]
    assert told, deed
    assert set(re.findall(r"`([\w-]+)`", routes)) <= BY_NAME.keys()
    assert set(told) <= {operation["name"] for operation in plan["operations"]}


def test_no_deed_is_forgotten():
    """The page has a line for each of the many things people do by hand."""
    assert len(LINES) >= 27


ELSEWHERE = {
    "remove-mailbox-access": "tests/have/test_mail_routes.py",
    "invite-representative": "tests/have/test_mended_routes.py",
}
"""Routes that no story takes, and the tests that do."""


@pytest.fixture(scope="module")
def taken():
    """Collect the routes of all stories, from the requests and steps that they show."""
    return {name for _, routes, _ in LINES for name in re.findall(r"`([\w-]+)`", routes)}


@pytest.mark.parametrize("name", BY_NAME)
def test_every_route_is_taken(taken, name):
    """Each row of the table is a route of some deed above, or of a test that the code of the docs names."""
    assert name in taken or f'"{name}"' in (REPOSITORY / ELSEWHERE[name]).read_text()
