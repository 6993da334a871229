"""What the tests of the command line share."""

import io
import json

import pytest
import yaml
from tests.cli.given import TODAY


@pytest.fixture
def answer(monkeypatch):
    """Type something at the next question."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.fixture
def shown(cli):
    """The sandbox as it stands."""
    return lambda: yaml.safe_load(cli("sandbox", "show", *TODAY).stdout)


@pytest.fixture
def plan(cli):
    """The plan as data."""
    return lambda *arguments: json.loads(cli("plan", "--format", "json", *TODAY, *arguments).stdout)


@pytest.fixture
def organization(example):
    """Change the organization file of the example before it is used."""

    def change(how):
        file = example / "organization.yaml"
        data = yaml.safe_load(file.read_text())
        how(data)
        file.write_text(yaml.safe_dump(data))
        for database in (example / ".accessplan").glob("sandbox/*"):
            database.unlink()

    return change
