"""Reports to render: every kind of entry, effect and judgement, with a base and without, and two with nothing to do."""

from dataclasses import replace
from datetime import date
from typing import Any

from accessplan.access import Difference, Kept, Path, Reached, Takeover
from accessplan.cause import Cause, Kind
from accessplan.change import Change, order
from accessplan.errors import Exit
from accessplan.expect import Outcome, Verdict
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
from accessplan.policy import AccessTest, Consent, Quantity, Those
from accessplan.rail import Refusal
from accessplan.report.report import Report, Said
from accessplan.risk import Risk
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

GONE = [each for each in CHANGES if each.after is None]
OLD_WEB, OLD_INTERNS = TEAMS[4], TEAMS[2]
OPS_OF_OLD = Address("team", "Ops", "member", "old@example.ch")
ON_OPS = grant(team_address("Ops"), "hosting/*", "technical").address
OLD, GUS_HERE = map(user_address, ("old@example.ch", GUS.email))
KEPT = Kept(
    "hosting/*",
    frozenset({"technical"}),
    Path(OLD, "hosting/*", frozenset({"technical"}), (OPS_OF_OLD, ON_OPS)),
)
TO_DIRECTOR = MAILBOXES[0].address
BECOMES = Takeover(
    ANA,
    user_address(DIRECTOR),
    (TO_DIRECTOR,),
    (
        Reached("*", frozenset({"technical", "statistic", "check", "sale"})),
        Reached("billing", frozenset({"billing"})),
        Reached("organization", frozenset({"administrator", "legal_representative"})),
    ),
)

CAUSES = {each.address: Cause(Kind.CONFIG) for each in CHANGES} | {
    OLD_WEB.address: Cause(Kind.TIME),
    OLD_INTERNS.address: Cause(Kind.RENAME, of=TEAMS[0].address),
    TEAMS[0].address: Cause(Kind.RENAME, of=OLD_INTERNS.address),
}
SINCE_BASE = {address: replace(each, is_new=each.kind is not Kind.TIME) for address, each in CAUSES.items()} | {
    change.address: Cause(Kind.DRIFT, is_new=False) for change in (*USES[3:], MAILBOXES[3], GRANTS[5])
}

JUDGEMENT = Judgement(
    causes=CAUSES,
    risks={
        PEOPLE[2].address: (Risk("new-administrator", "manages every product and user"),),
        PEOPLE[4].address: (Risk("external-billing", "an external user manages the billing account"),),
        TO_DIRECTOR: (
            Risk("mailbox-takeover", "can take the mailbox over, or leak its mail: can_manage_filters"),
            Risk("escalation", "ana@example.ch can set the password of director@example.ch anew, and log in"),
        ),
        PARTNERS[1].address: (
            Risk("full-partner", "reaches every product"),
            Risk("wallet", "can spend from the wallet"),
        ),
    },
    people=(
        Difference(
            ANA,
            gained=(
                Reached("domain/example.com", frozenset({"technical"})),
                Reached("drive/Team Drive", frozenset({"use", "use as user"})),
                Reached(f"mailbox/{DIRECTOR}", frozenset({"read", "can_send_emails", *CHANGED})),
            ),
            lost=(Reached("drive/Old Drive", frozenset({"technical"})), Reached("hosting/*", frozenset({"statistic"}))),
            takeovers=(BECOMES,),
        ),
        Difference(
            EMMA,
            gained=(
                Reached("billing", frozenset({"billing"})),
                Reached("drive/Team Drive", frozenset({"use as admin"})),
            ),
            lost=(
                Reached("*", frozenset({"technical", "statistic", "check", "sale"})),
                Reached("organization", frozenset({"administrator"})),
            ),
        ),
        Difference(GUS_HERE, lost=(Reached("kchat/kChat", frozenset({"use", "use as user"})),)),
        Difference(OLD, lost=(Reached(f"mailbox/{DIRECTOR}", frozenset({"read"})),), kept=(KEPT,)),
        Difference(partner_address("Reseller"), gained=(Reached("billing", frozenset({"billing"})),)),
    ),
    kept={OLD_WEB.address: (KEPT,)},
    refusals=(
        Refusal(
            error("no-legal-representative", "no active legal representative would be left", hint="Keep one of them."),
            (),
            may_consent=False,
        ),
        Refusal(
            error("removals", "9 of 29 entries would go, 31 %; the limit is 25 %", hint="Consent to each of them."),
            tuple(change.address for change in GONE if change is not OLD_INTERNS),
        ),
        Refusal(
            error("protected-entry", "the document protects it", Place("access.yaml", 9, 7), address=str(GUS.address)),
            (PEOPLE[0].address,),
        ),
    ),
    consented={
        OLD_INTERNS.address: Consent(
            "revoke",
            OLD_INTERNS.address,
            date(2026, 12, 1),
            "the internship is over",
            Place("access.yaml", 152, 5),
        )
    },
    tests=(
        Outcome(AccessTest("somebody pays", Quantity.COUNT, Those(), "billing", at_least=1), Verdict.PASSED),
        Outcome(AccessTest("no partner is external", Quantity.NOBODY, Those()), Verdict.PASSED),
        Outcome(
            AccessTest(
                "two to four administrators",
                Quantity.COUNT,
                Those(frozenset({"administrator"})),
                at_least=2,
                at_most=4,
                warn_until=date(2027, 1, 31),
                place=Place("access.yaml", 146, 5),
            ),
            Verdict.WARNED,
            "there is 1, and at least 2 are wanted",
            (user_address("lee@example.ch"),),
        ),
        Outcome(
            AccessTest(
                "no outsider reaches the hostings",
                Quantity.NOBODY,
                Those(frozenset({"external"})),
                "hosting/*",
                place=Place("access.yaml", 145, 5),
            ),
            Verdict.FAILED,
            "1 external user reaches it",
            (OLD,),
            (KEPT.path,),
        ),
    ),
)
"""Of each thing that is said of a plan at least one, without a base."""

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
    judgement=JUDGEMENT,
    not_covered=("Mailboxes of 2 Mail Services could not be read.",),
    ids={WEB: 2001, TEAMS[2].address: 2002},
    exit=Exit.BLOCKED,
)
"""Every kind of entry, every effect, every section."""

REVIEWED = replace(EVERYTHING, judgement=replace(JUDGEMENT, causes=SINCE_BASE), base="origin/main", commit="4f2c1e9+")
"""The same with a base: what comes from the change under review is apart from the rest."""

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
