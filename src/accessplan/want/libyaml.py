"""The fast half of PyYAML, which some ways of installing it leave out."""

from __future__ import annotations

import yaml

from accessplan.errors import InputError


def require_libyaml() -> None:
    """See that it is there.

    Raises:
        InputError: PyYAML was installed without libyaml.
    """
    if not yaml.__with_libyaml__:
        raise InputError("PyYAML lacks libyaml", "install it from a wheel: pip install --force-reinstall pyyaml")
