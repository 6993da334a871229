"""Manual steps, done as a person in the Manager would [faq 1404] [faq 1610] [faq 1633] [faq 1738] [faq 2589]."""

from collections.abc import Mapping
from datetime import datetime

from accessplan.sandbox.errors import Refused
from accessplan.sandbox.manager import drive, mail, partners, teams, users
from accessplan.sandbox.manager.desk import Act, Desk, Step, actor
from accessplan.sandbox.store import Store

__all__ = ["Act", "perform"]

STEPS: Mapping[str, Step] = {**users.STEPS, **teams.STEPS, **partners.STEPS, **mail.STEPS, **drive.STEPS}


def perform(store: Store, act: Act, now: datetime) -> str:
    """Do one manual step; returns a line that says what was done, or `nothing to do: ...` when it holds already.

    `act` names the step, the other fields are its values; `by` is the e-mail of who does it (default: the token_user).
    Raises Refused when a person could not do that.
    """
    step = STEPS.get(str(act.get("act")))
    if step is None:
        raise Refused(f"there is no act {act.get('act')!r} (there are {', '.join(STEPS)})")
    problems = list(step.check(dict(act), ""))
    if problems:
        raise Refused("; ".join(problem["description"] for problem in problems))
    with store.transaction() as db:
        return step.do(Desk(db, actor(db, act.get("by")), int(now.timestamp())), act)
