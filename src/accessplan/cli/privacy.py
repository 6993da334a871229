"""`--privacy`: what a command shows and writes names nobody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

import click

from accessplan.cli.world import Run
from accessplan.errors import AccessplanError, InputError
from accessplan.model import User
from accessplan.report.privacy import Person, Value, masked, masked_value
from accessplan.report.report import Report

KEY = "ACCESSPLAN_PRIVACY_KEY"
"""The secret that makes pseudonyms impossible to guess by trying addresses."""

privacy_option = click.option(
    "--privacy", is_flag=True, help=f"Show pseudonyms for people and mailboxes; {KEY} makes them safe from guessing."
)


def hiding_people(run: Run) -> Report:
    """Return the report of a run without anybody in it: nobody whom either side knows is named."""
    return masked(run.report, _secret(), _people(run))


def without_people(value: Value, run: Run) -> Value:
    """Return something that is made of a run without anybody in it."""
    return masked_value(value, run.live.organization_id, _secret(), _people(run))


def _people(run: Run) -> Iterator[Person]:
    entries = (*run.live.state.entries.values(), *run.want.state.entries.values())
    users = (each for each in entries if isinstance(each, User))
    return chain[Person](users, run.wanted.document.users.items)


@contextmanager
def hiding_faults(on: bool) -> Iterator[None]:  # noqa: FBT001 - it says itself what it is
    """Take the addresses out of the faults that end a run, too."""
    try:
        yield
    except AccessplanError as error:
        if on:
            error.args = (masked_value(str(error), secret=_secret()),)
            error.remedy = masked_value(error.remedy, secret=_secret())
            if isinstance(error, InputError):
                error.findings = masked_value(error.findings, secret=_secret())
        raise


def _secret() -> str:
    return os.environ.get(KEY, "")
