"""accessplan and its sandbox keep to the published OpenAPI documents: both sides of whatever crosses the wire."""

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conformance.check import Met, faults
from tests.conformance.documents import FOLDER, find, notations_met
from tests.conformance.oddities import KNOWN, NOT_PLAYED, NOTATIONS, ODDITIES
from tests.conformance.play import narrow, organization, plain, play
from tests.conformance.record import Exchange, Record
from tests.conformance.test_answers import READS
from tests.conformance.tour import tour
from tests.conftest import SAID
from tests.test_stories import BLOCK, STORIES
from tests.worlds import worlds
from tests.worlds.mended import mended
from tests.worlds.world import World

from accessplan.sandbox.routes import ROUTES

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the published OpenAPI documents are not here")

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Checked:
    """What was recorded, and what the check of it found."""

    exchanges: list[Exchange] = field(repr=False)
    refused_parameters: set[tuple[str, str]]
    faults: set[str] = field(default_factory=set)
    met: Met = field(default_factory=set)
    answered: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def checked():
    """Play the stories, random worlds and the tour, and check every exchange."""
    record = Record()
    for over in (plain, narrow):
        for files in (examples(), *map(files_of, STORIES)):
            with laid_out(files) as world:
                play(record, world, over)
        for fault in mended():
            with laid_out({}) as world:
                for name, document in zip(
                    ("before.yaml", "access.yaml")[-len(fault.documents) :], fault.documents, strict=True
                ):
                    world.write(name, document)
                world.write("organization.yaml", fault.organization)
                play(record, world, over)
    play_worlds(record)
    result = Checked(record.exchanges, tour(record, organization(EXAMPLES)))
    for each in record.exchanges:
        result.faults.update(faults(each, result.met))
        found = find(each.method, urlsplit(each.url).path)
        result.answered.update([str(found[0])] if found and each.status < 300 else [])
    return result


def examples():
    return {name: (EXAMPLES / name).read_text() for name in ("organization.yaml", "access.yaml")}


def files_of(story):
    return {block["name"]: block["text"] for block in BLOCK.finditer(story.read_text())}


@contextmanager
def laid_out(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, name).write_text(text)
        yield World(folder)


def play_worlds(record):
    @given(sides=worlds(), over=st.sampled_from([plain, narrow]))
    def each(sides, over):
        organization, (document,) = sides
        with tempfile.TemporaryDirectory() as folder:
            play(record, World(folder, organization, document), over)

    each()


def test_every_exchange_fits_the_documents(checked):
    """Each request and each answer is as documented: path, parameters, body, status and data."""
    assert sorted(checked.faults) == []


def test_accessplan_sends_nothing_that_is_refused(checked):
    """No write of accessplan in the stories and random worlds is refused, and of its reads only what it tries."""
    # Which mailbox family an organization has, and what it loads, shows when it is asked (501, 422).
    refused = [each for each in checked.exchanges if each.by == "accessplan" and each.status >= 300]
    assert [each for each in refused if each.method != "GET"] == []
    assert {each.status for each in refused} <= {404, 422, 501}


def test_accessplan_reads_nothing_that_is_not_varied(checked):
    """Each read that accessplan makes is one of those whose answers `test_answers.py` varies."""
    reads = [each for each in checked.exchanges if each.by == "accessplan" and each.method == "GET"]
    found = [find(each.method, urlsplit(each.url).path) for each in reads]
    assert {f"{each[0].method} {each[0].path}" for each in found if each} <= READS


def test_the_sandbox_offers_what_is_documented(checked):
    """Each route of the sandbox is a documented method and path, and a successful answer of it was checked."""
    found = {f"{method} {path}": find(method, path) for method, path, _ in ROUTES}
    assert [route for route, operation in found.items() if operation is None] == []
    assert {str(operation[0]) for operation in found.values() if operation} == checked.answered


def test_the_sandbox_takes_the_documented_parameters(checked):
    """Of the documented parameters of its lists the sandbox refuses those listed, and no other."""
    assert checked.refused_parameters == set(NOT_PLAYED)


def test_no_oddity_is_stale(checked):
    """Each listed oddity, and each listed notation, was met; each stands in the list once."""
    assert set(KNOWN) - checked.met == set()
    assert notations_met() == set(NOTATIONS)
    assert len(KNOWN) == len(ODDITIES)


def test_how_much_was_checked(checked, record_property):
    """The number of exchanges and of operations is printed."""
    record_property(SAID, f"{len(checked.exchanges)} exchanges, {len(checked.answered)} distinct operations")
    assert len(checked.answered) <= len(checked.exchanges)
