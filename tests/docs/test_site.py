"""The pages build into a site, none is left out, and what they are written with is shown."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.conftest import REPOSITORY, not_installed

DOCS = REPOSITORY / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
CONFIG = yaml.safe_load((REPOSITORY / "mkdocs.yml").read_text())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site, with every warning an error, and return its folder and what was said."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=120)
    if "No module named mkdocs" in done.stderr:
        not_installed("mkdocs", "mkdocs is not installed")
    assert done.returncode == 0, done.stderr
    return folder


def shown(site: Path, page: str) -> str:
    """Return a page of the site without what stands in blocks of code."""
    place = site / page.replace(".md", "/index.html")
    return re.sub(r"(?s)<pre.*?</pre>|<code>.*?</code>", "", place.read_text())


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_a_page_of_the_site(site, page):
    """Each page is built, and its tables are tables and its links links."""
    text = shown(site, page)
    assert not re.search(r"\|\s*:?---|\]\([\w.]|^#+ ", text, re.MULTILINE)


def test_links_lead_on_in_the_site(site):
    """What a page links to in the site is there, files from outside of docs/ too."""
    for page in site.rglob("*.html"):
        for link in re.findall(r'(?:href|src)="([^":#&]+)(?:#[^"]*)?"', page.read_text()):
            target = site / link.lstrip("/") if link.startswith("/") else page.parent / link
            assert target.exists() or page.name == "404.html", (page, link)


def test_every_page_is_in_the_navigation():
    """Each page has its place in the navigation, once, and the navigation names no other."""
    places = [place for part in CONFIG["nav"] for place in leaves(part)]
    assert sorted(places) == sorted([*PAGES, "index.md"])


def leaves(part):
    """List the pages of a part of the navigation."""
    if isinstance(part, str):
        return [part]
    inner = part.values() if isinstance(part, dict) else part
    return [place for each in inner for place in leaves(each)]


def test_every_page_can_be_reached_from_the_readme():
    """From the README each page can be reached by links alone, for those who read in the repository."""
    seen, todo = set(), [REPOSITORY / "README.md"]
    while todo:
        page = todo.pop()
        if page not in seen:
            seen.add(page)
            links = re.findall(r"\]\(([^)\s#]+\.md)(?:#[^)]*)?\)", page.read_text())
            todo += [(page.parent / link).resolve() for link in links if "://" not in link]
    assert {DOCS / page for page in PAGES} <= seen
