"""Random organizations: what is live."""

from hypothesis import strategies as st
from tests.worlds.names import (
    API_ROLES,
    BASE_ROLES,
    DOMAINS,
    MAILBOXES,
    OUTSIDER,
    OWNER,
    PARTNERS,
    PEOPLE,
    PRODUCT_NAMES,
    SERVICES,
    TAGS,
    TEAMS,
    Data,
    people,
    rights_on,
    seldom,
    some,
    unlike,
)

from accessplan.services import MAILBOX_PERMISSIONS

APPS = ["drive", "drive", "ksuite", "kchat"]
FLAGS = [*MAILBOX_PERMISSIONS, "can_manage_chat"]


@st.composite
def organizations(draw: st.DrawFn) -> Data:
    """An organization file: everything there is, each part of it in some of them."""
    services = draw(st.sampled_from([SERVICES, [*SERVICES, *APPS], APPS]))
    products = [
        {"id": 100 + number, "service": draw(st.sampled_from(services)), "name": draw(st.sampled_from(PRODUCT_NAMES)),
         "tags": draw(some(TAGS))}
        for number in range(draw(st.sampled_from([0, 1, 2, 3, 4, 5, 6])))
    ]  # fmt: skip
    teams = draw(unlike(TEAMS))
    active = draw(people)
    users = [draw(_person(OWNER, "legal_representative")), *(draw(_user(each, products)) for each in active)]
    invitations = [draw(_invitation(each, products, teams)) for each in draw(people) if each not in active]
    invitations += [
        draw(_person(each, "collaborator")) | {"status": draw(st.sampled_from(["rejected", "cancelled", "accepted"]))}
        for each in (draw(people) if draw(seldom) else [])
    ]
    known = [OWNER, *active]
    anybody = [*known, *(each["email"] for each in invitations if "status" not in each)]
    return {
        "organization": {"id": 4242, "name": "Example SA"},
        "token_user": OWNER,
        "products": products,
        "users": users,
        "invitations": invitations,
        "teams": [draw(_team(name, known)) for name in teams],
        "mail_hostings": draw(_mail_hostings(anybody)) if not draw(seldom) else [],
        **draw(_apps(products, known, anybody)),
        "partners": [draw(_partner(each, products)) for each in draw(unlike(PARTNERS))] if draw(seldom) else [],
    }


@st.composite
def _person(draw: st.DrawFn, email: str, role: str) -> Data:
    person: Data = {"email": email, "first_name": email[0].upper(), "last_name": "Person", "role": API_ROLES[role]}
    if role == "external":
        person["external"] = True
    if draw(seldom):
        person["billing"] = draw(st.booleans())
    if draw(seldom):
        person["notifications"] = {"billing": draw(st.booleans()), "products": draw(st.booleans())}
    return person


@st.composite
def _user(draw: st.DrawFn, email: str, products: list[Data]) -> Data:
    return draw(_person(email, draw(st.sampled_from(BASE_ROLES)))) | {"grants": draw(_rights_rows(products))}


@st.composite
def _invitation(draw: st.DrawFn, email: str, products: list[Data], teams: list[str]) -> Data:
    person = draw(_person(email, draw(st.sampled_from(BASE_ROLES))))
    if draw(seldom):
        person["first_name"] = "Other"
    sent = {"sent": "-40d", "expires": "-10d"} if draw(seldom) else {"sent": "-2d", "expires": "28d"}
    return person | sent | {"teams": draw(some(teams, 2)), "grants": draw(_rights_rows(products))}


@st.composite
def _team(draw: st.DrawFn, name: str, known: list[str]) -> Data:
    team: Data = {
        "name": name,
        "services": draw(some(SERVICES, 2)),
        "members": draw(some(known, 4)),
    }
    return team | ({"leader": draw(st.sampled_from(known))} if draw(st.booleans()) else {})


@st.composite
def _rights_rows(draw: st.DrawFn, products: list[Data], *, at_least: int = 0) -> list[Data]:
    rows: dict[object, Data] = {}
    for service in draw(st.lists(st.sampled_from(SERVICES), unique=True, min_size=at_least, max_size=2)):
        rows[service] = {"service": service, "rights": draw(rights_on(service)), "apply_to_all": True}
    for product in draw(st.lists(st.sampled_from(products), max_size=3)) if products else []:
        rows[product["id"]] = {"product": product["id"], "rights": draw(rights_on(product["service"]))}
    return list(rows.values())


@st.composite
def _mail_hostings(draw: st.DrawFn, anybody: list[str]) -> list[Data]:
    return [
        {
            "id": 201 + number,
            "domain": domain,
            "family": draw(st.sampled_from(["webmail", "legacy"])),
            "shows_send": draw(st.booleans()),
            "mailboxes": [draw(_mailbox(name, domain, anybody)) for name in draw(some(MAILBOXES, 3))],
        }
        for number, domain in enumerate(draw(st.lists(st.sampled_from(DOMAINS), unique=True, min_size=1)))
    ]


@st.composite
def _mailbox(draw: st.DrawFn, name: str, domain: str, anybody: list[str]) -> Data:
    own = f"{name}@{domain}"
    accesses = [draw(_access(each, is_own=each == own)) for each in draw(some(anybody, 3))]
    return {"name": name, "accesses": accesses}


@st.composite
def _access(draw: st.DrawFn, user: str, *, is_own: bool) -> Data:
    access: Data = {"user": user, "permissions": draw(some(FLAGS, 3))}
    if is_own and draw(st.booleans()):
        access["primary"] = True
    return access | ({"send": False} if draw(seldom) else {})


@st.composite
def _apps(draw: st.DrawFn, products: list[Data], known: list[str], anybody: list[str]) -> Data:
    suites = [each["id"] for each in products if each["service"] == "ksuite"]
    chats = [each["id"] for each in products if each["service"] == "kchat"]
    drives = [each["id"] for each in products if each["service"] == "drive"]
    ksuites = [
        {"product": each, "users": [draw(_suite_user(email)) for email in draw(some(anybody, 3))]} for each in suites
    ]
    in_suite = [user["email"] for suite in ksuites for user in suite["users"]] if len(ksuites) == 1 else None
    return {
        "drives": [draw(_drive(each, known, anybody, in_suite)) for each in drives],
        "ksuites": ksuites,
        "kchats": [
            {"product": each, "users": [{"email": email, "role": draw(_app_role)} for email in draw(some(anybody, 3))]}
            for each in chats
        ],
    }


_app_role = st.sampled_from(["user", "admin"])
_drive_role = st.sampled_from(["external", "user", "admin"])


@st.composite
def _suite_user(draw: st.DrawFn, email: str) -> Data:
    user: Data = {"email": email, "role": draw(_app_role)}
    if draw(seldom):
        user["kchat_role"] = draw(_app_role)
    return user | ({"mailbox_name": "new"} if draw(seldom) else {})


@st.composite
def _drive(draw: st.DrawFn, product: int, known: list[str], anybody: list[str], in_suite: list[str] | None) -> Data:
    """A kDrive, in some worlds part of the kSuite; who has that is in it, all others there are external."""
    drive: Data = {"product": product}
    outside = [OUTSIDER] if OUTSIDER not in anybody else []
    if in_suite is not None and draw(st.sampled_from([True, True, False])):
        drive["ksuite"] = True
        anybody = [each for each in known if each not in in_suite]
    users: list[Data] = []
    for email in draw(some([*anybody, *outside], 3)):
        # An invitation into the organization promises the roles admin and user alone.
        own_role = draw(_drive_role if email in known else _app_role)
        role = "external" if email in outside or "ksuite" in drive else own_role
        user: Data = {"email": email, "role": role}
        if email in known and draw(seldom):
            user["status"] = "locked"
        if email in known and draw(seldom):
            user["manager"] = draw(some(["technical", "statistic"]))
        users.append(user)
    within = [*(user["email"] for user in users), *(in_suite or ())]
    invited = [each for each in (draw(some(PEOPLE, 2)) if draw(seldom) else []) if each not in within]
    drive["invitations"] = [
        {"email": each, "role": "external" if "ksuite" in drive else draw(_drive_role)}
        | ({"expires": "-1d"} if draw(seldom) else {})
        for each in invited
    ]
    return drive | {"users": users} | ({"quota": 50} if draw(seldom) else {})


@st.composite
def _partner(draw: st.DrawFn, name: str, products: list[Data]) -> Data:
    partner: Data = {"name": name, "status": draw(st.sampled_from(["accepted", "pending", "rejected"]))}
    if draw(st.booleans()):
        return partner | {"full_access": True, "wallet": draw(st.booleans())}
    return partner | {"products": draw(_rights_rows(products, at_least=1))}
