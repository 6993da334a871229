"""The command line: finds the command, and turns every fault into a text and an exit code."""

from __future__ import annotations

import gc
import io
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module

import click
from click.shell_completion import CompletionItem

from accessplan import __version__
from accessplan.cli.examples import ROOT, examples_of, with_examples
from accessplan.errors import EXIT_MEANINGS, AccessplanError, Exit, InputError

COMMANDS = {
    "init": "Write a first document: a commented starter, or what is live.",
    "validate": "Check the document alone: no token, no network.",
    "plan": "Show what would change in the live organization.",
    "apply": "Carry the plan out, after asking.",
    "drift": "Say what changed live although nobody asked for it.",
    "stale": "Say which live grants should be revoked or looked at.",
    "review": "List the reviews that are due, or write down what one decided.",
    "explain": "Say who reaches what, by which paths, or why not.",
    "report": "Write one HTML file: who reaches what, what is stale, what is due.",
    "attest": "Record that a step was done which the live system cannot show.",
    "history": "List what was done and said, by whom and when; check the ledger.",
    "ledger": "Take the content of old rows out of the ledger.",
    "codeowners": "Print who has to approve which change, as a CODEOWNERS file.",
    "undo": "Plan the way back from an apply, and carry it out.",
    "export": "Write the live organization as a document.",
    "snapshot": "Write the live organization into one file, to plan without a token.",
    "doctor": "Say what the token may do, and what works in this organization.",
    "schema": "Print a JSON Schema, for editors and checks.",
    "completion": "Print the script that completes command lines in a shell.",
    "sandbox": "A local organization that answers the same API.",
}
"""Each command is the function of its name in `accessplan.cli.NAME`, imported when it is called."""

EXIT_CODES = "Exit codes: " + "; ".join(f"{code.value} {meaning}" for code, meaning in EXIT_MEANINGS.items()) + "."


class LazyGroup(click.Group):
    """A group that imports a command when it runs, so that `--help` costs no more than click."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """List the commands in the order people use them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"accessplan.cli.{cmd_name}"), cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"accessplan.cli.{cmd_name} has no command")
        return with_examples(command, cmd_name)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Complete the names of commands without importing them."""
        names = [CompletionItem(name, help=text) for name, text in COMMANDS.items() if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    epilog=f"{examples_of(ROOT)}\n\n{EXIT_CODES}",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Access as code for Infomaniak organizations.

    Write who may do what in YAML; accessplan checks it, shows what would change in the live organization, carries it
    out, and says what is left to be done by hand.
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    if sys.stdout is None or sys.stderr is None:
        return Exit.INPUT  # whoever started us closed what we would speak through
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a console that lacks a letter shows its number
    gc.disable()  # a command lives for seconds, and what it builds lives as long: looking for garbage doubles the time
    try:
        code = cli.main(list(arguments), prog_name="accessplan", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Abort:
        click.echo("Interrupted.", err=True)
        return Exit.INTERRUPTED
    except click.ClickException as error:
        error.show()
        return Exit.INPUT
    except AccessplanError as error:
        _show(error)
        return error.exit
    except SystemExit:
        return Exit.OK  # click leaves so when the reader of its help has gone
    except OSError as error:
        click.echo(f"error: {error.strerror or error}: {error.filename or 'output'}", err=True)
        return Exit.INPUT
    except Exception as error:  # noqa: BLE001 - the last line of defence: a text, an exit code, and the way to report it
        _show_bug(error)
        return Exit.BUG
    return code if isinstance(code, int) else Exit.OK


def _show(error: AccessplanError) -> None:
    from accessplan.cli.screen import Screen  # noqa: PLC0415 - rich is imported only where there is something to show

    screen = Screen.of(sys.stderr)
    if isinstance(error, InputError) and error.findings:
        screen.findings(error.findings)
    screen.error(str(error), error.remedy)


def _show_bug(error: Exception) -> None:
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(where.filename)}:{where.lineno}"  # noqa: PTH119 - a name, not a path to open
    click.echo(
        f"error: accessplan met something it did not foresee: {type(error).__name__} at {place}\n"
        f"  This is a bug. Please report it with the command you ran and accessplan {__version__}; "
        "ACCESSPLAN_TRACEBACK=1 shows the traceback.",
        err=True,
    )
    if os.environ.get("ACCESSPLAN_TRACEBACK"):
        traceback.print_exception(error)
