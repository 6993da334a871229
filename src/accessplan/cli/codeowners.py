"""`accessplan codeowners`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from accessplan.cli.files import write_file
from accessplan.cli.git import repository_of
from accessplan.cli.options import Settings, document_argument, shared_options
from accessplan.cli.outputs import OutputFile
from accessplan.cli.screen import Screen
from accessplan.cli.world import wanted
from accessplan.errors import Exit, InputError
from accessplan.finding import Finding, warning
from accessplan.report.codeowners import FORMATS, HEAD, Owned, is_owner, render
from accessplan.report.safe import spelled_out
from accessplan.want.owners import Owners, owners


@click.command()
@document_argument
@click.option("--out", metavar="FILE", type=OutputFile(), help="Write it to a file.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 2 where the file differs.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True, help="Whose it is."
)
@click.option(
    "--fallback",
    multiple=True,
    metavar="OWNER",
    help="Who approves where nobody is named, as in @example/board; the legal representatives otherwise (repeatable).",
)
@shared_options
def codeowners(
    path: Path | None, out: Path | None, form: str, fallback: tuple[str, ...], settings: Settings, *, check: bool
) -> int:
    """Print a CODEOWNERS file: who has to approve a change of the document.

    The owners and team leaders that a file of the document names, and the legal representatives where it names nobody
    or concerns the whole organization. A folder gives one line a file; in a single file all of them stand on one line,
    and any one of them can approve anything in it.
    """
    if check and out is None:
        raise InputError("--check needs the file to look at", "Name it: --out .github/CODEOWNERS.")
    if strange := next((each for each in fallback if not is_owner(each)), None):
        raise InputError(f"{strange} is no owner", "Write an e-mail address, @name or @organization/team.")
    side = wanted(path, settings)
    found = owners(side.path, side.document, side.today)
    board = _board(side.path, found, fallback)
    text = render(_lines(side.path, found, board), board, form)
    if not settings.quiet:
        Screen.of(sys.stderr, color=settings.color).findings((*found.findings, *_unwritable(found)))
    if out is None:
        Screen.of().write(text)
        return Exit.OK
    there = _there(out)
    if check and there == text:
        return Exit.OK
    if check:
        anew = shlex.join(_arguments(path, out, form, fallback))
        Screen.of().write(spelled_out(f"{out} is not what the document says: {anew}") + "\n")
        return Exit.DIFFERENCES
    if there and not there.startswith(HEAD):
        message = f"{out} was not written by accessplan"
        raise InputError(message, "Print the lines without --out, and put them where they belong in it.")
    if there != text:
        write_file(out, text)
    return Exit.OK


def _board(path: Path, found: Owners, fallback: tuple[str, ...]) -> tuple[str, ...]:
    """Say who approves what nobody else answers for.

    Raises:
        InputError: there is nobody.
    """
    board = tuple(filter(is_owner, fallback or found.governing))
    if not board:
        message = f"{path} names no legal representative who could approve what nobody else answers for"
        raise InputError(message, "Say who does: --fallback OWNER.")
    return board


def _lines(path: Path, found: Owners, board: tuple[str, ...]) -> list[Owned]:
    """Say who owns which path: of a folder first all of it, so that files that are added have somebody too."""
    top = _top(path)
    lines = [Owned(f"{each}/", board) for each in _names(path, top)] if path.is_dir() else []
    for file, people in found.by_file.items():
        named = tuple(filter(is_owner, people))
        everybody = dict.fromkeys((*named, *(board if file in found.governed or not named else ())))
        lines.extend(Owned(name, tuple(everybody)) for name in _names(Path(file), top))
    return lines


def _top(path: Path) -> Path:
    repository = repository_of(path, strict=True)
    return (repository.top if repository else Path()).resolve()


def _names(path: Path, top: Path) -> list[str]:
    """Name a file or folder from the top of the repository: where it stands and, of a link, also where that leads.

    Raises:
        InputError: it lies elsewhere.
    """
    places = dict.fromkeys((path.parent.resolve() / path.name, path.resolve()))
    if outside := next((each for each in places if not each.is_relative_to(top)), None):
        raise InputError(f"{outside} does not lie in {top}", "Run it in the repository of the document.")
    return [each.relative_to(top).as_posix() for each in places]


def _unwritable(found: Owners) -> tuple[Finding, ...]:
    everybody = {*found.governing, *(email for people in found.by_file.values() for email in people)}
    hint = "name them by --fallback, or give them another address"
    return tuple(
        warning("no-code-owner", f"{email} cannot stand in a CODEOWNERS file", hint=hint)
        for email in sorted(everybody)
        if not is_owner(email)
    )


def _there(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read", "Check the path.") from error


def _arguments(path: Path | None, out: Path, form: str, fallback: tuple[str, ...]) -> Iterator[str]:
    """Name the command that writes the file which was looked at."""
    yield from ("accessplan", "codeowners")
    if path is not None:
        yield str(path)
    if form != FORMATS[0]:
        yield from ("--format", form)
    for owner in fallback:
        yield from ("--fallback", owner)
    yield from ("--out", str(out))
