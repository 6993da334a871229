"""Whether what is said of partners fits what the live system tells of: which kinds of partnership there are."""

from __future__ import annotations

from collections.abc import Iterator

from accessplan.finding import Finding, warning
from accessplan.model import Partner, State
from accessplan.services import FULL, LIMITED
from accessplan.want.document import Document
from accessplan.want.names import quote


def misfits(document: Document, live: State) -> Iterator[Finding]:
    """Name partners whose kind of access the live system knows nothing of, and partnerships that nobody explains."""
    place = document.partners.place
    if place is None or live.partnerships is None:
        return
    said = [entry for entry in live.entries.values() if isinstance(entry, Partner)]
    explained = {partner.access for partner in document.partners.items} | {partner.access for partner in said}
    for partner in said:
        if partner.access not in live.partnerships:
            message = (
                f"{quote(partner.name)} is said to have {partner.access} access, and the live system tells of none"
            )
            hint = "see in the Manager whether they accepted, and what they have"
            yield warning("partner-not-shown", message, place, address=str(partner.address), hint=hint)
    for kind in (LIMITED, FULL):
        if kind in live.partnerships and kind not in explained:
            message = f"the live system tells of a partnership with {kind} access, which nobody explains"
            yield warning("partner-unknown", message, place, hint="describe the partner, or stop it in the Manager")
