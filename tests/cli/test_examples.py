"""The help of each command ends with examples, and each of them is a command line that works."""

import shlex

import click
import pytest

from accessplan.cli.examples import EXAMPLES
from accessplan.cli.main import cli as accessplan
from accessplan.cli.options import DEFAULT_DOCUMENTS


def every_command(command, words=()):
    """The words of each command, with those in groups."""
    yield " ".join(words)
    if isinstance(command, click.Group):
        with click.Context(command) as context:
            for name in command.list_commands(context):
                yield from every_command(command.get_command(context, name), (*words, name))


COMMANDS = list(every_command(accessplan))
LINES = [(words, line) for words, examples in EXAMPLES.items() for line in examples.values()]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Stand where the files are that examples name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".github").mkdir()
    for name in (*DEFAULT_DOCUMENTS[:1], "plan.json", "organization.yaml", "snapshot.json", "receipt.json"):
        (tmp_path / name).write_text("{}")


def arguments_of(line):
    """The arguments that a shell would give the command: without what goes around them."""
    if line.startswith("eval"):
        line = line.removeprefix('eval "$(').removesuffix(')"')
    program, *arguments = shlex.split(line.partition(" > ")[0])
    assert program == "accessplan"
    return arguments


def parse(command, name, arguments, parent=None):
    """Parse a command line to its end and run nothing; returns the words of the command."""
    context = command.make_context(name, list(arguments), parent=parent)
    rest = [*context._protected_args, *context.args]  # noqa: SLF001 - where click keeps what a group hands on
    if not isinstance(command, click.Group) or not rest:
        return [name]
    inner, found, rest = command.resolve_command(context, rest)
    return [name, *parse(found, inner, rest, context)]


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_has_examples(cli, words):
    """Each command and each command in it says by examples how it is used, at the end of its help."""
    lines = [line.strip() for line in cli(*words.split(), "--help").stdout.splitlines()]
    shown = lines[lines.index("Examples:") + 1 :]
    expected = [line for purpose, example in EXAMPLES[words].items() for line in (f"# {purpose}", example)]
    assert shown[: len(expected)] == expected
    assert expected


def test_no_other_command_has_examples():
    """What has examples is a command."""
    assert set(EXAMPLES) == set(COMMANDS)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("words", "line"), LINES, ids=lambda value: value)
def test_every_example_parses(words, line):
    """Each example is a line that click takes as it is, of the command it stands under or of one in it."""
    parsed = parse(accessplan, "accessplan", arguments_of(line))[1:]
    assert parsed[: len(words.split())] == words.split()


@pytest.mark.parametrize(
    "line", ["accessplan plan --fly", "accessplan fly", "accessplan sandbox seed", "accessplan review record x"]
)
def test_a_wrong_example_would_be_seen(line):
    """A line with an option, command or argument that there is not does not parse."""
    with pytest.raises(click.UsageError):
        parse(accessplan, "accessplan", arguments_of(line))
