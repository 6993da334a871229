"""Whatever drifts behind a document's back, adopted it is what the document says, and nothing else of it changes."""

import io
import os
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.worlds import worlds
from tests.worlds.drift import drifted
from tests.worlds.world import TODAY, World

from accessplan.cli.main import run
from accessplan.want.addresses import parse

EXAMPLES = int(os.environ.get("ACCESSPLAN_EXAMPLES", "15"))

EXPIRED = "the invitation expired"
SOLE = "[reminders-stay]"
"""What is left to people: an invitation to be sent anew, and reminders that the sole legal representative gets."""


@pytest.fixture(scope="module")
def worlds_folder():
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_what_drifts_is_adopted(worlds_folder):
    """After a live change behind its back a document adopts all that drifted: then the plan of it is empty."""
    outcomes = []

    @given(
        sides=drifted(),
        mode=st.sampled_from(["additive", "enforce"]),
        layout=st.sampled_from([str, with_comments, with_windows_lines, without_last_line_break]),
    )
    def adopt_all(sides, mode, layout):
        was, now = sides
        exported = World(tempfile.mkdtemp(dir=worlds_folder), was).run(
            "export", "--live", "sandbox:organization.yaml", "--organization", "4242"
        )
        here = World(tempfile.mkdtemp(dir=worlds_folder), now)
        text = layout(exported.replace(": additive", f": {mode}"))
        document = here.folder / "access.yaml"
        document.write_bytes(text.encode())
        addresses = drifting(here)
        code, said = adopt(here, addresses)
        outcomes.append(code)
        if code:
            assert EXPIRED in said or SOLE in said, said
            assert document.read_bytes() == text.encode()
            return
        assert drifting(here) == []
        touched = {*map(name, addresses), *map(name, mentioned(said))}
        before, after = entries(text), entries(document.read_bytes().decode())
        assert {each: before[each] for each in before if each[1] not in touched} == {
            each: after[each] for each in after if each[1] not in touched
        }

    adopt_all()
    assert sum(map(bool, outcomes)) < len(outcomes) / 5


@settings(max_examples=EXAMPLES)
@given(sides=worlds(), choice=st.randoms(use_true_random=False))
def test_an_entry_is_adopted_or_left(worlds_folder, sides, choice):
    """Of any document an entry becomes as it is live, or the document stays as it is, with a reason."""
    organization, (document,) = sides
    here = World(tempfile.mkdtemp(dir=worlds_folder), organization, document)
    for _ in range(3):
        if drift := drifting(here):
            address = choice.choice(drift)
            before = (here.folder / "access.yaml").read_bytes()
            code, said = adopt(here, [address])
            assert code in (0, 3), said
            assert (address in drifting(here)) == bool(code)
            assert ((here.folder / "access.yaml").read_bytes() == before) == bool(code), said


def drifting(here):
    """List what the plan would change."""
    return [each["address"] for each in here.plan()["resource_changes"]]


def adopt(here, addresses):
    """Adopt these; returns the exit code and what is said."""
    if not addresses:
        return 0, ""
    said = io.StringIO()
    with chdir(here.folder), redirect_stdout(said), redirect_stderr(said):
        code = run(["export", *TODAY, *(word for each in addresses for word in ("--adopt", each))])
    return code, said.getvalue()


def name(address):
    """Return the name of what an entry hangs on."""
    return parse(address).name.lower()


def mentioned(said):
    """List what comes or goes along with an entry, and where an entry is mentioned."""
    return [line.rsplit(": ", 1)[0] for line in said.splitlines() if ": comes along" in line or ": goes along" in line]


def entries(text):
    """Cut a document as exports write it into its entries: the lines of each, by section and name.

    Where a section is empty, that is left out.
    """
    nodes: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    starts = [(0, ("", ""))]
    for section, inside in nodes.value:
        starts.append((section.start_mark.line, (section.value, "")))
        for key, _ in inside.value if isinstance(inside, yaml.MappingNode) else ():
            if key.start_mark.line > section.start_mark.line:
                starts.append((key.start_mark.line, (section.value, key.value.lower())))
    lines = text.splitlines(keepends=True)
    ends = [line for line, _ in starts[1:]] + [len(lines)]
    cut = {each: "".join(lines[start:end]).rstrip() for (start, each), end in zip(starts, ends, strict=True)}
    return cut | {each: cut[each].replace(" {}", "") for each in cut if not each[1]}


def with_comments(text):
    """Give every line a comment of its own."""
    lines = text.splitlines()
    return "".join(f"{line}   # {number}\n" if line.strip() else "\n" for number, line in enumerate(lines))


def with_windows_lines(text):
    """End lines as Windows does."""
    return text.replace("\n", "\r\n")


def without_last_line_break(text):
    """Leave the last line open."""
    return text.rstrip("\n")
