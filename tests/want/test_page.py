"""What is new in the text of a document is written like its neighbours, and every other byte stays."""

from collections.abc import Callable
from datetime import date
from difflib import unified_diff

import pytest

from accessplan.errors import InputError
from accessplan.want.text.page import Page, page_of

Edit = Callable[[Page], Page]

TEXT = """\
# Who may do what.
accessplan: 1

users:
  ana@x.ch:     # the boss
    first_name: Ana
    role: collaborator    # since spring
    teams: [Web]
    grants:
      # All of them.
      hosting/*: technical    # later ones too
      "domain/ä 🎈":
        - technical
        - statistic   # for the report
      drive/#3: {use: user, manage: [technical, statistic]}
      # More to come.
    reason: |
      Looks
      after it.

  bob@x.ch:
    role: external
    grants: {}    # nothing
    # The end of Bob.

teams:
  Web: {members: [ana@x.ch], grants: {hosting/#202: max, hosting/b: technical}}
  Ops:
    members:
    - ana@x.ch
    - bob@x.ch    # for now
# The end.
"""
FLOW = """\
users: {
  ana@x.ch: {role: external},
  bob@x.ch: {role: external}   # Bob
}
teams: {Web: {members: [
  ana@x.ch,   # one
  bob@x.ch,   # two
]}}
"""
QUOTED = """\
'users':
    'ana@x.ch':
        'role': "external"
        'teams':
            - "Web"
"""


def changes(edited: str, text: str) -> list[str]:
    """List the lines that differ."""
    lines = unified_diff(text.splitlines(), edited.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


ADDED: dict[str, tuple[str, Edit, list[str]]] = {
    "a grant, behind the last": (
        TEXT, lambda page: page.put(("users", "ana@x.ch", "grants", "domain/b"), "technical"),
        ["+      domain/b: technical"],
    ),
    "the first of an empty map, whose comment stays": (
        TEXT, lambda page: page.put(("users", "bob@x.ch", "grants", "domain/b"), ["technical", "statistic"]),
        ["-    grants: {}    # nothing", "+    grants:    # nothing", "+      domain/b:",
         "+        - technical", "+        - statistic"],
    ),
    "a user, as those before: in lines, with an empty line between": (
        TEXT,
        lambda page: page.put(
            ("users", "eve@x.ch"),
            {"role": "external", "until": date(2027, 1, 31), "grants": {"drive/#4": {"use": "user"}}},
        ),
        ["+  eve@x.ch:", "+    role: external", "+    until: 2027-01-31", "+    grants:",
         "+      drive/#4: {use: user}", "+"],
    ),
    "a short field, behind the last that is short": (
        TEXT, lambda page: page.put(("users", "bob@x.ch", "billing"), value=True), ["+    billing: true"],
    ),
    "a section, in the order of the schema": (
        TEXT, lambda page: page.put(("mailboxes", "i@x.ch", "delegates", "ana@x.ch"), "read"),
        ["+", "+mailboxes:", "+  i@x.ch:", "+    delegates:", "+      ana@x.ch: read"],
    ),
    "a team in lines, as the last": (
        TEXT, lambda page: page.put(("teams", "Dev"), {"members": ["ana@x.ch"]}),
        ["+  Dev:", "+    members:", "+    - ana@x.ch"],
    ),
    "a grant in a line": (
        TEXT, lambda page: page.put(("teams", "Web", "grants", "a,b"), "technical"),
        ["-  Web: {members: [ana@x.ch], grants: {hosting/#202: max, hosting/b: technical}}",
         "+  Web: {members: [ana@x.ch], grants: {hosting/#202: max, hosting/b: technical, 'a,b': technical}}"],
    ),
    "an item in a line": (
        TEXT, lambda page: page.add(("users", "ana@x.ch", "teams"), "Ops"),
        ["-    teams: [Web]", "+    teams: [Web, Ops]"],
    ),
    "an item among lines": (
        TEXT, lambda page: page.add(("teams", "Ops", "members"), "eve@x.ch"), ["+    - eve@x.ch"],
    ),
    "a list where there was none": (
        TEXT, lambda page: page.add(("users", "bob@x.ch", "teams"), "Ops"), ["+    teams: [Ops]"],
    ),
    "lines within brackets": (
        FLOW, lambda page: page.put(("users", "eve@x.ch"), {"role": "external"}),
        ["-  bob@x.ch: {role: external}   # Bob", "+  bob@x.ch: {role: external},   # Bob",
         "+  eve@x.ch: {role: external}"],
    ),
    "lines within brackets that end with a comma": (
        FLOW, lambda page: page.add(("teams", "Web", "members"), "eve@x.ch"), ["+  eve@x.ch,"],
    ),
    "quotes and four columns": (
        QUOTED, lambda page: page.put(("users", "bob@x.ch"), {"role": "external", "teams": ["Web"]}),
        ["+    'bob@x.ch':", "+        'role': \"external\"", "+        'teams':", '+            - "Web"'],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "edit", "expected"), ADDED.values(), ids=ADDED)
def test_what_is_new_looks_like_its_neighbours(text: str, edit: Edit, expected: list[str]) -> None:
    """It stands where a person would write it, as its neighbours do, and no other line moves."""
    page = edit(page_of("access.yaml", text))
    assert changes(page.text, text) == expected
    assert page_of("access.yaml", page.text).data == page.data


CHANGED: dict[str, tuple[str, Edit, list[str]]] = {
    "a word": (
        TEXT, lambda page: page.put(("users", "ana@x.ch", "role"), "administrator"),
        ["-    role: collaborator    # since spring", "+    role: administrator    # since spring"],
    ),
    "a word in quotes": (
        QUOTED, lambda page: page.put(("users", "ana@x.ch", "role"), "collaborator"),
        ["-        'role': \"external\"", "+        'role': \"collaborator\""],
    ),
    "a right becomes two": (
        TEXT, lambda page: page.put(("users", "ana@x.ch", "grants", "hosting/*"), ["technical", "statistic"]),
        ["-      hosting/*: technical    # later ones too",
         "+      hosting/*: [technical, statistic]    # later ones too"],
    ),
    "of a list in lines one goes and one comes": (
        TEXT, lambda page: page.put(("users", "ana@x.ch", "grants", "domain/ä 🎈"), ["statistic", "check"]),
        ["-        - technical", "+        - check"],
    ),
    "a list in a line becomes a word, and the comment stays": (
        TEXT.replace("statistic]}", "statistic]}   # both"),
        lambda page: page.put(("users", "ana@x.ch", "grants", "drive/#3", "manage"), "check"),
        ["-      drive/#3: {use: user, manage: [technical, statistic]}   # both",
         "+      drive/#3: {use: user, manage: check}   # both"],
    ),
    "a list in lines becomes a word": (
        TEXT.replace("   # for the report", ""),
        lambda page: page.put(("users", "ana@x.ch", "grants", "domain/ä 🎈"), "check"),
        ['-      "domain/ä 🎈":', "-        - technical", "-        - statistic", '+      "domain/ä 🎈": check'],
    ),
    "a list in lines becomes a word, and the comment at its key stays": (
        "users:\n  a:\n    grants:\n      x/y:   # why\n      - technical\n",
        lambda page: page.put(("users", "a", "grants", "x/y"), "max"),
        ["-      x/y:   # why", "-      - technical", "+      x/y: max   # why"],
    ),
    "the last item of a list": (
        QUOTED, lambda page: page.take(("users", "ana@x.ch", "teams", 0)),
        ["-        'teams':", '-            - "Web"', "+        'teams': []"],
    ),
    "one of a line with numbers of products": (
        TEXT, lambda page: page.take(("teams", "Web", "grants", "hosting/#202")),
        ["-  Web: {members: [ana@x.ch], grants: {hosting/#202: max, hosting/b: technical}}",
         "+  Web: {members: [ana@x.ch], grants: {hosting/b: technical}}"],
    ),
    "nothing, where it says so already": (
        TEXT, lambda page: page.put(("users", "ana@x.ch", "role"), "collaborator"), [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "edit", "expected"), CHANGED.values(), ids=CHANGED)
def test_a_value_changes_in_place(text: str, edit: Edit, expected: list[str]) -> None:
    """Another value takes the place of one, or an item goes, and comments stay."""
    assert changes(edit(page_of("access.yaml", text)).text, text) == expected


def test_line_endings_stay() -> None:
    """Lines end as they did, and a text that does not end its last line does not then."""
    text = QUOTED.replace("\n", "\r\n").removesuffix("\r\n")
    page = page_of("access.yaml", text).put(("users", "bob@x.ch"), {"role": "x"}).put(("teams", "Web"), {})
    assert page.text.startswith(text + "\r\n")
    assert page.text.count("\n") == page.text.count("\r\n")
    assert page.text.endswith("'Web': {}")


def test_a_long_user_is_no_line() -> None:
    """Where neighbours stand in a line each, one that is too long for that stands in several."""
    text = "users:\n  ana@x.ch: {role: external}\n"
    grants = {f"hosting/shop{number}.example.ch": ["technical", "statistic"] for number in range(5)}
    edited = page_of("access.yaml", text).put(("users", "bob@x.ch"), {"role": "external", "grants": grants}).text
    assert max(map(len, edited.splitlines())) < 80
    assert edited.startswith(text + "  bob@x.ch:\n    role: external\n    grants:\n")


@pytest.mark.parametrize("name", ["null", "yes", "007", "- x", "a: b", "*", "é 🎈", "'", '"', "x" * 200, "#1", "~"])
def test_odd_names_are_written_with_care(name: str) -> None:
    """Whatever a name looks like, it is read again as it was, in lines and in brackets."""
    for text in ("teams:\n  A:\n    members: [b]\n", "teams: {A: {members: [b]}}\n"):
        page = page_of("access.yaml", text).put(("teams", name), {"members": [name, "b"]})
        assert page_of("access.yaml", page.text).data["teams"][name] == {"members": [name, "b"]}


BY_HAND: dict[str, tuple[str, Edit]] = {
    "a map that is written elsewhere": (
        "teams:\n  A: &x {members: [a]}\n  B: *x\n", lambda page: page.add(("teams", "B", "members"), "b"),
    ),
    "a map that is used elsewhere": (
        "teams:\n  A: &x {members: [a]}\n  B: *x\n", lambda page: page.add(("teams", "A", "members"), "b"),
    ),
    "behind what is written elsewhere": (
        "teams:\n  A: &x {members: [a]}\n  B: *x\n", lambda page: page.put(("teams", "C"), {}),
    ),
    "an empty map with a comment within": (
        "teams: { # none\n}\n", lambda page: page.put(("teams", "C"), {}),
    ),
    "a list with comments": (
        "users:\n  a:\n    grants:\n      x/y:\n      - technical # why\n",
        lambda page: page.put(("users", "a", "grants", "x/y"), "max"),
    ),
    "a text in lines": ("users:\n  a:\n    role: >\n      x\n", lambda page: page.put(("users", "a", "role"), "y")),
    "a word in place of a map": ("users: x\n", lambda page: page.put(("users", "a"), "b")),
}  # fmt: skip


@pytest.mark.parametrize(("text", "edit"), BY_HAND.values(), ids=BY_HAND)
def test_what_is_written_oddly_is_left_to_people(text: str, edit: Edit) -> None:
    """Where an edit would change something else, or lose a comment, nothing is edited, and the line is named."""
    with pytest.raises(InputError, match=r"access\.yaml:\d+ is left as it is: ") as fault:
        edit(page_of("access.yaml", text))
    assert fault.value.remedy == "Edit the line by hand."
