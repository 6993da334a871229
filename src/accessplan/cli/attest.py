"""`accessplan attest`."""

from __future__ import annotations

from pathlib import Path

import click

from accessplan.change import Change
from accessplan.cli.asked import named
from accessplan.cli.lock import holding
from accessplan.cli.options import Settings, by_option, document_option, shared_options
from accessplan.cli.screen import Screen
from accessplan.cli.world import Run, note_cost, planned
from accessplan.errors import InputError
from accessplan.model import DELEGATE
from accessplan.past import Word
from accessplan.report.safe import visible, visible_address


@click.command()
@click.argument("addresses", metavar="[ADDRESS]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Everything that the plan says cannot be read back.")
@by_option("Whose word it is")
@document_option
@shared_options
def attest(
    addresses: tuple[str, ...], who: str, document: Path | None, settings: Settings, *, everything: bool
) -> None:
    """Record that a step by hand was done which the live system cannot show.

    ADDRESS is as the plan writes it: team["Web"].grant["domain/example.ch"]. From then on the plan takes it to be so,
    and says on whose word. What can be read back needs no word.
    """
    if bool(addresses) == everything:
        raise InputError(
            "attest takes addresses or --all", "As in: accessplan attest 'team[\"Web\"].grant[…]' --by Ana"
        )
    with planned(document, settings) as run:
        chosen = _chosen(run, addresses)
        early = {change: reason for change in chosen if (reason := _why_too_early(change, chosen, run))}
        if early and not everything:
            change, reason = next(iter(early.items()))
            raise InputError(
                f"{visible_address(change.address)} cannot be attested yet: {reason}", "Do the step first."
            )
        recorded = [change for change in chosen if change not in early]
        _record(recorded, run, who, settings)
        note_cost(run.source, settings)
    screen = Screen.of(color=settings.color)
    for change in recorded:
        screen.line(f"{visible_address(change.address)}: {change.effect} recorded.")
    for change, reason in early.items():
        screen.line(f"{visible_address(change.address)}: not recorded, since {reason}.")
    if not chosen:
        screen.line("There is nothing to attest.")


def _chosen(run: Run, addresses: tuple[str, ...]) -> list[Change]:
    """Find the changes to attest: those of the addresses, or else all.

    Raises:
        InputError: the plan has no such change, or one that the live system shows.
    """
    changes = run.report.plan.changes
    in_vain = [change for change in changes if change.attest]
    shown = {name for each in changes if not each.attest for name in (str(each.address), visible_address(each.address))}
    if needless := next((address for address in addresses if address in shown), None):
        raise InputError(f"{needless} needs no word: once it is done, the next plan sees it", "Run accessplan plan.")
    none = "There is nothing to attest."
    chosen = (named(address, in_vain, "is no change of the plan", none) for address in addresses)
    return list(dict.fromkeys(chosen)) if addresses else in_vain


def _why_too_early(change: Change, chosen: list[Change], run: Run) -> str:
    """Say why a change cannot have been done yet: no word makes up for what the live system shows to be missing."""
    missing = set(change.depends_on) - {each.address for each in chosen}
    if missing:
        return f"{visible_address(min(missing))} is not there"
    if change.before is None and run.live.state.hides(change.address) is None:
        return "the live system shows that it is not there"
    if change.address.part == DELEGATE and _is_invited(change.address.key, run):
        return f"{visible(change.address.key)} has not accepted the invitation"
    return ""


def _is_invited(email: str, run: Run) -> bool:
    user = run.live.state.user(email)
    return user is None or user.invited


def _record(changes: list[Change], run: Run, who: str, settings: Settings) -> None:
    if not changes:
        return
    from accessplan.ledger import attest, number_of, open_ledger  # noqa: PLC0415 - SQLAlchemy is slow to import

    organization, origin = run.live.organization_id, run.live.origin
    with (
        holding("attest", organization, origin, settings),
        open_ledger(settings.ledger, organization, origin, write=True) as ledger,
    ):
        for change in changes:
            number = number_of(change.address, run.live.ids)
            attest(ledger, Word(change.address, change.after, who, settings.now, number))
