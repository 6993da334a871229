"""The schema of the document, and what it finds wrong, in plain words."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from syrupy.assertion import SnapshotAssertion

from accessplan.plan import MODE_KINDS, Mode
from accessplan.services import LANGUAGES, RIGHTS
from accessplan.want.load import Loaded
from accessplan.want.parse import parse
from accessplan.want.schema import check, load, text_of

from .conftest import show

HEAD = "accessplan: 1\norganization: {id: 4242}\n"
ANA = "users:\n  ana@example.ch: {first_name: Ana, last_name: Keller, role: collaborator, %s}"
WEB = "teams:\n  Web: {%s}"
