"""The findings of one reading of a document, as they come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from accessplan.finding import Finding, Place, error, warning
from accessplan.model import Address


@dataclass(frozen=True, slots=True)
class Notes:
    """Collects findings; `today` is the day that dates are compared with."""

    today: date
    findings: list[Finding] = field(default_factory=list)

    def error(self, code: str, message: str, place: Place, address: Address | None, hint: str = "") -> None:
        """Note what stops the run."""
        self.findings.append(error(code, message, place, address=str(address or ""), hint=hint))

    def warning(self, code: str, message: str, place: Place, address: Address | None, hint: str = "") -> None:
        """Note what does not stop the run."""
        self.findings.append(warning(code, message, place, address=str(address or ""), hint=hint))
