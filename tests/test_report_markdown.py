"""Markdown for pull requests: it fits, it reads well, and nothing in a name becomes more than text."""

import re
import time
from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from syrupy.extensions.amber import AmberSnapshotExtension
from tests.reports import EMPTY, EVERYTHING, NOTHING, REVIEWED, change, report
from tests.reports_hostile import HOSTILE, hostile

from accessplan.finding import error
from accessplan.have.routes.table import ROWS
from accessplan.judgement import Judgement
from accessplan.model import User
from accessplan.plan import Plan
from accessplan.rail import Refusal
from accessplan.report import markdown
from accessplan.report.markdown_part import Part, share_out
from accessplan.report.routes_table import render_markdown
from accessplan.report.safe import cell, code, visible
from accessplan.report.safe import markdown as escaped
from accessplan.risk import Risk
from accessplan.route import Operation, Step

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = re.compile(r"<!-- accessplan plan 4242 -->|<details><summary>[A-Za-z',: ]+ \([0-9]+\)</summary>|</details>|<br>")
LINKED = re.compile(r"@|#|://|www\.|:\w+:|\b[0-9a-f]{7,40}\b|[A-Za-z]-[0-9]")
HARMLESS = {"text", "code_inline", "strong_open", "strong_close", "softbreak"}
"""What stands inside a line of a rendered plan; no link, image, HTML or emphasis."""


def leaves(rendered):
    """Return all that the lines of a Markdown text consist of."""
    return [leaf for token in PARSER.parse(rendered) for leaf in token.children or ()]


def words(rendered):
    """Return what is plain text in Markdown: where sites look for mentions, addresses and issues."""
    return [leaf.content for leaf in leaves(rendered) if leaf.type == "text"]


def html(rendered):
    """Return the HTML in a Markdown text."""
    blocks = [token.content for token in PARSER.parse(rendered) if token.type == "html_block"]
    return [line for block in blocks for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize(
    "sample", [EVERYTHING, REVIEWED, NOTHING, EMPTY], ids=["everything", "reviewed", "nothing", "empty"]
)
def test_the_markdown(snapshot, sample):
    """A plan as Markdown looks like this."""
    assert markdown.render(sample) == snapshot(extension_class=AmberSnapshotExtension)


def test_the_checklist_can_be_ticked():
    """Every step is a task with its number, under its screen; its lines hang under it."""
    rendered = markdown.render(EVERYTHING)
    assert re.findall(r"^- \[ \] \*\*(\d+)\.\*\* ", rendered, re.MULTILINE) == [str(n) for n in range(1, 11)]
    assert "\n**Partner › Add a partner**\n\na legal representative · " in rendered
    assert "\n  - `domain/*: tick technical, later products too`\n  - Continue\n" in rendered


# names


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_markdown(name):
    """Whatever things are called, no link, HTML, image or mention comes of it, and no part is lost."""
    rendered = markdown.render(hostile(HOSTILE[name]))
    assert {leaf.type for leaf in leaves(rendered)} <= HARMLESS
    assert [line for line in html(rendered) if not OURS.fullmatch(line)] == []
    assert [word for word in words(rendered) if LINKED.search(word)] == []
    blocks, usual = (
        [token.type for token in PARSER.parse(each)] for each in (rendered, markdown.render(hostile("usual")))
    )
    assert blocks == usual or " more, which `accessplan plan` lists." in rendered


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_as_code(name):
    """A name as code is read back as it is, with its backticks; in a table its bars end no cell."""
    shown = visible(HOSTILE[name])
    (leaf,) = leaves(f"x{code(shown)}")[1:]
    assert (leaf.type, leaf.content.strip()) == ("code_inline", shown.strip())
    if "\\" not in shown:
        table = f"| a | b |\n| --- | --- |\n| {cell(code(shown))} | z |\n"
        cells = [token for token in PARSER.parse(table) if token.type == "td_open"]
        assert len(cells) == 2


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("`*_[]()<>#@!|\\~:./-+&1a \n"))))
def test_any_text_in_markdown(name):
    """Whatever the text, its line is one line of plain text and code."""
    rendered = f"- {escaped(name)} end"
    assert "\n" not in rendered
    kinds = [token.type for token in PARSER.parse(rendered)]
    assert kinds == [
        "bullet_list_open", "list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close",
        "bullet_list_close",
    ]  # fmt: skip
    assert {leaf.type for leaf in leaves(rendered)} <= {"text", "code_inline"}
    assert not any(LINKED.search(word) for word in words(rendered))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Set the role of ana@example.ch to external (now administrator), Save",
         "Set the role of `ana@example.ch` to external (now administrator), Save"),
        ("Add Bob Meyer <bob@example.ch>, role External", "Add Bob Meyer `<bob@example.ch>`, role External"),
        ("role external => administrator", "role external => administrator"),
        ("Users › ⋮ › Edit role", "Users › ⋮ › Edit role"),
        ("can_a, can_b; send no", "`can_a, can_b`; send no"),
        ("a team's co-leader", "a team's co-leader"),
        ("6 of 9 managed (66 %), 1 not", "6 of 9 managed (66 %), 1 not"),
        ("describe it (accessplan export --adopt), or not", "describe it (accessplan export `--adopt`), or not"),
        ("see f(x_y) there", "see `f(x_y)` there"),
    ],
)  # fmt: skip
def test_words_stay_words(text, shown):
    """A sentence stays a sentence: only what is not plainly a word is code."""
    assert escaped(text) == shown


# what is judged


def yaml_of(rendered):
    """Return the blocks of YAML in a Markdown text."""
    return [token.content for token in PARSER.parse(rendered) if token.type == "fence" and token.info == "yaml"]


def test_what_decides_is_open():
    """What blocks a plan and what is dangerous are read at once; everything else is folded, and counted."""
    rendered = markdown.render(REVIEWED)
    assert re.findall(r"^### (.*)", rendered, re.MULTILINE) == ["Blocked (4)", "High risk (4)"]
    assert "\n**Blocked by 3 rails and 1 access test; 4 high-risk changes.**\n" in rendered
    folded = re.findall(r"<summary>(.*?)</summary>", rendered)
    assert "From this change: revokes (5)" in folded
    assert "Not from this change: revokes (4)" in folded


def test_consents_to_paste_are_a_block_of_code():
    """The consents that would lift rails are one block of YAML, which the document takes once reasons are filled in."""
    (block,) = yaml_of(markdown.render(EVERYTHING))
    first, *others = yaml.safe_load(block)["acknowledge"]
    assert first == {"change": 'revoke user["gus@agency.example"]', "until": date(2026, 12, 5), "reason": ""}
    assert len(others) == 7


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - {"long"}))
def test_hostile_names_end_no_block_of_code(name):
    """Whatever is in a name, the block of consents ends after the last of them, and is read back as it was."""
    sample = hostile(HOSTILE[name])
    (block,) = yaml_of(markdown.render(sample))
    (refusal,) = sample.judgement.refusals
    read = {each["change"] for each in yaml.safe_load(block)["acknowledge"]}
    refused = (each for each in sample.plan.changes if each.address in refusal.changes)
    assert read == {f"{each.effect} {each.address}" for each in refused}


def test_an_item_without_room_leaves_no_empty_block():
    """Where not one consent fits, there is no block of YAML that says nothing."""
    rendered = Part("Acknowledge", ("x" * 500,), begins="acknowledge:").render(300)
    assert ("```" in rendered, "… and 1 more" in rendered) == (False, True)


# length


def many(number):
    """Make a plan of so many invitations and steps."""
    changes = tuple(change(None, User(f"u{i}@example.ch", "external"), i + 1) for i in range(number))
    steps = tuple(Step("invite_user", {}, "Users › Add a user", "an administrator", f"Add u{i}") for i in range(number))
    return report(changes, (Operation("invite-external", changes, steps=steps, why_manual="why"),))


@pytest.mark.parametrize("number", [1, 10, 300, 800, 3000])
def test_a_long_plan_fits(number):
    """A comment has less than 60,000 characters, every part keeps a share, and what is left out is counted."""
    begun = time.perf_counter()
    rendered = markdown.render(many(number))
    assert time.perf_counter() - begun < 3
    assert len(rendered) < 60_000
    for listed in (r"^- `\+` ", r"^- \[ \] "):
        assert len(re.findall(listed, rendered, re.MULTILINE)) >= min(number, 400)
    left = [int(each.replace(",", "")) for each in re.findall(r"… and ([0-9,]+) more", rendered)]
    shown = len(re.findall(r"^- (?:`\+`|\[ \]) ", rendered, re.MULTILINE))
    assert sum(left) + shown == 2 * number


def test_everything_at_length():
    """With many entries in every part, the comment still fits and every part is there."""
    big = many(2000)
    plan = Plan(big.plan.changes, big.plan.changes, big.plan.changes, NOTHING.plan.waiting * 500, ("blind",), 29, 3)
    everything = replace(
        big,
        plan=plan,
        unchecked=EVERYTHING.unchecked * 500,
        said=EVERYTHING.said * 500,
        findings=EVERYTHING.findings * 500,
        judgement=much(big.plan.changes),
    )
    rendered = markdown.render(everything)
    assert len(rendered) < 60_000
    parts = [*re.findall(r"^### (.*) \(", rendered, re.MULTILINE), *re.findall(r"<summary>(.*) \(", rendered)]
    assert parts == [
        "Blocked", "High risk",
        "Findings", "Grants", "People affected", "By hand, in the Manager", "Acknowledge", "Consented", "Access tests",
        "Waiting", "Not checked", "On somebody's word", "Held back",
    ]  # fmt: skip
    assert rendered.count(" more, which `accessplan plan` lists.") == len(parts)
    (consents,) = yaml_of(rendered)
    assert len(yaml.safe_load(consents)["acknowledge"]) > 20


def much(changes):
    """Say something of each of these changes."""
    said, addresses = EVERYTHING.judgement, tuple(each.address for each in changes)
    (consent,) = said.consented.values()
    return Judgement(
        risks=dict.fromkeys(addresses, (Risk("new-administrator", "manages every product and user"),)),
        people=said.people * 300,
        refusals=(Refusal(error("removals", "too many"), addresses), *said.refusals[:1] * 800),
        consented=dict.fromkeys(addresses, consent),
        tests=said.tests * 300,
    )


def test_room_is_shared_out():
    """Small wishes are met, and large ones get equal parts of what is left."""
    assert share_out(100, [10, 200, 300]) == [10, 45, 45]
    assert share_out(100, [300, 10, 20]) == [70, 10, 20]
    assert share_out(100, [10, 20]) == [10, 20]
    assert share_out(100, []) == []


# the table of routes


def test_the_table_of_routes():
    """Every row of the table of routes is a row of Markdown, with requests as code and paths in words."""
    rendered = render_markdown(ROWS)
    assert len([token for token in PARSER.parse(rendered) if token.type == "tr_open"]) == len(ROWS) + 1
    assert {leaf.type for leaf in leaves(rendered)} <= HARMLESS | {"html_inline"}
    assert {leaf.content for leaf in leaves(rendered) if leaf.type == "html_inline"} == {"<br>"}
    for row in ROWS:
        (line,) = (line for line in rendered.splitlines() if line.startswith(f"| `{row.name}`"))
        assert all(f"`{request}`" in line for request in row.requests)
        assert line.count(" | ") == 4
