"""The document as it was before the change under review, and what it would do to the same live organization."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accessplan.cause import Base
from accessplan.cli.announced import resolved
from accessplan.cli.git import Commit, Past, Repository, repository_of
from accessplan.cli.memory import Memory
from accessplan.cli.options import DEFAULT_DOCUMENTS, Settings
from accessplan.errors import InputError
from accessplan.finding import Finding, Level, has_errors, warning
from accessplan.have.live import Live
from accessplan.invitation import hold
from accessplan.plan import Plan, compare
from accessplan.policy import Policy
from accessplan.scope import Scope
from accessplan.want.document import Document
from accessplan.want.load import load_texts
from accessplan.want.loosened import loosened, stricter
from accessplan.want.scope import scope_of


@dataclass(frozen=True, slots=True)
class Before:
    """The document at the base, the day of its commit, and what is to be said of it.

    `document` is None where there is none to compare with: then everything is from this change.
    """

    document: Document | None
    day: date
    findings: tuple[Finding, ...] = ()

    def policy(self, policy: Policy) -> Policy:
        """Return what plans are judged by: a change cannot loosen what it is judged by."""
        return stricter(self.document.policy, policy) if self.document else policy

    def scope(self, scope: Scope, today: date) -> Scope:
        """Return what must be read of the live side for both documents."""
        for day in {self.day, today} if self.document else ():
            scope = scope.united(scope_of(self.document or Document(), day))
        return scope

    def plans(self, live: Live, memory: Memory, today: date, settings: Settings) -> Base:
        """Plan what the base would do today, and on the day that it was committed."""
        if self.document is None:
            return Base(Plan(()), Plan(()))
        now = _plan(self.document, live, memory, today, settings)
        then = now if self.day == today else _plan(self.document, live, memory, self.day, settings)
        return Base(now, then, self.day, self.document.policy)


def before(ref: str, path: Path, document: Document, today: date) -> Before:
    """Read a document as it was at a Git ref.

    Raises:
        InputError: it lies in no Git repository, or the ref names no commit.
    """
    repository = repository_of(path)
    if repository is None:
        remedy = "Leave --base out; Git must be there, and trust a repository of another owner (safe.directory)."
        raise InputError(f"{path} lies in no Git repository, so it has no --base", remedy)
    commit = repository.commit(ref)
    past, findings = find_document(repository, commit, path)
    if past is None:
        return Before(None, today, findings)
    loaded = load_texts(past.texts, past.at)
    old, day = loaded.document, min(loaded.today, today)
    if has_errors(loaded.findings):
        first = next(each for each in loaded.findings if each.level is Level.ERROR)
        message = f"{ref} has an invalid {path}, so everything counts as from this change: {first.message}"
        return Before(None, day, (*findings, warning("base-invalid", message, hint="name a valid base")))
    findings += tuple(loosened(old, document))
    if old.organization.id != document.organization.id:
        message = f"{ref} describes organization {old.organization.id}, so everything counts as from this change"
        return Before(None, day, (*findings, warning("base-of-another", message)))
    return Before(old, day, (*findings, *_ahead(repository, commit, path)))


def find_document(repository: Repository, commit: Commit, path: Path) -> tuple[Past | None, tuple[Finding, ...]]:
    """Find the document at a commit: at its path, or at the other one of the usual names beside it.

    Else whoever makes a folder of a file would escape what the file asks of plans.
    """
    others = [path.with_name(name) for name in DEFAULT_DOCUMENTS if path.name in DEFAULT_DOCUMENTS]
    for each in dict.fromkeys((path, *others)):
        if past := repository.document(commit, each):
            moved = warning("base-moved", f"{commit.name} has the document as {each}")
            return past, (() if each == path else (moved,))
    message = f"{commit.name} has no {path}, so everything counts as from this change"
    return None, (warning("no-base", message),)


def _ahead(repository: Repository, commit: Commit, path: Path) -> Iterator[Finding]:
    if count := repository.commits_ahead(commit, path):
        commits = "1 commit" if count == 1 else f"{count} commits"
        message = f"{commit.name} has {commits} to {path} that HEAD lacks: undoing them counts as from this change"
        hint = f"merge {commit.name} first, or name the commit that this change starts from"
        yield warning("base-ahead", message, hint=hint)


def _plan(document: Document, live: Live, memory: Memory, day: date, settings: Settings) -> Plan:
    """Plan for a document of which some selectors may match nothing any more."""
    want = resolved(document, live, day, memory.announced).want
    return compare(live.state, hold(want, live.state, memory.times_invited, settings.invite_again))
