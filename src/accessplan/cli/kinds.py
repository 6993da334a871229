"""Kinds of values that options take."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click

from accessplan.errors import InputError

_DAYS = re.compile(r"([0-9]{1,4})d")


class Day(click.ParamType[date]):
    """A day: 2026-11-21."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401 - click's
        """Read a day."""
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            self.fail(f"{value!r} is no day, as in 2026-11-21", param, ctx)


class Days(click.ParamType[int]):
    """A duration as documents write it: 30d."""

    name = "days"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401 - click's
        """Read a number of days."""
        written = _DAYS.fullmatch(str(value))
        if written is None:
            self.fail(f"{value!r} is no number of days, as in 30d", param, ctx)
        return int(written[1])


def said(remedy: str) -> Callable[[click.Context, click.Parameter, str], str]:
    """Return what takes the blanks off a text, and refuses one that is nothing else."""

    def stripped(_: click.Context, option: click.Parameter, text: str) -> str:
        if not text.strip():
            raise InputError(f"{option.opts[0]} says nothing", remedy)
        return text.strip()

    return stripped
