"""`accessplan init`."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from accessplan.cli.files import refuse_existing, write_new_files
from accessplan.cli.git import repository_of
from accessplan.cli.options import (
    DEFAULT_DOCUMENTS,
    STATE,
    Settings,
    chosen_document,
    document_argument,
    shared_options,
)
from accessplan.cli.screen import Screen
from accessplan.cli.source import LIVE_API, open_source, seen_from
from accessplan.cli.starter import (
    FORGES,
    GITHUB,
    GITLAB,
    TO_FILL_IN,
    Called,
    organization_text,
    starter,
    with_head,
    workflow_texts,
)
from accessplan.cli.world import note_cost, wanted
from accessplan.errors import InputError
from accessplan.scope import EVERYTHING
from accessplan.want.export import document_text

SUFFIXES = (".yaml", ".yml")

ORGANIZATION = "organization.yaml"
"""The sandbox's organization file, beside the document."""

_NAME = r"(?!\.{1,2}[/@])[A-Za-z0-9._-]+"

_CALLED = {
    GITHUB: re.compile(rf"([A-Za-z0-9][A-Za-z0-9_-]*/{_NAME})@((?!.*\.\.)[\w./-]+)"),
    GITLAB: re.compile(rf"({_NAME}(?:/{_NAME})+)@([0-9a-f]{{40}})"),
}
"""Where workflows are: on GitHub in a repository of an owner, on GitLab in a project of any depth."""

_EXAMPLES = {GITHUB: "as in example/accessplan@v1.0.0", GITLAB: "with the whole hash of a commit as REF"}

_MAIN = "main"
"""The branch that is taken to be the main one outside of a repository, or where Git does not say."""

_SECRETS = {
    GITHUB: (
        "Make the environments access and access-read, for the default branch only, give both the secret"
        " INFOMANIAK_TOKEN, and the repository none, and give access people who approve an apply (docs/ci.md)."
    ),
    GITLAB: (
        "Give the project the variables INFOMANIAK_TOKEN and, for the issue, ACCESSPLAN_GITLAB_TOKEN, both protected"
        " and masked, make a schedule for the night, and protect the environment access (docs/ci.md)."
    ),
}
"""What is to be set on a forge, in the words of docs/ci.md."""

IGNORE = Path(".gitignore")
"""Written where there is none; the state folder tells Git itself to leave it alone."""


@dataclass(frozen=True, slots=True)
class _Forge:
    """Where accessplan is to run: `called` is None where that was not said.

    `top` is that of the Git repository, or the current folder outside of one; `branch` is what is merged into.
    """

    name: str
    called: Called | None
    top: Path
    branch: str


@dataclass(frozen=True, slots=True)
class _Wish:
    """What somebody asks for: `number` is None where that was not said, and `ci` where nothing is to run.

    `document` tells whether one is to be written: with --ci alone, one that is there is kept.
    """

    path: Path
    document: bool
    number: int | None
    live: bool
    sandbox: bool
    ci: _Forge | None


@click.command()
@document_argument
@click.option("--from-live", is_flag=True, help="Describe the live organization, as export does.")
@click.option("--sandbox", is_flag=True, help="Write a small organization beside it, so that plan works at once.")
@click.option("--ci", type=click.Choice(list(FORGES)), help="Also write the files that run accessplan there.")
@click.option("--workflows", metavar="OWNER/REPOSITORY@REF", help="Whose workflows these call; else to be filled in.")
@click.option("--organization", "number", metavar="NUMBER", type=click.IntRange(1), help="The organization's number.")
@shared_options
def init(
    path: Path | None,
    number: int | None,
    ci: str | None,
    workflows: str | None,
    settings: Settings,
    *,
    from_live: bool,
    sandbox: bool,
) -> None:
    """Write a first document: a commented starter, or what is live. What is there is never overwritten.

    PATH is the new file, access.yaml otherwise. With --ci, a document that is there is kept, and only the files that
    run accessplan in pull requests, after a merge and every night are added. Either all files are written, or none.
    """
    path = chosen_document(path)
    keeps = ci is not None and not from_live and not sandbox and path.exists()
    if workflows is not None and ci is None:
        raise InputError("--workflows is for the files that run accessplan", "Add --ci github or --ci gitlab.")
    wish = _Wish(path, not keeps, number, from_live, sandbox, _forge(ci, workflows) if ci is not None else None)
    _check(wish, settings)
    texts = _files_beside(wish, settings)
    refuse_existing((*([wish.path] if wish.document else []), *texts))
    if wish.document:
        texts = {wish.path: _document(wish, settings), **texts}
    write_new_files(texts)
    if not settings.quiet:
        _tell(wish, list(texts), settings)


def _check(wish: _Wish, settings: Settings) -> None:
    """Refuse what contradicts itself.

    Raises:
        InputError: it does.
    """
    if wish.live and wish.sandbox:
        raise InputError("--from-live and --sandbox are two ways to begin", "Choose one of them.")
    if wish.live and wish.number is None:
        raise InputError("--from-live needs to know which organization", "Say it: --organization NUMBER.")
    if settings.live is not None and not wish.live:
        raise InputError("--live says where to read, and nothing is to be read", "Add --from-live.")
    if wish.document and not wish.path.exists() and wish.path.suffix not in SUFFIXES:
        raise InputError(f"{wish.path} is no name of a document", "Name a file, as in access.yaml.")


def _forge(name: str, workflows: str | None) -> _Forge:
    """Look where the files that run accessplan belong.

    Raises:
        InputError: the workflows are not written so, or Git does not open the repository.
    """
    called = _called(workflows, name) if workflows is not None else None
    repository = repository_of(Path(), strict=True)
    if repository is None:
        return _Forge(name, called, Path.cwd(), _MAIN)
    return _Forge(name, called, repository.top.resolve(), repository.main_branch() or _MAIN)


def _called(written: str, forge: str) -> Called:
    """Read where the workflows are that a team's files call.

    Raises:
        InputError: it is not written so.
    """
    parts = _CALLED[forge].fullmatch(written)
    if parts is None:
        remedy = f"Write OWNER/REPOSITORY@REF, {_EXAMPLES[forge]}."
        raise InputError(f"{written} names no workflows for {forge}", remedy)
    return Called(*parts.groups())


def _files_beside(wish: _Wish, settings: Settings) -> dict[Path, str]:
    texts = {}
    if wish.sandbox:
        file = wish.path.with_name(ORGANIZATION)
        texts[file] = organization_text(wish.number, settings.now.date(), shlex.quote(str(file)))
    if wish.ci:
        texts |= _workflows(wish, wish.ci, settings)
    if not IGNORE.exists():
        texts[IGNORE] = f"{STATE}/\n"
    return texts


def _workflows(wish: _Wish, ci: _Forge, settings: Settings) -> dict[Path, str]:
    """Write what runs accessplan into the top of the Git repository, where one stands in one.

    Raises:
        InputError: the document lies outside of it, or is there and has faults.
    """
    document = wish.path.parent.resolve() / wish.path.name
    if not document.is_relative_to(ci.top):
        raise InputError(f"{wish.path} does not lie in {ci.top}", "Run it in the repository of the document.")
    number = wish.number if wish.document else wanted(wish.path, settings).document.organization.id
    inside = document.relative_to(ci.top).as_posix()
    texts = workflow_texts(ci.name, inside, number, ci.called or TO_FILL_IN[ci.name], ci.branch)
    return {Path(os.path.relpath(ci.top / name)): text for name, text in texts.items()}


def _document(wish: _Wish, settings: Settings) -> str:
    today = settings.now.date()
    if wish.live and wish.number is not None:
        with open_source(settings.live or LIVE_API, wish.number, EVERYTHING, settings) as source:
            live, where = source.live, seen_from(wish.path, source.name)
            note_cost(source, settings)
        text = document_text(live.state, live.catalogue, live.organization_id, live.organization_name, where)
        return with_head(text, today)
    return starter(wish.number, today, sandbox=ORGANIZATION if wish.sandbox else "")


def _tell(wish: _Wish, written: list[Path], settings: Settings) -> None:
    screen = Screen.of(color=settings.color)
    screen.line(f"Wrote {', '.join(map(str, written))}.")
    for line in _first(wish):
        screen.line(line)
    screen.line("Next:")
    path = [] if str(wish.path) == DEFAULT_DOCUMENTS[0] else [str(wish.path)]
    where = ["--live", settings.live] if settings.live is not None and settings.live.startswith("http") else []
    for command in _next(wish):
        screen.line(f"  {shlex.join(['accessplan', command, *path, *([] if command == 'validate' else where)])}")


def _first(wish: _Wish) -> Iterator[str]:
    """Say what has to be filled in before anything works."""
    if wish.document and wish.number is None and not wish.sandbox:
        yield f"First write your organization's number into {wish.path}{' and the workflow files' if wish.ci else ''}."
    if wish.ci:
        if wish.ci.called is None:
            yield f"Write into the files where accessplan is: {'@'.join(TO_FILL_IN[wish.ci.name])} stands there for it."
        if wish.ci.name == GITHUB:
            yield f"What is merged into {wish.ci.branch} is applied: access-apply.yml names that branch."
        yield _SECRETS[wish.ci.name]


def _next(wish: _Wish) -> tuple[str, str, str]:
    """Say which commands come next."""
    if wish.sandbox:
        return "validate", "plan", "apply"
    if wish.live:
        return "validate", "plan", "stale"
    return ("validate", "doctor", "plan") if wish.document else ("validate", "plan", "codeowners")
