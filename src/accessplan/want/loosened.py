"""What a change to a document loosens of what documents ask of plans; and what holds while it is reviewed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from accessplan.finding import Finding, warning
from accessplan.plan import Mode
from accessplan.policy import AccessTest, Consent, Limit, Policy, Rails
from accessplan.want.document import Document
from accessplan.want.names import quote

CODE = "policy-changed"


def stricter(old: Policy, new: Policy) -> Policy:
    """Return what a change is judged by: the rails and tests of both, and the consents that it gives."""
    known = {_without_place(test) for test in new.tests}
    dropped = tuple(test for test in old.tests if _without_place(test) not in known)
    return replace(new, rails=_stricter(old.rails, new.rails), tests=(*new.tests, *dropped))


def loosened(old: Document, new: Document) -> Iterator[Finding]:
    """Name what a change takes back of the policy, and what it consents to."""
    hint = "until it is merged, what was asked before holds too"
    for message in (*_rails(old.policy.rails, new.policy.rails), *_tests(old.policy, new.policy)):
        yield warning(CODE, f"this change {message}", hint=hint)
    for message in (*_modes(old, new), *_demands(old, new), *_organization(old, new)):
        yield warning(CODE, f"this change {message}")
    for consent in _consents(old.policy, new.policy):
        message = f"this change consents to {quote(f'{consent.effect} {consent.address}')} until {consent.until}"
        yield warning(CODE, message, consent.place, address=str(consent.address))


def _stricter(old: Rails, new: Rails) -> Rails:
    protected = {each.address: each for each in (*old.protected, *new.protected)}
    return Rails(
        representatives=max(old.representatives, new.representatives),
        required=tuple(dict.fromkeys((*new.required, *old.required))),
        limits={kind: _lower(old.limits[kind], new.limits.get(kind)) for kind in old.limits},
        protected=tuple(protected.values()),
    )


def _lower(one: Limit, other: Limit | None) -> Limit:
    return Limit(min(one.count, other.count), min(one.share, other.share)) if other else one


def _without_place(test: AccessTest) -> AccessTest:
    return replace(test, place=None)


def _rails(old: Rails, new: Rails) -> Iterator[str]:
    if new.representatives < old.representatives:
        fewer = f"{new.representatives} legal representatives, not {old.representatives}"
        yield f"asks for {fewer} (policy.rails.legal_representatives)"
    for email in old.required:
        if email not in new.required:
            yield f"no longer requires {quote(email)} to stay a legal representative"
    for kind, limit in old.limits.items():
        if (after := new.limits.get(kind, limit)) != _lower(after, limit):
            yield f"lets a plan take away more {kind}: {_limit(limit)} before, {_limit(after)} now"
    kept = {each.address for each in new.protected}
    for each in old.protected:
        if each.address not in kept:
            yield f"no longer protects {quote(str(each.address))} ({each.place.file_and_line})"


def _limit(limit: Limit) -> str:
    return f"{limit.count} or {limit.share}%"


def _tests(old: Policy, new: Policy) -> Iterator[str]:
    kept, names = {_without_place(test) for test in new.tests}, {test.name for test in new.tests}
    for test in old.tests:
        if _without_place(test) not in kept:
            at = f" ({test.place.file_and_line})" if test.place else ""
            yield f"{'changes' if test.name in names else 'drops'} the access test {quote(test.name)}{at}"


def _modes(old: Document, new: Document) -> Iterator[str]:
    for kind, mode in old.modes.items():
        if mode is Mode.ENFORCE and new.modes.get(kind) is not Mode.ENFORCE:
            yield f"no longer enforces {kind} (policy.mode): what the document does not name stays"


def _demands(old: Document, new: Document) -> Iterator[str]:
    for kind, fields in old.demands.fields.items():
        if gone := [name for name in fields if name not in new.demands.fields.get(kind, ())]:
            yield f"no longer demands {', '.join(gone)} of every {kind} (policy.metadata)"
    for kind, days in old.demands.days.items():
        if (now := _days(new.demands.days, kind)) > days:
            length = f"{now:.0f} days" if now < float("inf") else "without end"
            yield f"lets every {kind} last longer (policy.lifetime): {days} days before, {length} now"


def _days(days: Mapping[str, int], kind: str) -> float:
    return days.get(kind, float("inf"))


def _organization(old: Document, new: Document) -> Iterator[str]:
    if old.organization.live != new.organization.live:
        before, after = (each.organization.live or "the real organization" for each in (old, new))
        yield f"has the document compared with {quote(after)}, not with {quote(before)} (organization.live)"


def _consents(old: Policy, new: Policy) -> Iterator[Consent]:
    known = {(each.effect, each.address, each.until) for each in old.consents}
    yield from (each for each in new.consents if (each.effect, each.address, each.until) not in known)
