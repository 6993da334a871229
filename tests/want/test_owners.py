"""Who answers for which file of a document."""

from datetime import UTC, date, datetime

import pytest

from accessplan.services import GOVERNING_ROLES, LEGAL_REPRESENTATIVE
from accessplan.want.load import load
from accessplan.want.owners import owners
from accessplan.want.roles import LEVELS

DAY = date(2026, 11, 21)
HEAD = "accessplan: 1\norganization: {id: 4242}\n"
BASES = {
    **{role: role for role in (*sorted(GOVERNING_ROLES), "collaborator")},
    **{name: level.base for name, level in LEVELS.items()},
}


@pytest.mark.parametrize(("role", "base"), BASES.items())
def test_who_governs_makes_a_file_everybodys(tmp_path, role, base):
    """A file that gives a role which governs, by whichever name, concerns the whole organization."""
    file = tmp_path / "people.yaml"
    (tmp_path / "main.yaml").write_text(HEAD)
    file.write_text(f"users:\n  dan@example.ch: {{first_name: Dan, last_name: Rey, role: {role}}}\n")
    found = owners(tmp_path, load(tmp_path, datetime(2026, 11, 21, 12, tzinfo=UTC), DAY).document, DAY)
    assert (str(file) in found.governed) == (base in GOVERNING_ROLES)
    assert found.governing == (("dan@example.ch",) if base == LEGAL_REPRESENTATIVE else ())
