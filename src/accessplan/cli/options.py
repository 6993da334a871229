"""The options that every command shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

DEFAULT_DOCUMENTS = ("access.yaml", "access")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the shared options say."""

    live: str | None
    today: date | None
    state: Path
    token_command: str | None
    quiet: bool
    verbose: bool
    color: bool

    @property
    def now(self) -> datetime:
        """The moment of this run: noon of the pinned day, or the clock's."""
        if self.today is None:
            return datetime.now(UTC)
        return datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=UTC)


def _date(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


_OPTIONS = (
    click.option(
        "--live", metavar="WHERE", help="https://…, sandbox:FILE or a snapshot.json; the document's otherwise."
    ),
    click.option(
        "--today",
        type=click.DateTime(["%Y-%m-%d"]),
        callback=_date,
        help="Pin the clock to a day, so that runs can be repeated.",
    ),
    click.option(
        "--state",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(".accessplan"),
        show_default=True,
        help="Where the sandbox's database lies.",
    ),
    click.option("--token-command", metavar="CMD", help="A command that prints the token; else INFOMANIAK_TOKEN."),
    click.option("--quiet", "-q", is_flag=True, help="Results only."),
    click.option("--verbose", "-v", is_flag=True, help="More detail."),
    click.option("--no-color", is_flag=True, help="No colour, as with NO_COLOR."),
)


def shared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the shared options; it receives them as `settings`."""

    @wraps(command)
    def with_settings(
        live: str | None,
        today: date | None,
        state: Path,
        token_command: str | None,
        *,
        quiet: bool,
        verbose: bool,
        no_color: bool,
        **own: Any,  # noqa: ANN401 - click passes each command's own parameters through here
    ) -> Any:  # noqa: ANN401 - likewise
        settings = Settings(live, today, state, token_command, quiet, verbose, not no_color)
        return command(settings=settings, **own)

    for option in reversed(_OPTIONS):
        with_settings = option(with_settings)
    return with_settings


def document_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its PATH: a document, or a folder of them."""
    argument = click.argument("path", type=click.Path(path_type=Path), required=False)
    return argument(command)


def chosen_document(path: Path | None) -> Path:
    """Return the document to read: the one named, else `access.yaml`, else `access/`."""
    if path is not None:
        return path
    found = next((name for name in DEFAULT_DOCUMENTS if Path(name).exists()), DEFAULT_DOCUMENTS[0])
    return Path(found)
