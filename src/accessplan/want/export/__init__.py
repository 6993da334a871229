"""From the live organization to a document whose plan is empty."""

from __future__ import annotations

from accessplan.model import State
from accessplan.plan import MODE_KINDS, Mode
from accessplan.select import Catalogue
from accessplan.want.dump import dump
from accessplan.want.export.grants import Grants
from accessplan.want.export.mailboxes import mailboxes
from accessplan.want.export.partners import partners
from accessplan.want.export.people import People
from accessplan.want.export.words import Omissions, cleaned, in_one_line

_HEADER = """\
# Who may do what in this organization, as it was when this file was written.
#
# An absent key is not managed; an empty map or list means nobody or nothing.
# Mode additive never takes away what this file does not name; enforce does.
"""


def document_text(state: State, catalogue: Catalogue, organization_id: int, organization_name: str, live: str) -> str:
    """Write a live organization as a document; `live` says where it is, and may be empty for the real system.

    What a document cannot say (a right nobody knows, a member who is no user) is left out, and a comment says so. A
    list that would lack something is left out as a whole: nobody shall take it for all there is.
    """
    omissions = Omissions()
    people = People(state, Grants(state, catalogue, omissions), omissions)
    organization = {"id": organization_id, "name": cleaned(organization_name), "live": cleaned(live)}
    sections: dict[str, object] = {
        "accessplan": 1,
        "organization": {key: value for key, value in organization.items() if value},
        "policy": {"mode": dict.fromkeys(MODE_KINDS.values(), Mode.ADDITIVE.value)},
        "users": people.users(),
        "teams": people.teams(),
    }
    also = {
        "mailboxes": mailboxes(state, catalogue, people.emails, omissions),
        "partners": partners(state, people.grants, omissions),
    }
    sections |= {section: entries for section, entries in also.items() if entries}
    people.grants.leave_out_strangers(people.emails)
    remarks = dict.fromkeys(map(in_one_line, (*(spot.reason for spot in state.blind), *omissions.remarks)))
    comments = "".join(f"# {remark}\n" for remark in remarks)
    header = _HEADER + ("#\n" + comments if comments else "")
    return "\n".join([header, *(dump({section: entries}) for section, entries in sections.items())])
