"""Mailboxes: who may open them, and what is permitted there."""

from collections.abc import Callable, Iterable
from datetime import date

import pytest
from syrupy.assertion import SnapshotAssertion

from accessplan.finding import Finding
from accessplan.model import BlindSpot, Delegation, Entry, Product, State, User
from accessplan.plan import Want, compare
from accessplan.select import Catalogue
from accessplan.want.load import Loaded
from accessplan.want.resolve import resolve

Resolve = Callable[..., tuple[Want, list[Finding]]]

ANA, BOB, DIRECTOR = "ana@example.ch", "bob@example.ch", "director@example.ch"
HEAD = "accessplan: 1\norganization: {id: 4242}\n"
USERS = f"""\
users:
  {ANA}: {{first_name: Ana, last_name: Keller, role: collaborator}}
  {BOB}: {{first_name: Bob, last_name: Meyer, role: external, since: 2026-02-01, until: 2026-12-31}}
"""


def mailbox(delegates: str, address: str = DIRECTOR) -> str:
    return HEAD + USERS + f"mailboxes:\n  {address}:\n    delegates: {{{delegates}}}\n"


def delegations(want: Want) -> list[Delegation]:
    return [entry for entry in want.state.entries.values() if isinstance(entry, Delegation)]


@pytest.mark.parametrize(
    ("access", "permissions", "sends"),
    [
        ("read_write", [], True),
        ("read", [], False),
        ("[can_manage_filters]", ["can_manage_filters"], True),
        ("{access: [can_change_password, can_access_logs]}", ["can_access_logs", "can_change_password"], True),
        ("{access: read, reason: Accounts, owner: Ana@Example.ch, ticket: 5, reviewed: 2026-01-01}", [], False),
    ],
)
def test_access(access: str, permissions: list[str], *, sends: bool, resolve_text: Resolve) -> None:
    """Access is to read, to read and write, or to read, write and do what is listed."""
    want, findings = resolve_text(mailbox(f"Ana@Example.ch: {access}", "Director@example.ch"))

    assert [each.code for each in findings] == ([] if sends else ["read-by-hand"])
    assert delegations(want) == [Delegation(DIRECTOR, ANA, frozenset(permissions), sends)]
    assert str(want.places[delegations(want)[0].address]) == "access.yaml:8:17"


@pytest.mark.parametrize(("there", "is_told"), [(None, True), (True, True), (False, False)])
def test_that_sending_is_taken_by_hand_is_told_until_it_is(
    *,
    there: bool | None,
    is_told: bool,
    resolve_text: Resolve,
    show: Callable[[Iterable[Finding]], str],
    snapshot: SnapshotAssertion,
) -> None:
    """Whoever shall only read is a step by hand, until the live system shows it, or somebody's word does."""
    live = [User(ANA, "collaborator"), Delegation(DIRECTOR, ANA, frozenset(), sends=there)]

    _, findings = resolve_text(mailbox(f"{ANA}: read, {BOB}: {{access: read, until: 2026-01-01}}"), live)

    assert len(findings) == is_told
    assert not is_told or show(findings) == snapshot(name="told")


FAULTS = {
    "access": mailbox(f"{ANA}: readwrite, {BOB}: [can_manage_filter, can_send_emails]"),
    "access in a map": mailbox(f"{ANA}: {{acces: read}}, {BOB}: {{access: []}}"),
    "no permissions": mailbox(f"{ANA}: []"),
    "of other kinds": mailbox(f"{ANA}: true, {BOB}: null"),
    "sections of other kinds": HEAD + "mailboxes:\n  a@x.ch:\n  b@x.ch: []\n  c@x.ch: {delegates: [x], members: 1}\n",
    "listed twice": mailbox(f"{ANA}: [can_access_logs, can_access_logs]"),
    "nobody we know": mailbox("anna@example.ch: read_write, eve@agency.example: read_write"),
    "the same twice": mailbox("ana@example.ch: read_write, ANA@example.ch: read_write") + "  Director@Example.ch: {}\n",
    "their own mailbox": mailbox(f"{ANA}: read_write", ANA),
    "no e-mail addresses": mailbox("ana: {access: read_write, owner: Bob}", "director"),
    "dates": mailbox(f"{ANA}: {{access: read_write, since: 2026-02-30, until: 2026-01-01}}"),
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faults(
    text: str,
    load_text: Callable[[str], Loaded],
    show: Callable[[Iterable[Finding]], str],
    snapshot: SnapshotAssertion,
) -> None:
    """What is wrong with a mailbox is told with its place, its entry, and how to mend it."""
    assert show(load_text(text).findings) == snapshot


def test_sound_mailboxes_are_not_flagged(load_text: Callable[[str], Loaded]) -> None:
    """There is nothing to say of users who may write, and of anybody where the document lists no users."""
    assert not load_text(mailbox(f"{ANA}: read_write, {BOB}: [can_access_logs]")).findings
    assert not load_text(HEAD + f"mailboxes: {{{DIRECTOR}: {{delegates: {{eve@x.ch: read_write}}}}}}").findings


@pytest.mark.parametrize(
    ("day", "wanted", "ended"),
    [
        (date(2026, 1, 31), 0, 0),
        (date(2026, 2, 1), 1, 0),
        (date(2026, 3, 31), 1, 0),
        (date(2026, 4, 1), 0, 1),
        (date(2027, 1, 1), 0, 1),
    ],
)
def test_dates(day: date, wanted: int, ended: int, resolve_text: Resolve) -> None:
    """A delegation is wanted within its own days and those of the user."""
    want, _ = resolve_text(mailbox(f"{BOB}: {{access: read_write, until: 2026-03-31}}"), day=day)

    assert (len(delegations(want)), sum(each.part == "delegate" for each in want.ended)) == (wanted, ended)


def test_lists(resolve_text: Resolve) -> None:
    """The delegates of a mailbox are given in full where the key is, and nothing is said of other mailboxes."""
    text = HEAD + f"mailboxes:\n  {DIRECTOR}: {{delegates: {{}}}}\n  billing@example.ch: {{}}\n"

    want, findings = resolve_text(text)

    assert not findings
    assert {str(each): str(place) for each, place in want.lists.items()} == {
        f'mailbox["{DIRECTOR}"].delegate[""]': "access.yaml:4:25"
    }


@pytest.mark.parametrize("mode", ["enforce", "additive"])
def test_delegates_follow_the_mode_of_mailboxes(mode: str, resolve_text: Resolve) -> None:
    """Under enforce, who is not named loses the mailbox, whose own person never does."""
    live: list[Entry] = [
        User(ANA, "collaborator"),
        User(BOB, "external"),
        Delegation(DIRECTOR, ANA, frozenset(), sends=None),
        Delegation(DIRECTOR, BOB, frozenset(), sends=None),
        Delegation(DIRECTOR, DIRECTOR, frozenset(), sends=None, own=True),
    ]
    text = mailbox(f"{ANA}: read_write") + f"policy: {{mode: {{mailboxes: {mode}}}}}\n"

    want, _ = resolve_text(text, live)
    plan = compare(State({entry.address: entry for entry in live}), want)

    removals = [f'revoke mailbox["{DIRECTOR}"].delegate["{BOB}"]']
    assert [f"{each.effect} {each.address}" for each in plan.changes] == (removals if mode == "enforce" else [])


def test_somebodys_own_mailbox_stays_as_it_is(resolve_text: Resolve) -> None:
    """A line for the person whose mailbox it is changes nothing."""
    live = [User(ANA, "collaborator"), Delegation(DIRECTOR, ANA, frozenset({"can_access_logs"}), own=True)]

    want, _ = resolve_text(mailbox(f"{ANA}: read_write"), live)

    assert not delegations(want)


OWN = Delegation(DIRECTOR, ANA, frozenset({"can_access_logs"}), own=True)
OWN_LINE = f'mailbox["{DIRECTOR}"].delegate["{ANA}"]'


@pytest.mark.parametrize(
    "text",
    [
        mailbox(f"{ANA}: read_write"),
        mailbox(f"{ANA}: {{access: [can_access_logs], until: 2026-01-01}}"),
        HEAD + f"removed: [{{entry: '{OWN_LINE}'}}]\n",
    ],
    ids=["otherwise", "ended", "removed"],
)
def test_that_somebodys_own_mailbox_stays_is_told(
    text: str, resolve_text: Resolve, show: Callable[[Iterable[Finding]], str], snapshot: SnapshotAssertion
) -> None:
    """A line that would take or limit somebody's own mailbox does nothing, and that is said."""
    live: list[Entry] = [User(ANA, "collaborator"), OWN]

    want, findings = resolve_text(text, live)

    assert not [each for each in compare(State({entry.address: entry for entry in live}), want).changes if each.before]
    assert show(findings) == snapshot


@pytest.mark.parametrize("access", ["[can_access_logs]", "{access: read, since: 2027-01-01}"])
def test_a_line_that_leaves_somebodys_own_mailbox_as_it_is(access: str, resolve_text: Resolve) -> None:
    """There is nothing to say where a line describes somebody's own mailbox as it is, or is for later."""
    assert not resolve_text(mailbox(f"{ANA}: {access}"), [User(ANA, "collaborator"), OWN])[1]


CREATE_IT = "create the mailbox first, or correct the address"


@pytest.mark.parametrize(
    ("address", "delegates", "hint"),
    [
        ("direktor@example.ch", f"{ANA}: read_write", 'did you mean "director@example.ch"?'),
        ("shop@example.ch", "", CREATE_IT),
        ("shop@example.ch", f"{ANA}: {{access: read_write, since: 2027-01-01}}", CREATE_IT),
    ],
)
def test_a_mailbox_must_be_there(address: str, delegates: str, hint: str, resolve_text: Resolve) -> None:
    """A mailbox that does not exist is an error, with the nearest that does."""
    _, findings = resolve_text(mailbox(delegates, address))

    assert [(each.code, each.level, each.hint) for each in findings] == [("mailbox-not-found", "error", hint)]


@pytest.mark.parametrize("domain", ["example.org", "b\u00fcro.example"])
@pytest.mark.parametrize("spelled", [str, str.upper, lambda text: text.encode("idna").decode()])
def test_a_mailbox_of_a_domain_without_mail(
    domain: str, spelled: Callable[[str], str], load_text: Callable[[str], Loaded], today: date
) -> None:
    """Where no Mail Service of the domain is shown, the mailbox may be there: the token may not see it."""
    document = load_text(mailbox(f"{ANA}: read_write", f"info@{domain}")).document
    service = Product(9, "email_hosting", spelled(domain))

    _, (unseen,) = resolve(document, Catalogue([]), State({}), today)
    _, (missing,) = resolve(document, Catalogue([service]), State({}), today)

    assert (unseen.level, unseen.code, missing.level, missing.code) == ("error", "mailbox-not-found") * 2
    assert unseen.message == f"no Mail Service of {domain} is visible to this token"
    assert missing.message == f'"info@{domain}" is no mailbox of the organization'


def test_a_mailbox_may_be_gone_once_nobody_opens_it(resolve_text: Resolve) -> None:
    """No finding comes from a mailbox whose delegations have all ended, is not managed, or cannot be seen."""
    ended = f"{ANA}: {{access: read_write, until: 2026-01-01}}"
    blind = State({}, (BlindSpot("mailbox", "delegate", "The live system did not show mailboxes."),))

    assert not resolve_text(mailbox(ended, "gone@example.ch"))[1]
    assert not resolve_text(HEAD + "mailboxes: {gone@example.ch: {}}")[1]
    assert not resolve_text(mailbox(f"{ANA}: read_write", "gone@example.ch"), blind)[1]


def test_without_users_delegates_are_live_users(resolve_text: Resolve) -> None:
    """Where the document does not say who the users are, the live organization does."""
    text = HEAD + f"mailboxes: {{{DIRECTOR}: {{delegates: {{{ANA}: read_write, anna@example.ch: read_write}}}}}}"

    _, findings = resolve_text(text, [User(ANA, "collaborator")])

    assert [(each.code, each.hint) for each in findings] == [("unknown-delegate", f'did you mean "{ANA}"?')]


@pytest.mark.parametrize("name", [".", "..", "..."])
def test_a_name_of_dots_only_is_no_address(name: str, load_text: Callable[[str], Loaded]) -> None:
    """A mailbox of dots only would lead to another path of the API; dots among other signs are let be."""
    found = load_text(mailbox("", f"{name}@example.ch")).findings
    assert [(each.level, each.code) for each in found] == [("error", "invalid-email")]
    assert not load_text(mailbox("", f"a{name}@example.ch")).findings
