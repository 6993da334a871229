"""Whatever has a name for users stands on its page: rails, rules, formats, drift, exit codes, commands, options."""

import re

import pytest
from tests.conftest import REPOSITORY
from tests.docs.commands_page import leaves_and_groups, options
from tests.docs.rails_page import code_of

from accessplan import drift, risk, stale
from accessplan.cause import Kind
from accessplan.change import Effect
from accessplan.errors import Exit
from accessplan.have import snapshot
from accessplan.rail import RAILS
from accessplan.report import drift_formats, plan_json
from accessplan.report.formats import FORMATS

DOCS = REPOSITORY / "docs"

NAMES = {
    "rails.md": [*map(code_of, RAILS), *map(code_of, risk.RULES)],
    "stale.md": list(stale.CODES),
    "drift.md": [*(f"drift-{each}" for each in drift.Kind), *drift_formats.FORMATS, *drift.Why],
    "formats.md": [*FORMATS, *(each.suffix for each in FORMATS.values())],
    "explain.md": [str(each) for each in Kind],
    "plan-json.md": [str(each) for each in Effect],
    "reference/exit-codes.md": [str(int(each)) for each in Exit],
    "reference/commands.md": [
        *(f"accessplan {words}" for words in leaves_and_groups()),
        *(max(option.opts, key=len) for command in leaves_and_groups().values() for option in options(command)),
    ],
}
"""What each page has to tell of, by name."""

PLACES = [(page, name) for page, names in NAMES.items() for name in dict.fromkeys(names)]


@pytest.mark.parametrize(("page", "name"), PLACES)
def test_what_has_a_name_is_told(page, name):
    """Each name stands on the page that is about it, as code, as a cell of a table or in a heading."""
    text = (DOCS / page).read_text()
    assert re.search(rf"(`|<code>|\| |^#+ |, ){re.escape(name)}(`|,| |$)", text, re.MULTILINE)


def test_every_rail_rule_and_format_is_looked_for():
    """There are as many names as the code has, so that an empty list is not taken for everything told."""
    assert {page: len(names) > 3 for page, names in NAMES.items()} == dict.fromkeys(NAMES, True)


def test_every_setting_of_the_environment_is_told():
    """Each environment variable that the code reads stands on some page."""
    source = "\n".join(file.read_text() for file in (REPOSITORY / "src" / "accessplan").rglob("*.py"))
    pages = "\n".join(page.read_text() for page in (REPOSITORY / "README.md", *DOCS.rglob("*.md")))
    known = set(re.findall(r"\b(?:ACCESSPLAN|INFOMANIAK)_[A-Z_]+\b", source)) | {"NO_COLOR"}
    assert {"INFOMANIAK_TOKEN", "ACCESSPLAN_PRIVACY_KEY"} < known
    assert [name for name in sorted(known) if name not in pages] == []


@pytest.mark.parametrize(
    ("what", "version"), [("Snapshots", snapshot.FORMAT_VERSION), ("Plans", plan_json.FORMAT_VERSION)]
)
def test_the_changelog_tells_the_formats(what, version):
    """What the changelog last said of a format's version is the version that is written."""
    said = re.findall(rf"{what} have the format (\d+\.\d+)", (REPOSITORY / "CHANGELOG.md").read_text())
    assert said[0] == version
