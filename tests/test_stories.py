"""Stories: an organization and a document, and the plan that follows. ACCESSPLAN_UPDATE=1 writes the plans anew.

A story may say what the document said before (`before.yaml`), which is then carried out first, and with which options
the plan is made.
"""

import os
import re
from pathlib import Path

import pytest

STORIES = sorted((Path(__file__).parent / "stories").glob("*.md"))
BLOCK = re.compile(r"^```(?:yaml|text) (?P<name>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
TODAY = "2026-03-02"


@pytest.fixture(params=STORIES, ids=lambda story: story.stem)
def story(request, tmp_path, monkeypatch, cli):
    """Lay a story out in a folder of its own and stand in it."""
    for block in BLOCK.finditer(request.param.read_text()):
        if block["name"] != "plan":
            (tmp_path / block["name"]).write_text(block["text"])
    monkeypatch.chdir(tmp_path)
    if Path("before.yaml").exists():
        carry_out(cli, "before.yaml")
    return request.param


def carry_out(cli, *arguments):
    """Plan, apply, accept, do by hand, and attest what cannot be read back."""
    cli("plan", *arguments, "--today", TODAY, "--out", "plan.json")
    applied = cli("apply", *arguments, "--auto-approve", "--today", TODAY)
    assert applied.code in (0, 6), applied
    assert cli("sandbox", "accept", "--all", "--today", TODAY).code == 0
    performed = cli("sandbox", "perform", "plan.json", "--today", TODAY)
    assert performed.code == 0, performed
    assert cli("sandbox", "accept", "--all", "--today", TODAY).code == 0  # who was added by hand
    document = [] if arguments[:1] != ("before.yaml",) else ["--document", arguments[0]]
    assert cli("attest", "--all", "--by", "Claire", *document, "--today", TODAY).code == 0


def options():
    return Path("options").read_text().split() if Path("options").exists() else []


def test_the_plan_of_the_story(story, cli):
    """The document and the organization of the story give just the plan that stands in it."""
    plan = cli("plan", *options(), "--show-requests", "--verbose", "--today", TODAY).stdout
    text = story.read_text()
    written = next(block for block in BLOCK.finditer(text) if block["name"] == "plan")
    if os.environ.get("ACCESSPLAN_UPDATE"):
        story.write_text(text[: written.start("text")] + plan + text[written.end("text") :])
    assert plan == written["text"] or os.environ.get("ACCESSPLAN_UPDATE")


@pytest.mark.usefixtures("story")
def test_the_story_comes_to_its_end(cli):
    """Applied, accepted, done by hand and attested, nothing of the plan is left."""
    carry_out(cli, *options())
    end = cli("plan", "--today", TODAY, "--detailed-exitcode")
    assert (end.code, "No changes." in end.stdout) == (0, True), end.stdout
