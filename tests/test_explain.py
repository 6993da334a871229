"""Who reaches what: the two sides compared, and how it is shown."""

import json
import unicodedata
from datetime import date

import pytest
from rich.cells import cell_len
from tests.reports import ANA, EMMA, TODAY, WEB, change, grant
from tests.reports_hostile import HOSTILE

from accessplan.access import Access, Path, Reached, Takeover, result
from accessplan.finding import Place, warning
from accessplan.model import Delegation, Membership, State, Team, Use, User, team_address, user_address
from accessplan.plan import Plan
from accessplan.report.explain import render, render_json
from accessplan.report.explanation import Danger, Explanation, Mark, Member, Sides, Way, Written

USERS = [User(each.name, "collaborator") for each in (ANA, EMMA)]
TEAM = [Team("Web"), Membership("Web", ANA.name), grant(WEB, "hosting/*", "technical", "statistic")]


def sides(have, changes=(), wanted=()):
    state = State({each.address: each for each in have})
    after = result(state, Plan(tuple(changes)))
    return Sides(Access(state), Access(after), State({each.address: each for each in wanted}))


def marks(ways):
    return [(way.path.what, sorted(way.path.rights), str(way.mark)) for way in ways]


# the two sides


def test_live_and_not_in_the_document():
    """A path is in the document only if each entry on it is."""
    have = [*USERS, *TEAM]
    assert marks(sides(have, wanted=have).ways(ANA)) == [("hosting/*", ["statistic", "technical"], "live")]
    assert [way.mark for way in sides(have, wanted=TEAM[:2]).ways(ANA)] == [Mark.NOT_IN_THE_DOCUMENT]


def test_planned_and_to_be_revoked():
    """What only the result has is planned, and what only the live side has is to be revoked."""
    have, joins = [*USERS, *TEAM], change(None, Membership("Web", EMMA.name))
    found = sides(have, [joins, change(TEAM[1], None)])
    assert [way.mark for way in (*found.ways(EMMA), *found.ways(ANA))] == [Mark.PLANNED, Mark.TO_BE_REVOKED]
    assert [each.mark for each in found.members(WEB)] == [Mark.TO_BE_REVOKED, Mark.PLANNED]


def test_what_goes_with_its_owner():
    """Who leaves, and what a team that is deleted gave, is to be revoked as well."""
    have = [*USERS, *TEAM]
    for gone in (USERS[0], TEAM[0]):
        assert [way.mark for way in sides(have, [change(gone, None)], have).ways(ANA)] == [Mark.TO_BE_REVOKED]


def test_more_and_less_rights():
    """Of a path with other rights, those that stay, come and go stand apart."""
    old, new = grant(ANA, "domain/a.ch", "technical", "check"), grant(ANA, "domain/a.ch", "technical", "sale")
    found = sides([*USERS, old], [change(old, new)], [old])
    assert marks(found.ways(ANA)) == [
        ("domain/a.ch", ["technical"], "live"),
        ("domain/a.ch", ["sale"], "planned"),
        ("domain/a.ch", ["check"], "to be revoked"),
    ]


def test_a_team_for_itself():
    """A team reaches what it gives its members; nobody has to be in it."""
    rights = grant(WEB, "hosting/*", "technical")
    have = [Team("Web"), rights]
    (way,) = sides(have, wanted=have).ways(WEB)
    assert (way.path.who, way.path.through) == (team_address("Web"), (rights.address,))
    assert sides(have).members(WEB) == ()


def test_what_things_are_about():
    """A whole service is about each of its products and the other way round, and mailboxes are no products."""
    have = [
        User(EMMA.name, "administrator"),
        User(ANA.name, "collaborator"),
        grant(ANA, "hosting/a.ch", "technical"),
        Delegation("info@example.ch", ANA.name, frozenset()),
    ]
    found = sides(have)
    assert {way.path.what for way in found.ways(None, ["hosting/*"])} == {"*", "hosting/a.ch"}
    assert {way.path.what for way in found.ways(None, ["hosting/b.ch"])} == {"*"}
    assert {way.path.what for way in found.ways(None, ["mailbox/info@example.ch"])} == {"mailbox/info@example.ch"}
    assert {way.path.what for way in found.ways(None, ["*"])} == {"*", "hosting/a.ch"}


def test_dangers_on_both_ends():
    """Who can become somebody is told of them, and of whatever the other reaches."""
    box = Delegation(ANA.name, EMMA.name, frozenset())
    have = [*USERS, *TEAM]
    found = sides(have, [change(None, box)], have)
    of_her, of_thing = (found.dangers(found.ways(*about), *about) for about in ((EMMA,), (None, ["hosting/*"])))
    assert [(each.takeover.who, each.takeover.becomes, each.mark) for each in of_her] == [(EMMA, ANA, Mark.PLANNED)]
    assert of_thing == of_her
    assert found.dangers(found.ways(None, ["domain/*"]), None, ["domain/*"]) == ()


# how it is shown


def everything(name):
    """Make an explanation in which whatever can have a name has this one."""
    who, place = user_address(name), Place(name, 3)
    seat = Use(name, f"drive/{name}", "user")
    ways = tuple(Way(Path(who, f"drive/{name}", frozenset({"use", name}), (seat.address,)), mark) for mark in Mark)
    takeover = Takeover(who, who, (seat.address,), (Reached(f"drive/{name}", frozenset({name})),))
    return {
        "organization_id": 4242,
        "organization_name": f"{name} SA",
        "document": name,
        "live": name,
        "today": TODAY,
        "what": (f"drive/{name}",),
        "ways": ways,
        "dangers": (Danger(takeover, Mark.PLANNED),),
        "members": (Member(Membership(name, name).address, Mark.LIVE),),
        "names": {who: name},
        "places": {seat.address: place},
        "written": {place: Written("4f2c1e9", date(2026, 11, 2), name, name)},
        "why_not": (warning("code", f"why {name}", place, hint=name),),
        "not_covered": (f"not seen {name}",),
        "commit": f"{name}+",
    }


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("width", [60, 120])
def test_hostile_names(name, width):
    """Whatever people, files, authors and subjects are called, the text steers no terminal and keeps to its width."""
    bad = HOSTILE[name]
    for who in (None, user_address(bad)):
        text = render(Explanation(who=who, **everything(bad)), width=width)
        assert {each for each in text if each != "\n" and unicodedata.category(each)[0] in "CZ" and each != " "} <= {
            "\u3000"
        }
        assert [line for line in text.splitlines() if cell_len(line) > width] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_json(name):
    """JSON gives every name as it is, written so that printing it is harmless."""
    text = render_json(Explanation(who=user_address(HOSTILE[name]), **everything(HOSTILE[name])))
    assert text.isascii()
    data = json.loads(text)
    assert data["paths"][0]["through"][0]["commit"]["subject"] == HOSTILE[name]
    assert data["format_version"] == "1.0"


def test_colour():
    """With colour each side has its own, and the words stay the same."""
    explanation = Explanation(who=ANA, **everything("x"))
    assert "\x1b[" in render(explanation, color=True)
    assert "\x1b[" not in render(explanation)


def test_lines_that_nobody_committed():
    """A line that is not committed is shown as such, and is no commit."""
    parts = everything("x")
    (place,) = parts["written"]
    text = render(Explanation(who=ANA, **(parts | {"written": {place: Written("", None, "", "")}})))
    assert "x:3 · not committed" in text
    assert "COMMITS" not in text


def test_nothing_to_show():
    """Who reaches nothing has no path."""
    parts = everything("x") | dict.fromkeys(("ways", "dangers", "members", "not_covered"), ()) | {"why_not": None}
    assert render(Explanation(who=ANA, **parts)).splitlines()[4] == "ana@example.ch has no path to drive/x."
