"""Addresses are read as they are printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessplan.model import Address
from accessplan.want.addresses import PROTECTABLE, AddressError, address_of, parse

NAMES = st.text(st.characters(codec="utf-8"), min_size=1)
KINDS = st.sampled_from([("user", ""), ("team", ""), ("partner", ""), ("team", "member"), ("mailbox", "delegate")])


@given(KINDS, NAMES.filter(str.strip), NAMES.filter(str.strip))
def test_what_is_printed_can_be_read(kind: tuple[str, str], name: str, key: str) -> None:
    """Whatever an entry is called, its address is read back."""
    address = Address(kind[0], name, kind[1], key if kind[1] else "")

    assert parse(str(parse(str(address)))) == parse(str(address))
    assert parse(str(address)).kind == address.kind
    if address.kind in ("team", "partner"):
        assert parse(str(address)).name == name


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ('user["Ana@Example.ch"]', Address("user", "ana@example.ch")),
        (' team["Büro \\"2\\""] ', Address("team", 'Büro "2"')),
        ('team["Web"].member["ANA@x.ch"]', Address("team", "Web", "member", "ana@x.ch")),
        ('team["Web"].grant["hosting/*"]', Address("team", "Web", "grant", "hosting/*")),
        ('user["a@x.ch"].grant["domain/X.ch"]', Address("user", "a@x.ch", "grant", "domain/X.ch")),
        ('user["a@x.ch"].use["drive/#3"]', Address("user", "a@x.ch", "use", "drive/#3")),
        ('mailbox["B@x.ch"].delegate["A@x.ch"]', Address("mailbox", "b@x.ch", "delegate", "a@x.ch")),
        ('partner["WebAgency"].grant["hosting/*"]', Address("partner", "WebAgency", "grant", "hosting/*")),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    """E-mail addresses are normalized, and other names are taken as they are."""
    assert parse(text) == address


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", 'as in user["old@example.ch"]'),
        ("old@example.ch", 'as in user["old@example.ch"]'),
        ("user[old@example.ch]", 'as in user["old@example.ch"]'),
        ("user['old@example.ch']", 'as in user["old@example.ch"]'),
        ('user["old@example.ch"].member["Web"]', 'as in team["Web"].member["ana@example.ch"]'),
        ('user["old@example.ch"].grants["domain/x"]', 'as in user["ana@example.ch"].grant["domain/example.ch"]'),
        ('mailbox["a@x.ch"]', 'as in mailbox["director@example.ch"].delegate["ana@example.ch"]'),
        ('team["Web"].use["drive/x"]', 'as in user["ana@example.ch"].use["drive/Team Drive"]'),
        ('team[""]', 'as in team["Web"]'),
        ('team["Web"].member[""]', 'as in team["Web"].member["ana@example.ch"]'),
        ('team["\\x"]', 'as in team["Web"]'),
        ('team["\\ud800"]', 'as in team["Web"]'),
        ('team["a\nb"]', 'as in team["Web"]'),
        ('team["Web"].grant["hosting"]', "write SERVICE/NAME, SERVICE/#ID, SERVICE/@TAG, SERVICE/* or all"),
        ('team["Web"].grant["hosting/@x"]', 'as in team["Web"].grant["hosting/*"]'),
        ('user["a@x.ch"].grant["all"]', 'as in user["ana@example.ch"].grant["domain/example.ch"]'),
        ('user["a@x.ch"].use["drive/*"]', 'as in user["ana@example.ch"].use["drive/Team Drive"]'),
        ('role["boss"]', 'as in user["old@example.ch"]'),
    ],
)
def test_what_is_no_address(text: str, hint: str) -> None:
    """A text that no entry has for its address is refused, and the error shows what one looks like."""
    with pytest.raises(AddressError) as fault:
        parse(text)

    assert str(fault.value) == hint


def test_a_mailbox_can_be_protected() -> None:
    """A mailbox is no entry, and stands for all who open it where something is protected."""
    assert parse('mailbox["B@x.ch"]', PROTECTABLE) == Address("mailbox", "b@x.ch")
    with pytest.raises(AddressError, match=r'as in mailbox\["billing@example\.ch"\]$'):
        parse("mailbox[b@x.ch]", PROTECTABLE)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (("mailboxes", "B@x.ch"), 'mailbox["b@x.ch"]'),
        (("mailboxes", "b@x.ch", "delegates", "A@x.ch", "access"), 'mailbox["b@x.ch"].delegate["a@x.ch"]'),
        (("partners", "WebAgency", "wallet"), 'partner["WebAgency"]'),
        (("partners", "WebAgency", "grants", "all"), 'partner["WebAgency"].grant["all"]'),
        (("users", "a@x.ch", "delegates", "x"), 'user["a@x.ch"]'),
        (("removed", 0, "entry"), ""),
        ((), ""),
    ],
)
def test_the_entry_of_a_path(path: tuple[str | int, ...], address: str) -> None:
    """Every part of an entry in the document leads to its address."""
    assert address_of(path) == address
