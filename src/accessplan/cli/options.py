"""The options that every command shares."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from accessplan.cli.kinds import Day, Days, said
from accessplan.cli.outputs import DATABASE_SUFFIX, outputs, refuse_overwriting
from accessplan.errors import InputError
from accessplan.model import normalize_email

DEFAULT_DOCUMENTS = ("access.yaml", "access")

STATE = Path(".accessplan")
"""Where the ledger and the sandbox's database lie, unless --state says otherwise."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the shared options say."""

    live: str | None
    today: date | None
    state: Path
    ledger_at: Path | str | None
    token_command: str | None
    quiet: bool
    verbose: bool
    color: bool
    invite_again: frozenset[str] = frozenset()
    base: str | None = None
    only: str = ""
    locked: bool = False
    at: date | None = None
    outputs: tuple[Path, ...] = ()

    @property
    def ledger(self) -> Path | str:
        """Where the ledger is: a file in the state folder, unless --ledger names another, or a URL."""
        return self.ledger_at or self.state / "ledger.db"

    @property
    def now(self) -> datetime:
        """The moment of this run: noon of the pinned day, or the clock's."""
        if self.today is None:
            return datetime.now(UTC)
        return datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=UTC)


class _LedgerPlace(click.Path):
    """A file, or the URL of a database: that one stays text."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Leave a URL as it is."""
        if not value:
            self.fail("it names no file", param, ctx)
        return value if isinstance(value, str) and "://" in value else super().convert(value, param, ctx)


_LIVE = click.option(
    "--live", metavar="WHERE", help="https://…, sandbox:FILE or a snapshot.json; the document's otherwise."
)
_WHICH = click.option("--live", metavar="sandbox:FILE", help="Which sandbox, where there is more than one.")
_TODAY = click.option(
    "--today",
    metavar="DATE",
    type=Day(),
    help="Pin the clock to a day (2026-11-21), so that runs can be repeated.",
)
_STATE = click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    default=STATE,
    show_default=True,
    help="Where the ledger and the sandbox's database lie.",
)
_LEDGER = click.option(
    "--ledger",
    "ledger_at",
    metavar="FILE|URL",
    type=_LedgerPlace(path_type=Path, dir_okay=False),
    help="The record of what was done and said, or postgresql+psycopg://…; ledger.db in the state folder otherwise.",
)
_TOKEN = click.option("--token-command", metavar="CMD", help="A command that prints the token; else INFOMANIAK_TOKEN.")
_QUIET = click.option("--quiet", "-q", is_flag=True, help="Results only.")
_VERBOSE = click.option("--verbose", "-v", is_flag=True, help="More detail.")
_COLOR = click.option("--no-color", is_flag=True, help="No colour, as with NO_COLOR.")

_BASE = click.option(
    "--base", metavar="REF", help="The Git ref that the change under review starts from, as in origin/main."
)
_ONLY = click.option(
    "--only",
    type=click.Choice(["config"]),
    help="Hold back what is not from the change under review; needs --base.",
)

_SHARED = (_LIVE, _TODAY, _STATE, _LEDGER, _TOKEN, _QUIET, _VERBOSE, _COLOR)
_OF_THE_LEDGER = (_STATE, _LEDGER, _QUIET, _COLOR)
_OF_A_SANDBOX = (_TODAY, _STATE, _QUIET, _COLOR)

_Command = Callable[..., Any]


def shared_options(command: _Command) -> _Command:
    """Give a command the shared options; it receives them as `settings`."""
    return _with_options(command, _SHARED)


def ledger_options(command: _Command) -> _Command:
    """Give a command about the ledger alone the shared options that concern it."""
    return _with_options(command, _OF_THE_LEDGER)


def sandbox_options(command: _Command) -> _Command:
    """Give a command about one sandbox the shared options that concern it."""
    return _with_options(command, _OF_A_SANDBOX)


def which_sandbox_options(command: _Command) -> _Command:
    """Give it also the one that says which sandbox."""
    return _with_options(command, (_WHICH, *_OF_A_SANDBOX))


def _with_options(command: _Command, options: Sequence[Callable[[_Command], _Command]]) -> _Command:
    @wraps(command)
    def with_settings(
        live: str | None = None,
        today: date | None = None,
        state: Path = STATE,
        ledger_at: Path | str | None = None,
        token_command: str | None = None,
        *,
        quiet: bool = False,
        verbose: bool = False,
        no_color: bool = False,
        **own: Any,  # noqa: ANN401 - click passes each command's own parameters through here
    ) -> Any:  # noqa: ANN401 - likewise
        settings = Settings(
            live, today, state, ledger_at, token_command, quiet, verbose, not no_color, outputs=outputs()
        )
        for kept in (settings.state, settings.ledger):
            if isinstance(kept, Path):
                refuse_overwriting(settings.outputs, kept, (DATABASE_SUFFIX,))
        return command(settings=settings, **own)

    given: _Command = with_settings
    for option in reversed(options):
        given = option(given)
    return given


def document_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its PATH: a document, or a folder of them."""
    argument = click.argument("path", type=click.Path(path_type=Path), required=False)
    return argument(command)


def document_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command that takes other arguments `--document`."""
    help_text = "The document; access.yaml or access/ otherwise."
    return click.option("--document", metavar="PATH", type=click.Path(path_type=Path), help=help_text)(command)


def organization_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--organization`; it reaches it as `account`."""
    help_text = "The organization's number, where there is no document yet."
    kind = click.IntRange(1)
    return click.option("--organization", "account", metavar="NUMBER", type=kind, help=help_text)(command)


def by_option(who: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command `--by`, whose help begins with `who`; it reaches it as `who`."""
    check = said("Say who: a name or an e-mail address.")
    help_text = f"{who}: a name or an e-mail address."
    return click.option("--by", "who", metavar="WHO", required=True, callback=check, help=help_text)


def within_option(help_text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command `--within`, a number of days."""
    return click.option("--within", metavar="DAYS", type=Days(), help=help_text)


def chosen_document(path: Path | None) -> Path:
    """Return the document to read: the one named, else `access.yaml`, else `access/`."""
    if path is not None:
        return path
    found = next((name for name in DEFAULT_DOCUMENTS if Path(name).exists()), DEFAULT_DOCUMENTS[0])
    return Path(found)


def invite_again_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--invite-again`; the addresses reach it within `settings`."""

    @wraps(command)
    def with_people(settings: Settings, invite_again: tuple[str, ...], **own: Any) -> Any:  # noqa: ANN401 - click's own
        again = frozenset(map(normalize_email, invite_again))
        return command(settings=replace(settings, invite_again=again), **own)

    help_text = "Invite this person once more, though an invitation was rejected or expired (repeatable)."
    return click.option("--invite-again", multiple=True, metavar="EMAIL", help=help_text)(with_people)


def base_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--base` and `--only`; they reach it within `settings`."""

    @wraps(command)
    def with_base(settings: Settings, base: str | None, only: str | None, **own: Any) -> Any:  # noqa: ANN401 - click's own
        if only and base is None:
            raise InputError(f"--only {only} needs a base to compare with", "Name it: --base origin/main.")
        return command(settings=replace(settings, base=base, only=only or ""), **own)

    for option in (_ONLY, _BASE):
        with_base = option(with_base)
    return with_base
