"""What is stale, in every form: whatever names and messages hold, it steers nothing."""

import csv
import io
import re
from datetime import date

import pytest

from accessplan.announcement import Announced
from accessplan.finding import Place
from accessplan.model import Address, User
from accessplan.report import stale_text
from accessplan.report.stale_formats import FORMATS
from accessplan.report.stale_report import Announcing, StaleReport
from accessplan.stale import Severity, Stale

EVIL = "=1+1\x1b]0;owned\x07\u202e<script>@everyone \n::error::x, {0} [a](http://x) \ud800"
STALE = Stale(
    "owner-left", Address("user", EVIL, "grant", f"hosting/{EVIL}"), f"last {EVIL}", f"ask {EVIL}", Severity.HIGH,
    date(2026, 11, 1), ("owner",), (f"not {EVIL}",), owner=EVIL, place=Place(f"a{EVIL}.yaml", 3),
)  # fmt: skip
ANNOUNCED = Announced(STALE.address, User(EVIL, "external"), (STALE.rule,), date(2026, 11, 21), owner=EVIL)
REPORT = StaleReport(
    4242, EVIL, f"{EVIL}.yaml", EVIL, date(2026, 11, 21), (STALE,), (f"Not {EVIL}",), 30, EVIL,
    announced={STALE.address: ANNOUNCED}, announcing=Announcing((ANNOUNCED,), {STALE.address: f"since {EVIL}"}),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_text(form):
    """No control character, direction mark or half of a pair comes through, and nothing begins a formula."""
    text = FORMATS[form](REPORT)
    assert not set(text) & {"\x1b", "\x07", "\u202e", "\ud800"}
    text.encode()
    if form == "csv":
        (row,) = csv.DictReader(io.StringIO(text))
        assert not [cell for cell in row.values() if cell[:1] in "=+-@" and cell]
    if form == "md":
        assert not {"@everyone", "<script>", "http://x"} & set(re.sub(r"(`+).*?\1", "", text).split())
    if form == "github":
        assert len(text.splitlines()) == 1


def test_the_same_report_gives_the_same_bytes():
    """Nothing in a form comes from the clock or the order of a set."""
    assert [render(REPORT) for render in FORMATS.values()] == [render(REPORT) for render in FORMATS.values()]


def test_many_fit_a_comment():
    """Of thousands of findings and announcements a comment shows as many as fit, and counts the rest."""
    many = tuple(Stale("owner-left", Address("user", f"u{n}@x.example"), "left", "name another") for n in range(5000))
    new = tuple(Announced(each.address, User(each.address.name, "external"), ("x",), REPORT.today) for each in many)
    announcing = Announcing(new, {each.address: "over" for each in many})
    text = FORMATS["md"](StaleReport(1, "X", "a.yaml", "x", REPORT.today, many, announcing=announcing))
    assert len(text) < 60_000
    assert "more, which `accessplan stale` lists" in text
    assert "more, which `accessplan history --kind announced` lists" in text
    assert "5000 entries are stale" in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_fit(width):
    """No line of the text is wider than the terminal."""
    assert max(map(len, stale_text.render(REPORT, width=width).splitlines())) <= width
