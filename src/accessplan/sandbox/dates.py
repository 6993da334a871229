"""Dates of the organization file: absolute, or in days from the sandbox's clock."""

import re
from datetime import UTC, date, datetime, timedelta

_RELATIVE = re.compile(r"[+-]?[0-9]{1,6}d")


def seconds(written: object, now: datetime) -> int:
    """Turn `2027-05-01`, `2027-05-01T08:30:00Z`, `-200d` or a date object into Unix seconds.

    A day without a time is its midnight UTC, relative days too, so that what was seeded can be written down as a day.
    Raises ValueError when it is no date.
    """
    try:
        return int(_moment(written, now).timestamp())
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{written!r} is no date (YYYY-MM-DD, or days from now such as -200d)") from error


def _moment(written: object, now: datetime) -> datetime:
    if isinstance(written, str) and _RELATIVE.fullmatch(written):
        return _midnight(now.astimezone(UTC).date() + timedelta(days=int(written[:-1])))
    if isinstance(written, datetime):
        return written if written.tzinfo else written.replace(tzinfo=UTC)
    if isinstance(written, date):
        return _midnight(written)
    moment = datetime.fromisoformat(str(written))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def written(unix_seconds: int) -> str:
    """Write Unix seconds as the organization file does: the day, with the time only when it is not midnight."""
    moment = datetime.fromtimestamp(unix_seconds, UTC)
    at_midnight = unix_seconds % 86_400 == 0
    return moment.date().isoformat() if at_midnight else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
