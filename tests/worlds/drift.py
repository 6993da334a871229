"""Two versions of one organization, as it was and as it is: people come and go, and what they have changes."""

from copy import deepcopy

from hypothesis import strategies as st
from tests.worlds.live import organizations
from tests.worlds.names import OWNER, Data

from accessplan.services import MAILBOX_PERMISSIONS

_kept = st.sampled_from([True, True, True, False])


@st.composite
def drifted(draw: st.DrawFn) -> tuple[Data, Data]:
    """Draw two organizations with the same products: neither has all of what the other one has."""
    whole = draw(organizations())
    return draw(_version(whole)), draw(_version(whole))


@st.composite
def _version(draw: st.DrawFn, whole: Data) -> Data:
    organization = deepcopy(whole)
    organization["users"] = [draw(_person(each)) for each in whole["users"] if each["email"] == OWNER or draw(_kept)]
    organization["invitations"] = [draw(_person(each)) for each in draw(_some(whole["invitations"]))]
    organization["teams"] = [draw(_team(each)) for each in draw(_some(whole["teams"]))]
    for hosting in organization["mail_hostings"]:
        for mailbox in hosting["mailboxes"]:
            mailbox["accesses"] = [draw(_access(each)) for each in draw(_some(mailbox["accesses"]))]
    for app in (*organization["drives"], *organization["ksuites"], *organization["kchats"]):
        app["users"] = draw(_some(app["users"]))
    _forget_strangers(organization)
    return organization


@st.composite
def _some(draw: st.DrawFn, items: list[Data]) -> list[Data]:
    return [deepcopy(each) for each in items if draw(_kept)]


@st.composite
def _person(draw: st.DrawFn, person: Data) -> Data:
    changed = person | {"grants": draw(_some(person.get("grants", [])))}
    if person["email"] != OWNER and not draw(_kept):
        changed["role"] = draw(st.sampled_from(["normal", "admin"]))
        changed["external"] = False
    if not draw(_kept):
        changed["billing"] = draw(st.booleans())
    return changed


@st.composite
def _team(draw: st.DrawFn, team: Data) -> Data:
    changed = team | {"members": [each for each in team["members"] if draw(_kept)]}
    changed["services"] = [each for each in team["services"] if draw(_kept)]
    if not draw(_kept):
        changed["leader"] = OWNER
    return changed


@st.composite
def _access(draw: st.DrawFn, access: Data) -> Data:
    if draw(_kept):
        return access
    return access | {"permissions": draw(st.lists(st.sampled_from(MAILBOX_PERMISSIONS), unique=True, max_size=2))}


def _forget_strangers(organization: Data) -> None:
    """Take out of all lists who is not in the organization any more."""
    active = {each["email"] for each in organization["users"]}
    known = active | {each["email"] for each in organization["invitations"] if "status" not in each}
    teams = {each["name"] for each in organization["teams"]}
    for person in organization["invitations"]:
        person["teams"] = [each for each in person.get("teams", []) if each in teams]
    for team in organization["teams"]:
        team["members"] = [each for each in team["members"] if each in active]
        if team.get("leader") not in active:
            team.pop("leader", None)
    for hosting in organization["mail_hostings"]:
        for mailbox in hosting["mailboxes"]:
            mailbox["accesses"] = [each for each in mailbox["accesses"] if each["user"] in known]
    for app in (*organization["drives"], *organization["ksuites"], *organization["kchats"]):
        app["users"] = [each for each in app["users"] if each["email"] in known]
