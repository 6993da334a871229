"""What of the live organization's words fits into a document, and a list of what does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from accessplan.want.names import quote, visible
from accessplan.want.syntax import control_in
from accessplan.want.values import is_email


@dataclass(frozen=True, slots=True)
class Omissions:
    """Remarks on what is left out of a document."""

    remarks: list[str] = field(default_factory=list)

    def add(self, what: str, names: Iterable[str]) -> None:
        """Remark that some are left out, if there are any."""
        if shown := ", ".join(map(quote, names)):
            self.remarks.append(f"Left out: {what} ({shown}).")


def is_sayable_email(email: str) -> bool:
    """Tell whether an e-mail address can stand in a document."""
    return is_email(email) and not control_in(email)


def cleaned(text: str) -> str:
    """Return a text without the characters that no document may hold."""
    return "".join(character for character in text if not control_in(character)).strip()


def in_one_line(remark: str) -> str:
    """Keep a remark inside its comment: what comes after a line break would be read as part of the document."""
    return visible(" ".join(remark.split()))
