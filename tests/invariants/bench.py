"""A sandbox that an apply runs against, watched after every request that may have changed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import yaml
from tests.invariants.faults import FAIR, FAULTS, Answer, Weather
from tests.invariants.truth import truth, with_brought, with_strangers
from tests.kept import Kept
from tests.worlds.names import Data

from accessplan.access import Access, result
from accessplan.access import Path as Way
from accessplan.apply import Outcome, carry_out
from accessplan.have.api import Api, Connection, open_api
from accessplan.have.backend import LiveBackend
from accessplan.have.live import Live
from accessplan.have.read import read
from accessplan.have.reader import Reader
from accessplan.have.routes import route
from accessplan.model import Address, Delegation, Grant, State, User
from accessplan.plan import Plan, compare
from accessplan.route import Operation
from accessplan.sandbox import Refused, Store, accept_all, call, open_store, perform, seed, show
from accessplan.services import LEGAL_REPRESENTATIVE
from accessplan.want.load import load
from accessplan.want.resolve import resolve
from accessplan.want.scope import scope_of

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Planned:
    """A plan, the live side it is made on, and how it is carried out."""

    live: Live
    plan: Plan
    operations: tuple[Operation, ...]

    @property
    def requests(self) -> int:
        """How many requests it takes."""
        return sum(len(each.requests) for each in self.operations)


@dataclass
class Watch:
    """What nobody may go beyond: the access before, and the access that is wanted."""

    before: Access
    after: Access
    known: dict[tuple[Address, str], frozenset[str]] = field(default_factory=dict)

    def look(self, now: State, when: str) -> None:
        """See that both invariants hold."""
        access = Access(now)
        beyond = [way for who in access.people for way in access.of(who) if way.rights - self._allowed(way)]
        assert not beyond, f"{when}, access is beyond before and after:\n" + "\n".join(map(str, beyond))
        users = (each for each in now.entries.values() if isinstance(each, User) and not each.invited)
        assert any(each.role == LEGAL_REPRESENTATIVE for each in users), f"{when}, nobody is legal representative"

    def _allowed(self, way: Way) -> frozenset[str]:
        key = way.who, way.what
        if key not in self.known:
            self.known[key] = self.before.rights(*key) | self.after.rights(*key)
        return self.known[key]


class Bench:
    """An organization in an embedded sandbox."""

    def __init__(self, organization: Data, store: Store, api: Api) -> None:
        self.attempts = 0
        self._weather = FAIR
        self._organization = organization
        self._store = store
        self._api = api
        self._labels: dict[int, str] = {}
        self._watch: Watch | None = None

    def plan(self, document: Path, today: date = TODAY) -> Planned:
        """Compare a document with the live side, as `accessplan plan` does."""
        loaded = load(document, NOW, today)
        live = read(Reader(self._api), self._organization["organization"]["id"], scope_of(loaded.document, today))
        want, _ = resolve(loaded.document, live.catalogue, live.state, today)
        plan = compare(live.state, want)
        self._labels = {each.id: live.catalogue.label(each) for each in live.catalogue.products}
        return Planned(live, plan, route(plan.changes, live))

    def watch(self, planned: Planned) -> None:
        """Hold every state from now on against what a plan leads from, and to."""
        before = self.state()
        after = with_strangers(_with_hidden(result(before, planned.plan), before, planned))
        brought = partial(with_brought, organization=self._organization, labels=self._labels)
        self._watch = Watch(Access(brought(before)), Access(brought(after)))

    def apply(self, planned: Planned, weather: Weather = FAIR) -> list[Outcome]:
        """Carry a plan out, in some weather."""
        self.attempts, self._weather = 0, weather
        try:
            return [*carry_out(planned.operations, LiveBackend(self._api, planned.live.ids), Kept())]
        finally:
            self._weather = FAIR

    def perform(self, operations: Iterable[Operation]) -> None:
        """Let the invited accept, then do the manual steps in their order; some wait for those who join by them."""
        for _ in range(2):
            accept_all(self._store, NOW)
            self.look("everybody having accepted")
            for step in (step for each in operations for step in each.steps):
                try:
                    done = perform(self._store, {"act": step.act, **step.values}, NOW)
                except Refused:
                    continue
                self.look(f"after “{step.text}” ({done})")

    def state(self) -> State:
        """Return what is live, all of it."""
        return truth(show(self._store), self._labels)

    def look(self, when: str) -> None:
        """See that the invariants hold now."""
        if self._watch is not None:
            self._watch.look(self.state(), when)

    def answer(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer a request, or have it go wrong; then look."""
        send = partial(call, self._store, method, url, headers, body)
        if method == "GET":
            return send()
        self.attempts += 1
        fault = self._weather.at(self.attempts)
        when = f"after request {self.attempts}, {method} {url} {body.decode()}{f' ({fault})' if fault else ''}"
        try:
            return FAULTS[fault](self._store, send) if fault else send()
        finally:
            self.look(when)


@contextmanager
def bench(organization: Data) -> Iterator[Bench]:
    """Seed an embedded sandbox, in memory; nobody waits, its clock is simulated."""
    with open_store(Path(":memory:"), clock=lambda: NOW) as store:
        seed(store, organization, NOW)
        benches: list[Bench] = []

        def answer(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
            return benches[0].answer(method, url, headers, body)

        with open_api(Connection(handler=answer, chance=lambda: 0.5)) as api:
            benches.append(Bench(organization, store, api))
            yield benches[0]


def write(document: Data, file: Path) -> Path:
    """Write a document."""
    file.write_text(yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True))
    return file


def _with_hidden(after: State, before: State, planned: Planned) -> State:
    """Add what no plan could know of.

    Rights that no reader is shown stay beside those that are wanted; who opens a mailbox is taken to write from there,
    where that is not shown.
    """
    shown, entries = planned.live.state, dict(after.entries)
    for address, entry in entries.items():
        known, was = shown.entries.get(address), before.entries.get(address)
        if isinstance(entry, Delegation) and isinstance(known, Delegation) and known.sends is None:
            entries[address] = replace(entry, sends=True)
        elif isinstance(entry, Grant) and isinstance(was, Grant) and known is None and shown.hides(address):
            entries[address] = replace(entry, rights=entry.rights | was.rights)
    return replace(after, entries=entries)
