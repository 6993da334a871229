"""A saved plan on the command line: read it, and hold what would be done now against it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from accessplan.change import Change
from accessplan.cli.memory import when_applied
from accessplan.cli.options import Settings
from accessplan.cli.screen import Screen
from accessplan.cli.source import is_snapshot
from accessplan.cli.world import Run, wanted
from accessplan.errors import InputError, PlanRefused
from accessplan.have.routes import route
from accessplan.plain import moment
from accessplan.plan import Waiting
from accessplan.report import surplus
from accessplan.saved import MAKE_ANEW, SavedPlan, check_age, check_version, compare, read
from accessplan.want.schema import fits

SUFFIX = ".json"
"""What the name of a saved plan ends in: no document does."""

NOT_APPROVED = "it was held back in the saved plan"
"""Why a change waits that was planned then, and not to be made."""


def saved_plan(path: Path, settings: Settings) -> SavedPlan:
    """Read a saved plan.

    Raises:
        InputError: the file cannot be read, or holds no plan.
        PlanRefused: the plan expired, was changed, or is not one to carry out.
    """
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", "Name a saved plan, or a document.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no saved plan: it is no JSON", MAKE_ANEW) from error
    if not isinstance(data, dict) or "format_version" not in data or "plan_id" not in data:
        raise InputError(f"{path} is no saved plan", MAKE_ANEW)
    check_version(data["format_version"])
    if not fits(data, "plan"):
        raise InputError(f"{path} is no whole plan: it does not fit the schema", MAKE_ANEW)
    saved = read(data)
    check_age(saved, settings.now)
    return saved


def planned_alike(saved: SavedPlan, settings: Settings) -> tuple[Path, Settings]:
    """Return the document of a saved plan, and the settings to plan it with: an invitation that was approved goes.

    Raises:
        InputError: the document has faults.
    """
    document = Path(saved.document)
    if saved.invited:
        known = {user.email for user in wanted(document, settings).document.users.items}
        settings = replace(settings, invite_again=settings.invite_again | (saved.invited & known))
    return document, settings


def as_approved(run: Run, saved: SavedPlan, screen: Screen) -> tuple[Run, str]:
    """Return the run with no more in it than what was approved, and what to say of the rest.

    Raises:
        InputError: the live side is a snapshot.
        PlanRefused: the saved plan is of something else, was carried out, or something would be done now that it does
            not have; that is written to the screen.
    """
    run.source.to_write()
    _check_origin(run, saved)
    if (at := when_applied(saved, run.live, run.settings)) is not None:
        raise PlanRefused(f"the saved plan was applied at {moment(at)}", MAKE_ANEW)
    comparison = compare(saved, run.report.plan.changes, run.live.state)
    if comparison.is_refused:
        screen.write(surplus.render(comparison, width=screen.width, color=screen.color).removeprefix("\n"))
        raise PlanRefused("what would be done now is not what was approved; nothing was changed", MAKE_ANEW)
    left = surplus.render_left(comparison, width=screen.width, color=screen.color)
    return (_without(comparison.held_back, run) if comparison.held_back else run), left


def _without(held_back: Collection[Change], run: Run) -> Run:
    plan = run.report.plan
    others = tuple(Waiting(change, NOT_APPROVED) for change in held_back)
    kept = tuple(change for change in plan.changes if change not in held_back)
    plan = replace(plan, changes=kept, waiting=(*plan.waiting, *others))
    return replace(run, report=replace(run.report, plan=plan, operations=route(kept, run.live)))


def _check_origin(run: Run, saved: SavedPlan) -> None:
    """Refuse a plan of another organization or live system; one made from a snapshot does not say of which it is."""
    if saved.organization_id != run.live.organization_id:
        here = run.live.organization_id
        raise PlanRefused(f"the saved plan is of organization {saved.organization_id}, and this is {here}", MAKE_ANEW)
    if is_snapshot(saved.live):
        return
    from accessplan.cli.connect import origin_of  # noqa: PLC0415 - httpx, that a live system was read with anyway

    if origin_of(saved.live) != run.live.origin:
        message = f"the saved plan was made from {saved.live}, and this is {run.source.name}"
        raise PlanRefused(message, f"Where that is the right one: --live {saved.live}")
