"""The ledger keeps which saved plans were carried out."""

from datetime import UTC, datetime, timedelta, timezone

from accessplan.ledger import ANEW, applied_at, note_applied, open_ledger

MADE = datetime(2026, 11, 21, 12, tzinfo=UTC)
DONE = MADE + timedelta(hours=3)


def test_a_plan_is_known_by_its_id_and_its_moment(place):
    """The same changes planned at another moment are another plan; a moment is the same in every time zone."""
    with open_ledger(place, 4242, write=True) as ledger:
        assert applied_at(ledger, "a" * 64, MADE) is None
        note_applied(ledger, "a" * 64, MADE, DONE)
    with open_ledger(place, 4242) as ledger:
        assert applied_at(ledger, "a" * 64, MADE) == DONE
        assert applied_at(ledger, "a" * 64, MADE.astimezone(timezone(timedelta(hours=2)))) == DONE
        assert applied_at(ledger, "a" * 64, MADE + timedelta(seconds=1)) is None
        assert applied_at(ledger, "b" * 64, MADE) is None
    with open_ledger(place, 4243) as ledger:
        assert applied_at(ledger, "a" * 64, MADE) is None


def test_a_new_start_forgets_plans(place):
    """A sandbox that is filled anew knows of no plan that was carried out."""
    with open_ledger(place, 4242, write=True) as ledger:
        note_applied(ledger, "a" * 64, MADE, DONE)
        ledger.add(ANEW, {}, DONE)
        assert applied_at(ledger, "a" * 64, MADE) is None
