"""The sandboxes of a state folder: one database for each organization file."""

from __future__ import annotations

import hashlib
import re
import sys
from contextlib import nullcontext
from pathlib import Path

from accessplan.cli.files import make_state_folder
from accessplan.cli.lock import holding
from accessplan.cli.memory import has_ledger, start_anew
from accessplan.cli.options import Settings
from accessplan.cli.screen import Screen
from accessplan.cli.source import SANDBOX
from accessplan.errors import InputError
from accessplan.finding import has_errors, in_order
from accessplan.sandbox import SeedError, Store, StoreError, is_seeded, open_store, seed, seeded_digest
from accessplan.want.read import read
from accessplan.want.schema import check


def organization_file(live: str) -> Path:
    """Return the organization file that `sandbox:FILE` names."""
    file = live.removeprefix(SANDBOX)
    if not file:
        raise InputError("sandbox: names no organization file", "Write sandbox:organization.yaml.")
    return Path(file)


def open_sandbox(file: Path, settings: Settings) -> Store:
    """Open the sandbox of an organization file, filled from it when it is new."""
    database = _database(file, settings)
    if database.exists():
        store = _open(database, settings)
        if is_seeded(store):
            _warn_if_changed(file, store, settings)
            return store
        store.close()
    return fill_sandbox(file, settings, anew=has_ledger(settings))


def fill_sandbox(file: Path, settings: Settings, *, anew: bool = True) -> Store:
    """Open the sandbox of an organization file, filled from it whatever it held before.

    Unless nothing was ever done to it (`anew`), that is done under the lock, as an apply is.

    Raises:
        InputError: the file has faults; then nothing was written.
        Locked: a run holds the lock of this organization.
    """
    digest = _digest(file)  # before it is read: what is written meanwhile shows as a change
    tree = read(file)
    findings = [*tree.findings, *check(tree, "organization")] if tree.data is not None else tree.findings
    if has_errors(findings) or not isinstance(tree.data, dict):
        raise InputError(f"{file} is no organization file", findings=in_order(findings))
    number, origin = tree.data["organization"]["id"], f"{SANDBOX}{file.resolve()}"
    with holding("sandbox seed", number, origin, settings) if anew else nullcontext():
        store = _open(_database(file, settings), settings)
        try:
            seed(store, tree.data, settings.now, digest=digest)
        except SeedError as error:
            store.close()
            raise InputError(f"{file}: {error}") from error
        start_anew(number, origin, settings)
    return store


def existing_sandbox(settings: Settings) -> Store:
    """Open the sandbox that `--live` names, or the only one there is.

    Raises:
        InputError: there is none, or more than one to choose from.
    """
    if settings.live is not None:
        if not settings.live.startswith(SANDBOX):
            raise InputError(f"{settings.live} is no sandbox", "Write --live sandbox:FILE.")
        return open_sandbox(organization_file(settings.live), settings)
    stores = [_open(database, settings) for database in sorted(_folder(settings).glob("*.db"))]
    found = [store for store in stores if is_seeded(store)]
    if len(found) == 1:
        return found[0]
    for store in stores:
        store.close()
    if found:
        names = ", ".join(re.sub(r"-[0-9a-f]{8}$", "", store.path.stem) for store in found)
        raise InputError(f"there is more than one sandbox here: {names}", "Name one: --live sandbox:FILE.")
    raise InputError("there is no sandbox yet", "Make one: accessplan sandbox seed FILE.")


def _open(database: Path, settings: Settings) -> Store:
    make_state_folder(settings.state)
    try:
        return open_store(database, clock=lambda: settings.now)
    except StoreError as error:
        raise InputError(str(error)) from error


def _database(file: Path, settings: Settings) -> Path:
    if not file.is_file():
        raise InputError(f"there is no organization file {file}", "A sandbox is filled from one: see the examples.")
    digest = hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:8]
    stem = re.sub(r"[^\w.-]", "_", file.stem)
    return _folder(settings) / f"{stem}-{digest}.db"


def _warn_if_changed(file: Path, store: Store, settings: Settings) -> None:
    """Say that a sandbox holds what its file said once, not what it says now."""
    known = seeded_digest(store)
    if known is not None and known != _digest(file) and not settings.quiet:
        remedy = f"`accessplan sandbox seed {file}` fills it anew"
        Screen.of(sys.stderr).line(f"{file} was changed after its sandbox was filled: {remedy}.")


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""  # the reader of the file says why


def _folder(settings: Settings) -> Path:
    return settings.state / "sandbox"
