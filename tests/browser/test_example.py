"""The report of the example, and one full of hostile names, in a browser."""

import shutil
from importlib.resources import files

import pytest
from playwright.sync_api import expect
from tests.cli.given import TODAY
from tests.conftest import REPOSITORY
from tests.reports_hostile import HOSTILE, hostile_overview

from accessplan.cli.main import run
from accessplan.report.page import render

TEMPLATE = "https://forge.example/blob/main/{file}#L{line}"
ANA = "#who=user%5B%22ana%40example.ch%22%5D"
BY_STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

MARKUP = ("html", "end of a script", "attribute", "drawing", "address", "template", "blank")
"""The hostile names that a browser could take for more than text, and one that nobody sees."""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report of the example, with links to a forge."""
    folder = tmp_path_factory.mktemp("example")
    for file in (REPOSITORY / "examples").glob("*.yaml"):
        shutil.copy(file, folder)
    out = folder / "report.html"
    arguments = ["--out", out, "--state", folder / "state", "--source-url", TEMPLATE, "--quiet", *TODAY]
    assert run(["report", str(folder / "access.yaml"), *map(str, arguments)]) == 0
    return out


def rows(page):
    return page.locator("#matrix tbody tr")


def names(page):
    return rows(page).locator("th b").all_inner_texts()


def in_column(page, person, column):
    """What stands in the matrix for a person under a heading, as it is read aloud."""
    heads = page.locator("#matrix thead tr").last.locator("th").all_inner_texts()
    row = rows(page).filter(has_text=person)
    return row.locator("td").nth(3 + heads.index(column)).inner_text().split()


def test_the_matrix(report, open_page):
    """A cell says what somebody may do; what is through something wider, and what goes, is told apart in words too."""
    page = open_page(report)
    expect(page.locator("#count")).to_have_text("14 people and partners of 14")
    assert in_column(page, "claire@example.ch", "users and settings") == ["legal", "representative"]
    assert in_column(page, "daniel@example.ch", "example.ch") == [
        "all",
        "every",
        "right,",
        "through",
        "every",
        "product",
    ]
    assert in_column(page, "gus@agency.example", "example-shop.ch") == ["technical", "to", "be", "revoked"]


def test_opening_a_person(report, open_page):
    """A person is opened by the keyboard, shows each path to a line that leads to the forge, and is closed again."""
    page = open_page(report)
    button = page.get_by_role("button", name="Ana Keller")
    button.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Ana Keller")
    expect(panel).to_be_visible()
    path = panel.locator(".path").filter(has_text="place in drive/Team Drive")
    expect(path).to_contain_text("use as admin planned")
    expect(path).to_contain_text("ReasonLooks after it")
    link = path.get_by_role("link")
    line = link.inner_text().rpartition(":")[2]
    assert (link.get_attribute("href") or "").endswith(f"access.yaml#L{line}")
    expect(panel.get_by_text("redundant-grant")).to_be_visible()
    assert page.url.endswith(ANA)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()
    assert "who=" not in page.url


def test_a_link_can_be_shared(report, open_page):
    """Whoever opens the address of a page sees the same filter, order and person."""
    page = open_page(report, "#q=example.ch&sort=login&stale=1&who=user%5B%22emma%40example.ch%22%5D")
    expect(page.get_by_role("dialog", name="Emma Dubois")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.get_by_label("Find").input_value() == "example.ch"
    assert page.get_by_role("checkbox", name="stale").is_checked()
    assert names(page)[0] == "Luca Bernasconi"
    assert "Daniel Roth" not in names(page)


@pytest.mark.parametrize(("scheme", "fragments"), [("light", ("", ANA, "#list=1")), ("dark", ("", ANA))])
def test_everybody_can_use_it(report, open_page, scheme, fragments):
    """The rules of WCAG 2.2 AA that can be checked by a program hold, for the page, a person and the list."""
    for fragment in fragments:
        page = open_page(report, fragment, color_scheme=scheme, bypass_csp=True)
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        page.evaluate(AXE)
        found = page.evaluate("async (tags) => (await axe.run({ runOnly: tags })).violations", BY_STANDARD)
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_it_fits_a_phone(report, open_page):
    """On a narrow screen nothing but tables and charts moves sideways."""
    for fragment in ("", ANA, "#list=1"):
        page = open_page(report, fragment, viewport={"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_without_scripts(report, open_page):
    """Where no script runs everybody is listed with all paths, and no control is there that would do nothing."""
    page = open_page(report, java_script_enabled=False)
    person = page.locator("#list tbody tr").filter(has_text="gus@agency.example")
    expect(person).to_contain_text("drive/Agency exchange: use (to be revoked) place in drive/Agency exchange")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#matrix")).to_be_hidden()


@pytest.mark.parametrize("name", MARKUP)
def test_no_name_is_run(open_page, tmp_path, name):
    """No script of a name runs, wherever it stands, and the page works with it."""
    file = tmp_path / "report.html"
    file.write_text(render(hostile_overview(HOSTILE[name])))
    page = open_page(file)
    expect(page.locator("#matrix tbody tr")).to_have_count(2)
    page.locator("#matrix tbody th button").last.click()
    expect(page.locator("#panel .path")).to_have_count(4)
    assert page.locator("script").count() == 2
    assert page.locator("img, iframe, object, svg svg, form:not(#filters), [onload], [href^=javascript]").count() == 0
