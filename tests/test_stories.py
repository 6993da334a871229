"""Stories: an organization and a document, and the plan that follows. ACCESSPLAN_UPDATE=1 writes the plans anew."""

import os
import re
from pathlib import Path

import pytest

STORIES = sorted((Path(__file__).parent / "stories").glob("*.md"))
BLOCK = re.compile(r"^```(?:yaml|text) (?P<name>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
TODAY = "2026-03-02"


@pytest.fixture(params=STORIES, ids=lambda story: story.stem)
def story(request, tmp_path, monkeypatch):
    """Lay a story out in a folder of its own and stand in it."""
    for block in BLOCK.finditer(request.param.read_text()):
        if block["name"] != "plan":
            (tmp_path / block["name"]).write_text(block["text"])
    monkeypatch.chdir(tmp_path)
    return request.param


def test_the_plan_of_the_story(story, cli):
    """The document and the organization of the story give just the plan that stands in it."""
    plan = cli("plan", "--show-requests", "--verbose", "--today", TODAY).stdout
    text = story.read_text()
    written = next(block for block in BLOCK.finditer(text) if block["name"] == "plan")
    if os.environ.get("ACCESSPLAN_UPDATE"):
        story.write_text(text[: written.start("text")] + plan + text[written.end("text") :])
    assert plan == written["text"] or os.environ.get("ACCESSPLAN_UPDATE")


@pytest.mark.usefixtures("story")
def test_the_story_comes_to_its_end(cli):
    """Applied, accepted and done by hand, nothing of the plan is left."""
    cli("plan", "--today", TODAY, "--out", "plan.json")
    applied = cli("apply", "--auto-approve", "--today", TODAY)
    assert applied.code in (0, 6), applied
    assert cli("sandbox", "accept", "--all", "--today", TODAY).code == 0
    assert cli("sandbox", "perform", "plan.json", "--today", TODAY).code == 0
    end = cli("plan", "--today", TODAY, "--detailed-exitcode")
    assert (end.code, "No changes." in end.stdout) == (0, True), end.stdout
