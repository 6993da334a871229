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

_CALLED = re.compile(r"([\w.-]+(?:/[\w.-]+)+)@([\w./-]+)")

_HASH = re.compile(r"[0-9a-f]{40}")

_SECRETS = {
    GITHUB: "Give the repository the secret INFOMANIAK_TOKEN, and the environment access people who approve an apply.",
    GITLAB: "Give the project the protected variable INFOMANIAK_TOKEN, a schedule, and a protected environment access.",
}

IGNORE = Path(".gitignore")
"""Written where there is none; the state folder tells Git itself to leave it alone."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What somebody asks for: `number` and `called` are None where that was not said.

    `document` tells whether one is to be written: with --ci alone, one that is there is kept.
    """

    path: Path
    document: bool
    number: int | None
    live: bool
    sandbox: bool
    ci: str | None
    called: Called | None


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
    run accessplan in pull requests, on main and every night are added. Either all files are written, or none.
    """
    path = chosen_document(path)
    keeps = ci is not None and not from_live and not sandbox and path.exists()
    if workflows is not None and ci is None:
        raise InputError("--workflows is for the files that run accessplan", "Add --ci github or --ci gitlab.")
    called = _called(workflows, ci) if workflows is not None and ci is not None else None
    wish = _Wish(path, not keeps, number, from_live, sandbox, ci, called)
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


def _called(written: str, forge: str) -> Called:
    """Read where the workflows are that a team's files call.

    Raises:
        InputError: it is not written so.
    """
    parts = _CALLED.fullmatch(written)
    if parts is None or (forge == GITLAB and not _HASH.fullmatch(parts[2])):
        example = "example/accessplan@v1.0.0" if forge != GITLAB else "the whole hash of a commit as REF"
        raise InputError(f"{written} names no workflows for {forge}", f"Write OWNER/REPOSITORY@REF, with {example}.")
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


def _workflows(wish: _Wish, ci: str, settings: Settings) -> dict[Path, str]:
    """Write what runs accessplan into the top of the Git repository, where one stands in one.

    Raises:
        InputError: the document lies outside of it, or is there and has faults.
    """
    repository = repository_of(Path())
    top = (repository.top if repository else Path()).resolve()
    document = wish.path.parent.resolve() / wish.path.name
    if not document.is_relative_to(top):
        raise InputError(f"{wish.path} does not lie in {top}", "Run it in the repository of the document.")
    number = wish.number if wish.document else wanted(wish.path, settings).document.organization.id
    texts = workflow_texts(ci, document.relative_to(top).as_posix(), number, wish.called or TO_FILL_IN[ci])
    return {Path(os.path.relpath(top / name)): text for name, text in texts.items()}


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
        if wish.called is None:
            yield f"Write into the files where accessplan is: {'@'.join(TO_FILL_IN[wish.ci])} stands there for it."
        yield _SECRETS[wish.ci]


def _next(wish: _Wish) -> tuple[str, str, str]:
    """Say which commands come next."""
    if wish.sandbox:
        return "validate", "plan", "apply"
    if wish.live:
        return "validate", "plan", "stale"
    return ("validate", "doctor", "plan") if wish.document else ("validate", "plan", "codeowners")
