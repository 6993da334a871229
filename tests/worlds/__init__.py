"""Random organizations and documents, as hypothesis strategies: small, and full of coincidences."""

from hypothesis import strategies as st
from tests.worlds.live import organizations
from tests.worlds.names import Data
from tests.worlds.wanted import documents

__all__ = ["Data", "documents", "organizations", "worlds"]


@st.composite
def worlds(
    draw: st.DrawFn, most_documents: int = 1, *, gentle: bool = False, alone: bool = False
) -> tuple[Data, list[Data]]:
    """An organization, and documents that are applied to it one after the other.

    A `gentle` document is to take nothing away: every mode is additive, nothing is removed, and nothing has ended. One
    with places in a kDrive that stand `alone`, without the kSuite that brings them, may be refused.
    """
    organization = draw(organizations())
    number = draw(st.integers(1, most_documents))
    # What a document without users names must be there: after another document nobody knows who is.
    return organization, [
        draw(documents(organization, gentle=gentle, lists_users=earlier > 0, alone=alone)) for earlier in range(number)
    ]
