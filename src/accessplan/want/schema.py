"""Whether a tree fits a JSON Schema: a fast check says yes, a thorough one explains a no."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import jsonschema_rs

import accessplan
from accessplan.finding import Finding
from accessplan.want.tree import Path, Tree

Schema = dict[str, Any]

_PACKAGE = FilePath(accessplan.__file__).parent
_FOLDERS = (_PACKAGE / "schemas", _PACKAGE.parents[1] / "schemas")
"""Where the schemas are: in an installed package, and in a clone of the repository."""


def text_of(name: str) -> str:
    """Return the text of a schema by name: `access`, `plan`, `organization`."""
    files = [folder / f"{name}.schema.json" for folder in _FOLDERS]
    return next((file for file in files if file.exists()), files[0]).read_text(encoding="utf-8")


@cache
def load(name: str) -> Schema:
    """Return a schema by name."""
    schema: Schema = json.loads(text_of(name))
    return schema


def fits(data: object, name: str) -> bool:
    """Tell whether plain data fits the schema of a name."""
    return bool(jsonschema_rs.Draft202012Validator(load(name)).is_valid(data))


def check(tree: Tree, name: str, address: Callable[[Path], str] = lambda _: "") -> list[Finding]:
    """Check a tree against the schema of a name; each fault gives one finding.

    `address` names the entry that a path belongs to.
    """
    fast = jsonschema_rs.Draft202012Validator(load(name))
    if fast.is_valid(tree.data):
        return []
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - 100 ms to import, and most documents are valid

    from accessplan.want.faults import explain  # noqa: PLC0415 - the same

    schema = load(name)
    suspects = _without_sound_entries(tree.data, schema, fast)
    findings: dict[tuple[Path, str], Finding] = {}
    for fault in Draft202012Validator(schema).iter_errors(suspects):
        for path, key, finding in explain(fault, tree):
            findings.setdefault((path, key), replace(finding, address=address(path)))
    return list(findings.values())


def _without_sound_entries(data: object, schema: Schema, fast: jsonschema_rs.Draft202012Validator) -> object:
    """Leave out the users, teams and so on that need no explaining: it takes seconds where there are 10,000."""
    if not isinstance(data, dict):
        return data
    faulty = {tuple(fault.instance_path[:2]) for fault in fast.iter_errors(data)}
    return {
        section: {key: value for key, value in entries.items() if (section, key) in faulty}
        if isinstance(entries, dict) and _holds_entries(schema, section)
        else entries
        for section, entries in data.items()
    }


def _holds_entries(schema: Schema, section: str) -> bool:
    return isinstance(schema.get("properties", {}).get(section, {}).get("additionalProperties"), dict)
