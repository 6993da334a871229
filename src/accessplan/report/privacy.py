"""A report without people: addresses and names become pseudonyms, whatever renders it.

The report is rewritten as data, so that no format has to think of it. Every string in it is looked at, in whatever it
stands; a value of a kind that nobody foresaw is refused. The same address has the same pseudonym in every run for an
organization with the same key; faults that end a run have others, since they may come before the organization is known.
Domains stay, since they tell who is from inside and who from outside.

Rather too much is hidden than too little: a word that is the name of somebody, or what their address begins with, is
replaced wherever it stands alone.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass, replace
from datetime import date, tzinfo
from enum import Enum
from json.encoder import encode_basestring
from typing import Any, Protocol, TypeVar, cast

from accessplan.change import Change
from accessplan.model import DELEGATE, GRANT, MAILBOX, MEMBER, PARTNER, TEAM, USE, USER, Address, User, normalize_email
from accessplan.report.report import KINDS, Report
from accessplan.route import Operation, Request
from accessplan.services import LEGACY_PERMISSIONS, MAILBOX_PERMISSIONS, RIGHTS, ROLES, SERVICES, USE_ROLES

_EMAIL = re.compile(r"(?<![\w.!#$&*+^~-])(?P<local>[\w.!#$&*+^~-]++)(?:@|%40)(?P<domain>[^\W_][\w.-]*\w)")
"""It goes through a text once, however long its words are."""

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_ -]*")
"""Words of ours in fields of ours: they are no names."""

_OURS = frozenset({
    "access", "act", "at", "code", "effect", "kind", "language", "locale", "method", "part", "permissions", "rights",
    "role", "role_type", "roles", "rule", "types",
})  # fmt: skip
"""Fields that hold words of ours."""

_ADDRESSES = frozenset({"email", "emails", "leader", "mailbox", "user", "delegate"})
_LOCAL_PARTS = frozenset({"mailbox_name"})
_NAMES = frozenset({"first_name", "last_name", "firstname", "lastname"})
_TARGETS = frozenset({"target", "what", "reaches"})

_VOCABULARY = frozenset({
    *RIGHTS, *ROLES, *SERVICES, *LEGACY_PERMISSIONS, *MAILBOX_PERMISSIONS, *KINDS,
    *(role for roles in USE_ROLES.values() for role in roles),
    USER, TEAM, MAILBOX, PARTNER, MEMBER, GRANT, USE, DELEGATE, "access", "administrator", "all", "api", "billing",
    "examples", "http", "https", "infomaniak", "invitation", "json", "mail", "mailboxes", "name", "organization",
    "person", "product", "products", "sandbox", "wallet", "yaml",
})  # fmt: skip
"""Words that stay although somebody is called so: without them nobody could read the plan, and no renderer could."""

SHORTEST = 2
"""A single letter names nobody."""

Value = TypeVar("Value")


class Person(Protocol):
    """Somebody whose address and names shall be hidden wherever they stand."""

    @property
    def email(self) -> str:
        """Their e-mail address."""

    @property
    def first_name(self) -> str:
        """Their first name, empty where it is not known."""

    @property
    def last_name(self) -> str:
        """Their last name, empty where it is not known."""


def masked(report: Report, secret: str = "", people: Iterable[Person] = ()) -> Report:
    """Return a report in which nobody is named.

    Without a `secret` whoever knows the organization's number can try addresses, and compare. `people` are further ones
    whom messages may name.
    """
    return replace(_mask_of(report, report.organization_id, secret, people).walk(report), masked=True)


def masked_value(value: Value, organization_id: int = 0, secret: str = "", people: Iterable[Person] = ()) -> Value:
    """Return a value of any kind that is foreseen in which nobody is named; see `masked`.

    The organization is 0 where none is known.
    """
    return _mask_of(value, organization_id, secret, people).walk(value)


def _mask_of(value: object, organization_id: int, secret: str, people: Iterable[Person]) -> _Mask:
    key = f"accessplan {organization_id} {secret}".encode(errors="backslashreplace")
    emails, names = _found(value)
    for person in people:
        emails.add(person.email)
        names.update((person.first_name, person.last_name))
    return _Mask(key, emails, names)


class _Mask:
    """Rewrites values: what is to be hidden is known from the start."""

    def __init__(self, key: bytes, emails: AbstractSet[str], names: AbstractSet[str]) -> None:
        self._key = key
        self._memory: dict[tuple[str, str], str] = {}
        self._by_word: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._odd: dict[str, str] = {}
        self._local_parts: dict[str, str] = {}
        for name in sorted(names):
            self._hide_name(name)
        for email in sorted(emails):
            self._hide_address(email)

    def _hide_address(self, email: str) -> None:
        found = _EMAIL.fullmatch(email)
        local, pseudonym = found["local"] if found else email, self.of_address(email).partition("@")[0]
        self._local_parts.setdefault(local, pseudonym)
        self._hide(local, pseudonym)

    def _hide_name(self, name: str) -> None:
        words = [word for word in name.split() if not word.islower()]
        for each in (name, *words):
            composed, apart = (unicodedata.normalize(how, each) for how in ("NFC", "NFD"))
            for form in {each, each.upper(), each.title(), composed, apart}:
                self._hide(form, self.of_name(each))

    def _hide(self, name: str, pseudonym: str) -> None:
        for form in {name, name.strip(), encode_basestring(name)[1:-1]}:
            if len(form.strip()) < SHORTEST or form in _VOCABULARY:
                continue
            word = re.match(r"\w+", form)
            where = self._by_word[word[0]] if word and "@" not in form else self._odd
            where.setdefault(form, pseudonym)

    # what is written instead

    def _pseudonym(self, what: str, name: str) -> str:
        digest = hmac.new(self._key, f"{what} {name}".encode(errors="backslashreplace"), hashlib.sha256)
        return f"{what}-{digest.hexdigest()[:10]}"

    def of_address(self, email: str) -> str:
        """Return the pseudonym of an address; its domain stays."""
        if not email.strip():
            return email
        found = _EMAIL.fullmatch(email)
        if found is None:
            return self._pseudonym("person", normalize_email(email))
        local, domain = found["local"], normalize_email(found["domain"])
        return f"{self._pseudonym('person', normalize_email(f'{local}@{domain}'))}@{domain}"

    def of_name(self, name: str) -> str:
        """Return the pseudonym of a name; two that look the same have the same."""
        plain = " ".join(unicodedata.normalize("NFC", name).split())
        return self._pseudonym("name", plain) if plain else name

    # values of any kind

    def walk(self, value: Value, field: str = "") -> Value:
        """Rewrite a value and all that is in it.

        Raises:
            TypeError: it is of a kind that nobody foresaw.
        """
        return cast("Value", self._walk(value, field))

    def _walk(self, value: Any, field: str) -> Any:  # noqa: ANN401 - whatever is in a report
        match value:
            case None | Enum() | bool() | int() | float() | date() | tzinfo():
                return value
            case str():
                return self._string(value, field)
            case tuple() if hasattr(value, "_fields"):
                return type(value)(*(self._walk(each, means) for _, means, each in _parts(value)))
            case tuple() | list() | frozenset() | set():
                return type(value)(self._walk(each, field) for each in value)
            case Mapping():
                return {
                    self._walk(key, "code"): self._walk(each, key if isinstance(key, str) else "")
                    for key, each in value.items()
                }
            case Change():
                return _without_idle_names(self._rebuilt(value))
            case _ if is_dataclass(value) and not isinstance(value, type):
                return self._rebuilt(value)
            case _:
                raise TypeError(f"nobody said how to hide people in a {type(value).__name__}")

    def _rebuilt(self, value: Any) -> Any:  # noqa: ANN401 - whatever is in a report
        return replace(value, **{name: self._walk(each, means) for name, means, each in _parts(value)})

    def _string(self, text: str, field: str) -> str:
        known = self._memory.get((field, text))
        if known is None:
            known = self._memory[field, text] = self._rewrite(text, field)
        return known

    def _rewrite(self, text: str, field: str) -> str:
        if field in _ADDRESSES:
            return self.of_address(text)
        if field in _NAMES or (field == "by" and "@" not in text):
            return self.of_name(text)
        if field in _LOCAL_PARTS:
            return self._local_parts.get(text) or self._pseudonym("person", text)
        if field in _OURS and _IDENTIFIER.fullmatch(text):
            return text
        if field in _TARGETS:
            kind, slash, name = text.partition("/")
            return f"{kind}{slash}{self._free(name)}" if _IDENTIFIER.fullmatch(kind) else self._free(text)
        return _EMAIL.sub(self._of_match, text) if field == "template" else self._free(text)

    def _free(self, text: str) -> str:
        """Rewrite text of any kind: addresses, and between them what is known to be somebody's."""
        for odd in sorted(self._odd, key=len, reverse=True):
            text = text.replace(odd, self._odd[odd])
        parts, end = [], 0
        for found in _EMAIL.finditer(text):
            parts += [self._words(text[end : found.start()]), self._of_match(found)]
            end = found.end()
        return "".join([*parts, self._words(text[end:])])

    def _of_match(self, found: re.Match[str]) -> str:
        return self.of_address(f"{found['local']}@{found['domain']}")

    def _words(self, text: str) -> str:
        parts, end = [], 0
        for word in re.finditer(r"\w+", text):
            if word.start() < end:
                continue
            forms = self._by_word.get(word[0], {})
            fitting = [form for form in forms if _stands(form, text, word.start())]
            if fitting:
                longest = max(fitting, key=len)
                parts += [text[end : word.start()], forms[longest]]
                end = word.start() + len(longest)
        return "".join([*parts, text[end:]])


def _without_idle_names(change: Change) -> Change:
    """Leave out the pseudonyms of names, unless the invitation is sent anew since a name is another one."""
    if change.is_renewal:
        return change
    before, after = (
        replace(each, first_name="", last_name="") if isinstance(each, User) else each
        for each in (change.before, change.after)
    )
    return replace(change, before=before, after=after)


def _stands(form: str, text: str, start: int) -> bool:
    """Tell whether a form is in a text at this place, and no word goes on where it ends."""
    return text.startswith(form, start) and not re.compile(r"(?<=\w)\w").match(text, start + len(form))


def _parts(value: Any) -> Iterator[tuple[str, str, Any]]:  # noqa: ANN401 - whatever is in a report
    """List the parts of a named tuple or a dataclass: the name of each, what it means, and the part."""
    names = getattr(value, "_fields", None) or [each.name for each in fields(value) if each.init]
    for name in names:
        yield name, _meaning(value, name), getattr(value, name)


def _meaning(value: object, name: str) -> str:
    """Say what a field holds, where its name alone does not."""
    match value, name:
        case Address(kind=kind), "name":
            return "email" if kind in (USER, MAILBOX) else ""
        case Address(part=part), "key":
            return "target" if part in (GRANT, USE) else "email"
        case Operation(), "name":
            return "code"
        case Request(), "path":
            return "template"
        case _:
            return name


def _found(value: object) -> tuple[set[str], set[str]]:
    """Find the e-mail addresses and the names of people in a value."""
    emails, names = set[str](), set[str]()
    for field, text in _strings(value, ""):
        if field in _ADDRESSES:
            emails.add(text)
        elif field in _NAMES or (field == "by" and "@" not in text):
            names.add(text)
        else:
            emails.update(found[0] for found in _EMAIL.finditer(text))
    return emails, names


def _strings(value: Any, field: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever is in a report
    """List every string in a value, each with what it means."""
    match value:
        case Enum():
            pass
        case str():
            yield field, value
        case Mapping():
            for key, each in value.items():
                yield from _strings(key, "code")
                yield from _strings(each, key if isinstance(key, str) else "")
        case tuple() | list() | frozenset() | set() if not hasattr(value, "_fields"):
            for each in value:
                yield from _strings(each, field)
        case _ if hasattr(value, "_fields") or is_dataclass(value):
            for _, means, each in _parts(value):
                yield from _strings(each, means)
