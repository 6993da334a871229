"""Makes docs/reference/commands.md of the command line itself: what `--help` says of every command, as a page."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape
from inspect import cleandoc

import click

from accessplan.cli.examples import EXAMPLES
from accessplan.cli.main import cli
from accessplan.report.safe import cell, code

HEAD = """# Commands

Made of the command line itself: `accessplan COMMAND --help` says the same. Results are on stdout, everything else on
stderr; [exit codes](exit-codes.md) are the same for all commands.

"""

COLUMNS = "| option | what it does |\n|---|---|\n"

SHARED_FROM = 8
"""An option that so many commands have, said in the same words, stands under Shared options."""

PARAGRAPH = re.compile(r"\n\s*\n")
LISTING = "\b\n"
"""How click is told to leave the line ends of a paragraph as they are."""

Commands = Mapping[str, click.Command]


def render() -> str:
    """Render the page."""
    commands = leaves_and_groups()
    times = Counter(_row(option) for each in commands.values() for option in options(each))
    shared = {row: None for row, number in times.items() if number >= SHARED_FROM}
    first = f"## Shared options\n\nMost commands have these.\n\n{COLUMNS}{''.join(shared)}"
    return HEAD + "\n".join((first, *(_section(words, each, shared) for words, each in commands.items())))


def leaves_and_groups() -> Commands:
    """List every command by its words, in the order of `--help`."""
    context = click.Context(cli, info_name="accessplan")
    found: dict[str, click.Command] = {}
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None, name
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {each}": inner for each, inner in command.commands.items()}
    return found


def options(command: click.Command) -> Iterator[click.Option]:
    """List the options of a command, but for --help."""
    yield from (each for each in command.params if isinstance(each, click.Option) and not each.hidden)


def _section(words: str, command: click.Command, shared: Mapping[str, None]) -> str:
    rows = {max(option.opts, key=len): _row(option) for option in options(command)}
    own = "".join(row for row in rows.values() if row not in shared)
    also = [name for name, row in rows.items() if row in shared]
    parts = (
        f"## accessplan {words}",
        f"```text\n{_usage(words, command)}\n```",
        *_paragraphs(cleandoc(command.help or "")),
        own and f"{COLUMNS}{own}".rstrip(),
        also and f"[Shared](#shared-options): {', '.join(map(code, also))}.",
        f"```sh\n{examples}\n```" if (examples := _examples(words)) else "",
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _usage(words: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"accessplan {words}")
    return " ".join((context.info_name or "", *command.collect_usage_pieces(context)))


def _paragraphs(text: str) -> Iterator[str]:
    """Give each paragraph on one line, and a listing as it stands."""
    for part in PARAGRAPH.split(text):
        yield f"```text\n{part.removeprefix(LISTING)}\n```" if part.startswith(LISTING) else _plain(part)


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("*", r"\*").replace("<", r"\<")


def _row(option: click.Option) -> str:
    context = click.Context(click.Command("any"))
    names, said = option.get_help_record(context) or ("", "")
    return f"| {_code_in_a_cell(names)} | {cell(_plain(said))} |\n"


def _code_in_a_cell(text: str) -> str:
    """Write code with a bar in it as HTML: of an escaped one in backticks MkDocs and GitHub make different things."""
    return f"<code>{escape(text).replace('|', '&#124;')}</code>" if "|" in text else code(text)


def _examples(words: str) -> str:
    return "\n".join(f"# {purpose}\n{line}" for purpose, line in EXAMPLES.get(words, {}).items())
