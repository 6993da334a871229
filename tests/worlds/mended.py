"""Worlds in which something once went wrong."""

from pathlib import Path
from typing import NamedTuple

import yaml
from tests.worlds.names import OWNER, Data

_NAMED = {"first_name": "P", "last_name": "Person"}


class Mended(NamedTuple):
    """What went wrong, and where: an organization, and documents one after the other."""

    was: str
    organization: Data
    documents: list[Data]


def mended() -> list[Mended]:
    """List them, as `mended.yaml` describes them in short."""
    written = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())
    return [
        Mended(each["was"], _live(**each["organization"]), [_wanted(**one) for one in each["documents"]])
        for each in written
    ]


def _live(users: tuple[Data, ...] = (), invitations: tuple[Data, ...] = (), **parts: list[Data]) -> Data:
    people = [{"email": OWNER, "role": "owner"}, *users]
    return {
        "organization": {"id": 4242, "name": "Example SA"},
        "token_user": OWNER,
        "users": [_NAMED | each for each in people],
        "invitations": [_NAMED | each for each in invitations],
        **parts,
    }


def _wanted(users: Data, **parts: Data) -> Data:
    people = {OWNER: {"role": "legal_representative"}, **users}
    return {
        "accessplan": 1,
        "organization": {"id": 4242, "live": "sandbox:organization.yaml"},
        "users": {email: _NAMED | each for email, each in people.items()},
        **parts,
    }
