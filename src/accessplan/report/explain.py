"""Who reaches what, as text for people and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from accessplan.access import Reached
from accessplan.finding import Finding, Place
from accessplan.model import USER, Address
from accessplan.report.console import draw, hanging, heading, number
from accessplan.report.explanation import Danger, Explanation, Mark, OnDay, Way, Written
from accessplan.report.frame import identity, json_head, not_looked_at
from accessplan.report.reach import reached, strongest
from accessplan.report.safe import spelled_out, visible, visible_address, visible_place

FORMAT_VERSION = "1.0"

SIGNS = {
    Mark.LIVE: ("=", ""),
    Mark.PLANNED: ("+", "green"),
    Mark.TO_BE_REVOKED: ("-", "red"),
    Mark.NOT_IN_THE_DOCUMENT: ("?", "yellow"),
    Mark.ASKED_AND_SIGHTED: ("=", ""),
    Mark.ASKED: ("+", "green"),
    Mark.SIGHTED: ("?", "yellow"),
}


def render(explanation: Explanation, *, width: int = 80, color: bool = False) -> str:
    """Render an explanation as text of at most `width` columns."""
    return draw(_blocks(explanation), width=width, color=color)


def render_json(explanation: Explanation) -> str:
    """Render an explanation as one JSON document; the same explanation gives the same bytes."""
    return json.dumps(_document(explanation), indent=2) + "\n"


def _blocks(explanation: Explanation) -> Iterator[RenderableType]:
    yield identity(explanation, f"on {explanation.past.day if explanation.past else explanation.today}")
    yield ""
    yield Text(_verdict(explanation), "bold")
    if explanation.why_not is not None:
        yield from _why_not(explanation.why_not)
    for title, ways in _groups(explanation):
        yield Text(f"\n{title}", "bold")
        yield hanging(row for way in ways for row in _way_rows(way, explanation))
    if explanation.members:
        yield heading("MEMBERS", len(explanation.members))
        for address, mark in explanation.members:
            sign, style = SIGNS[mark]
            about = Text.assemble((explanation.said(mark), style), f"\n{_station(address, explanation)}")
            yield hanging([(Text(f"  {sign}", style), about)])
    if explanation.dangers:
        yield heading("THROUGH SOMEBODY ELSE'S MAILBOX", len(explanation.dangers))
        yield hanging(row for danger in explanation.dangers for row in _danger_rows(danger, explanation))
    if commits := list(_commit_rows(explanation.written.values())):
        yield heading("COMMITS", len(commits))
        yield hanging(commits)
    yield from not_looked_at(explanation.not_covered)


def _verdict(explanation: Explanation) -> str:
    if explanation.past and not explanation.past.commit and not explanation.past.sighted:
        return f"Nothing is known of who reached what on {explanation.past.day}."
    marks = Counter(way.mark for way in explanation.ways)
    counts = ", ".join(f"{marks[mark]} {mark}" for mark in Mark if marks[mark])
    paths = f"{number(len(explanation.ways), 'path', 'paths')} ({counts})" if explanation.ways else "no path"
    things = " and ".join(_thing(each) for each in explanation.what) or "anything"
    if explanation.who is not None:
        return f"{_person(explanation.who, explanation)} has {paths} to {things}."
    people = len({way.path.who for way in explanation.ways})
    return f"{number(people, 'person or partner has', 'people and partners have')} {paths} to {things}."


def _why_not(reasons: Iterable[Finding]) -> Iterator[RenderableType]:
    rows = []
    for each in reasons:
        details = " · ".join(filter(None, (visible_place(each.place), spelled_out(each.hint))))
        text = Text(spelled_out(each.message))
        rows.append(("  ", text.append(f"\n{details}", "dim") if details else text))
    if rows:
        yield heading("WHY NOT", len(rows))
        yield hanging(rows)


def _groups(explanation: Explanation) -> Iterator[tuple[str, Iterable[Way]]]:
    """Group ways by what is not asked for: things where one person is, people otherwise."""
    if explanation.who is not None:
        for what, ways in groupby(explanation.ways, key=lambda way: way.path.what):
            yield _thing(what), ways
    else:
        for who, ways in groupby(explanation.ways, key=lambda way: way.path.who):
            yield _person(who, explanation), ways


def _way_rows(way: Way, explanation: Explanation) -> Iterator[tuple[Text, Text]]:
    sign, style = SIGNS[way.mark]
    about = _rights(way) if explanation.who is not None else reached(way.path, visible)
    text = Text.assemble((explanation.said(way.mark), style), f": {about}" if about else "")
    for address in way.path.through:
        text.append(f"\n{_station(address, explanation)}", "dim")
    yield Text(f"  {sign}", style), text


def _danger_rows(danger: Danger, explanation: Explanation) -> Iterator[tuple[Text, Text]]:
    sign, style = SIGNS[danger.mark]
    takeover = danger.takeover
    gives = "; ".join(reached(each, visible) for each in takeover.gives)
    victim = visible(takeover.becomes.name)
    text = Text.assemble(
        (explanation.said(danger.mark), style),
        f": {visible(takeover.who.name)} could become {victim}, and reach {gives}",
    )
    for address in takeover.through:
        text.append(f"\n{_station(address, explanation)}", "dim")
    yield Text(f"  {sign}", style), text


def _station(address: Address, explanation: Explanation) -> str:
    """Name an entry on a path, the line that it is written on, and the commit of the line."""
    place = explanation.places.get(address)
    if place is None:
        return visible_address(address)
    where = f"{visible_address(address)}  {visible_place(place)}"
    line = explanation.written.get(place)
    return f"{where} · {line.commit or 'not committed'}" if line else where


def _commit_rows(lines: Iterable[Written]) -> Iterator[tuple[Text, Text]]:
    for commit, on, author, subject in sorted(set(lines), key=lambda each: (str(each.on), each.commit)):
        if commit:
            yield Text(f"  {commit}"), Text(f"{on or ''} {visible(author)}: {visible(subject)}".strip())


def _thing(what: str) -> str:
    return reached(Reached(what, frozenset()), visible)


def _rights(way: Way) -> str:
    return ", ".join(visible(right) for right in strongest(way.path.what, way.path.rights))


def _person(who: Address, explanation: Explanation) -> str:
    about = explanation.names.get(who, "")
    name = visible(who.name) if who.kind == USER else f"{who.kind} {visible(who.name)}"
    return f"{name} ({visible(about)})" if about else name


def _document(explanation: Explanation) -> dict[str, Any]:
    return {
        **json_head(explanation, FORMAT_VERSION, **_past(explanation.past)),
        "who": str(explanation.who) if explanation.who else None,
        "what": list(explanation.what),
        "paths": [_path(way, explanation) for way in explanation.ways],
        "takeovers": [_takeover(danger, explanation) for danger in explanation.dangers],
        "members": [_entry(address, explanation) | {"mark": str(mark)} for address, mark in explanation.members],
        "why_not": None if explanation.why_not is None else [_reason(each) for each in explanation.why_not],
        "not_covered": list(explanation.not_covered),
    }


def _past(past: OnDay | None) -> dict[str, Any]:
    if past is None:
        return {}
    return {"on": past.day.isoformat(), "sighted_at": past.sighted.isoformat() if past.sighted else None}


def _path(way: Way, explanation: Explanation) -> dict[str, Any]:
    path = way.path
    return {
        "who": str(path.who),
        "what": path.what,
        "rights": sorted(path.rights),
        "mark": str(way.mark),
        "through": [_entry(address, explanation) for address in path.through],
    }


def _takeover(danger: Danger, explanation: Explanation) -> dict[str, Any]:
    takeover = danger.takeover
    return {
        "who": str(takeover.who),
        "becomes": str(takeover.becomes),
        "mark": str(danger.mark),
        "gives": [{"what": each.what, "rights": sorted(each.rights)} for each in takeover.gives],
        "through": [_entry(address, explanation) for address in takeover.through],
    }


def _entry(address: Address, explanation: Explanation) -> dict[str, Any]:
    place = explanation.places.get(address)
    return {"address": str(address)} | _place(place, explanation.written.get(place) if place else None)


def _reason(finding: Finding) -> dict[str, Any]:
    said = {"code": finding.code, "message": finding.message, "hint": finding.hint or None}
    return said | _place(finding.place, None)


def _place(place: Place | None, who: Written | None) -> dict[str, Any]:
    where = {"file": place.file if place else None, "line": place.line if place else None}
    return where | {"commit": _commit_data(who) if who and who.commit else None}


def _commit_data(who: Written) -> dict[str, Any]:
    on = who.on.isoformat() if who.on else None
    return {"hash": who.commit, "date": on, "author": who.author, "subject": who.subject}
