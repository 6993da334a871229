"""What of the live organization a document asks about."""

from collections.abc import Callable
from datetime import date

from accessplan.scope import Scope
from accessplan.select import parse
from accessplan.want.load import Loaded
from accessplan.want.scope import scope_of

TODAY = date(2026, 3, 2)
HEAD = "accessplan: 1\norganization: {id: 4242}\n"


def test_a_document_of_users_asks_for_no_more(load_text: Callable[[str], Loaded]) -> None:
    """People and rights alone need neither mailboxes nor products looked at."""
    text = "users: {Ana@example.ch: {first_name: A, last_name: B, role: technical_access, grants: {drive/*: max}}}"

    assert scope_of(load_text(HEAD + text).document, TODAY) == Scope(users=frozenset({"ana@example.ch"}))
    assert scope_of(load_text(HEAD).document, TODAY) == Scope()


def test_uses_mailboxes_and_partners_are_asked_for(load_text: Callable[[str], Loaded]) -> None:
    """Who uses a product or opens a mailbox is a guest, whether by themselves, by role or by team."""
    loaded = load_text(
        HEAD
        + """\
roles: {guest: {base: external, grants: {drive/Archive: {use: external}}}}
users:
  ana@example.ch: {first_name: A, last_name: B, role: guest}
  bob@example.ch: {first_name: A, last_name: B, role: external, grants: {kchat/*: {use: user, manage: technical}}}
  eve@example.ch: {first_name: A, last_name: B, role: external, teams: [Web]}
  pia@example.ch: {first_name: A, last_name: B, role: external}
  zoe@example.ch: {first_name: A, last_name: B, role: external}
teams: {Web: {grants: {drive/@team: {use: user}, hosting/*: max}}, Empty: {grants: {ksuite/*: {use: user}}}}
mailboxes: {director@example.ch: {delegates: {pia@example.ch: read_write}}, other@example.ch: {}}
partners: {}
"""
    )

    assert not loaded.findings
    assert scope_of(loaded.document, TODAY) == Scope(
        users=frozenset(f"{name}@example.ch" for name in ("ana", "bob", "eve", "pia", "zoe")),
        guests=frozenset(f"{name}@example.ch" for name in ("ana", "bob", "eve", "pia")),
        mailboxes=frozenset({"director@example.ch"}),
        uses=frozenset(map(parse, ("drive/Archive", "kchat/*", "drive/@team", "ksuite/*"))),
        partners=True,
    )


def test_what_is_removed_is_looked_for(load_text: Callable[[str], Loaded]) -> None:
    """A removed delegate, use or partner must be seen to be gone."""
    entries = ('mailbox["Billing@x.ch"].delegate["a@x.ch"]', 'user["a@x.ch"].use["drive/#3"]', 'partner["Old"]')
    removed = ", ".join(f"{{entry: '{entry}'}}" for entry in entries)

    scope = scope_of(load_text(HEAD + f"removed: [{removed}]").document, TODAY)

    assert scope == Scope(mailboxes=frozenset({"billing@x.ch"}), uses=frozenset({parse("drive/#3")}), partners=True)
