"""Pages are tested where people see them: in Chromium from Debian's packages, without a screen."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from tests.browser.watched import Watched
from tests.conftest import not_installed


@pytest.fixture(scope="module")
def chromium():
    """One browser for the tests of a file; where there is none they are skipped, unless that must not be."""
    program = shutil.which("chromium")
    if program is None:
        not_installed("chromium", "Chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Open a file as people do who were sent it; what goes wrong in it fails the test that opened it."""
    contexts, watched = [], []

    def call(file, fragment="", **more):
        context = chromium.new_context(
            **{"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"} | more
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        watched.append(Watched(page))
        page.goto(f"{Path(file).as_uri()}{fragment}")
        return page

    yield call
    for context in contexts:
        context.close()
    assert [fault for each in watched for fault in each.faults] == []
