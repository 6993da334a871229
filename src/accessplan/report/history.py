"""What the ledger holds, in plain words, as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from rich.console import RenderableType
from rich.text import Text

from accessplan.model import Address, normalize_email, user_address
from accessplan.report import journal
from accessplan.report.console import draw, hanging, number
from accessplan.report.frame import json_version
from accessplan.report.safe import spelled_out, visible, visible_address

FORMAT_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the ledger; `body` is plain data, and empty where it was pruned."""

    number: int
    at: datetime
    kind: str
    body: Mapping[str, object]
    hash: str = ""
    is_pruned: bool = False

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The entries that the row is about."""
        email = self.body.get("email")
        return (*journal.addresses(self.body), *([user_address(email)] if isinstance(email, str) else ()))

    def names(self, email: str) -> bool:
        """Tell whether a person is named anywhere in the row."""
        wanted = normalize_email(email)
        return any(normalize_email(each) == wanted for each in _texts(self.body))

    def concerns(self, address: str) -> bool:
        """Tell whether the row is about an entry, written as plans write it, or about what hangs on it."""
        return any(str(each) == address or str(each.owner) == address for each in self.addresses)


@dataclass(frozen=True, slots=True)
class History:
    """The rows of one organization of one live system, or those asked for, the oldest first; `ledger` keeps them."""

    ledger: str
    organization: int
    live: str
    rows: Sequence[Told]
    is_filtered: bool = False


def chosen(
    rows: Iterable[Told], *, who: str = "", what: str = "", since: date | None = None, kind: str = ""
) -> list[Told]:
    """Choose the rows that name somebody, are about an entry, were written since a day (UTC), and are of a kind."""
    return [
        row
        for row in rows
        if (not who or row.names(who))
        and (not what or row.concerns(what))
        and (since is None or row.at.astimezone(UTC).date() >= since)
        and (not kind or row.kind == kind)
    ]


def render(history: History, *, width: int = 80, color: bool = False) -> str:
    """Render the rows as text of at most `width` columns."""
    return draw(_blocks(history), width=width, color=color)


def render_json(history: History) -> str:
    """Render the rows as one JSON document: a contract, of which minor versions add, and major versions may break."""
    document = {
        **json_version(FORMAT_VERSION),
        "ledger": history.ledger,
        "organization": {"id": history.organization},
        "live": history.live,
        "rows": [
            {
                "number": row.number,
                "at": row.at.isoformat(),
                "kind": row.kind,
                "addresses": [str(address) for address in row.addresses],
                "says": says(row),
                "body": None if row.is_pruned else row.body,
                "hash": row.hash or None,
            }
            for row in history.rows
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def says(row: Told) -> str:
    """Say in plain words what a row says; one of a kind that is not known here, by its kind and content."""
    body = row.body
    match row.kind:
        case "invited" | "left" if row.addresses:
            return (
                f"{_name(body.get('email'))} was invited"
                if row.kind == "invited"
                else f"{_name(body.get('email'))} leaves"
            )
        case "attested" | "reviewed" | "snoozed" if row.addresses:
            return _word(row)
        case "word ended" if row.addresses:
            return f"the word on {visible_address(row.addresses[0])} counts no more: it was changed there"
        case "plan applied":
            return f"plan {_name(body.get('plan'))[:12]} of {_name(body.get('made_at'))} was carried out"
        case "seen" if isinstance(counts := body.get("counts"), dict):
            return "live at the end: " + ", ".join(f"{_name(count)} {_name(name)}" for name, count in counts.items())
        case "sighted" | "wanted":
            return _of_all(row)
        case "filled anew":
            return "the sandbox was filled anew: what was said and done before counts no more"
        case _:
            other = _of_pruning(row) or _of_announcement(row) or journal.said(row.kind, body)
            return other or f"{visible(row.kind)}: {visible(json.dumps(body, ensure_ascii=False))}"


def _of_announcement(row: Told) -> str:
    match row.kind, row.body:
        case "announced", {"rules": list(rules), "day": day} if row.addresses:
            as_what = " and ".join(map(_name, rules))
            return f"{visible_address(row.addresses[0])} was announced on {_name(day)} as {as_what}"
        case "announcement ended", {"reason": reason} if row.addresses:
            return f"the announcement of {visible_address(row.addresses[0])} counts no more: {_name(reason)}"
        case _:
            return ""


def _of_pruning(row: Told) -> str:
    if row.is_pruned:
        return f"{visible(row.kind)}: the content was pruned"
    if row.kind.startswith("summed up: "):
        return f"{visible(row.kind)}, as of {_name(row.body.get('at'))}: it stands for rows that were pruned"
    kinds = row.body.get("kinds")
    if row.kind != "pruned" or not isinstance(kinds, dict):
        return ""
    rows = ", ".join(f"{_name(count)} {_name(kind)}" for kind, count in kinds.items())
    return f"pruned by {_name(row.body.get('by'))}, of before {_name(row.body.get('before'))}: the content of {rows}"


def _of_all(row: Told) -> str:
    """Say what a row on all that was live, or wanted, adds to those before."""
    body = row.body
    lists = ((name, body[name]) for name in ("appeared", "changed", "wanted", "gone", "dropped") if name in body)
    new = ", ".join(f"{len(of)} {name}" for name, of in lists if isinstance(of, list)) or "nothing"
    if row.kind == "wanted":
        return f"what the document wanted at the end of an apply; new since the one before: {new}"
    counts = body.get("counts")
    live, managed = (_name(counts.get(name)) if isinstance(counts, dict) else "?" for name in ("live", "managed"))
    end = " at the end of an apply" if body.get("apply") is True else ""
    return f"{live} entries were live{end}, {managed} of them managed; new since the time before: {new}"


def _word(row: Told) -> str:
    """Say what somebody said of an entry."""
    body, what, who = row.body, visible_address(row.addresses[0]), _name(row.body.get("by"))
    match row.kind:
        case "attested":
            return f"{who} says that {what} {'is gone' if body.get('after') is None else 'is as asked for'}"
        case "reviewed":
            return f"{who} {'keeps' if body.get('kept') else 'revokes'} {what}, in a review on {_name(body.get('day'))}"
        case _:
            return f"{who} leaves {what} as it is until {_name(body.get('until'))}: {_name(body.get('reason'))}"


def _blocks(history: History) -> Iterator[RenderableType]:
    where = f"organization {history.organization} at {visible(history.live)}\nledger {visible(history.ledger)}"
    yield Text(where, "dim")
    yield ""
    none = "No row is like that." if history.is_filtered else "Nothing is written down."
    yield Text(f"{number(len(history.rows), 'row', 'rows')}." if history.rows else none, "bold")
    if history.rows:
        yield hanging((f"  {row.at.astimezone(UTC):%Y-%m-%d %H:%M}", _line(row)) for row in history.rows)
        yield Text("\nTimes are UTC.", "dim")


def _line(row: Told) -> Text:
    return Text.assemble(spelled_out(says(row)), (f" (row {row.number})", "dim"))


def _name(value: object) -> str:
    return visible(str(value))


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for each in value.values():
                yield from _texts(each)
        case list():
            for each in value:
                yield from _texts(each)
