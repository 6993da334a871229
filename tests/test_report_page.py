"""The report as one HTML file, as text: what a browser makes of it is in tests/browser."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from tests.reports_hostile import HALF, HOSTILE, hostile_overview
from tests.test_report_hostile import harmful, texts_in

from accessplan.access import BILLING, EVERY_PRODUCT, ORGANIZATION
from accessplan.finding import Place
from accessplan.model import User
from accessplan.record import Record
from accessplan.report.page import render
from accessplan.report.page.dates import BEFORE, LATER, Kind, months_of
from accessplan.report.page.levels import rights_on
from accessplan.report.page.overview import Forge, Sighted
from accessplan.report.page.places import line_of
from accessplan.report.privacy import masked_value

PLAIN = hostile_overview("Nora")
BLOCK = re.compile(r"<(script|style)([^>]*)>(.*?)</\1>", re.DOTALL)


class Reader(HTMLParser):
    """What a browser would find in a page: its elements, each with its attributes."""

    def __init__(self, page):
        super().__init__()
        self.elements = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def data_of(page):
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)
    return json.loads(found)


def test_the_same_overview_gives_the_same_bytes():
    """Nothing in the page comes from the clock or the order of a set."""
    assert render(PLAIN) == render(hostile_overview("Nora"))


@pytest.mark.parametrize("bad", [*HOSTILE.values(), HALF], ids=[*HOSTILE, "half"])
def test_hostile_names(bad):
    """Whatever things are called, the page has the same elements, hides nothing, and runs nothing but its own."""
    page = render(hostile_overview(bad))
    assert harmful(page) == set()
    page.encode()
    assert {each for text in texts_in(data_of(page)) for each in harmful(text)} == set()
    found, usual = Reader(page), Reader(render(PLAIN))
    assert {tag for tag, _ in found.elements} <= {tag for tag, _ in usual.elements}
    assert len(found.of("script")) == 2
    names = {name for _, attributes in found.elements for name in attributes}
    assert [name for name in names if name.startswith("on") or name in ("style", "autofocus")] == []
    assert [
        each["href"] for each in found.of("a") if not each["href"].startswith(("#", "https://forge.example/"))
    ] == []


def test_only_its_own_script_and_style_may_run():
    """The policy names the hash of each block that is there, and allows nothing else."""
    page = render(PLAIN)
    (policy,) = [each["content"] for each in Reader(page).of("meta") if each.get("http-equiv")]
    for _, attributes, text in BLOCK.findall(page):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert (f"'sha256-{digest}'" in policy) is not ("json" in attributes)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not {"'unsafe-inline'", "'unsafe-eval'", "https:", "*"} & set(policy.split())


def test_it_fetches_nothing():
    """No element of the page names another file; only links that one may follow do."""
    found = Reader(render(PLAIN))
    assert [each for each in found.elements if {"src", "srcset", "data", "poster"} & each[1].keys()] == []
    assert (found.of("link"), found.of("img"), found.of("iframe")) == ([], [], [])


def test_lines_link_to_the_forge():
    """A line of the document leads where the template says, and what a name holds cannot lead elsewhere."""
    forge = Forge("https://forge.example/{commit}/{file}#L{line}", "ab12", {"access.yaml": "org/access.yaml"})
    assert line_of(Place("access.yaml", 7), forge) == ("access.yaml:7", "https://forge.example/ab12/org/access.yaml#L7")
    assert line_of(Place("a?b#c d.yaml", 7), forge).url == "https://forge.example/ab12/a%3Fb%23c%20d.yaml#L7"
    assert line_of(Place("access.yaml", 7), None) == ("access.yaml:7", "")
    assert line_of(None, forge) == ("", "")


@pytest.mark.parametrize(
    ("what", "rights", "words", "short", "level"),
    [
        ("hosting/www", "technical statistic", "technical, statistic", "technical +1", "full"),
        ("hosting/www", "technical", "technical", "technical", "manage"),
        ("hosting/www", "statistic", "statistic", "statistic", "look"),
        ("domain/example.ch", "technical", "technical", "technical", "full"),
        ("e_ticketing/Fair", "check sale", "check, sale", "check +1", "manage"),
        (EVERY_PRODUCT, "technical statistic check sale", "every right", "all", "full"),
        (ORGANIZATION, "administrator", "administrator", "administrator", "full"),
        (BILLING, "billing", "billing", "billing", "full"),
        ("mailbox/a@b.ch", "read", "read", "read", "use"),
        ("mailbox/a@b.ch", "read can_send_emails", "read, can_send_emails", "read_write", "use"),
        ("mailbox/a@b.ch", "read can_manage_rules", "read, can_manage_rules", "read +1", "manage"),
    ],
)
def test_what_stands_in_a_cell(what, rights, words, short, level):
    """A cell has the first of the rights and how many more there are, and a level by what they allow."""
    assert rights_on(what, frozenset(rights.split())) == (words, short, level)


def test_places_in_a_product():
    """Of the roles in a product the strongest is named, and the highest of the service is every right."""
    user, admin = frozenset({"use", "use as user"}), frozenset({"use", "use as user", "use as admin"})
    assert rights_on("drive/Team", user) == ("use as user", "user", "use")
    assert rights_on("drive/Team", admin) == ("use as admin", "admin", "full")


def test_dates_by_month():
    """What is overdue comes first, then a year month by month, then what is later; nothing is told twice."""
    who = User("ana@example.ch", "external").address
    own = who._replace(part="grant", key="hosting/www")
    until = Record(until=date(2027, 3, 31))
    overview = replace(
        PLAIN,
        reviews=(),
        records={who: until, own: until},
        expiries={"domain/a": date(2026, 1, 1), "domain/b": date(2028, 1, 1)},
    )
    months = months_of(overview)
    assert [each.name for each in months] == [
        BEFORE,
        "2026-11",
        "2026-12",
        *(f"2027-{n:02}" for n in range(1, 11)),
        LATER,
    ]
    events = {month.name: [(each.kind, each.what) for each in month.events] for month in months if month.events}
    assert events == {
        BEFORE: [(Kind.EXPIRES, "domain/a")],
        "2027-03": [(Kind.ENDS, 'user["ana@example.ch"]')],
        LATER: [(Kind.EXPIRES, "domain/b")],
    }


def test_coverage():
    """Coverage is of the last day, and a chart begins with two: a line for what is live, and one for what is named."""
    page = render(replace(PLAIN, coverage=(Sighted(PLAIN.today, 40, 30, 20),)))
    assert "75 %" in page
    assert "No record yet of earlier days" in page
    assert "<polyline" not in page
    drawn = render(PLAIN)
    assert len(re.findall("<polyline", drawn)) == 2
    assert len(re.findall('<circle class="live"', drawn)) == 2
    assert len(re.findall('<circle class="named"', drawn)) == 2


def test_nothing_at_all():
    """An organization of which nothing is known is a page, too."""
    empty = replace(
        PLAIN, people=(), ways=(), what=(), teams={}, risks={}, stale=(), reviews=(), records={}, places={},
        expiries={}, rows=(), coverage=(), not_covered=(),
    )  # fmt: skip
    page = render(empty)
    for words in ("Nobody has access of high risk.", "Nothing is stale.", "Nothing is written down yet."):
        assert words in page


def test_people_are_hidden():
    """Of an overview without people the page names nobody, and says so; domains stay."""
    overview = replace(hostile_overview("nora.keller@example.ch"), masked=True)
    page = render(masked_value(overview, 4242))
    assert "nora" not in page.lower()
    assert "@example.ch" in page
    assert "People are hidden" in page
