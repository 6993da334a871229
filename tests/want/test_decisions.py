"""What a decision writes: one entry changes, and every other byte stays."""

from datetime import date
from difflib import unified_diff

import pytest

from accessplan.errors import InputError
from accessplan.finding import Place
from accessplan.model import GRANT, USE
from accessplan.want.decisions import kept, revoked
from accessplan.want.parse import parse
from accessplan.want.text.page import page_of

DAY = date(2026, 11, 21)

TEXT = """\
# Who may do what.
accessplan: 1   # the version

users:
  # The web contractor.
  bob@agency.example:     # Bob
    first_name: Bob
    role: external
    until: 2027-03-31     # the last day
    reason: >
      Shop
      relaunch
    grants:
      # All of them.
      hosting/*: technical    # later ones too
      "domain/ä 🎈": [technical, statistic]
      domain/b:
        - technical
        - statistic
      drive/Team: {use: user, manage: [technical]}    # both
      drive/Old: {use: user, reviewed: 2025-01-01, reason: x}
      kchat/kChat:
        use: user

  ana@x.ch: {first_name: Ana, role: collaborator, grants: {hosting/a: technical, hosting/b: max, hosting/c: technical}}
  eve@x.ch: {first_name: Eve, role: collaborator, grants: {hosting/a: technical}}
mailboxes:
  info@x.ch:
    delegates:
      ana@x.ch: read_write
# The end.
"""


def place(what: str, text: str = TEXT, times: int = 0) -> Place:
    """Find where a key stands."""
    position = -1
    for _ in range(times + 1):
        position = text.index(f"{what}:", position + 1)
    before = text[:position]
    return Place("access.yaml", before.count("\n") + 1, position - before.rfind("\n"))


def keep(what: str, text: str = TEXT, times: int = 0) -> str:
    """Note a review in an entry."""
    return kept(page_of("access.yaml", text), place(what, text, times), DAY).text


def revoke(what: str, text: str = TEXT, times: int = 0, part: str = "") -> str:
    """Take out an entry, or a part of it."""
    return revoked(page_of("access.yaml", text), place(what, text, times), part).text


def changes(edited: str, text: str = TEXT) -> list[str]:
    """List the lines that differ."""
    lines = unified_diff(text.splitlines(), edited.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


NOTED = {
    "a right": ("hosting/*", 0, [
        "-      hosting/*: technical    # later ones too",
        "+      hosting/*: {manage: technical, reviewed: 2026-11-21}    # later ones too",
    ]),
    "a list, after letters of all sizes": ('"domain/ä 🎈"', 0, [
        '-      "domain/ä 🎈": [technical, statistic]',
        '+      "domain/ä 🎈": {manage: [technical, statistic], reviewed: 2026-11-21}',
    ]),
    "a list in lines, which comes to the line of its key": ("domain/b", 0, [
        "-      domain/b:", "-        - technical", "-        - statistic",
        "+      domain/b: {manage: [technical, statistic], reviewed: 2026-11-21}",
    ]),
    "a map in a line": ("drive/Team", 0, [
        "-      drive/Team: {use: user, manage: [technical]}    # both",
        "+      drive/Team: {use: user, manage: [technical], reviewed: 2026-11-21}    # both",
    ]),
    "reviewed before": ("drive/Old", 0, [
        "-      drive/Old: {use: user, reviewed: 2025-01-01, reason: x}",
        "+      drive/Old: {use: user, reviewed: 2026-11-21, reason: x}",
    ]),
    "a map in lines": ("kchat/kChat", 0, ["+        reviewed: 2026-11-21"]),
    "a user": ("bob@agency.example", 0, ["+    reviewed: 2026-11-21"]),
    "a user in a line": ("ana@x.ch", 0, [
        ("-  ana@x.ch: {first_name: Ana, role: collaborator,"
        " grants: {hosting/a: technical, hosting/b: max, hosting/c: technical}}"),
        ("+  ana@x.ch: {first_name: Ana, role: collaborator,"
        " grants: {hosting/a: technical, hosting/b: max, hosting/c: technical}, reviewed: 2026-11-21}"),
    ]),
    "a delegate": ("ana@x.ch", 1, [
        "-      ana@x.ch: read_write", "+      ana@x.ch: {access: read_write, reviewed: 2026-11-21}",
    ]),
}  # fmt: skip


@pytest.mark.parametrize(("what", "times", "expected"), NOTED.values(), ids=NOTED)
def test_a_review_is_noted(what: str, times: int, expected: list[str]) -> None:
    """The day stands in the entry, whose comments stay, and no other line moves."""
    assert changes(keep(what, times=times)) == expected


def test_where_it_is_noted() -> None:
    """In lines it comes after what else is noted, block texts included."""
    lines = keep("bob@agency.example").splitlines()
    assert lines[lines.index("    reviewed: 2026-11-21") - 1].strip() == "relaunch"


NOTED_IN = {
    "comments at the key of a list and behind its end": (
        "grants:\n  a:   # why\n    # both\n    - technical\n    - check   # for now\n  b: max\n",
        "grants:\n  a: {manage: [technical, check], reviewed: 2026-11-21}   # why\n    # both   # for now\n  b: max\n",
    ),
    "an anchor that others use": (
        "grants:\n  a: &x technical\n  b: *x\n",
        "grants:\n  a: {manage: &x technical, reviewed: 2026-11-21}\n  b: *x\n",
    ),
    "what is written elsewhere, as the last that is short": (
        "grants:\n  b: {use: &x user}\n  a:\n    reason: y\n    use: *x\n",
        "grants:\n  b: {use: &x user}\n  a:\n    reason: y\n    reviewed: 2026-11-21\n    use: *x\n",
    ),
    "quotes": (
        "'grants':\n  'a': \"max\"\n  'b': \"max\"\n",
        "'grants':\n  'a': {'manage': \"max\", 'reviewed': \"2026-11-21\"}\n  'b': \"max\"\n",
    ),
    "a day in quotes, as its neighbour has it": (
        "grants:\n  a: max\n  b: {use: user, reviewed: '2026-01-01'}\n",
        "grants:\n  a: {manage: max, reviewed: '2026-11-21'}\n  b: {use: user, reviewed: '2026-01-01'}\n",
    ),
    "a text in lines before an empty one": (
        "grants:\n  a:\n    use: user\n    reason: |\n      y\n\n  b: max\n",
        "grants:\n  a:\n    use: user\n    reason: |\n      y\n    reviewed: 2026-11-21\n\n  b: max\n",
    ),
    "a mark of the order of bytes before the first line": (
        "\ufeffgrants:\n  a:\n    use: user\n", "\ufeffgrants:\n  a:\n    use: user\n    reviewed: 2026-11-21\n",
    ),
    "lines within brackets": (
        "grants: {\n  a: {\n    use: user,   # so far\n  }\n}\n",
        "grants: {\n  a: {\n    use: user,   # so far\n    reviewed: 2026-11-21,\n  }\n}\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NOTED_IN.values(), ids=NOTED_IN)
def test_a_review_is_noted_in_odd_texts(text: str, expected: str) -> None:
    """Comments, anchors, quotes and a mark at the start stay as they are."""
    there = parse(text.encode(), ("access.yaml",)).key_place(("grants", "a"))
    assert kept(page_of("access.yaml", text), there, DAY).whole == expected


REMOVED = {
    "a line": ("hosting/*", 0, ["-      hosting/*: technical    # later ones too"]),
    "several lines": ("domain/b", 0, ["-      domain/b:", "-        - technical", "-        - statistic"]),
    "the last": ("kchat/kChat", 0, ["-      kchat/kChat:", "-        use: user"]),
    "the first of a flow": ("hosting/a", 0, ["hosting/a: technical, hosting/b", "hosting/b"]),
    "the last of a flow": ("hosting/c", 0, [", hosting/c: technical", ""]),
    "the only one of a flow": ("hosting/a", 1, ["{hosting/a: technical}", "{}"]),
    "a user in a line": ("eve@x.ch", 0, [
        "-  eve@x.ch: {first_name: Eve, role: collaborator, grants: {hosting/a: technical}}",
    ]),
    "the only delegate": ("ana@x.ch", 1, [
        "-    delegates:", "-      ana@x.ch: read_write", "+    delegates: {}",
    ]),
}  # fmt: skip


@pytest.mark.parametrize(("what", "times", "expected"), REMOVED.values(), ids=REMOVED)
def test_an_entry_is_removed(what: str, times: int, expected: list[str]) -> None:
    """Its lines go, or its part of a line, and an empty map is left where it was the last."""
    edited = revoke(what, times=times)
    if expected[0][0] in "-+":
        assert changes(edited) == expected
    else:
        before, after = changes(edited)
        line = expected[0]
        start = before.rindex(line) if times else before.index(line)
        assert after[1:] == before[1:start] + expected[1] + before[start + len(line) :]


@pytest.mark.parametrize(("part", "left"), [(USE, "{manage: [technical]}"), (GRANT, "{use: user}")])
def test_a_part_is_removed(part: str, left: str) -> None:
    """Of a line that gives two things, the other stays; where there is one, the line goes."""
    assert changes(revoke("drive/Team", part=part))[1] == f"+      drive/Team: {left}    # both"
    assert [each[0] for each in changes(revoke("drive/Old", part=USE))] == ["-"]


def test_line_endings_stay() -> None:
    """A document with the line endings of Windows keeps them, and a last line without an end has none then."""
    text = TEXT.replace("\n", "\r\n")
    for edited in (keep("kchat/kChat", text), keep("domain/b", text), revoke("domain/b", text)):
        assert edited.count("\n") == edited.count("\r\n")
    end = text[: text.index("        use: user") + len("        use: user")]
    assert keep("kchat/kChat", end).endswith("use: user\r\n        reviewed: 2026-11-21")


HANDMADE = {
    "an alias": ("grants:\n  a: &x {use: user}\n  b: *x\n", "b"),
    "an anchor that is used elsewhere": ("grants:\n  a: &x {use: user}\n  b: *x\n", "a"),
    "neither an entry nor its short form": ("users:\n  a: max\n", "a"),
    "a list with comments": ("grants:\n  a:\n    - technical  # why\n    - check\n", "a"),
}


@pytest.mark.parametrize(("text", "key"), HANDMADE.values(), ids=HANDMADE)
def test_what_is_written_oddly_is_left_to_people(text: str, key: str) -> None:
    """Where an edit would change something else, or lose a comment, nothing is edited, and the line is named."""
    with pytest.raises(InputError, match=r"access\.yaml:\d+ is left as it is") as fault:
        keep(key, text)
    assert fault.value.remedy == "Edit the line by hand."


def test_a_comment_within_what_goes() -> None:
    """A comment among the entries of one line is not lost with one of them."""
    text = "grants: {\n  a: max, # one\n  b: max }\n"
    with pytest.raises(InputError, match="a comment stands within it"):
        revoke("a", text)


@pytest.mark.parametrize("wrong", [Place("access.yaml", 1, 1), Place("access.yaml", 18, 9), Place("access.yaml", 99)])
def test_there_is_nothing(wrong: Place) -> None:
    """A place where no key stands is refused: before all of them, at an item of a list, and after all."""
    with pytest.raises(InputError, match="there is no entry"):
        kept(page_of("access.yaml", TEXT), wrong, DAY)
