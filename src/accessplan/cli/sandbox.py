"""`accessplan sandbox …`."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import click

from accessplan.cli.options import Settings, sandbox_options, which_sandbox_options
from accessplan.cli.sandboxes import existing_sandbox, fill_sandbox, open_sandbox
from accessplan.cli.screen import Screen
from accessplan.errors import Exit, InputError
from accessplan.sandbox import Refused, Store, accept_all
from accessplan.sandbox import accept as accept_one
from accessplan.sandbox import perform as perform_step
from accessplan.sandbox import reject as reject_one
from accessplan.sandbox import serve as serve_store
from accessplan.sandbox import show as show_store
from accessplan.want.dump import dump
from accessplan.want.schema import fits

FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group()
def sandbox() -> None:
    """A local organization that answers the same API.

    It is filled from an organization file (see `accessplan schema organization`) and keeps what is done to it in the
    state folder.
    """


@sandbox.command()
@FILE
@sandbox_options
def seed(file: Path, settings: Settings) -> None:
    """Fill the sandbox from FILE, whatever it held before."""
    fill_sandbox(file, settings).close()
    _say(f"The sandbox holds what {file} says.", settings)


@sandbox.command()
@FILE
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes a free one.")
@click.option("--rate-limit", type=click.IntRange(1), help="Answer 429 after so many requests a minute.")
@click.option("--as", "as_user", metavar="EMAIL", help="Whose token every caller has; else the file's token_user.")
@sandbox_options
def serve(file: Path, port: int, rate_limit: int | None, as_user: str | None, settings: Settings) -> None:
    """Serve the sandbox of FILE over HTTP on 127.0.0.1, until it is interrupted. Any token is taken."""

    def say_where(bound: int) -> None:
        click.echo(f"The sandbox of {file} answers at http://127.0.0.1:{bound}", err=True)

    gc.enable()  # other than a command, a server lives long
    try:
        with open_sandbox(file, settings) as store:
            serve_store(store, port=port, rate_limit=rate_limit, as_user=as_user, on_ready=say_where)
    except Refused as refusal:
        raise InputError(str(refusal)) from refusal
    except OSError as error:
        raise InputError(f"port {port} cannot be used: {error.strerror}", "Choose another with --port.") from error


@sandbox.command()
@which_sandbox_options
def show(settings: Settings) -> None:
    """Print the organization as it stands, in the form of an organization file."""
    with existing_sandbox(settings) as store:
        Screen.of().write(dump(show_store(store)))


@sandbox.command()
@click.argument("who", required=False)
@click.option("--all", "everybody", is_flag=True, help="Everybody who is invited accepts.")
@which_sandbox_options
def accept(who: str | None, settings: Settings, *, everybody: bool) -> None:
    """Accept an invitation, as the invited person would.

    WHO is an e-mail address, or the name of a partner.
    """
    if everybody == (who is not None):
        raise InputError("accept takes an e-mail address or --all", "accessplan sandbox accept ana@example.ch")
    try:
        with existing_sandbox(settings) as store:
            done = accept_all(store, settings.now) if who is None else [accept_one(store, who, settings.now)]
    except Refused as refusal:
        raise InputError(str(refusal)) from refusal
    for line in done or ["Nobody is invited."]:
        _say(line, settings)


@sandbox.command()
@click.argument("who")
@which_sandbox_options
def reject(who: str, settings: Settings) -> None:
    """Reject an invitation, as the invited person would.

    WHO is an e-mail address, or the name of a partner.
    """
    try:
        with existing_sandbox(settings) as store:
            line = reject_one(store, who, settings.now)
    except Refused as refusal:
        raise InputError(str(refusal)) from refusal
    _say(line, settings)


@sandbox.command()
@click.argument("plan", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@which_sandbox_options
def perform(plan: Path, settings: Settings) -> int:
    """Do the manual steps of a saved PLAN, as a person in the Manager would."""
    with existing_sandbox(settings) as store:
        steps = _steps(plan)
        if not steps:
            _say("The plan has no manual steps.", settings)
        performed = [_perform(store, step, settings) for step in steps]
    return Exit.OK if all(performed) else Exit.INCOMPLETE


def _perform(store: Store, step: dict[str, Any], settings: Settings) -> bool:
    try:
        _say(perform_step(store, {"act": step["act"], **step["values"]}, settings.now), settings)
    except Refused as refusal:
        Screen.of(color=settings.color).line(f"refused: {step['text']}: {refusal}")
        return False
    return True


def _steps(plan: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(plan.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        content = None
    if not fits(content, "plan"):
        raise InputError(f"{plan} is no saved plan", "Save one: accessplan plan --out plan.json.")
    return [step for operation in content["operations"] for step in operation["steps"]]


def _say(line: str, settings: Settings) -> None:
    if not settings.quiet:
        Screen.of(color=settings.color).line(line)
