"""From plain data to YAML text."""

from __future__ import annotations

import yaml

from accessplan.want.parse import plain

_LIST, _TEXT = "tag:yaml.org,2002:seq", "tag:yaml.org,2002:str"
_SHORT = 80
_ONE_LINE = 2**31 - 1


def dump(data: object) -> str:
    """Write plain data as YAML, in the order of its maps; reading it gives the same data."""
    text: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_ONE_LINE)
    return text


class _Dumper(yaml.CSafeDumper):
    """Writes short lists in one line, and text without quotes only where every YAML reads it as text."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - its interface
        return True


def _write_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(_TEXT, text, style=None if plain(text) == text else '"')


def _write_list(dumper: _Dumper, items: list[object]) -> yaml.SequenceNode:
    short = len(str(items)) <= _SHORT and not any(isinstance(item, dict | list) for item in items)
    return dumper.represent_sequence(_LIST, items, flow_style=short)


_Dumper.add_representer(str, _write_text)
_Dumper.add_representer(list, _write_list)
