"""The report of a real organization of 1,276 people, in a browser."""

import re

import pytest
from playwright.sync_api import expect
from tests.cli.given import TODAY
from tests.conftest import SAID, SHARED_DATA

from accessplan.cli.main import run

KUBERNETES = SHARED_DATA / "kubernetes"
PEOPLE = 1276

READY = "performance.getEntriesByName('ready')[0].startTime"
"""The milliseconds from the start of the navigation until all of the script has run."""

TYPE = """async (texts) => {
  const field = document.querySelector("[name=q]");
  let slowest = 0;
  for (const text of texts) {
    const begin = performance.now();
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    slowest = Math.max(slowest, performance.now() - begin);
  }
  return slowest;
}"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report of the organization on one day."""
    if not KUBERNETES.is_dir():
        pytest.skip(f"{KUBERNETES} is not there")
    folder = tmp_path_factory.mktemp("kubernetes")
    out = folder / "report.html"
    arguments = ["--out", out, "--state", folder / "state", "--quiet", *TODAY]
    assert run(["report", str(KUBERNETES / "access.yaml"), *map(str, arguments)]) == 0
    return out


@pytest.fixture
def page(report, open_page):
    return open_page(report)


def accesses(page):
    return [int(each) for each in page.locator("#matrix tbody td:nth-of-type(3)").all_inner_texts()]


def count(page):
    """How many are found."""
    return int(page.locator("#count").inner_text().split()[0].replace(",", ""))


def test_filtering(page):
    """Text, role and high risk narrow the people down; what is found is told, and cleared again."""
    assert count(page) == PEOPLE
    page.get_by_label("Find").fill("uab99b694bb")
    expect(page.locator("#count")).to_have_text("1 person or partner of 1,276")
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Role").select_option("administrator")
    assert count(page) == 8
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("high risk").check()
    assert count(page) == 10
    assert set(page.locator("#matrix tbody td:nth-of-type(1)").all_inner_texts()) == {
        "administrator", "legal representative",
    }  # fmt: skip
    page.get_by_label("external").check()
    expect(page.locator("#matrix tbody")).to_contain_text("Nobody fits")
    assert page.locator("#count").get_attribute("aria-live") == "polite"


def test_who_reaches_a_product(page):
    """The heading of a product leaves those who reach it, by themselves or since they govern, and nothing else."""
    page.get_by_label("Service").select_option("hosting")
    page.get_by_role("button", name="api", exact=True).click()
    expect(page.locator("#chosen")).to_contain_text("Reaching hosting/api")
    cells = page.locator("#matrix tbody td:nth-of-type(4)").all_inner_texts()
    assert 0 < count(page) < PEOPLE
    assert len(cells) == min(count(page), 50)
    assert all(cells)


def test_sorting(page):
    """Who reaches most stands first, and the heading says so; by name it is the alphabet."""
    page.get_by_label("Sort by").select_option("accesses")
    assert accesses(page) == sorted(accesses(page), reverse=True)
    assert accesses(page)[0] > 20
    expect(page.get_by_role("columnheader", name="Accesses")).to_have_attribute("aria-sort", "descending")
    page.get_by_label("Sort by").select_option("login")
    days = page.locator("#matrix tbody td:nth-of-type(2)").all_inner_texts()
    assert days == sorted(days)


def test_pages(page):
    """Fifty people are drawn at a time, and each of those who are found is on one of the pages."""
    page.get_by_label("Find").fill("ua")
    found, seen = count(page), set()
    for _ in range(found // 50 + 1):
        shown = page.locator("#matrix tbody th .quiet").all_inner_texts()
        assert 0 < len(shown) <= 50
        seen.update(shown)
        if page.get_by_role("button", name="Next people").is_enabled():
            page.get_by_role("button", name="Next people").click()
    assert len(seen) == found > 50
    assert page.url.endswith(f"#q=ua&page={found // 50 + 1}")


def test_columns(page):
    """Forty products are drawn at a time, and each product of a service is in one of the columns."""
    page.get_by_label("Service").select_option("hosting")
    seen = []
    while True:
        shown = page.locator("#matrix thead tr").last.locator("th").all_inner_texts()
        assert len(shown) <= 40
        seen += shown
        if not page.get_by_role("button", name="Next columns").is_enabled():
            break
        page.get_by_role("button", name="Next columns").click()
    expect(page.locator("#columns span")).to_have_text(f"{len(seen) - len(shown) + 1} to {len(seen)} of {len(seen)}")
    assert len(set(seen)) == len(seen) > 70


def test_a_person(page):
    """A person with many accesses shows a path for each, with the line that it is written on."""
    page.get_by_label("Find").fill("uab99b694bb")
    page.locator("#matrix tbody th button").click()
    panel = page.get_by_role("dialog")
    paths = panel.locator(".path").all_inner_texts()
    assert len(paths) == 35
    assert all(re.search(r"access\.yaml:\d+", path) for path in paths)


def test_on_paper(page):
    """What is printed lists everybody, and has no controls."""
    page.emulate_media(media="print")
    expect(page.locator("#list")).to_be_visible()
    assert page.locator("#list tbody tr").count() == PEOPLE
    for hidden in ("#filters", "#matrix", "nav.places"):
        expect(page.locator(hidden)).to_be_hidden()


def test_finding_in_the_browser(page):
    """As one list everybody is in the text of the page, where the browser's own search finds them."""
    assert page.locator("body").inner_text().count("@kubernetes.example") < PEOPLE
    page.get_by_role("button", name="Show everybody as one list").click()
    assert page.locator("#list").inner_text().count("@kubernetes.example") >= PEOPLE


def test_how_long_it_takes(page, record_property):
    """The time until the page answers, and the longest that typing a letter takes to be drawn, are told."""
    ready = page.evaluate(READY)
    slowest = page.evaluate(TYPE, ["u", "u0", "u06", "", "admin"])
    record_property(SAID, f"ready after {ready:.0f} ms, the slowest filter {slowest:.0f} ms")
    assert count(page) > 0
