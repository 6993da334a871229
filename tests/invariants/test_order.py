"""Where people and rights of teams move at once: who comes after whom, and what waits for a failure."""

from typing import Any

import pytest
from tests.invariants.bench import bench, write
from tests.invariants.faults import FAIR, Weather
from tests.worlds.names import OWNER

from accessplan.apply import Status
from accessplan.model import Membership

ANA, BEA, NEW, GUEST = "ana@example.ch", "bea@example.ch", "new@example.ch", "guest@agency.example"
SOME = [{"service": "hosting", "rights": ["technical"], "apply_to_all": True}]
NAMES = {"first_name": "P", "last_name": "Person"}


def organization(*teams, invited=()):
    people = [{"email": OWNER, "role": "owner"}, *({"email": each, "role": "normal"} for each in (ANA, BEA))]
    invitations = [{"email": email, "role": "normal", "teams": names} for email, names in invited]
    return {
        "organization": {"id": 4242, "name": "Example SA"},
        "token_user": OWNER,
        "users": [each | NAMES for each in people],
        "invitations": [each | NAMES for each in invitations],
        "teams": [*teams],
    }


def document(**teams):
    roles = {OWNER: "legal_representative", ANA: "collaborator", BEA: "collaborator", NEW: "collaborator"}
    roles |= {GUEST: "external"} if GUEST in str(teams) else {}
    return {
        "accessplan": 1,
        "organization": {"id": 4242},
        "policy": {"mode": {"users": "enforce", "teams": "enforce", "grants": "enforce"}},
        "users": {email: NAMES | {"role": role} for email, role in roles.items()},
        "teams": {name: {"members": members, "grants": grants} for name, (members, grants) in teams.items()},
    }


WEB, SHOP = ({"name": name, "services": [service]} for name, service in (("Web", "hosting"), ("Shop", "e_ticketing")))
DOMAIN, HOSTING, TICKETS = ({f"{service}/*": "max"} for service in ("domain", "hosting", "e_ticketing"))

CASES = {
    "who leaves a team is not given what it is given": (
        organization(WEB | {"members": [ANA]}),
        document(Web=([], HOSTING | DOMAIN)),
        "team-members, change-team",
    ),
    "who joins a team is not given what it loses": (
        organization(WEB),
        document(Web=([ANA], DOMAIN)),
        "change-team, team-members",
    ),
    "who is invited joins a team that loses rights when it has": (
        organization(WEB),
        document(Web=([NEW], DOMAIN)),
        "change-team, change-invitation",
    ),
    "who was invited leaves one team and joins another": (
        organization(WEB, SHOP, invited=[(NEW, ["Web"])]),
        document(Web=([], HOSTING | DOMAIN), Shop=([NEW], DOMAIN)),
        "change-team, change-invitation, change-invitation, change-team",
    ),
    "who was invited leaves a team for one that loses rights, in the same invitation": (
        organization(WEB, SHOP, invited=[(NEW, ["Web"])]),
        document(Web=([], HOSTING), Shop=([NEW], DOMAIN)),
        "change-team, change-invitation, change-invitation",
    ),
    "people and rights change places, and nothing waits for itself": (
        organization(WEB, SHOP, invited=[(NEW, ["Web"]), (GUEST, ["Shop"])]),
        document(Web=([GUEST], TICKETS), Shop=([NEW], HOSTING)),
        "change-invitation, invite-external, change-team, edit-team, change-team, change-invitation",
    ),
    "whose invitation is cancelled is not given what the team is given": (
        organization(WEB, invited=[(GUEST, ["Web"])]),
        document(Web=([], HOSTING | DOMAIN)),
        "cancel-invitation, change-team",
    ),
    "who joins a team that loses rights by hand joins it by hand, after that": (
        organization({"name": "Web", "services": ["domain"], "grants": SOME}),
        document(Web=([ANA, NEW], DOMAIN | {"hosting/*": "statistic"})),
        "edit-team, edit-team, edit-team",
    ),
    "who is added by hand joins a team that loses rights by hand, too": (
        organization(WEB),
        document(Web=([GUEST], DOMAIN)),
        "change-team, edit-team",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_nobody_has_in_between_what_a_team_has_before_or_after(tmp_path, case):
    """First go those who leave, then the rights of a team change, then come those who join."""
    there, wanted, names = CASES[case]
    with bench(there) as here:
        planned = here.plan(write(wanted, tmp_path / "access.yaml"))
        here.watch(planned)
        teams = [each for each in planned.operations if any(_is_of_team(change) for change in each.changes)]
        assert ", ".join(each.name for each in teams) == names
        assert {each.status for each in here.apply(planned)} <= {Status.DONE, Status.BY_HAND}
        assert not here.plan(tmp_path / "access.yaml").requests
        here.perform(planned.operations)


def _is_of_team(change: Any) -> bool:
    return change.address.part in ("member", "grant") or change.after is None


@pytest.mark.parametrize("case", [case for case in CASES if "by hand" not in case])
def test_what_waits_for_a_failure_is_skipped(tmp_path, case):
    """Where the first request about a team is refused, what waits for it is not sent, and comes in the next apply."""
    there, wanted, _ = CASES[case]
    file = write(wanted, tmp_path / "access.yaml")
    with bench(there) as here:
        fair = here.apply(here.plan(file))
        first = next(
            n for n, each in enumerate(fair, 1) if any(_is_of_team(change) for change in each.operation.changes)
        )
    with bench(there) as here:
        planned = here.plan(file)
        here.watch(planned)
        statuses = [each.status for each in here.apply(planned, Weather({first: "refused"}))]
        assert Status.SKIPPED in statuses
        assert Status.DONE in {each.status for each in here.apply(here.plan(file), FAIR)}
        assert not here.plan(file).requests


def test_what_is_left_to_a_person_is_skipped_too(tmp_path):
    """A step by hand that waits for a request is not asked of anybody when that failed."""
    there = organization({"name": "Web", "services": ["domain"], "members": [ANA]})
    wanted = document(Web=([], {"domain/*": "max", "hosting/*": "statistic"}))
    with bench(there) as here:
        planned = here.plan(write(wanted, tmp_path / "access.yaml"))
        leaving = Membership("Web", ANA).address
        number = 1 + next(
            n for n, each in enumerate(planned.operations) if leaving in {change.address for change in each.changes}
        )
        outcomes = here.apply(planned, Weather({number: "refused"}))
        skipped = [each.operation for each in outcomes if each.status is Status.SKIPPED]
        assert [each.is_manual for each in skipped] == [True]


def test_what_goes_with_an_invitation_fails_with_it(tmp_path):
    """Where an invitation cannot be cancelled to be sent anew, what was to go with it is not said to be done."""
    there = organization(invited=[(NEW, [])])
    there["invitations"][0]["first_name"] = "Q"
    access = {"user": NEW, "permissions": ["can_manage_filters"]}
    there["mail_hostings"] = [
        {"id": 201, "domain": "example.ch", "mailboxes": [{"name": "info", "accesses": [access]}]},
    ]
    wanted = document()
    wanted["policy"]["mode"]["mailboxes"] = "enforce"
    wanted["mailboxes"] = {"info@example.ch": {"delegates": {}}}
    with bench(there) as here:
        outcomes = here.apply(here.plan(write(wanted, tmp_path / "access.yaml")), Weather({1: "refused"}))
        assert [(each.operation.name, str(each.status)) for each in outcomes] == [
            ("invite-again", "failed"),
            ("invitation-mailbox", "skipped"),
        ]


def test_what_goes_with_an_invitation_that_a_person_cancels_is_theirs_to_do(tmp_path):
    """Where a person cancels an invitation to send another, what goes with it is not said to be done before."""
    there = organization(invited=[(GUEST, [])])
    there["invitations"][0] |= {"external": True, "sent": "-40d", "expires": "-10d"}
    there["products"] = [
        {"id": 101, "service": "drive", "name": "One"},
        {"id": 102, "service": "ksuite", "name": "Two"},
    ]
    there["drives"] = [{"product": 101, "users": [{"email": GUEST, "role": "user"}]}]
    there["ksuites"] = [{"product": 102, "users": [{"email": GUEST, "role": "user", "mailbox_name": "new"}]}]
    wanted = document()
    wanted["users"][GUEST] = NAMES | {"role": "external", "grants": {"ksuite/*": {"use": "user"}}}
    with bench(there) as here:
        outcomes = here.apply(here.plan(write(wanted, tmp_path / "access.yaml")))
        taken = [each for each in outcomes if any(change.effect == "revoke" for change in each.operation.changes)]
        assert [(each.operation.name, str(each.status)) for each in taken] == [("invite-external", "by hand")]
