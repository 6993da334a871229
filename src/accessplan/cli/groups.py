"""A command with commands of its own that does something by itself as well."""

from __future__ import annotations

from typing import Any

import click


class DefaultGroup(click.Group):
    """A group whose first argument may be something else than a command: that goes to its `default` command."""

    def __init__(self, *arguments: Any, default: str, **options: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(*arguments, **options)
        self._default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the default command before what names no command."""
        is_asked_by_a_shell = not args and ctx.resilient_parsing
        is_own = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if is_own or is_asked_by_a_shell else [self._default, *args])
