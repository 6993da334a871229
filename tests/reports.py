"""Reports to render: one with every kind of entry and every effect, and two with nothing to do."""

from datetime import date
from typing import Any

from accessplan.change import Change, order
from accessplan.errors import Exit
from accessplan.finding import Finding, Place, error, warning
from accessplan.have.manager import partners, people, teams
from accessplan.have.manager.screens import NO_REQUEST, Access
from accessplan.judgement import Judgement
from accessplan.model import (
    Address,
    Delegation,
    Grant,
    Membership,
    Partner,
    Team,
    Use,
    User,
    partner_address,
    team_address,
    user_address,
)
from accessplan.plan import Plan, Waiting
from accessplan.rail import Refusal
from accessplan.report.report import Report, Said
from accessplan.route import Operation, Request

TODAY = date(2026, 11, 21)
TEAM_RIGHTS = "The live system does not show the rights of teams on single products."
SENDING = "The live system does not show who may send."
NO_PARTNERS_SHOWN = "The live system does not show partners."


def change(before: Any, after: Any, line: int = 0, **more: Any) -> Change:
    """Make a change, which line `line` of the document causes."""
    place = Place("access.yaml", line, 3) if line else None
    return Change((after or before).address, before, after, place, **more)


def grant(subject: Address, target: str, *rights: str) -> Grant:
    """Make a grant."""
    return Grant(subject, target, frozenset(rights))


def report(changes: tuple[Change, ...] = (), operations: tuple[Operation, ...] = (), **more: Any) -> Report:
    """Make a report on a plan; nothing else is in it but what is given."""
    usual: dict[str, Any] = {
        "organization_id": 4242,
        "organization_name": "Example SA",
        "document": "access.yaml",
        "live": "sandbox:organization.yaml",
        "today": TODAY,
        "plan": Plan(tuple(sorted(changes, key=order)), matching=29),
        "operations": operations,
        "exit": Exit.OK,
        "ids": {},
    }
    empty = dict.fromkeys(("unchecked", "said", "findings", "not_covered"), ())
    return Report(**{**empty, **usual, **more})


def refused_by(*findings: Finding) -> Judgement:
    """Refuse a plan for these reasons."""
    return Judgement(refusals=tuple(Refusal(each, ()) for each in findings))


ANA, EMMA, YARA = map(user_address, ("ana@example.ch", "emma@example.ch", "yara@example.ch"))
WEB, AGENCY = team_address("Web"), partner_address("WebAgency")

GUS = User("gus@agency.example", "external", first_name="Gus", last_name="Guest")
LATE = User("late@agency.example", "collaborator", first_name="Lee", last_name="Late", invited=True)
LEE = User("lee@example.ch", "collaborator", first_name="Lee", last_name="Lang", invited=True)
LEO = User("lee@example.ch", "administrator", first_name="Leo", last_name="Lang")
MIA = User("mia@example.ch", "collaborator", first_name="Mia", last_name="Marti", invited=True, expired=True)
NEW_MIA = User("mia@example.ch", "collaborator", first_name="Mia", last_name="Marti")
BOB = User("bob@webcraft.example", "external", billing=True, first_name="Bob", last_name="Meyer")
NEW_YARA = User(
    YARA.name, "collaborator", notify_billing=True, notify_products=False, first_name="Yara", last_name="Steiner"
)
OLD_EMMA = User(EMMA.name, "administrator", billing=False, notify_billing=None)
NEW_EMMA = User(EMMA.name, "collaborator", billing=True, notify_billing=False)

PEOPLE = (
    change(GUS, None, 33),
    change(LATE, None, 33),
    change(LEE, LEO, 41),
    change(MIA, NEW_MIA, 45),
    change(None, BOB, 84),
    change(None, NEW_YARA, 97),
    change(OLD_EMMA, NEW_EMMA, 61),
    change(User("una@example.ch", "collaborator"), User("una@example.ch", "collaborator", notify_products=True), 70),
)
TEAMS = (
    change(None, Team("Support", "emma@example.ch"), 113),
    change(Team("Web"), Team("Web", "ana_k@example.ch"), 107),
    change(Team("Interns 2025", "old@example.ch"), None, 106),
    change(None, Membership("Web", YARA.name), 102, depends_on=(YARA,)),
    change(Membership("Web", "old@example.ch"), None, 109, urgent=True),
)
GRANTS = (
    change(None, grant(WEB, "domain/example.ch", "technical"), 119, attest=TEAM_RIGHTS),
    change(None, grant(YARA, "e_ticketing/Summer festival", "check", "sale"), 104, depends_on=(YARA,)),
    change(None, grant(ANA, "domain/example.com", "technical"), 52),
    change(grant(ANA, "hosting/*", "technical", "statistic"), grant(ANA, "hosting/*", "technical"), 53),
    change(grant(ANA, "drive/Old Drive", "technical"), None, 50),
    change(None, grant(AGENCY, "hosting/www.example.ch", "technical", "statistic"), 131, attest=NO_PARTNERS_SHOWN),
)
USES = (
    change(None, Use(ANA.name, "drive/Team Drive", "user"), 55),
    change(Use(EMMA.name, "drive/Team Drive", "user"), Use(EMMA.name, "drive/Team Drive", "admin"), 66),
    change(Use(EMMA.name, "ksuite/kSuite", None), Use(EMMA.name, "ksuite/kSuite", "user"), 67),
    change(Use(GUS.email, "kchat/kChat", None), None, 33),
    change(Use("lia@example.ch", "drive/Team Drive", "external", pending=True), None, 68),
)
DIRECTOR = "director@example.ch"
CHANGED = frozenset({"can_manage_filters", "can_manage_aliases"})
MAILBOXES = (
    change(None, Delegation(DIRECTOR, ANA.name, CHANGED, sends=True), 140),
    change(Delegation(DIRECTOR, EMMA.name, frozenset()), Delegation(DIRECTOR, EMMA.name, CHANGED), 141),
    change(
        Delegation(DIRECTOR, "una@example.ch", frozenset()),
        Delegation(DIRECTOR, "una@example.ch", frozenset(), sends=False),
        142,
        attest=SENDING,
    ),
    change(Delegation(DIRECTOR, "old@example.ch", CHANGED), None, 139),
)
PARTNERS = (
    change(None, Partner("WebAgency", "limited"), 130, attest=NO_PARTNERS_SHOWN),
    change(Partner("Reseller", "limited"), Partner("Reseller", "full", wallet=True), 134, attest=NO_PARTNERS_SHOWN),
    change(Partner("Former SA", "full", wallet=True), None, 128, attest=NO_PARTNERS_SHOWN),
)
CHANGES = PEOPLE + TEAMS + GRANTS + USES + MAILBOXES + PARTNERS

OPERATIONS = (
    Operation(
        "invite",
        (PEOPLE[5], TEAMS[3], GRANTS[1]),
        (
            Request(
                "POST",
                "/1/accounts/{account}/invitations",
                {"account": 4242},
                {"email": YARA.name, "role_type": "normal", "teams": [WEB]},
                creates=YARA,
            ),
            Request(
                "PATCH",
                "/1/accounts/{account}/invitations/{invitation}",
                {"account": 4242, "invitation": YARA},
                {"permissions": [{"service_id": 18, "product_id": 701, "types": ["check", "sale"]}]},
            ),
        ),
    ),
    Operation(
        "delete-team",
        (TEAMS[2],),
        (Request("DELETE", "/1/accounts/{account}/teams/{team}", {"account": 4242, "team": TEAMS[2].address}),),
    ),
    Operation(
        "invite-external",
        (PEOPLE[4],),
        steps=(
            people.invite_user(
                BOB,
                ["Web"],
                [Access("domain/example-shop.ch", 103, ("technical",)), Access("hosting/*", None, ("technical",))],
            ),
        ),
        why_manual=people.NO_EXTERNALS,
    ),
    Operation("remove-user", (PEOPLE[0],), steps=(people.remove_user(GUS.email),), why_manual=NO_REQUEST),
    Operation(
        "edit-team",
        (GRANTS[0],),
        steps=(teams.edit_access("Web", [Access("domain/example.ch", 102, ("technical",))]),),
        why_manual=teams.NO_TEAM_RIGHTS,
    ),
    Operation(
        "edit-product-access",
        GRANTS[2:5],
        steps=(
            people.edit_product_access(
                ANA.name,
                [
                    Access("domain/example.com", 104, ("technical",)),
                    Access("drive/Old Drive", 402, ()),
                    Access("hosting/*", None, ("technical",)),
                ],
            ),
        ),
        why_manual=NO_REQUEST,
    ),
    Operation(
        "edit-product-access",
        (PEOPLE[6],),
        steps=(people.edit_product_access(EMMA.name, [Access("mailing/News", 601, ("statistic",))]),),
        why_manual=people.NO_NUMBER,
    ),
    Operation(
        "edit-notifications",
        (PEOPLE[6],),
        steps=(people.edit_notifications(OLD_EMMA, NEW_EMMA),),
        why_manual=NO_REQUEST,
    ),
    Operation(
        "add-partner",
        (PARTNERS[0], GRANTS[5]),
        steps=(
            partners.add(
                Partner("WebAgency", "limited"),
                [
                    Access("hosting/www.example.ch", 201, ("technical", "statistic")),
                    Access("domain/*", None, ("technical",)),
                ],
            ),
        ),
        why_manual=partners.NO_PARTNERS,
    ),
    Operation(
        "edit-partner",
        (PARTNERS[1],),
        steps=(partners.edit(Partner("Reseller", "full", wallet=True), []),),
        why_manual=partners.NO_PARTNERS,
    ),
    Operation(
        "edit-partner-wallet",
        (PARTNERS[1],),
        steps=(partners.edit_wallet(Partner("Reseller", "full", wallet=True)),),
        why_manual=partners.NO_PARTNERS,
    ),
    Operation("stop-partner", (PARTNERS[2],), steps=(partners.stop("Former SA"),), why_manual=partners.NO_PARTNERS),
)

WAITING = (
    Waiting(
        change(None, User("rex@example.ch", "collaborator", first_name="Rex", last_name="Roth"), 120),
        "they rejected the invitation; to send one all the same: --invite-again rex@example.ch",
    ),
    Waiting(
        change(MIA, NEW_MIA, 45),
        "the invitation expired, the 2. that was sent; to send one all the same: --invite-again mia@example.ch",
    ),
)
SAID = (
    Said(Address("mailbox", DIRECTOR, "delegate", YARA.name), "Claire Favre", date(2026, 10, 1)),
    Said(partner_address("Old Agency"), "claire@example.ch", date(2026, 9, 30)),
)
HELD_BACK = (
    change(Membership("Web", "luca@example.ch"), None),
    change(grant(ANA, "swiss_backup/*", "technical"), None),
)
UNCHECKED = ((change(None, grant(WEB, "drive/Team Drive", "technical"), 110), TEAM_RIGHTS),)

EVERYTHING = report(
    CHANGES,
    OPERATIONS,
    plan=Plan(
        tuple(sorted(CHANGES, key=order)),
        held_back=HELD_BACK,
        unchecked=tuple(each for each, _ in UNCHECKED),
        waiting=WAITING,
        blind=(TEAM_RIGHTS, SENDING),
        matching=29,
        unmanaged=3,
    ),
    unchecked=UNCHECKED,
    said=SAID,
    findings=(
        warning(
            "until-passed",
            "it ended on 2026-03-01",
            Place("access.yaml", 17, 12),
            address=str(GUS.address),
            hint="delete the entry once its removal is applied",
        ),
    ),
    judgement=refused_by(
        error("no-legal-representative", "no active legal representative would be left", hint="Keep one of them."),
    ),
    not_covered=("Mailboxes of 2 Mail Services could not be read.",),
    ids={WEB: 2001, TEAMS[2].address: 2002},
    exit=Exit.BLOCKED,
)
"""Every kind of entry, every effect, every section."""

NOTHING = report(
    plan=Plan(
        (),
        held_back=HELD_BACK,
        unchecked=tuple(each for each, _ in UNCHECKED),
        waiting=WAITING,
        matching=29,
        unmanaged=3,
    ),
    unchecked=UNCHECKED,
    said=SAID,
)
"""No changes, and still something to say."""

EMPTY = report(plan=Plan((), matching=1))
"""Nothing to say."""
