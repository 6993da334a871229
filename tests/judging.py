"""Two sides, judged: every list is given in full, and every mode enforces."""

from datetime import date

from accessplan.finding import Place
from accessplan.judgement import Circumstances, judge
from accessplan.model import DELEGATE, PARTNER, TEAM, USER, Address, Delegation, Grant, Membership, State, User
from accessplan.model import team_address as team
from accessplan.model import user_address as user
from accessplan.plan import Ended, Mode, Want, compare
from accessplan.policy import Consent, Policy

TODAY = date(2026, 11, 21)
HERE = Place("access.yaml", 3)
ENFORCE = dict.fromkeys(("users", "teams", "grants", "mailboxes", "partners"), Mode.ENFORCE)


def email(name):
    return f"{name}@example.ch"


def person(name, role="collaborator", **more):
    return User(email(name), role, **more)


def member(name, of="Web"):
    return Membership(of, email(name))


def grant(subject, target, *rights):
    return Grant(subject, target, frozenset(rights or ("technical",)))


def opens(name, box, *permissions, **more):
    return Delegation(email(box), email(name), frozenset(permissions), **more)


def of_user(name):
    return user(email(name))


def of_team(name):
    return team(name)


def delegate(name, box):
    return Address("mailbox", email(box), DELEGATE, email(name))


def state(*entries, blind=()):
    return State({entry.address: entry for entry in entries}, tuple(blind))


def wanted(have, *entries, ended=(), sections=(USER, TEAM, PARTNER)):
    """Want these entries and no others, but for what is `ended`; sections that are not named are not managed."""
    side = state(*entries)
    parts = {Address(each.kind, each.name, each.part) for each in (*have.entries, *side.entries) if each.part}
    lists = dict.fromkeys([*parts, *(Address(kind, "") for kind in sections)], HERE)
    return Want(side, dict.fromkeys(side.entries, HERE), lists, ENFORCE, {each: Ended(None, HERE) for each in ended})


def judged(have, *entries, policy=None, services=(), token_user="", last_seen=None, **more):
    """Judge the plan that leads from a State to these entries."""
    want = wanted(have, *entries, **more)
    around = Circumstances(TODAY, frozenset(services), token_user, last_seen)
    return judge(have, want, compare(have, want), policy or Policy(), around)


def codes(judgement):
    return [refusal.finding.code for refusal in judgement.refusals]


def consent(effect, address, until=TODAY):
    return Consent(effect, address, until, "agreed", HERE)
