"""Tell somebody elsewhere that a run found something: one short message, through Apprise."""

from __future__ import annotations

import logging
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

import click

from accessplan.cli.screen import Screen
from accessplan.errors import InputError

VARIABLE = "ACCESSPLAN_NOTIFY"

_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Notice:
    """Where a message goes, and the link that it ends with; `send` is None where nobody is to be told."""

    link: str = ""
    send: Callable[[str, str], bool] | None = None

    def tell(self, subject: str, sentence: str) -> None:
        """Send one message, and say on stderr where that failed: what was found is no less true for it.

        Messages end up in chats and mailboxes: they hold counts, and nothing of a person.
        """
        if self.send is not None and not self.send(subject, " ".join(filter(None, (sentence, self.link)))):
            Screen.of(sys.stderr).line("The notification could not be delivered; what was found stands all the same.")


def notify_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--notify` and `--link`; it receives them as `notice`."""

    @wraps(command)
    def with_notice(notify: tuple[str, ...], link: str, **own: Any) -> Any:  # noqa: ANN401 - click's own
        return command(notice=_notice(notify, link), **own)

    help_text = (
        "Where there is something to tell, tell it there too: an Apprise URL (repeatable). "
        f"Since it may hold a secret, better by {VARIABLE}; it is never shown."
    )
    to = click.option("--notify", metavar="URL", multiple=True, envvar=VARIABLE, help=help_text)
    link = click.option("--link", metavar="URL", default="", help="What the message links to, as in the CI job's page.")
    return to(link(with_notice))


def _notice(urls: tuple[str, ...], link: str) -> Notice:
    """Make ready to send, so that a wrong URL is known before anything is read.

    Raises:
        InputError: Apprise is not installed, or does not know a URL; no text holds one.
    """
    if link and not _LINK.fullmatch(link):
        raise InputError("--link is no link", "As in https://ci.example.ch/jobs/42.")
    if not urls:
        return Notice(link)
    try:
        from apprise import Apprise, AppriseAsset, NotifyType  # noqa: PLC0415 - optional, and half a second to import
    except ImportError:
        raise InputError("--notify needs Apprise", "Install it: pip install 'accessplan[notify]'.") from None
    with _silence():
        receivers = Apprise(
            asset=AppriseAsset(app_id="accessplan", app_desc="accessplan", app_url="", async_mode=False)
        )
        for position, url in enumerate(urls, start=1):
            if not receivers.add(url):
                message = f"Apprise cannot use URL {position} of {len(urls)} to notify"
                raise InputError(message, "Check it against Apprise's list of services; it is not shown here.")
    return Notice(link, partial(_send, partial(receivers.notify, notify_type=NotifyType.WARNING)))


def _send(notify: Callable[..., object], subject: str, body: str) -> bool:
    with _silence():
        return bool(notify(title=subject, body=body))  # Apprise turns whatever goes wrong into a no


@contextmanager
def _silence() -> Iterator[None]:
    """Keep what libraries log or warn of to themselves: it may hold the URL."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        logging.disable(before)
