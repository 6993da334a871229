"""From plain data to YAML text."""

from __future__ import annotations

from functools import cache

import yaml

from accessplan.want.libyaml import require_libyaml
from accessplan.want.parse import plain

_LIST, _TEXT = "tag:yaml.org,2002:seq", "tag:yaml.org,2002:str"
_SHORT = 80
_ONE_LINE = 2**31 - 1


def dump(data: object) -> str:
    """Write plain data as YAML, in the order of its maps; reading it gives the same data.

    Raises:
        InputError: PyYAML was installed without libyaml.
    """
    require_libyaml()
    text: str = yaml.dump(data, Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=_ONE_LINE)
    return text


@cache
def _dumper() -> type[yaml.CSafeDumper]:
    """Return what writes short lists in one line, and text without quotes only where every YAML reads it as text.

    It is made when it is needed, since without libyaml there is nothing to make it of.
    """

    class Dumper(yaml.CSafeDumper):
        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - its interface
            return True

    Dumper.add_representer(str, _write_text)
    Dumper.add_representer(list, _write_list)
    return Dumper


def _write_text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(_TEXT, text, style=None if plain(text) == text else '"')


def _write_list(dumper: yaml.CSafeDumper, items: list[object]) -> yaml.SequenceNode:
    short = len(str(items)) <= _SHORT and not any(isinstance(item, dict | list) for item in items)
    return dumper.represent_sequence(_LIST, items, flow_style=short)
