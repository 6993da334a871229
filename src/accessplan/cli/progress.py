"""A sign of life on stderr, for who waits at a terminal: work of over a second says how far it is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TextIO

from accessplan.cli.options import Settings

SECONDS = 1.0
"""What is done sooner shows nothing."""


@contextmanager
def working(say: Callable[[], str], settings: Settings, beside: TextIO | None = None) -> Iterator[None]:
    """Show what `say` says, again and again, as long as the block runs; nothing in a pipe, or with --quiet.

    Nor anything where the lines that go to a stream `beside` show on the same terminal how far it is.
    """
    if settings.quiet or not sys.stderr.isatty() or (beside is not None and beside.isatty()):
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - only where somebody looks
    from rich.live import Live  # noqa: PLC0415
    from rich.spinner import Spinner  # noqa: PLC0415

    spinner = Spinner("line")

    def drawn() -> Spinner:
        spinner.update(text=say())
        return spinner

    console = Console(stderr=True, no_color=not settings.color, markup=False)
    live = Live(console=console, get_renderable=drawn, transient=True, redirect_stdout=False, redirect_stderr=False)
    later = Timer(SECONDS, live.start)
    later.daemon = True
    later.start()
    try:
        yield
    finally:
        later.cancel()
        later.join()
        live.stop()
