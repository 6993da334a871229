"""The sandboxes of a state folder: one database for each organization file."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from accessplan.cli.options import Settings
from accessplan.cli.source import SANDBOX
from accessplan.errors import InputError
from accessplan.finding import in_order
from accessplan.sandbox import SeedError, Store, StoreError, is_seeded, open_store, seed
from accessplan.want.read import read
from accessplan.want.schema import check


def organization_file(live: str) -> Path:
    """Return the organization file that `sandbox:FILE` names."""
    file = live.removeprefix(SANDBOX)
    if not file:
        raise InputError("sandbox: names no organization file", "Write sandbox:organization.yaml.")
    return Path(file)


def open_sandbox(file: Path, settings: Settings) -> Store:
    """Open the sandbox of an organization file, seeded when it is new."""
    store = new_store(file, settings)
    if not is_seeded(store):
        seed_from(file, store, settings)
    return store


def seed_from(file: Path, store: Store, settings: Settings) -> None:
    """Fill a sandbox from its organization file, whatever it held before.

    Raises:
        InputError: the file has faults.
    """
    tree = read(file)
    findings = [*tree.findings, *check(tree, "organization")] if tree.data is not None else tree.findings
    if findings or not isinstance(tree.data, dict):
        raise InputError(f"{file} is no organization file", findings=in_order(findings))
    try:
        seed(store, tree.data, settings.now)
    except SeedError as error:
        raise InputError(f"{file}: {error}") from error


def existing_sandbox(settings: Settings) -> Store:
    """Open the sandbox that `--live` names, or the only one there is.

    Raises:
        InputError: there is none, or more than one to choose from.
    """
    if settings.live is not None:
        if not settings.live.startswith(SANDBOX):
            raise InputError(f"{settings.live} is no sandbox", "Write --live sandbox:FILE.")
        return open_sandbox(organization_file(settings.live), settings)
    found = sorted(_folder(settings).glob("*.db"))
    if not found:
        raise InputError("there is no sandbox yet", "Make one: accessplan sandbox seed FILE.")
    if len(found) > 1:
        names = ", ".join(re.sub(r"-[0-9a-f]{8}$", "", each.stem) for each in found)
        raise InputError(f"there is more than one sandbox here: {names}", "Name one: --live sandbox:FILE.")
    return _open(found[0], settings)


def new_store(file: Path, settings: Settings) -> Store:
    """Open the database of an organization file, seeded or not."""
    return _open(_database(file, settings), settings)


def _open(database: Path, settings: Settings) -> Store:
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


def _folder(settings: Settings) -> Path:
    folder = settings.state / "sandbox"
    folder.mkdir(parents=True, exist_ok=True)
    ignore = settings.state / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    return folder
